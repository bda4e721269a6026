"""What a scenario says about counting: its clocks, their hours, and the start day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sim.calendars import Intervals
from sim.clocks.readings import History
from sim.limits import PRESETS, ClockRule, Scope, clock_rules
from sim.process.graph import Graph
from sim.scenario import Scenario, open_hours

Asked: TypeAlias = Mapping[Scope, tuple[ClockRule, ...]]
"""Scopes of one case type, all with the same `per` → the clocks to read in each."""


@dataclass(frozen=True, eq=False)
class Counting:
    """The clocks to be read, and how they count."""

    rules: Sequence[ClockRule] = tuple(PRESETS.values())
    """In the order in which reports show them."""
    hours: Mapping[str, Intervals] = field(default_factory=dict)
    """The duty hours that clocks with the unit `h` count."""
    count_start_day: bool = False
    """Count the date of the start event too, if it is a working day (for calendar days: always).
    The same date is added to all clocks that start together, which keeps them in order. Hours are
    counted from the second of the start."""
    deemed_acceptance: bool = False
    """Start the clock at the receipt of papers if their first check took longer than
    `sim.engine.contract.NOTICE_WD`, also if they were then sent back."""

    @classmethod
    def of(
        cls, scenario: Scenario, history: History, rules: Iterable[ClockRule] | None = None
    ) -> Counting:
        """Return how a scenario counts the days of one of its replications.

        `rules`: the clocks; default: all that a limit of the scenario may name.
        """
        calendar = history.demand.workload.working_days
        rules = tuple(clock_rules(scenario).values() if rules is None else rules)
        named = {rule.hours for rule in rules if rule.hours is not None}
        return cls(
            rules=rules,
            hours={name: open_hours(scenario, name, calendar) for name in sorted(named)},
            count_start_day=scenario.calendar.count_start_day,
            deemed_acceptance=not scenario.handling.ignore_deemed_acceptance,
        )


def clocks_of(rules: Iterable[ClockRule], graph: Graph, *, resumed: bool) -> tuple[ClockRule, ...]:
    """Return those of some clocks that can measure a case type.

    An open network has no matters and stages by which a clock could count. `resumed`: some of its
    cases were open at the start.
    """
    return tuple(
        rule
        for rule in rules
        if (graph.stages or not rule.by_part) and (rule.resumes or not resumed)
    )


DEFAULT: Final = Counting()
"""The preset clocks, counted as the law says."""
