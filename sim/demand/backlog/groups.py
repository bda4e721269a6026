"""Groups of open cases, drawn by matter and age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arrays import Ints
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.past import Past, reaching_back
from sim.demand.sampling import RecordedValues
from sim.engine.contract import DAY_S
from sim.scenario import BacklogGroup, CaseType, Scenario, in_parallel, single_window
from sim.streams import Streams


def draw_groups(
    scenario: Scenario, layouts: Mapping[str, Layout], streams: Streams
) -> tuple[dict[str, OpenCases], Past]:
    """Draw the ages of all groups; return the open cases by case type, and their calendar.

    Raises
    ------
    ScenarioError
        If a case would be older than the calendar.
    """
    recorded = RecordedValues(scenario.provenance.data_files)
    ages = {
        name: [
            _ages(group, streams(f"{name}/age/{number}"), recorded)
            for number, group in enumerate(groups)
        ]
        for name, groups in scenario.backlog.generate.items()
    }
    oldest = max((int(age.max()) for each in ages.values() for age in each if len(age)), default=0)
    past = reaching_back(scenario, oldest)
    return {name: _cases(scenario, layouts[name], each, past) for name, each in ages.items()}, past


def _ages(group: BacklogGroup, rng: np.random.Generator, recorded: RecordedValues) -> Ints:
    """Return the age of each case in whole working days."""
    drawn = group.age.sampler(recorded)(rng, group.count)
    days = drawn if group.age.kind == "legal" else drawn / DAY_S
    return np.floor(days).astype(np.int64)


def _cases(scenario: Scenario, layout: Layout, ages: Sequence[Ints], past: Past) -> OpenCases:
    kind, case_type = layout.graph.case_type, layout.case_type
    found = sorted(
        (int(day) * DAY_S, f"{kind}-{number + 1}-{member + 1}", number)
        for number, age in enumerate(ages)
        for member, day in enumerate(past.nth_before(age))
    )
    names, submitted = [name for _, name, _ in found], [at_s for at_s, _, _ in found]
    cases = OpenCases.just_submitted(layout, names, submitted)
    group_of = np.array([number for _, _, number in found], np.int64)
    for number, group in enumerate(scenario.backlog.generate[kind]):
        rows = np.flatnonzero(group_of == number)[:, None]
        for name in {*group.done, *_before(scenario, case_type, group.at)}:
            if name in layout.columns:
                cases.decided[rows, layout.columns[name]] = True
            else:
                cases.finished[rows, layout.ended_with(name)] = True
        if group.accepted and case_type.matters:
            matter = case_type.matters[group.at]
            together = single_window(scenario, case_type) and matter.at_window
            papers = matter.stage if together else group.at
            cases.accepted[rows, layout.columns[papers]] = True
        for name, value in group.attributes.items():
            cases.attributes[name][rows] = value
    return cases


def _before(scenario: Scenario, case_type: CaseType, at: str) -> set[str]:
    """Return the matters, or steps, that are over where a case has come to this one."""
    found: set[str] = set()
    left = [at]
    steps, matters = case_type.steps, case_type.matters
    while left:
        name = left.pop()
        direct = steps[name].after if steps else matters[name].requires
        left += [other for other in direct if other not in found]
        found.update(direct)
    if matters and not in_parallel(scenario, case_type):
        order = list(case_type.serial_order or matters)
        found.update(order[: order.index(at)])
    return found
