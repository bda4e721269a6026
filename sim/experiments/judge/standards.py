"""What recorded cases are held against: limits of a scenario, or the register's own promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.arrays import Ints
from sim.clocks import Counting
from sim.limits import STATE_ITEM, STATE_STAGE, ResolvedLimit, Scope, resolved_limits
from sim.limits.own_limits import LimitSet, OwnLimit, OwnLimits, Standard
from sim.records.history import Recorded
from sim.records.register import Register
from sim.scenario import Scenario

TARGET = CONFIDENCE = 0.95
"""Where no scenario says otherwise."""
NONE = -1
"""No limit."""
_FAR = 10**6
"""A limit in working days that no case exceeds."""


@dataclass(frozen=True, eq=False)
class Standards:
    """The limits that recorded cases are held against."""

    limits: tuple[ResolvedLimit, ...]
    own: OwnLimits
    counting: Counting
    own_counting: Counting
    allowed: Mapping[str, Ints] = field(default_factory=dict)
    """Own limit → [C] the days promised in each case, where the cases differ."""
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
    limits, allowed = [], {}
    matter_limits, stage_limits = {}, dict(_stage_limits(register, recorded))
    departments = _departments(register, recorded)
    for (case_type, matter), (days, law) in _promised(register, recorded).items():
        stage = recorded.definition.stages[case_type].get(matter, "")
        name = recorded.definition.case_types[case_type]
        one = _own(
            name,
            matter,
            (matter,),
            days,
            (departments.get((case_type, matter), ""), stage),
            law=law,
        )
        limits.append(one)
        allowed[one.limit.name] = np.where(days < 0, _FAR, days)
        matter_limits[name, matter] = days
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


def _promised(register: Register, recorded: Recorded) -> dict[tuple[int, str], tuple[Ints, bool]]:
    """Return case type and matter → [C] days allowed in each case, -1 where none; and if by law.

    A matter is held to what was promised; where nothing was, to the days of the law. Of several
    items for a matter in one case, the last counts.
    """
    items, definition = register.items, recorded.definition
    number = np.full(len(register.cases), NONE, np.int64)
    number[recorded.row] = np.arange(len(recorded.row))
    case = number[items["case"].to_numpy()]
    case_type = definition.of_case[items["case"].to_numpy()] if len(items) else case
    code, name = items["matter_code"].astype(str), items["matter"].astype(str)
    found: dict[tuple[int, str], tuple[Ints, bool]] = {}
    grouped = items.assign(type=case_type, code=code, name=name).groupby(
        ["type", "code", "name"], observed=True
    )
    indices: Any = grouped.indices
    for (kind, text, other), rows in indices.items():
        of = int(kind)
        matter = definition.matter(of, text if text in definition.names[of] else other)
        for column, law in (("promised_wd", False), ("statutory_wd", True)):
            days = items[column].to_numpy()[rows]
            known = (days >= 0) & (case[rows] >= 0)
            if known.any():
                allowed, _ = found.get((of, matter), (np.full(len(recorded.row), NONE), law))
                allowed[case[rows][known]] = np.floor(days[known]).astype(np.int64)
                found[of, matter] = allowed, law
                break
    return found


def _departments(register: Register, recorded: Recorded) -> dict[tuple[int, str], str]:
    """Return case type and matter → the department that most of its items name first."""
    found: dict[tuple[int, str], str] = {}
    for node, of in zip(
        recorded.history.process.nodes, recorded.history.process.case_type, strict=True
    ):
        if len(node.covers) == 1 and node.department:
            found.setdefault((int(of), node.covers[0]), node.department)
    return found


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
