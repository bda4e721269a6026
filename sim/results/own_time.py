"""The applicant's own time 建设单位合理化用时, and what is the authority's of the whole time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.limits import WHOLE_TIME
from sim.measures.contrasts import Estimate, ratio_contrast
from sim.replications.summary import Summary
from sim.results.rows import OwnTimeRow
from sim.scenario import IN_PROCEDURE, USUAL_CLOCK, Scenario, prepares

CONFIDENCE: Final = 0.95


def own_time_rows(
    scenario: Scenario, summaries: Sequence[Summary], confidence_of: Mapping[str, float]
) -> Iterator[OwnTimeRow]:
    """Yield a row for each limit, and each case type without one, of which some cases ended.

    Case types whose applicants need no time of their own are left out.

    All three clocks run on the same cases, so the own time is what the whole time exceeds the time
    in the procedure by.
    """
    for name, clocks in summaries[0].tallies.items():
        limit = scenario.limits.get(name)
        of_type = scenario.case_types[name if limit is None else limit.case_type]
        if IN_PROCEDURE not in clocks or not prepares(of_type):
            continue
        span, count = _sums(summaries, name, WHOLE_TIME)
        if not count.sum():
            continue
        inside, same = _sums(summaries, name, IN_PROCEDURE)
        promised, decided = _sums(summaries, name, USUAL_CLOCK)
        assert np.array_equal(count, same), "both clocks stop at the last certificate"
        confidence = confidence_of.get(name, CONFIDENCE)
        own = _ratio(span - inside, count, confidence)
        # the promised clock stops at the last decision, which more cases may have come to
        share = _ratio(promised, span, confidence)
        yield OwnTimeRow(
            of=name,
            cases=int(count.sum()),
            span_wd=float(span.sum() / count.sum()),
            own_wd=own.value,
            own_low=own.low,
            own_high=own.high,
            authority_wd=float(promised.sum() / max(decided.sum(), 1)),
            authority_share=share.value,
            authority_low=share.low,
            authority_high=share.high,
        )


def _sums(summaries: Sequence[Summary], name: str, clock: str) -> tuple[Ints, Ints]:
    """Return [R] the days of the cases that ended, and their number, by replication."""
    ended = [summary.tallies[name][clock].ended_days for summary in summaries]
    return np.array([int(days.sum()) for days in ended]), np.array([len(days) for days in ended])


def _ratio(upper: Ints, lower: Ints, confidence: float) -> Estimate:
    return ratio_contrast(np.ones(1), upper[None], lower[None], confidence)
