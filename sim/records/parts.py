"""From one raw table to rows of the register: a function for each kind of table.

Rows still name their item and case by keys; `sim.records.assemble` puts the tables together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.records.cells import Cells
from sim.records.headings import (
    ATTRIBUTE,
    ATTRIBUTES,
    EVENT_TIMES,
    KEEP,
    LEAVE,
    OWN,
    STEP,
    outcome_of,
    state_of,
)
from sim.records.register import State
from sim.records.stamps import Stamps

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Any]
ROW_MARK: Final = "#"
"""Stands between the key of an item and the number of its row, where its own number does not do."""
_ACTIVITIES: Final = {"decided_at": "decision", "delivered_at": "delivery"}
"""Role of a time that begins no state → name of its event."""


@dataclass
class Parts:
    """Rows of the register's tables by kind of table, each as columns with keys."""

    projects: list[Columns] = field(default_factory=list)
    """Cases with a row of their own."""
    cases: list[Columns] = field(default_factory=list)
    """Cases that rows of items or events name."""
    items: list[Columns] = field(default_factory=list)
    events: list[Columns] = field(default_factory=list)
    specials: list[Columns] = field(default_factory=list)
    matters: list[Columns] = field(default_factory=list)
    stages: list[Columns] = field(default_factory=list)
    steps: list[Columns] = field(default_factory=list)
    courses: list[Columns] = field(default_factory=list)


def read_part(cells: Cells, parts: Parts) -> None:
    """Add the rows of one table to the parts."""
    _READERS[cells.map.kind](cells, parts)


def _origin(cells: Cells) -> Columns:
    return {"source": np.full(len(cells), cells.source), "row": cells.table.number}


def _joined(first: pd.Categorical, second: pd.Categorical) -> Any:
    """Return two texts in one, such as a code and its version."""
    a, b = np.asarray(first, object), np.asarray(second, object)
    return np.where(b == "", a, a + np.where(a == "", "", " ") + b)


def _either(first: pd.Categorical, second: pd.Categorical) -> Any:
    a, b = np.asarray(first, object), np.asarray(second, object)
    return np.where(a == "", b, a)


def _attributes(cells: Cells) -> Columns:
    """Return the attributes of cases: name → categories."""
    found: Columns = {}
    for heading, role in cells.map.columns.items():
        if role in ATTRIBUTES:
            found[role.removeprefix("log_")] = cells.words(role)
        elif role.startswith(ATTRIBUTE):
            found[role.removeprefix(ATTRIBUTE)] = cells.words(role)
        elif role == KEEP:
            one = Cells(cells.table, _alone(cells, heading), cells.source, cells.how, cells.remarks,
                        cells.read)  # fmt: skip
            found[heading] = one.words(KEEP)
    return found


def _alone(cells: Cells, heading: str) -> Any:
    from dataclasses import replace

    return replace(cells.map, columns={heading: KEEP})


def _projects(cells: Cells, parts: Parts) -> None:
    parts.projects.append(
        {
            "key": cells.texts("case"),
            "name": cells.hashed("name", "n"),
            "flow": _joined(cells.words("flow"), cells.words("flow_version")),
            "received": cells.stamps("applied_at").at,
            "ended": cells.stamps("case_ended_at").at,
            **_attributes(cells),
            **_origin(cells),
        }
    )


def _items(cells: Cells, parts: Parts) -> None:
    item = cells.texts("item")
    cells.note("no_key", item == "", cells.map.heading("item") or "")
    parts.items.append(
        {
            "key": np.where(item == "", _by_row(cells), item),
            "case_key": cells.texts("case"),
            "matter": _either(cells.words("matter"), cells.words("matter_code")),
            "matter_code": cells.words("matter_code"),
            "department": _either(cells.words("department"), cells.words("department_code")),
            "stage": cells.words("stage"),
            "group": cells.texts("group"),
            "channel": cells.words("channel"),
            "kind": cells.words("kind"),
            "flow": _joined(cells.words("flow"), cells.words("flow_version")),
            "promised_wd": cells.days("promised_wd"),
            **_origin(cells),
        }
    )


