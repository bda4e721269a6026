"""Rules between the parts of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sim.calendars import MissingYearError, UnknownCountryError
from sim.scenario.answers import CHANNEL, attributes_of, calendar_of, last_day
from sim.scenario.errors import Problem, nearest
from sim.scenario.mistakes.case_count import too_many_cases
from sim.scenario.mistakes.case_types import case_type_problems
from sim.scenario.mistakes.names import wrong_names
from sim.scenario.mistakes.partial import PartialScenario, readable
from sim.scenario.mistakes.pools import (
    missing_counters,
    pools_without_attribute,
    pools_without_officers,
)
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.model import Scenario


def broken_rules(
    tree: Tree, scenario: Scenario | None, context: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield every broken rule.

    Where the scenario has errors of shape (None), the parts that stand by themselves are still
    looked at, so that all mistakes are reported together.
    """
    every = frozenset(Scenario.model_fields)
    parts = readable(tree, context) if scenario is None else PartialScenario(scenario, every)
    known = parts.scenario
    yield from _case_types(tree, known)
    for needed, check in _CHECKS:
        if parts.has(*needed):
            yield from check(tree, known)


def _case_types(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong in the case types, and in what limits and the backlog name of them."""
    for name, case_type in scenario.case_types.items():
        yield from case_type_problems(tree, ("case_types", name), case_type)
    for name, limit in scenario.limits.items():
        if limit.case_type in scenario.case_types:  # else it has mistakes of its own
            owner = scenario.case_types[limit.case_type]
            yield from wrong_names(tree, ("limits", name), limit, owner)
    generated = scenario.backlog.generate
    for name in generated.keys() & scenario.case_types.keys():
        for number, group in enumerate(generated[name]):
            path: KeyPath = ("backlog", "generate", name, number)
            yield from wrong_names(tree, path, group, scenario.case_types[name])


def _channels(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield an attribute of a case type that the online channel would give to its cases."""
    for name, case_type in scenario.case_types.items():
        if scenario.handling.online_share > 0 and CHANNEL in case_type.attributes:
            rule = "is the attribute that handling.online_share gives to cases; rename this one"
            path: KeyPath = ("case_types", name, "attributes", CHANNEL)
            yield tree.problem(path, rule, show_value=False)


def _report(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield attributes by which a report cannot tell cases apart."""
    limited = {limit.case_type for limit in scenario.limits.values()}
    known = dict.fromkeys(
        attribute
        for name, case_type in scenario.case_types.items()
        if name in limited
        for attribute in attributes_of(scenario, case_type)
    )
    for number, attribute in enumerate(scenario.report.by):
        if attribute not in known:
            rule = f"no case type with a limit has this attribute{nearest(attribute, known)}"
            yield tree.problem(("report", "by", number), rule)


def _sites(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield values that are sites of different ones in different case types."""
    owners: dict[tuple[str, str], str] = {}
    for name, case_type in scenario.case_types.items():
        for attribute, spec in case_type.attributes.items():
            sites = {value: owner for owner, values in spec.sites.items() for value in values}
            for value in spec.shares:
                owner = sites.get(value, value)
                if owners.setdefault((attribute, value), owner) != owner:
                    path: KeyPath = ("case_types", name, "attributes", attribute)
                    rule = f"'{value}' counts as another one's site in another case type"
                    yield tree.problem(path, rule, show_value=False)


def _calendar(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    try:
        calendar_of(scenario)
    except MissingYearError as error:
        last, reached = scenario.period.window.last, last_day(scenario)
        remedy = ""
        if last.year < reached.year and str(reached.year) in str(error):
            remedy = (
                f"; period.run_out ({scenario.period.run_out}) goes on to {reached}: make it "
                "shorter, or set calendar.fallback=statutory"
            )
        yield tree.problem(("period",), f"{error}{remedy}", show_value=False)
    except UnknownCountryError as error:
        yield tree.problem(("calendar", "country"), str(error))
    except ValueError as error:
        yield tree.problem(("calendar",), str(error), show_value=False)


_CHECKS: Final[Sequence[tuple[tuple[str, ...], Callable[[Tree, Scenario], Iterator[Problem]]]]] = (
    ((), _sites),
    (("case_types", "report"), _report),
    (("pools", "departments", "handling"), pools_without_attribute),
    (("pools", "departments", "handling", "staff", "case_types"), pools_without_officers),
    (("departments", "handling"), missing_counters),
    (("handling",), _channels),
    (("period",), too_many_cases),
    (("period", "calendar"), _calendar),
)
"""The top-level keys that must be without a mistake, and what is then looked at."""
