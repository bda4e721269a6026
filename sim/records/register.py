"""A register: the cases, items and events that offices recorded, in columns.

One structure, whether it was read from a city's files or written by a simulation. An **item** is
one matter (审批事项) applied for in one case (project, 项目); its **events** are the changes of its
state, with the codes of the national approval system (办理状态 BLZT), or the activities of a log.

Times are local: what a clock on the wall showed. A text that is not given is "", an instant NaT, a
number of days NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Ints
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd


class State(IntEnum):
    """States of an item, coded as BLZT of the exchange tables for approvals of construction."""

    NONE = 0
    """Not known; of an event: an activity of a log, which is none of these states."""
    RECEIVED = 1
    """接件"""
    WITHDRAWN = 2
    """撤件, by the applicant"""
    ACCEPTED = 3
    """受理"""
    NOT_TAKEN = 4
    """不受理"""
    NOT_ACCEPTED = 5
    """不予受理"""
    CORRECTION = 6
    """补正(开始)"""
    CORRECTED = 7
    """补正(结束)"""
    IN_REVIEW = 8
    """部门开始办理"""
    SPECIAL = 9
    """特别程序(开始)"""
    SPECIAL_DONE = 10
    """特别程序(结束)"""
    PASSED = 11
    """办结(通过)"""
    PASSED_CONDITIONALLY = 12
    """办结(容缺通过)"""
    REFUSED = 13
    """办结(不通过)"""
    LAPSED = 14
    """撤回"""
    REVOKED = 15
    """撤销"""


NEVER_OVERDUE: Final = frozenset({2, 4, 5, 13, 14, 15})
"""States in which the state's statistics count no item as overdue."""
DECIDED: Final = frozenset({11, 12, 13})
"""States of 办结: the item is decided."""
ENDED: Final = DECIDED | NEVER_OVERDUE
"""States that nothing follows, but a revocation."""
PAUSES: Final[Mapping[int, int]] = {
    State.CORRECTION: State.CORRECTED,
    State.SPECIAL: State.SPECIAL_DONE,
}
"""State that begins a pause → state that ends it."""

NO_OFFSET: Final = np.iinfo(np.int32).min
"""Offset of a time that states none."""
INSTANT: Final = "datetime64[ms]"