def _by_row(cells: Cells) -> Any:
    return np.array([f"{cells.source}{ROW_MARK}{row}" for row in cells.table.number], object)


def _events(cells: Cells, parts: Parts) -> None:
    state = cells.states("state", state_of)
    stamps = cells.stamps("at")
    item, case = cells.texts("item"), cells.texts("case")
    heading = cells.map.heading("at") or ""
    cells.note("no_stamp", ~stamps.given & ~stamps.bad, heading)
    cells.note("no_key", (item == "") & (case == ""), cells.map.heading("item") or "")
    words = cells.words("state")
    parts.events.append(
        {
            "key": np.where(item == "", case, item),
            "case_key": case,
            "state": np.maximum(state, 0),
            "activity": np.where(state < 0, np.asarray(words, object), ""),
            **_times(stamps),
            "officer": cells.officer(),
            "office": _either(cells.words("office"), cells.words("event_office")),
            **_origin(cells),
            "column": np.full(len(cells), heading, object),
        }
    )


def _times(stamps: Stamps) -> Columns:
    return {"at": stamps.at, "day_only": stamps.day_only, "offset_s": stamps.offset_s}


def _specials(cells: Cells, parts: Parts) -> None:
    parts.specials.append(
        {
            "key": cells.texts("item"),
            "name": cells.words("special_name"),
            "kind": cells.words("special_kind"),
            "start": cells.stamps("special_start").at,
            "limit": cells.days("limit"),
            "limit_kind": cells.words("limit_kind"),
            **_origin(cells),
        }
    )


def _matters(cells: Cells, parts: Parts) -> None:
    after = [" ".join(text.replace("、", ",").replace(";", ",").replace(";", ",").split(","))
             for text in cells.texts("after")]  # fmt: skip
    parts.matters.append(
        {
            "flow": _joined(cells.words("flow"), cells.words("flow_version")),
            "stage": cells.words("stage"),
            "matter_code": cells.words("matter_code"),
            "matter": _either(cells.words("matter"), cells.words("matter_code")),
            "department": _either(cells.words("department"), cells.words("department_code")),
            "kind": cells.words("kind"),
            "promised_wd": cells.days("promised_wd"),
            "after": np.array([" ".join(text.split()) for text in after], object),
            "commitment": cells.flags("commitment"),
            "milestone": cells.flags("milestone"),
            **_origin(cells),
        }
    )


def _stages(cells: Cells, parts: Parts) -> None:
    standard = cells.days("standard_stage")
    parts.stages.append(
        {
            "flow": _joined(cells.words("flow"), cells.words("flow_version")),
            "stage": cells.words("stage"),
            "name": cells.words("stage_name"),
            "standard_stage": np.where((standard >= 1) & (standard <= 5), standard, 0),
            "limit_wd": cells.days("limit_wd"),
            **_origin(cells),
        }
    )


# --- what a simulation, or a workflow, tells beside the events -----------------------------------


def _steps(cells: Cells, parts: Parts) -> None:
    texts = ("name", "matters", "role", "owner", "phase", "department", "marks", "pool")
    times = ("ready", "start", "until", "end")
    parts.steps.append(
        {
            "key": cells.texts("case"),
            **{name: np.nan_to_num(cells.days(f"{OWN}{name}")) for name in ("step", "application")},
            **{name: cells.words(f"{OWN}{name}") for name in texts},
            **{name: cells.stamps(f"{OWN}{name}").at for name in times},
            "officer": cells.officer(f"{OWN}officer"),
            "after": cells.texts(f"{OWN}after"),
            **_origin(cells),
        }
    )


def _courses(cells: Cells, parts: Parts) -> None:
    parts.courses.append(
        {
            "key": cells.texts("case"),
            "outcome": cells.words(f"{OWN}outcome"),
            "extended": cells.texts(f"{OWN}extended"),
            "as_of": cells.stamps(f"{OWN}as_of").at,
            **_origin(cells),
        }
    )


# --- one row an item: 办件台账 --------------------------------------------------------------------


