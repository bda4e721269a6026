"""Cases handed in again (退件重报), and their limits by both rules.

Either each application has a clock of its own, or one clock goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.arrays import Ints
from sim.clocks import History
from sim.engine.contract import OPEN
from sim.limits import Per, ResolvedLimit
from sim.measures.limits import LimitJudgement, LimitReading, Tally, summarise
from sim.process.graph import Role
from sim.process.table import Process


@dataclass(frozen=True, eq=False)
class RuleCounts:
    """One limit by one rule, in one replication, on the clock that decides."""

    tally: Tally
    """All measured cases."""
    again_amount: int
    """The smallest amounts of the clock that the measured cases handed in again used, summed."""


@dataclass(frozen=True, eq=False)
class Resubmitted:
    """The measured cases of one limit that were handed in again, in one replication."""

    cases: int
    """Cases handed in again in the scope of the limit."""
    times: int
    """How often, altogether."""
    apart: RuleCounts
    """Each application has a clock of its own."""
    together: RuleCounts
    """One clock goes on over all applications."""


def other_rule(limit: ResolvedLimit) -> ResolvedLimit:
    """Return the limit as the rule would have it that does not decide."""
    other: Per = "application" if limit.scope.per == "case" else "case"
    return replace(limit, scope=replace(limit.scope, per=other))


def can_be_handed_in_again(process: Process, limit: ResolvedLimit) -> bool:
    """Whether some matter in the scope of a limit can be handed in again."""
    inside = process.in_scope(limit.case_type, limit.scope.matters)
    return bool(np.any(inside & (process.role == Role.RESUBMISSION)))


def resubmitted(own: LimitReading, other: LimitReading, history: History) -> Resubmitted:
    """Count the cases of a limit that were handed in again; `other` is read by `other_rule`."""
    scope = own.limit.scope
    times = _times(history, own)
    measured = history.demand.workload.measured[own.readings.case]
    again = measured & (times > 0)
    counts = [
        RuleCounts(
            tally=reading.tallies[own.clock],
            again_amount=int(reading.readings.clocks[own.clock].value[again].sum()),
        )
        for reading in (own, other)
    ]
    together, apart = counts if scope.per == "case" else reversed(counts)
    return Resubmitted(int(again.sum()), int(times[again].sum()), apart, together)


def _times(history: History, reading: LimitReading) -> Ints:
    """Return [K] how often each case was handed in again in the scope of a limit."""
    process, demand, scope = history.process, history.demand, reading.limit.scope
    inside = process.in_scope(scope.case_type, scope.matters) & (process.role == Role.RESUBMISSION)
    handed_in = np.flatnonzero(inside[demand.node] & (history.schedule.end != OPEN))
    times = np.bincount(demand.case[handed_in], minlength=len(demand.case_type))
    return np.asarray(times[reading.readings.case])


@dataclass(frozen=True)
class ResubmissionJudgement:
    """One limit by both rules, over R replications."""

    limit: ResolvedLimit
    cases: int
    """Measured cases that were handed in again."""
    times: int
    """How often, altogether."""
    apart: LimitJudgement
    """Each application has a clock of its own."""
    together: LimitJudgement
    """One clock goes on over all applications."""
    apart_days: float
    """Mean days of the cases handed in again: of the longest application of each; NaN if none."""
    together_days: float
    """Mean days of the cases handed in again, on the clock that goes on; NaN if none."""


def judge_resubmissions(
    limit: ResolvedLimit, parts: Sequence[Resubmitted], confidence: float | None = None
) -> ResubmissionJudgement:
    """Judge a limit by both rules; one part per replication. `confidence`: see `summarise`."""
    cases = sum(part.cases for part in parts)

    def judged(rule: Sequence[RuleCounts]) -> tuple[LimitJudgement, float]:
        amount = sum(counts.again_amount for counts in rule) / limit.rule.ticks
        judgement = summarise(limit, [counts.tally for counts in rule], None, confidence)
        return judgement, amount / cases if cases else float("nan")

    apart, apart_days = judged([part.apart for part in parts])
    together, together_days = judged([part.together for part in parts])
    times = sum(part.times for part in parts)
    return ResubmissionJudgement(limit, cases, times, apart, together, apart_days, together_days)


Resubmissions = Mapping[str, Resubmitted]
"""Limit whose cases can be handed in again → its counts in one replication."""
