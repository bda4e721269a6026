"""The columns of one raw table by their roles, read as what they are."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.records.headings import STATES, counts_no_days
from sim.records.mapping import TableMap
from sim.records.raw import RawTable, Remarks, encoded
from sim.records.register import State
from sim.records.stamps import Stamps, number_of_days, read_stamps

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import pandas as pd

Officers: TypeAlias = Literal["hashed", "named", "none"]
"""How the names of officers are kept."""
_HARMLESS: Final = re.compile(
    "|".join(sorted(map(re.escape, STATES), key=len, reverse=True))
    + r"|上午|下午|(?<!\d)(?:\d{1,8}|\d{12}|\d{14})(?!\d)[年月日号时点分秒]?|(?<=\d)T(?=\d)"
)
"""What a cell that could not be read is quoted with: words of states, numbers and signs of dates.

A longer number may be that of a person, or of a telephone; of 12 or 14 digits it is a stamp.
"""
_CUT: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
KEYS: Final = frozenset({"item", "case", "project", "previous"})
"""Roles of numbers by which rows are put together."""
_YES: Final = frozenset({"1", "1.0", "是", "true", "yes", "y"})


@dataclass(frozen=True)
class How:
    """What a reading does with all its tables."""

    key: bytes
    """Secret with which names are hashed: without it, nobody can try which name gives a hash."""
    officers: Officers
    zone: ZoneInfo | None
    """Place whose local time is wanted of times with an offset from UTC; None: as written."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The n rows of a table, by roles; a role that no column has gives empty values."""

    table: RawTable
    map: TableMap
    source: int
    how: How
    remarks: Remarks
    read: set[str] = field(default_factory=set)
    """Headings of the columns that were asked for so far."""

    def __len__(self) -> int:
        return len(self.table)

    def has(self, role: str) -> bool:
        """Whether a column has the role."""
        return self.map.heading(role) is not None

    def texts(self, role: str) -> Any:
        """Return [n] the texts of a role, as a NumPy array of objects."""
        heading = self.map.heading(role)
        if heading is None:
            return np.full(len(self), "", object)
        self.read.add(heading)
        texts = self.table.columns[heading].to_numpy().astype(object)
        if role in KEYS:
            # Several numbers may have become one: none is known any more.
            texts[self.cut(heading)] = ""
        return texts

    def cut(self, heading: str) -> Bools:
        """Return [n] which numbers were cut: a spreadsheet kept their first digits only."""
        distinct, index = encoded(self.table.columns[heading])
        return np.array([_CUT.fullmatch(text) is not None for text in distinct], np.bool_)[index]

    def words(self, role: str) -> pd.Categorical:
        """Return [n] the texts of a role as categories."""
        distinct, index = self._coded(role)
        return _categories(distinct, index)

    def hashed(self, role: str, mark: str) -> pd.Categorical:
        """Return [n] keyed hashes of names, each after a mark; "" for none."""
        distinct, index = self._coded(role)
        return _categories([hashed(name, self.how.key, mark) for name in distinct], index)

    def officer(self, role: str = "officer") -> pd.Categorical:
        """Return [n] the officers under a role, as the reading wants them."""
        self.read.update(self.map.headings(role))
        if self.how.officers == "none":
            return _categories([""], np.zeros(len(self), np.int64))
        if self.how.officers == "named":
            return self.words(role)
        return self.hashed(role, "o")

    def stamps(self, role: str) -> Stamps:
        """Return the times of a role; impossible ones are noted."""
        heading = self.map.heading(role)
        if heading is None:
            none = np.full(len(self), np.datetime64("NaT", "ms"))
            no = np.zeros(len(self), np.bool_)
            return Stamps(none, no, no.astype(np.int32), no)
        return self.stamps_of(heading)

    def stamps_of(self, heading: str) -> Stamps:
        """Return the times under a heading; impossible ones are noted."""
        self.read.add(heading)
        column = self.table.columns[heading]
        stamps = read_stamps(column, self.how.zone, self.table.first_day)
        self.note("impossible_stamp", stamps.bad, heading, column)
        self.note("utc", stamps.given & (stamps.offset_s == 0) & (self.how.zone is None), heading)
        return stamps

    def days(self, role: str) -> Floats:
        """Return [n] numbers of days; NaN: none. What is no number is noted."""
        distinct, index = self._coded(role)
        values = np.array([number_of_days(text) for text in distinct], np.float64)[index]
        filled = np.array([bool(text) for text in distinct], np.bool_)[index]
        heading = self.map.heading(role) or ""
        if heading:
            if counts_no_days(heading):
                values = np.full(len(self), np.nan)
            column = self.table.columns[heading]
            self.note("no_number", filled & np.isnan(values), heading, column)
        return values

    def flags(self, role: str) -> Bools:
        """Return [n] whether a cell says yes."""
        distinct, index = self._coded(role)
        return np.array([text.casefold() in _YES for text in distinct], np.bool_)[index]

    def states(self, role: str, read: Callable[[str], State | None]) -> Ints:
        """Return [n] states, -1 for an empty cell or an unknown one; unknown ones are noted."""
        distinct, index = self._coded(role)
        found = [None if not text else read(text) for text in distinct]
        states = np.array([-1 if state is None else int(state) for state in found], np.int64)[index]
        filled = np.array([bool(text) for text in distinct], np.bool_)[index]
        if heading := self.map.heading(role):
            self.note("unknown_state", filled & (states < 0), heading, self.table.columns[heading])
        return states

    def note(self, check: str, rows: Bools, heading: str = "", column: Any = None) -> None:
        """Note the rows [n] that are True, with their cells if a column is given, as `quoted`."""
        import pyarrow as pa

        if rows.any():
            texts = [] if column is None else column.filter(pa.array(rows)).to_pylist()
            cells = [quoted(text) for text in texts]
            self.remarks.add(check, self.source, self.table.number[rows], heading, cells)

    def _coded(self, role: str) -> tuple[list[str], Ints]:
        heading = self.map.heading(role)
        self.read.update(() if heading is None else (heading,))
        if heading is None or len(self) == 0:
            return [""], np.zeros(len(self), np.int64)
        return encoded(self.table.columns[heading])


def quoted(text: str) -> str:
    """Return a cell as a remark may show it: a star for each character if it may hold a name.

    Under a heading taken for another, names may stand where a state or a time is looked for.
    """
    rest = _HARMLESS.sub("", unicodedata.normalize("NFKC", text))
    if _CUT.fullmatch(text):
        return text
    return "*" * len(text) if any(map(str.isalnum, rest)) else text


def hashed(name: str, key: bytes, mark: str) -> str:
    """Return a keyed hash of a name, which tells nothing but whether two names are the same."""
    if not name:
        return ""
    same = "".join(unicodedata.normalize("NFKC", name).split())
    return mark + hashlib.blake2b(same.encode(), key=key, digest_size=8).hexdigest()


def _categories(distinct: list[str], index: Ints) -> pd.Categorical:
    import pandas as pd

    names = list(dict.fromkeys(distinct))
    place = {name: number for number, name in enumerate(names)}
    codes = np.array([place[name] for name in distinct], np.int64)[index]
    return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))