def _ledger(cells: Cells, parts: Parts) -> None:
    steps = [(h, r) for h, r in cells.map.columns.items() if r.startswith(STEP)]
    item = _ledger_keys(cells)
    case = cells.texts("case")
    cells.note("no_case", (case == "") & cells.has("case"), cells.map.heading("case") or "")
    case = np.where(case == "", _whole(cells, item), case)
    applied = cells.stamps("applied_at")
    parts.cases.append(
        {
            "key": case,
            "name": cells.hashed("name", "n"),
            "received": applied.at,
            **_attributes(cells),
            **_origin(cells),
        }
    )
    if steps:
        _start_ups(cells, parts, case, steps, applied)
        return
    due = cells.stamps("due")
    outcome = cells.states("outcome", outcome_of)
    parts.items.append(
        {
            "key": item,
            "case_key": case,
            "matter": _either(cells.words("matter"), cells.words("matter_code")),
            "matter_code": cells.words("matter_code"),
            "department": _either(cells.words("department"), cells.words("department_code")),
            "stage": cells.words("stage"),
            "group": cells.texts("group"),
            "channel": cells.words("channel"),
            "kind": cells.words("kind"),
            "promised_wd": cells.days("promised_wd"),
            "statutory_wd": cells.days("statutory_wd"),
            "due": due.at,
            "due_day_only": due.day_only,
            "state": np.maximum(outcome, 0),
            **_origin(cells),
        }
    )
    _ledger_events(cells, parts, item, case, outcome, applied)


def _whole(cells: Cells, item: Any) -> Any:
    """Return the number of each application, without what tells its items apart."""
    own = cells.texts("item")
    return np.where(own == "", item, own)


def _ledger_keys(cells: Cells) -> Any:
    """Return [n] a key for each row's item: its number; where rows share it, with the matter.

    Rows that still share it (a number given twice) are told apart by their row, and noted.
    """
    import pandas as pd

    number = pd.Series(cells.texts("item"), dtype=object)
    none = (number == "").to_numpy()
    cells.note("no_key", none & cells.has("item"), cells.map.heading("item") or "")
    shared = number.duplicated(keep=False).to_numpy() & ~none
    matter = pd.Series(np.asarray(cells.words("matter"), object))
    key = number.where(~shared, number + " " + matter)
    again = key.duplicated().to_numpy() & ~none
    cells.note("same_number", again, cells.map.heading("item") or "")
    own_row = pd.Series(_by_row(cells))
    marked = key + " " + ROW_MARK + pd.Series(cells.table.number).astype(str)
    return key.where(~again, marked).where(~none, own_row).to_numpy()


def _ledger_events(
    cells: Cells, parts: Parts, item: Any, case: Any, outcome: Ints, applied: Stamps
) -> None:
    """Add an event for each time in the rows; how the item ended depends on its outcome."""
    ended = cells.stamps("ended_at")
    decided = cells.stamps("decided_at") if cells.has("decided_at") else None
    unknown = State.DECIDED_SOMEHOW if cells.has("outcome") else State.PASSED
    how = np.where(outcome > State.NONE, outcome, int(unknown))
    says_open, says_ended = outcome == State.NONE, outcome > State.NONE
    last = ended if cells.has("ended_at") or decided is None else decided
    heading = cells.map.heading("outcome") or ""
    cells.note("open_but_ended", says_open & last.given, heading)
    empty = cells.texts("outcome") == ""
    cells.note("no_outcome", last.given & empty & cells.has("outcome"), heading)
    withdrawn = cells.stamps("withdrawn_at").given
    cells.note("ended_without_time", says_ended & ~last.given & ~withdrawn, heading)
    for role, state in EVENT_TIMES.items():
        is_last = role == "ended_at" or (role == "decided_at" and last is decided)
        states = how if is_last else np.full(len(cells), int(state))
        activity = "" if is_last else _ACTIVITIES.get(role, "")
        for named in cells.map.headings(role):
            known = last if is_last else decided if role == "decided_at" else None
            stamps = cells.stamps_of(named) if known is None else known
            at = _Column(stamps, named, by_officer=is_last)
            _add_times(cells, parts, at, item, case, states, activity)
    if not cells.has("received_at") and cells.has("applied_at"):
        at = _Column(applied, cells.map.heading("applied_at") or "")
        first = np.full(len(cells), int(State.RECEIVED))
        _add_times(cells, parts, at, item, case, first)


