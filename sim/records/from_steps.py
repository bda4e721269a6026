"""Steps of cases from the table in which a workflow, or a simulation, recorded them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sim.arrays import Ints
from sim.engine.contract import NO_OFFICER, Parts
from sim.process.graph import Mark, Owner, Phase, Role
from sim.records.definition import Definition
from sim.records.register import Register
from sim.records.timeline import TOGETHER, Kind, Timeline, first_seen, seconds

if TYPE_CHECKING:
    import pandas as pd

Word = TypeVar("Word", Role, Owner, Phase)


def timeline_of_steps(
    register: Register, definition: Definition, origin: np.datetime64
) -> Timeline:
    """Return the steps that a register lists; `origin`: second 0."""
    table = register.steps
    order = np.lexsort(
        (table["start"].to_numpy(), table["step"].to_numpy(), table["case"].to_numpy())
    )
    table = table.iloc[order].reset_index(drop=True)
    case, step = (table[name].to_numpy().astype(np.int64) for name in ("case", "step"))
    again = np.append(False, (case[1:] == case[:-1]) & (step[1:] == step[:-1]))
    row = np.cumsum(~again) - 1  # [rows] the number of each row's step
    first = np.flatnonzero(~again)
    last = np.append(first[1:], len(again)) - 1
    kinds, kind, repeats = _kinds(table.iloc[first], definition)
    officer = table["officer"].cat.codes.to_numpy().astype(np.int32)
    officer[(table["officer"] == "").to_numpy()] = NO_OFFICER
    times = {
        name: seconds(table[name].to_numpy(), origin) for name in ("ready", "start", "until", "end")
    }
    several = np.bincount(row, minlength=len(first)) > 1
    stints = np.flatnonzero(several[row])
    return Timeline(
        kinds=kinds,
        repeats=repeats,
        case=case[first],
        kind=kind,
        marks=_marks(table["marks"])[first],
        application=table["application"].to_numpy().astype(np.int64)[first],
        ready=times["ready"][first],
        start=times["start"][first],
        end=times["end"][first],
        is_work=(table["pool"] != "").to_numpy()[first],
        officer=officer[last],
        before=_before(table["after"].iloc[first], case[first], step[first]),
        parts=Parts(row[stints], officer[stints], times["start"][stints], times["until"][stints]),
    )


def _kinds(
    steps: pd.DataFrame, definition: Definition
) -> tuple[tuple[Kind, ...], Ints, dict[int, int]]:
    """Return the kinds of step, the kind of each step, and the checks that repeat others."""
    columns = [
        steps[name].cat
        for name in ("name", "matters", "role", "owner", "phase", "department", "pool")
    ]
    key = definition.of_case[steps["case"].to_numpy()].astype(np.int64)
    for column in columns[:-1]:
        key = key * max(len(column.categories), 1) + column.codes.to_numpy()
    where, kind = first_seen(key)
    kinds = []
    for position in where:
        name, matters, role, owner, phase, department, pool = (
            str(column.categories[column.codes.iloc[position]]) for column in columns
        )
        case_type = int(definition.of_case[steps["case"].iloc[position]])
        covers = (definition.matter(case_type, code) for code in matters.split(TOGETHER) if code)
        kinds.append(
            Kind(
                case_type,
                name,
                tuple(covers),
                _word(Role, role, Role.STEP),
                _word(Owner, owner, Owner.AUTHORITY),
                _word(Phase, phase, Phase.RUNNING),
                department,
                pool or None,
            )
        )
    return tuple(kinds), kind, _repeats(kinds)


def _word(words: type[Word], text: str, otherwise: Word) -> Word:
    return words.__members__.get(text.upper(), otherwise)


def _repeats(kinds: list[Kind]) -> dict[int, int]:
    """Return check → the check that repeats it: ``window/check`` and ``window/check/2``."""
    number = {(kind.case_type, kind.name): position for position, kind in enumerate(kinds)}
    repeats = {}
    for position, kind in enumerate(kinds):
        stem, _, last = kind.name.rpartition("/")
        if kind.role is not Role.CHECK or not last.isdigit():
            continue
        before = stem if last == "2" else f"{stem}/{int(last) - 1}"
        if (kind.case_type, before) in number:
            repeats[number[kind.case_type, before]] = position
    return repeats


def _marks(column: pd.Series) -> np.ndarray:
    """Return [n] `Mark`s from words joined by commas; unknown words mark nothing."""
    texts = [str(text) for text in column.cat.categories]
    bits = [
        sum(int(Mark.__members__.get(word.upper(), 0)) for word in text.split(TOGETHER))
        for text in texts
    ]
    return np.array(bits, np.uint8)[column.cat.codes.to_numpy()]


def _before(after: pd.Series, case: Ints, step: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of a step and one that it waited for; unknown ones are left out."""
    tokens = np.array(" ".join(after.tolist()).split(), np.int64)
    count = after.str.count(" ").to_numpy().astype(np.int64) + (after != "").to_numpy()
    later = np.repeat(np.arange(len(case)), count)
    width = int(max(step.max(initial=0), tokens.max(initial=0))) + 1
    keys = case * width + step
    wanted = case[later] * width + tokens
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    known = keys[place] == wanted if len(keys) else np.zeros(0, np.bool_)
    return later[known], place[known]