_ORIGIN: Final = {"source": "int16", "row": "int32"}
"""Where a row was read: row of `sources`, -1: nowhere; line of a text file, row of a sheet, or
number of the event in an XES file, each from 1; 0: none."""

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "cases": {
        "case": "str",  # project or application, as the office numbers it
        "name": "str",  # keyed hash of the project's or applicant's name
        "flow": "category",  # the process that it follows: code and version, or case type
        "received": INSTANT,  # when the case was applied for, as its own row says
        "ended": INSTANT,  # when it was complete, as its own row says
        **_ORIGIN,
    },
    "items": {
        "item": "str",  # the instance, as the office numbers it
        "case": "int32",  # row of `cases`
        "matter": "category",  # name, or code where no name is given
        "matter_code": "category",
        "department": "category",
        "stage": "category",  # as the process numbers or names it
        "group": "str",  # items of one case and group are handled in parallel
        "channel": "category",  # window, online …
        "kind": "category",  # 即办件, 承诺件
        "promised_wd": "float64",  # promised working days
        "statutory_wd": "float64",  # working days of the law
        "due": INSTANT,  # when it falls due, as its own row says
        "due_day_only": "bool",
        "state": "int8",  # state that its row states, else that of its last event
        **_ORIGIN,
    },
    "events": {
        "item": "int32",  # row of `items`
        "state": "int8",  # `State`
        "activity": "category",  # name of the event, where `state` is 0
        "lifecycle": "category",  # start, complete …, where a log says so
        "at": INSTANT,  # local time
        "day_only": "bool",  # `at` is a date, at 0:00
        "offset_s": "int32",  # seconds by which local time is ahead of UTC; NO_OFFSET: not stated
        "officer": "category",  # keyed hash: only that two rows have the same officer is known
        "office": "category",  # section (处室) of the officer
        **_ORIGIN,
        "column": "category",  # heading of the cell, where a row holds several events
    },
    "specials": {  # special procedures, as their own table lists them
        "item": "int32",
        "name": "category",
        "kind": "category",
        "start": INSTANT,
        "limit": "float64",
        "limit_kind": "category",
        **_ORIGIN,
    },
    "matters": {  # the city's own definition of its processes
        "flow": "category",  # code and version of the process
        "stage": "category",
        "matter_code": "category",
        "matter": "category",
        "department": "category",
        "kind": "category",
        "promised_wd": "float64",
        "after": "str",  # codes of the matters that must come before, separated by blanks
        "commitment": "bool",  # decided on a commitment (告知承诺)
        "milestone": "bool",
        **_ORIGIN,
    },
    "stages": {
        "flow": "category",
        "stage": "category",
        "name": "category",
        "standard_stage": "int8",  # 1 to 5 of the national process; 0: not given
        "limit_wd": "float64",
        **_ORIGIN,
    },
    "steps": {  # who had a case in hand, where a workflow or a simulation tells; a row each time
        "case": "int32",
        "step": "int32",  # its number in the case; it has several rows if it was handed over
        "name": "category",
        "matters": "category",  # codes of the matters that it serves, joined by commas
        "application": "int16",  # of the case: 1, and one more each time it is handed in again
        "role": "category",  # with owner and phase: names of `sim.process.graph`, in small letters
        "owner": "category",
        "phase": "category",
        "department": "category",
        "marks": "category",  # the `Mark`s of clocks that it carries, joined by commas
        "pool": "category",  # "" for a delay
        "officer": "category",
        "ready": INSTANT,  # NaT: still to come
        "start": INSTANT,
        "until": INSTANT,  # when the officer laid it down or ended it
        "end": INSTANT,
        "after": "str",  # numbers of the steps that it waited for, separated by blanks
        **_ORIGIN,
    },
    "courses": {  # what a simulation knows of a case before it ends
        "case": "int32",
        "outcome": "category",  # an `Outcome` of `sim.process.graph`, in small letters
        "extended": "str",  # limits that are extended for it, separated by blanks
        **_ORIGIN,
    },
    "sources": {  # the tables that were read
        "file": "str",
        "sheet": "str",  # "" if a file has no sheets
        "table": "str",  # what it holds: events, items, ledger …
        "in_lines": "bool",  # rows are numbered by lines of a text file
    },
}  # fmt: skip
"""Table → column → type. `cases` may have further columns: attributes, of type category."""
_DEFAULTS: Final[Mapping[str, Any]] = {
    "str": "", "category": "", INSTANT: None, "float64": np.nan, "bool": False,
    "int8": 0, "int16": -1, "int32": 0,
}  # fmt: skip


def table(
    name: str, columns: Mapping[str, Any] | None = None, rows: int | None = None
) -> pd.DataFrame:
    """Return a table of `COLUMNS` with the given columns; those not given are filled.

    `columns`: name → [n] values, or one value for all rows; `rows`: n, where no column is long.
    Further columns are kept in `cases`, as attributes. ValueError: no such column.
    """
    import pandas as pd

    given = dict(columns or {})
    known = COLUMNS[name]
    if name != "cases" and (unknown := given.keys() - known.keys()):
        raise ValueError(tr("{name} has no column {unknown}", name=name, unknown=sorted(unknown)))
    if rows is None:
        rows = max(
            (len(v) for v in given.values() if np.ndim(v) or isinstance(v, pd.Series)), default=0
        )
    built = {}
    for column in [*known, *(column for column in given if column not in known)]:
        kind = known.get(column, "category")
        default = NO_OFFSET if column == "offset_s" else _DEFAULTS[kind]
        value = given.get(column, default)
        if isinstance(value, pd.Series):
            value = value.array
        elif not np.ndim(value):
            value = (
                [value] * rows
                if kind == INSTANT or isinstance(value, str)
                else np.full(rows, value)
            )
        built[column] = pd.Series(value).astype(kind)  # type: ignore[call-overload]
    return pd.DataFrame(built)


