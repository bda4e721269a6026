"""What recorded cases are held against: limits of a scenario, or the register's own promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.clocks import Counting
from sim.limits import STATE_ITEM, STATE_STAGE, ResolvedLimit, Scope, resolved_limits
from sim.limits.own_limits import LimitSet, OwnLimit, OwnLimits, Standard
from sim.records.history import Recorded
from sim.records.register import Register, State
from sim.scenario import Scenario

TARGET = CONFIDENCE = 0.95
"""Where no scenario says otherwise."""
NONE = -1
"""No limit."""


@dataclass(frozen=True, eq=False)
class Standards:
    """The limits that recorded cases are held against."""

    limits: tuple[ResolvedLimit, ...]
    own: OwnLimits
    counting: Counting
    own_counting: Counting
    allowed: Mapping[str, Ints] = field(default_factory=dict)
    """Own limit → [C] the days promised in each case, where the cases differ; -1: none."""
    departments: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    """Own limit → [C] the department of the case's item, where the records tell it; "": none."""
    matter_limits: Mapping[tuple[str, str], Ints] = field(default_factory=dict)
    """Case type and matter → [C] working days that the state's statistics hold it to; -1: none."""
    stage_limits: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Case type and stage → working days."""
    confidence: float = CONFIDENCE
    target: float = TARGET
    """Of the own limits."""


def standards_of(scenario: Scenario | None, register: Register, recorded: Recorded) -> Standards:
    """Return the limits of a scenario; without one, those that the register states."""
    if scenario is None:
        return _of_register(register, recorded)
    history, own = recorded.history, OwnLimits.of(scenario)
    cases = len(history.demand.case_type)
    in_days = [one for one in own.limits if one.limit.unit == "wd"]
    return Standards(
        limits=resolved_limits(scenario),
        own=own,
        counting=Counting.of(scenario, history),
        own_counting=Counting.of(scenario, history, own.rules),
        matter_limits={
            (one.limit.case_type, one.name): np.full(cases, one.limit.ticks)
            for one in in_days
            if one.decides
        },
        stage_limits={
            (one.limit.case_type, one.name): one.limit.ticks
            for one in in_days
            if one.kind == "stage"
        },
        confidence=scenario.own_limits.confidence,
        target=scenario.own_limits.target_share,
    )


def _of_register(register: Register, recorded: Recorded) -> Standards:
    """Return the promised days of items, and the limits of stages, as the state counts them."""
    limits, allowed, departments = [], {}, {}
    matter_limits, stage_limits = {}, dict(_stage_limits(register, recorded))
    for (case_type, matter), held in _promised(register, recorded).items():
        stage = recorded.definition.stages[case_type].get(matter, "")
        name = recorded.definition.case_types[case_type]
        several = ", ".join(sorted({*held.department.tolist()} - {""}))
        one = _own(name, matter, (matter,), held.days, (several, stage), law=held.law)
        limits.append(one)
        allowed[one.limit.name] = held.days
        departments[one.limit.name] = held.department
        matter_limits[name, matter] = held.days
    for (name, stage), most in stage_limits.items():
        position = recorded.definition.case_types.index(name)
        inside = tuple(m for m, s in recorded.definition.stages[position].items() if s == stage)
        if inside:
            limits.append(_own(name, stage, inside, np.array([most]), ("", stage), matter=False))
    own = OwnLimits(tuple(limits), tuple(_sets(recorded.definition.case_types, limits)))
    counting = Counting(deemed_acceptance=True)
    return Standards(
        limits=(),
        own=own,
        counting=counting,
        own_counting=Counting(rules=(STATE_ITEM, STATE_STAGE)),
        allowed=allowed,
        departments=departments,
        matter_limits=matter_limits,
        stage_limits=stage_limits,
    )


def _own(
    case_type: str,
    name: str,
    matters: tuple[str, ...],
    days: Ints,
    where: tuple[str, str],
    *,
    matter: bool = True,
    law: bool = False,
) -> OwnLimit:
    """Return a limit; of days that differ, the longest. `where`: department and stage."""
    rule = "statutory" if law else "promised" if matter else "budget"
    resolved = ResolvedLimit(
        name=f"{case_type}/{name}/{rule}",
        scope=Scope(case_type, matters),
        rule=STATE_ITEM if matter else STATE_STAGE,
        days=int(days.max(initial=0)),
        target_share=TARGET,
        confidence=CONFIDENCE,
    )
    kind = "matter" if matter else "stage"
    return OwnLimit(kind, name, rule, *where, matter, resolved)  # type: ignore[arg-type]


@dataclass(eq=False)
class _Held:
    """What the items of one matter are held to, case by case."""

    days: Ints
    """[C] working days, -1 where nothing was promised."""
    department: NDArray[np.object_]
    """[C] of the item; "" where there is none."""
    law: bool
    """Whether all days are those of the law."""


def _promised(register: Register, recorded: Recorded) -> dict[tuple[int, str], _Held]:
    """Return case type and matter → what its items are held to; only where something is.

    An item is held to what was promised for it, days or a date; where nothing was, to the days of
    the law. Of several items for a matter in one case, the last counts.
    """
    items, definition = register.items, recorded.definition
    number = np.full(len(register.cases), NONE, np.int64)
    number[recorded.row] = np.arange(len(recorded.row))
    case = number[items["case"].to_numpy()]
    case_type = definition.of_case[items["case"].to_numpy()] if len(items) else case
    code, name = items["matter_code"].astype(str), items["matter"].astype(str)
    promised = items["promised_wd"].to_numpy()
    promised = np.where(promised >= 0, promised, _days_until_due(register, recorded))
    days = np.where(promised >= 0, promised, items["statutory_wd"].to_numpy())
    department = items["department"].astype(str).to_numpy(object)
    found: dict[tuple[int, str], _Held] = {}
    grouped = items.assign(type=case_type, code=code, name=name).groupby(
        ["type", "code", "name"], observed=True
    )
    indices: Any = grouped.indices
    cases = len(recorded.row)
    for (kind, text, other), every in indices.items():
        of, rows = int(kind), every[case[every] >= 0]
        matter = definition.matter(of, text if text in definition.names[of] else other)
        known = rows[days[rows] >= 0]
        if len(known):
            nothing = _Held(np.full(cases, NONE), np.full(cases, "", object), law=True)
            held = found.setdefault((of, matter), nothing)
            held.days[case[known]] = np.floor(days[known]).astype(np.int64)
            held.department[case[rows]] = department[rows]
            held.law &= not (promised[known] >= 0).any()
    return found


def without_limit(register: Register) -> int:
    """Return the number of items of which the records say neither days nor a date."""
    items = register.items
    days = (items["promised_wd"] >= 0) | (items["statutory_wd"] >= 0)
    return int((~days & items["due"].isna()).sum())


def _days_until_due(register: Register, recorded: Recorded) -> Floats:
    """Return [items] the working days from acceptance, or else receipt, to the date when it is due.

    NaN without a date. A date behind the end of the records is taken for their end: until then no
    item is late by it. A pause puts the date off, as it puts off days.
    """
    due = register.items["due"].to_numpy().astype("datetime64[D]")
    begun = np.full(len(due), np.datetime64("NaT"), "datetime64[D]")
    events = register.in_order[::-1]  # so that the first one stays
    at = register.events["at"].to_numpy()[events].astype("datetime64[D]")
    state = register.events["state"].to_numpy()[events]
    item = register.events["item"].to_numpy()[events]
    for here in (state > 0, state == State.ACCEPTED):
        timed = here & ~np.isnat(at)
        begun[item[timed]] = at[timed]
    known = ~np.isnat(due) & ~np.isnat(begun)
    days, origin = recorded.history.demand.workload.working_days, np.datetime64(recorded.origin)
    counted = np.full(len(due), np.nan)
    place = [
        np.clip((date[known] - origin).astype(np.int64), 0, len(days) - 1) for date in (begun, due)
    ]
    counted[known] = np.maximum(days.cumulative[place[1]] - days.cumulative[place[0]], 0)
    return counted


def _stage_limits(register: Register, recorded: Recorded) -> Iterator[tuple[tuple[str, str], int]]:
    types = recorded.definition.case_types
    for flow, stage, days in register.stages[["flow", "stage", "limit_wd"]].itertuples(index=False):
        if days >= 0:
            for name in types if len(types) == 1 else [t for t in types if t == str(flow)]:
                yield (name, str(stage)), int(days)


def _sets(case_types: tuple[str, ...], own: list[OwnLimit]) -> Iterator[LimitSet]:
    """Yield the sets of limits that are kept together: of a case type, and of a stage."""
    for case_type in case_types:
        mine = [one for one in own if one.limit.case_type == case_type]
        matters = [one for one in mine if one.kind == "matter"]
        if not matters:
            continue
        yield _set("case_type", case_type, "no_late_matter", case_type, matters)
        for stage in dict.fromkeys(one.stage for one in mine if one.stage):
            inside = [one for one in mine if one.stage == stage]
            if any(one.kind == "stage" for one in inside):
                yield _set("stage", stage, "state_rule", case_type, inside)


def _set(of: str, name: str, standard: Standard, case_type: str, own: list[OwnLimit]) -> LimitSet:
    names = tuple(one.limit.name for one in own)
    return LimitSet(of, name, standard, case_type, names)  # type: ignore[arg-type]
