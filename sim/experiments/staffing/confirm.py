"""Confirming a plan on random numbers that the search has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.experiments.run import run_all
from sim.experiments.staffing.requirements import Judged
from sim.experiments.staffing.teams import Plan, staffed
from sim.experiments.staffing.trials import Trials
from sim.measures.shares import confidence_at_look
from sim.replications.summary import Summary
from sim.results.run import Result

FRESH: Final = 1_000_000
"""Attempt k is confirmed on the replications from k times this on."""
DOUBLINGS: Final = 2
"""An undecided confirmation is doubled so often."""


@dataclass(frozen=True, eq=False)
class Confirmation:
    """What became of a plan on fresh random numbers."""

    plan: Plan
    result: Result
    judged: tuple[Judged, ...]
    """Each requirement at its confidence over all looks of all attempts."""
    look: int
    """Of all looks at fresh random numbers so far, counted from 1."""

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return all(each.verdict == "holds" for each in self.judged)

    @property
    def is_decided(self) -> bool:
        """Whether more replications cannot be expected to turn it."""
        return self.holds or any(each.verdict == "fails" for each in self.judged)


def confirm(trials: Trials, plan: Plan, replications: int, attempt: int, look: int) -> Confirmation:
    """Simulate a plan on fresh random numbers, and more of them while it is undecided.

    A plan is chosen because it did well, so its own trials flatter it. Each attempt has random
    numbers of its own; and since looking repeatedly, at one plan or the next, would inflate the
    error, each look spends a part of it (`confidence_at_look`).

    Parameters
    ----------
    trials
        Of the search, for its scenario, teams and requirements.
    plan
        The plan.
    replications
        At the first look.
    attempt
        1 for the first plan that is confirmed.
    look
        How many looks there were in all attempts before.
    """
    scenario = staffed(trials.model.scenario, trials.teams, plan)
    first, done = attempt * FRESH, 0
    summaries: tuple[Summary, ...] = ()
    for doubling in range(DOUBLINGS + 1):
        planned = replications * 2**doubling
        (made,) = run_all(
            [scenario],
            replications=planned - done,
            seed=trials.seed,
            first=first + done,
            **trials.how(),
        )
        trials.replications += planned - done
        trials.failed_checks += made.failed_checks
        summaries, done, look = (*summaries, *made.summaries), planned, look + 1
        confidence = {
            each.name: confidence_at_look(each.confidence, look) for each in trials.requirements
        }
        result = replace(made, summaries=summaries, confidence_of=confidence)
        judged = []
        for each in trials.requirements:
            over, under = np.array([trials.counts(each, s) for s in summaries], float).T
            judged.append(each.judge(over, under, confidence[each.name]))
        found = Confirmation(plan, result, tuple(judged), look)
        if found.is_decided:
            break
    return found
