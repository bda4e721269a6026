"""Dependencies between matters under the scenario's handling."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sim.measures.joint_promises import Dependencies
from sim.process.levers import levers_of, remaining_matters
from sim.scenario import Scenario


def dependencies(scenario: Scenario, case_type: str, matters: Sequence[str]) -> Dependencies:
    """Return the dependencies between some matters of a case type.

    Parameters
    ----------
    scenario, case_type
        With parallel approval only true dependencies count; else each matter waits for the one
        before it in the serial order.
    matters
        Names; dependencies through a matter left out are kept.
    """
    spec = scenario.case_types[case_type]
    remaining = remaining_matters(scenario, spec)
    if levers_of(scenario, spec).parallel:
        waits_for = {name: matter.requires for name, matter in remaining.items()}
    else:
        waits_for = dict.fromkeys(remaining, ()) | {b: (a,) for a, b in pairwise(remaining)}

    def inside(names: Sequence[str]) -> set[str]:
        return {
            matter
            for name in names
            for matter in ([name] if name in matters else inside(waits_for[name]))
        }

    position = {name: number for number, name in enumerate(matters)}
    return Dependencies(
        tuple(
            tuple(sorted(position[other] for other in inside(waits_for[name]))) for name in matters
        )
    )