@dataclass(frozen=True, eq=False)
class Register:
    """Cases, items and events; each table has the columns of `COLUMNS`, and is not changed."""

    cases: pd.DataFrame
    items: pd.DataFrame
    events: pd.DataFrame
    """In the order in which they were read."""
    specials: pd.DataFrame = field(default_factory=lambda: table("specials"))
    matters: pd.DataFrame = field(default_factory=lambda: table("matters"))
    stages: pd.DataFrame = field(default_factory=lambda: table("stages"))
    steps: pd.DataFrame = field(default_factory=lambda: table("steps"))
    courses: pd.DataFrame = field(default_factory=lambda: table("courses"))
    sources: pd.DataFrame = field(default_factory=lambda: table("sources"))
    as_of: np.datetime64 | None = None
    """The time to which open items count; None: the last event."""

    def __post_init__(self) -> None:
        for name, columns in COLUMNS.items():
            present = {str(c): str(kind) for c, kind in getattr(self, name).dtypes.items()}
            missing = [c for c in columns if c not in present]
            if missing:
                raise ValueError(
                    tr(
                        "{name} lacks the columns {missing}; see table()",
                        name=name,
                        missing=missing,
                    )
                )
        _check_rows("items.case", self.items["case"].to_numpy(), len(self.cases))
        _check_rows("events.item", self.events["item"].to_numpy(), len(self.items))
        _check_rows("specials.item", self.specials["item"].to_numpy(), len(self.items))

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes of cases."""
        return tuple(str(c) for c in self.cases.columns if c not in COLUMNS["cases"])

    @property
    def first(self) -> np.datetime64:
        """The first instant of the events and steps; NaT if there is none."""
        times = [self.events["at"], self.steps["ready"], self.steps["start"]]
        found = [t.min() for t in times if t.notna().any()]
        return np.datetime64(min(found), "ms") if found else np.datetime64("NaT", "ms")

    @property
    def now(self) -> np.datetime64:
        """The time to which open items count; NaT if there is no event."""
        if self.as_of is not None:
            return self.as_of
        at = self.events["at"].to_numpy()
        at = at[~np.isnat(at)]
        return at.max() if len(at) else np.datetime64("NaT", "ms")

    @cached_property
    def in_order(self) -> Ints:
        """[E] rows of `events` by item, time, state, then as read; those without a time last."""
        events = self.events
        at = events["at"].to_numpy()
        keys = (events["state"].to_numpy(), at, np.isnat(at), events["item"].to_numpy())
        return np.lexsort(keys).astype(np.int64)

    def elapsed_s(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """[E] seconds since 1970 on one clock for all offsets; without an offset: of local time."""
        at = self.events["at"].to_numpy().astype("datetime64[ms]")
        offset = self.events["offset_s"].to_numpy().astype(np.int64)
        seconds = at.astype(np.int64) / 1000 - np.where(offset == NO_OFFSET, 0, offset)
        seconds[np.isnat(at)] = np.nan
        return seconds

    def place(self, table: str, row: int, column: str = "") -> str:
        """Return where a row was read, as a message names it: file [sheet]:row: column."""
        of = getattr(self, table).iloc[row]
        source = int(of["source"])
        if source < 0:
            return ""
        origin = self.sources.iloc[source]
        sheet = f" [{origin['sheet']}]" if origin["sheet"] else ""
        named = column or (str(of["column"]) if "column" in of.index else "")
        return f"{origin['file']}{sheet}:{int(of['row'])}" + (f": {named}" if named else "")


def _check_rows(name: str, rows: np.ndarray[Any, Any], length: int) -> None:
    if len(rows) and (rows.min() < 0 or rows.max() >= length):
        raise ValueError(tr("{name} names rows that are not there", name=name))
