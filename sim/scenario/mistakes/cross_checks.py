"""Rules between the parts of a scenario, also of a partly readable one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.calendars import NO_PLACE, MissingYearError, UnknownCountryError
from sim.scenario.answers import CHANNEL, attributes_of, calendar_of, place_of
from sim.scenario.errors import Problem, nearest
from sim.scenario.mistakes.case_types import case_type_problems, wrong_names
from sim.scenario.mistakes.clocks import clock_problems
from sim.scenario.mistakes.pools import (
    missing_counters,
    never_near_a_limit,
    overtime_within_duty,
    pools_without_attribute,
    pools_without_officers,
    unfit_for_take_over,
)
from sim.scenario.mistakes.together import unfit_together
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.run_out import expected_cases, last_day, streams_of_arrivals
from sim.scenario.schema.arrivals import MAX_CASES
from sim.scenario.schema.model import Scenario
from sim.translation import tr


def broken_rules(
    tree: Tree, scenario: Scenario | None, context: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield every broken rule.

    If the scenario has errors of shape (None), the readable parts are still checked, so that all
    mistakes are reported together.
    """
    known, whole = scenario, frozenset(Scenario.model_fields)
    if known is None:
        known, whole = _readable(tree, context)
    yield from _case_types(tree, known)
    for needed, check in _CHECKS:
        if whole.issuperset(needed):
            yield from check(tree, known)


