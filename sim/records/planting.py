"""Dirt for a clean register, of the kinds that real ones have, with a note of every piece.

Each fault is planted in a row of its own, so that what an audit finds can be compared row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.calendars import WorkingDays, working_days
from sim.records.register import DECIDED, ENDED, Register, State
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 2_000
BATCH: Final = 12
"""Cases that were entered together afterwards."""
EACH: Final = 4
"""Rows of each kind of fault."""
DATES_ALONE: Final = 120
"""Cells with a date alone."""
TITLES: Final = ("辽河市工程建设项目审批办件台账", "单位:件")
NUMBER, PROJECT, NAME, MATTER, DEPARTMENT, ZONE = (
    "申报号", "项目代码", "项目名称", "事项名称", "办理部门", "辖区",
)  # fmt: skip
APPLIED, ACCEPTED, NOTICE, CORRECTED, SPECIAL, SPECIAL_DONE, ENDED_AT = (
    "申请时间", "受理时间", "补正告知时间", "补正完成时间", "特别程序开始", "特别程序结束",
    "办结时间",
)  # fmt: skip
OUTCOME, PROMISED, OFFICER = "办理结果", "承诺时限(工作日)", "经办人"
TIMES: Final[Mapping[str, int]] = {
    APPLIED: State.RECEIVED, ACCEPTED: State.ACCEPTED, NOTICE: State.CORRECTION,
    CORRECTED: State.CORRECTED, SPECIAL: State.SPECIAL, SPECIAL_DONE: State.SPECIAL_DONE,
    ENDED_AT: State.PASSED,
}  # fmt: skip
"""Heading of a time → the state that begins then."""
HEADINGS: Final = (
    NUMBER, PROJECT, NAME, MATTER, DEPARTMENT, ZONE, *TIMES, OUTCOME, PROMISED, OFFICER,
)  # fmt: skip
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "伟芳敏静强磊洋艳勇杰娟涛明超霞平刚桂英"

Cell = str | float | dt.datetime | dt.date
Row = dict[str, Cell]


@dataclass(frozen=True, order=True)
class Planted:
    """One fault: what the audit calls it, and where it stands."""

    file: str
    row: int
    """As the audit numbers rows: lines of a CSV file, rows of a sheet."""
    check: str
    column: str = ""
    """Heading of the cell; "" for a whole row."""


@dataclass
class Ledger:
    """Rows of a spreadsheet, and the faults in them by index of the row."""

    rows: list[Row]
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    """Index of the row, check, heading."""

    def note(self, index: int, check: str, heading: str = "") -> None:
        """Note a fault."""
        self.faults.append((index, check, heading))


def clean_ledger(
    register: Register, departments: Mapping[str, str] = MappingProxyType({}), most: int = MOST_ROWS
) -> Ledger:
    """Return a spreadsheet of a register's items, a row each, in the order of their receipt.

    Items with more than one pause of a kind do not fit in a row, and are left out, as are those
    that ended in another way than by a decision, or while the office was closed. `departments`:
    the names that a bureau writes for those of the register.
    """
    times = _times(register)
    rows: list[Row] = []
    items, cases = register.items, register.cases
    zone = cases["zone"].astype(str).to_numpy() if "zone" in cases else np.full(len(cases), "")
    officer = _last_officers(register)
    columns = ("item", "case", "matter", "department", "promised_wd", "state")
    for index, (item, case, matter, department, promised, state) in enumerate(
        zip(*(items[name].tolist() for name in columns), strict=True)
    ):
        at = times.get(index)
        if at is None or State.RECEIVED not in at or (state in ENDED and state not in DECIDED):
            continue
        number = str(cases["case"].iloc[case])
        row: Row = {
            NUMBER: item, PROJECT: number, NAME: f"{number}号厂房新建项目", MATTER: matter,
            DEPARTMENT: departments.get(department, department), ZONE: str(zone[case]),
            **{heading: at.get(code, "") for heading, code in TIMES.items()},
            OUTCOME: "准予许可" if State.PASSED in at else "在办",
            PROMISED: "" if np.isnan(promised) else f"{promised:g}",
            OFFICER: name_of(officer[index]),
        }  # fmt: skip
        rows.append(row)
    rows.sort(key=lambda row: str(row[APPLIED]))
    calendar = _calendar(rows)
    ledger = Ledger([row for row in rows if _in_hours(row, calendar)][:most])
    for index, one in enumerate(ledger.rows):
        if one[ENDED_AT] == "":
            ledger.note(index, "open")
    return ledger


def name_of(officer: str) -> str:
    """Return an invented name for an officer's number, always the same."""
    if not officer:
        return ""
    number = sum(ord(sign) * 31**place for place, sign in enumerate(reversed(officer)))
    given, rest = number % len(_GIVEN), number // len(_GIVEN)
    return _SURNAMES[rest % len(_SURNAMES)] + _GIVEN[given] + _GIVEN[rest // 20 % len(_GIVEN)]


def _times(register: Register) -> dict[int, dict[int, dt.datetime]]:
    """Return item → state → its time, of items that have each state at most once."""
    events = register.events
    told = events[(events["state"] > 0) & events["at"].notna()]
    stamps = told["at"].astype("datetime64[s]").dt.to_pydatetime()
    found: dict[int, dict[int, dt.datetime]] = {}
    several = set()
    for item, state, at in zip(told["item"], told["state"], stamps, strict=True):
        if state in found.setdefault(int(item), {}):
            several.add(int(item))
        found[int(item)][int(state)] = at
    return {item: at for item, at in found.items() if item not in several}


def _last_officers(register: Register) -> list[str]:
    last = [""] * len(register.items)
    order = register.in_order
    officers = register.events["officer"].astype(str).to_numpy()[order]
    for item, officer in zip(register.events["item"].to_numpy()[order], officers, strict=True):
        last[item] = officer or last[item]
    return last


# --- faults ---------------------------------------------------------------------------------------


def plant(ledger: Ledger, draw: np.random.Generator) -> None:
    """Plant every kind of fault in rows of a clean spreadsheet; duplicates come at its end."""
    calendar = _calendar(ledger.rows)
    free = _FreeRows(ledger, draw, calendar)
    for change in _CHANGES:
        for _ in range(EACH):
            change(ledger, free)
    _batch(ledger, free)
    _dates_alone(ledger, free)
    _copies(ledger, free, calendar)


class _FreeRows:
    """Rows without a fault, in random order; each is given out once."""

    def __init__(self, ledger: Ledger, draw: np.random.Generator, calendar: WorkingDays) -> None:
        taken = {index for index, _, _ in ledger.faults}
        self._free = [i for i in draw.permutation(len(ledger.rows)).tolist() if i not in taken]
        self.rows, self.calendar, self.draw = ledger.rows, calendar, draw

    def take(self, fits: Callable[[Row], bool]) -> tuple[int, Row]:
        """Return the next free row that fits; ValueError if there is none."""
        for place, index in enumerate(self._free):
            row = self.rows[index]
            if fits(row):
                del self._free[place]
                return index, row
        raise ValueError(tr("the register is too small for all faults"))

    def on_duty(self, time: Cell) -> bool:
        """Whether a time lies in the middle of a working day."""
        return (
            isinstance(time, dt.datetime)
            and 9 <= time.hour < 16
            and bool(self.calendar.working[self.calendar.index_of(time.date())])
        )


def _in_hours(row: Row, calendar: WorkingDays) -> bool:
    """Whether all that officers did was done from 8:00 to 18:00 of working days."""
    times = (row[heading] for heading in (ACCEPTED, NOTICE, ENDED_AT))
    return all(
        8 <= time.hour < 18 and bool(calendar.working[calendar.index_of(time.date())])
        for time in times
        if isinstance(time, dt.datetime)
    )


def _calendar(rows: Sequence[Row]) -> WorkingDays:
    times = [
        row[heading] for row in rows for heading in (APPLIED, ENDED_AT)
        if isinstance(row[heading], dt.datetime)
    ]  # fmt: skip
    years = [time.year for time in times if isinstance(time, dt.datetime)]
    return working_days("CN", dt.date(min(years), 1, 1), dt.date(max(years), 12, 31))


def _time(row: Row, heading: str) -> dt.datetime:
    time = row[heading]
    assert isinstance(time, dt.datetime)
    return time


def _plain(row: Row) -> bool:
    """Whether an item went through without a pause, over several days."""
    pauses = (NOTICE, CORRECTED, SPECIAL, SPECIAL_DONE)
    if row[ENDED_AT] == "" or row[ACCEPTED] == "" or any(row[pause] != "" for pause in pauses):
        return False
    return _time(row, ACCEPTED).date() < _time(row, ENDED_AT).date()


def _corrected(row: Row) -> bool:
    return row[ENDED_AT] != "" and row[NOTICE] != "" and row[CORRECTED] != ""


def _set(
    check: str, heading: str, cell: str, *more: str, fits: Callable[[Row], bool] = _plain,
    told: str | None = None,
) -> Callable[[Ledger, _FreeRows], None]:  # fmt: skip
    """Return a change of one cell to a text.

    `more`: further checks that find the row; `told`: the heading that the audit names; None: the
    changed one.
    """

    def change(ledger: Ledger, free: _FreeRows) -> None:
        index, row = free.take(fits)
        row[heading] = cell
        ledger.note(index, check, heading if told is None else told)
        for other in more:
            ledger.note(index, other)

    return change


def _accepted_first(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(_plain)
    row[APPLIED] = _time(row, ACCEPTED) + dt.timedelta(minutes=30)
    ledger.note(index, "accepted_before_receipt", ACCEPTED)


def _ended_first(ledger: Ledger, free: _FreeRows) -> None:
    def fits(row: Row) -> bool:
        first = row[APPLIED]
        return _plain(row) and free.on_duty(row[ACCEPTED]) and isinstance(first, dt.datetime) and (
            _time(row, ACCEPTED) - first > dt.timedelta(minutes=20)
        )  # fmt: skip

    index, row = free.take(fits)
    row[ENDED_AT] = _time(row, ACCEPTED) - dt.timedelta(minutes=10)
    ledger.note(index, "ended_before_acceptance", ENDED_AT)
    ledger.note(index, "after_the_end", ACCEPTED)


def _swapped_pause(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(
        lambda row: (
            _corrected(row)
            and free.on_duty(row[CORRECTED])
            and _time(row, CORRECTED) - _time(row, NOTICE) > dt.timedelta(hours=1)
        )
    )
    row[NOTICE], row[CORRECTED] = row[CORRECTED], row[NOTICE]
    ledger.note(index, "pause_ends_first", CORRECTED)


def _at_midnight(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(_plain)
    row[ENDED_AT] = dt.datetime.combine(_time(row, ENDED_AT).date(), dt.time())
    ledger.note(index, "midnight", ENDED_AT)


def _in_one_go(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(_plain)
    row[ACCEPTED] = _time(row, ENDED_AT) - dt.timedelta(seconds=30)
    ledger.note(index, "in_one_go", ENDED_AT)


def _at_night(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(_plain)
    row[ENDED_AT] = _time(row, ENDED_AT).replace(hour=22, minute=15)
    ledger.note(index, "off_duty", ENDED_AT)


def _on_a_day_off(ledger: Ledger, free: _FreeRows) -> None:
    index, row = free.take(_plain)
    day = free.calendar.index_of(_time(row, ENDED_AT).date())
    off = day + int(np.argmin(free.calendar.working[day:]))
    at = dt.datetime.combine(free.calendar.date_of(off), dt.time(10, 20))
    row[ENDED_AT] = at
    ledger.note(index, "day_off", ENDED_AT)


_CHANGES: Final = (
    _set("impossible_stamp", ACCEPTED, "2021-02-30 10:00", "no_acceptance"),
    _set("impossible_stamp", APPLIED, "昨天上午", "no_receipt"),
    _set("pause_without_end", CORRECTED, "", fits=_corrected, told=NOTICE),
    _set("pause_without_start", NOTICE, "", fits=_corrected, told=CORRECTED),
    _set("no_acceptance", ACCEPTED, "", told=""),
    _set("ended_without_time", ENDED_AT, "", told=OUTCOME),
    _set("open_but_ended", OUTCOME, "在办"),
    _set("unknown_state", OUTCOME, "详见附件"),
    _set("no_number", PROMISED, "按规定"),
    _set("no_department", DEPARTMENT, "", told=""),
    _set("no_matter", MATTER, "", told=""),
    _set("no_key", NUMBER, ""),
    _accepted_first,
    _ended_first,
    _swapped_pause,
    _at_midnight,
    _in_one_go,
    _at_night,
    _on_a_day_off,
)


def _batch(ledger: Ledger, free: _FreeRows) -> None:
    """Enter the ends of some items together, on one afternoon after all of them."""
    taken = [free.take(_plain) for _ in range(BATCH)]
    last = max(_time(row, ENDED_AT).date() for _, row in taken)
    day = free.calendar.add(free.calendar.index_of(last), 1)
    at = dt.datetime.combine(free.calendar.date_of(day), dt.time(15, 30))
    for index, row in taken:
        row[ENDED_AT] = at
        ledger.note(index, "batch", ENDED_AT)


def _dates_alone(ledger: Ledger, free: _FreeRows) -> None:
    for _ in range(DATES_ALONE):
        index, row = free.take(_plain)
        row[ENDED_AT] = _time(row, ENDED_AT).date()
        ledger.note(index, "day_only", ENDED_AT)


def _copies(ledger: Ledger, free: _FreeRows, calendar: WorkingDays) -> None:
    """Add rows: repeated ones, numbers given twice, refusals that were handed in again."""
    for _ in range(EACH):
        _, row = free.take(_plain)
        ledger.rows.append(dict(row))
        ledger.note(len(ledger.rows) - 1, "duplicate_rows")
    for _ in range(EACH):
        _, row = free.take(_plain)
        ledger.rows.append({**row, PROJECT: f"{row[PROJECT]}A"})
        ledger.note(len(ledger.rows) - 1, "same_number", NUMBER)
    for _ in range(EACH):
        _, row = free.take(lambda row: _plain(row) and _weeks_later(row, calendar) is not None)
        row[OUTCOME] = "不予许可"
        again = _weeks_later(row, calendar)
        assert again is not None
        ledger.rows.append(again)
        ledger.note(len(ledger.rows) - 1, "handed_in_again")


def _weeks_later(row: Row, calendar: WorkingDays) -> Row | None:
    """Return the row as handed in again, weeks later, if all its days are working days."""
    for weeks in range(4, 9):
        moved = {
            h: _time(row, h) + dt.timedelta(weeks=weeks) for h in (APPLIED, ACCEPTED, ENDED_AT)
        }
        days = [calendar.index_of(time.date()) for time in moved.values()]
        if moved[APPLIED] > _time(row, ENDED_AT) and all(calendar.working[day] for day in days):
            return {**row, **moved, NUMBER: f"{row[NUMBER]}-2", OUTCOME: "准予许可"}
    return None


# --- exchange tables ------------------------------------------------------------------------------


def plant_in_tables(
    tables: Mapping[str, pd.DataFrame], names: tuple[str, str, str], draw: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], list[tuple[str, int, str, str]]]:
    """Return exchange tables with faults, and (table, index of the row, check, column) of each.

    `names`: the tables of cases, items and events. Indices count rows from 0.
    """
    case_name, item_name, event_name = names
    changed = {name: table.copy() for name, table in tables.items()}
    faults: list[tuple[str, int, str, str]] = []
    items, events, cases = changed[item_name], changed[event_name], changed[case_name]
    pick = _Picked(events, draw)

    def note(name: str, index: int, check: str, column: str = "") -> None:
        faults.append((name, index, check, column))

    for index in pick.of_state("8", EACH):
        events.loc[index, "SJYXBS"] = "0"
        note(event_name, index, "invalid_rows", "SJYXBS")
    for index in pick.of_state("8", EACH):
        events.loc[index, "BLZT"] = "99"
        note(event_name, index, "unknown_state", "BLZT")
    for index in pick.of_state("8", EACH):
        events.loc[index, "BLSJ"] = "2021-11-31 09:00:00"
        note(event_name, index, "impossible_stamp", "BLSJ")
    for index in pick.of_state("8", EACH):
        events.loc[index, "BLSJ"] = ""
        note(event_name, index, "no_stamp", "BLSJ")
    for index in pick.of_state("8", EACH):
        note(event_name, len(events), "event_twice")
        again = {**events.loc[index].to_dict(), "BLCS": "综合科"}
        events.loc[len(events)] = again
    for index in draw.permutation(len(cases))[:EACH].tolist():
        note(case_name, len(cases), "case_twice")
        cases.loc[len(cases)] = {**cases.loc[index].to_dict(), "SBSJ": "2021-01-04 09:00:00"}
    for index in draw.permutation(len(items))[:EACH].tolist():
        note(item_name, len(items), "item_twice")
        items.loc[len(items)] = {**items.loc[index].to_dict(), "SPBMMC": "综合窗口"}
    return changed, faults


class _Picked:
    """Rows of a state, in random order; each is given out once, and each item."""

    def __init__(self, events: pd.DataFrame, draw: np.random.Generator) -> None:
        self._events, self._order = events, draw.permutation(len(events)).tolist()
        self._used: set[str] = set()

    def of_state(self, state: str, most: int) -> Iterator[int]:
        """Yield rows of a state, at most so many."""
        found = 0
        states = self._events["BLZT"].tolist()
        items = self._events["SPSXSLBM"].tolist()
        for index in self._order:
            if found == most:
                return
            if states[index] == state and items[index] not in self._used:
                self._used.add(items[index])
                found += 1
                yield index