@dataclass(frozen=True, eq=False)
class _Column:
    """The times under one heading."""

    stamps: Stamps
    heading: str
    by_officer: bool = False
    """Whether the officer of the row acted then."""


def _add_times(
    cells: Cells, parts: Parts, at: _Column, item: Any, case: Any, states: Ints, activity: str = ""
) -> None:
    """Add an event for each row that has a time under a heading."""
    given: Bools = at.stamps.given
    count = int(given.sum())
    parts.events.append(
        {
            "key": item[given],
            "case_key": case[given],
            "state": states[given],
            "activity": np.full(count, activity, object),
            **{name: values[given] for name, values in _times(at.stamps).items()},
            "officer": cells.officer()[given] if at.by_officer else np.full(count, "", object),
            "office": cells.words("office")[given],
            **{name: values[given] for name, values in _origin(cells).items()},
            "column": np.full(count, at.heading, object),
        }
    )


def _start_ups(
    cells: Cells, parts: Parts, case: Any, steps: list[tuple[str, str]], applied: Stamps
) -> None:
    """Add an item for each step of a start-up, received with the case and done at its time."""
    role = "applied_at" if cells.has("applied_at") else "received_at"
    stamps = applied if role == "applied_at" else cells.stamps(role)
    received = _Column(stamps, cells.map.heading(role) or "")
    for heading, step in steps:
        done = _Column(cells.stamps_of(heading), heading)
        name = step.removeprefix(STEP)
        key = np.array([f"{one} {name}" for one in case], object)
        matter = np.full(len(cells), name, object)
        parts.items.append({"key": key, "case_key": case, "matter": matter, **_origin(cells)})
        for at, state in ((received, State.RECEIVED), (done, State.PASSED)):
            _add_times(cells, parts, at, key, case, np.full(len(cells), int(state)))


# --- one row an activity: logs --------------------------------------------------------------------


def _log(cells: Cells, parts: Parts) -> None:
    case = cells.texts("case")
    cells.note("no_key", case == "", cells.map.heading("case") or "")
    shared = {"key": case, **_origin(cells)}
    first = np.sort(np.unique(case, return_index=True)[1])
    due = cells.stamps("due")
    of_case = {
        "received": cells.stamps("applied_at").at,
        "ended": cells.stamps("case_ended_at").at,
        **_attributes(cells),
    }
    of_item = {
        "case_key": case,
        "matter": cells.words("matter"),
        "due": due.at,
        "due_day_only": due.day_only,
    }
    parts.cases.append({name: column[first] for name, column in (shared | of_case).items()})
    parts.items.append({name: column[first] for name, column in (shared | of_item).items()})
    activity = cells.words("activity")
    states = np.array([int(state_of(name) or 0) for name in activity.categories], np.int64)
    by_row = states[activity.codes] if len(states) else np.zeros(len(cells), np.int64)
    lifecycle = np.asarray(cells.words("lifecycle"), object)
    both = cells.has("start_at") and cells.has("at")
    for role, phase in (("start_at", "start"), ("at", "complete")):
        if not cells.has(role):
            continue
        stamps = cells.stamps(role)
        cells.note("no_stamp", ~stamps.given & ~stamps.bad, cells.map.heading(role) or "")
        is_end = role == "at" or not both
        parts.events.append(
            {
                **shared,
                "case_key": case,
                "state": by_row if is_end else np.zeros(len(cells), np.int64),
                "activity": activity,
                "lifecycle": np.full(len(cells), phase, object) if both else lifecycle,
                **_times(stamps),
                "officer": cells.officer(),
                "office": cells.words("office"),
                "column": np.full(len(cells), cells.map.heading(role) or "", object),
            }
        )


_READERS: Final[Mapping[str, Callable[[Cells, Parts], None]]] = {
    "projects": _projects,
    "items": _items,
    "events": _events,
    "specials": _specials,
    "matters": _matters,
    "stages": _stages,
    "ledger": _ledger,
    "log": _log,
    "steps": _steps,
    "courses": _courses,
    LEAVE: lambda cells, parts: None,
}