def _case_types(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield mistakes in case types, and in the names that limits and the backlog use of them."""
    for name, case_type in scenario.case_types.items():
        yield from case_type_problems(tree, ("case_types", name), case_type)
    for name, limit in scenario.limits.items():
        if limit.case_type in scenario.case_types:  # else another rule reports it
            owner = scenario.case_types[limit.case_type]
            yield from wrong_names(tree, ("limits", name), limit, owner)
    generated = scenario.backlog.generate
    for name in sorted(generated.keys() & scenario.case_types.keys()):
        for number, group in enumerate(generated[name]):
            path: KeyPath = ("backlog", "generate", name, number)
            yield from wrong_names(tree, path, group, scenario.case_types[name])


def _date_of_records(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    records, start = scenario.backlog.records, scenario.period.start
    if records is not None and records.date is not None and records.date >= start:
        path: KeyPath = ("backlog", "records", "date")
        rule = tr("must lie before period.start, {start}", start=start)
        yield tree.problem(path, rule, value=True)


def _channels(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield attributes that have the name of the channel attribute, if cases come in online."""
    for name, case_type in scenario.case_types.items():
        if scenario.handling.online_share > 0 and CHANNEL in case_type.attributes:
            rule = tr("is the attribute that handling.online_share gives to cases; rename this one")
            yield tree.problem(("case_types", name, "attributes", CHANNEL), rule)


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
            rule = tr(
                "no case type with a limit has this attribute{hint}", hint=nearest(attribute, known)
            )
            yield tree.problem(("report", "by", number), rule, value=True)


def _sites(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield values that are sites of different groups in different case types."""
    owners: dict[tuple[str, str], str] = {}
    for name, case_type in scenario.case_types.items():
        for attribute, spec in case_type.attributes.items():
            sites = {value: owner for owner, values in spec.sites.items() for value in values}
            for value in spec.shares:
                owner = sites.get(value, value)
                if owners.setdefault((attribute, value), owner) != owner:
                    path: KeyPath = ("case_types", name, "attributes", attribute)
                    rule = tr(
                        "'{value}' counts as another one's site in another case type", value=value
                    )
                    yield tree.problem(path, rule)


def _calendar(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    try:
        calendar_of(scenario)
    except MissingYearError as error:
        last, reached = scenario.period.window.last, last_day(scenario)
        remedy = ""
        if last.year < reached.year and str(reached.year) in str(error):
            remedy = tr(
                "; period.run_out ({run_out}) goes on to {reached}: make it shorter "
                "or leave it out, or set calendar.fallback=statutory",
                run_out=scenario.period.run_out,
                reached=reached,
            )
        yield tree.problem(("period",), f"{error}{remedy}")
    except UnknownCountryError as error:
        yield tree.problem(("calendar", "country"), str(error), value=True)
    except ValueError as error:
        yield tree.problem(("calendar",), str(error))


def _too_many_cases(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for every stream of arrivals with more than `MAX_CASES` expected cases."""
    try:
        last = last_day(scenario)
    except UnknownCountryError:  # told by `_calendar`
        return
    days = (last - scenario.period.start).days + 1
    for path, expected in expected_cases(scenario, last):
        if expected > MAX_CASES:
            shown = f"{expected:,.0f}" if expected < 1e12 else tr("far more than a million million")
            rule = tr(
                "{shown} cases would arrive in {days:,} days; at most {max_cases:,} can",
                shown=shown,
                days=days,
                max_cases=MAX_CASES,
            )
            yield tree.problem(path, rule)


def _placeless_times(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield listed arrivals with an offset from UTC, if the time zone of the place is not known."""
    if place_of(scenario) is not None:
        return
    for path, arrivals in streams_of_arrivals(scenario):
        for number, when in enumerate(arrivals.at or ()):
            if isinstance(when, dt.datetime) and when.tzinfo is not None:
                yield tree.problem((*path, "at", number), tr(NO_PLACE), value=True)


_CHECKS: Final[Sequence[tuple[tuple[str, ...], Callable[[Tree, Scenario], Iterator[Problem]]]]] = (
    ((), _sites),
    (("case_types", "report"), _report),
    (("pools", "departments", "handling"), pools_without_attribute),
    (("pools", "departments", "handling", "staff", "case_types"), pools_without_officers),
    (("pools", "staff"), unfit_for_take_over),
    (("pools", "staff", "hours", "handling", "period", "calendar"), unfit_together),
    (
        ("pools", "departments", "handling", "staff", "case_types", "limits"),
        never_near_a_limit,
    ),
    (("period", "calendar", "hours", "staff"), overtime_within_duty),
    (("departments", "handling"), missing_counters),
    (("handling",), _channels),
    (("period", "backlog"), _date_of_records),
    (("period",), _too_many_cases),
    (("calendar",), _placeless_times),
    (("period", "calendar"), _calendar),
    (("clocks", "hours", "backlog"), clock_problems),
)
"""Checks, with the top-level keys that must be without a mistake."""


def _readable(tree: Tree, context: Mapping[str, Any]) -> tuple[Scenario, frozenset[str]]:
    """Return the scenario with its valid entries only, and the keys without a mistake of shape.

    An unreadable part has its default, if any.
    """
    parts = {
        name: _part(tree.value.get(name), field, context)
        for name, field in Scenario.model_fields.items()
    }
    valid = {name: value for name, (value, _) in parts.items() if value is not None}
    whole = frozenset(name for name, (_, is_whole) in parts.items() if is_whole)
    return Scenario.model_construct(**valid), whole


def _part(raw: Any, field: FieldInfo, context: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the valid part of the value of a top-level key, and whether it is the whole."""
    if raw is None and not field.is_required():
        return field.get_default(call_default_factory=True), True
    if get_origin(field.annotation) is not Mapping:
        with suppress(ValidationError):
            return _validated(field.annotation, raw, context), True
        return None, False
    entries = dict(raw) if isinstance(raw, Mapping) else {}
    valid = {}
    for key, value in entries.items():
        with suppress(ValidationError):
            valid[str(key)] = _validated(get_args(field.annotation)[1], value, context)
    return valid, isinstance(raw, Mapping) and len(valid) == len(entries)


def _validated(kind: Any, value: Any, context: Mapping[str, Any]) -> Any:
    return TypeAdapter(kind).validate_python(value, context={**context, "hints": iter(())})
