"""The audit of a register: what is wrong or strange in it, where, and what was done with it.

A check is known by its name; `CHECKS` says what becomes of the rows that it finds. Nothing is left
out of a register without a check that counts it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import MissingYearError, WorkingDays, parse_week, weekly, working_days
from sim.records.raw import Remark
from sim.records.register import DECIDED, ENDED, PAUSES, Register, State

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.reading import Reading

Done: TypeAlias = Literal["left_out", "not_read", "not_used", "kept", "marked", "told"]
"""What became of rows: left out; the cell alone was not read; what was given is not used; kept as
they are; kept, and marked where they matter; nothing is wrong, they are only told."""
CHECKS: Final[dict[str, Done]] = {
    # --- found while reading
    "invalid_rows": "left_out",
    "torn_rows": "left_out",
    "title_rows": "left_out",
    "footer_rows": "left_out",
    "heading_rows": "left_out",
    "table_left_out": "left_out",
    "map_unused": "not_used",
    "hidden_table": "left_out",
    "duplicate_rows": "left_out",
    "same_events": "kept",
    "event_twice": "left_out",
    "item_twice": "left_out",
    "case_twice": "left_out",
    "same_number": "marked",
    "item_not_listed": "marked",
    "no_key": "marked",
    "no_case": "marked",
    "uncounted_cell": "not_read",
    "cut_number": "not_read",
    "impossible_stamp": "not_read",
    "no_stamp": "kept",
    "no_number": "not_read",
    "unknown_state": "not_read",
    "open_but_ended": "kept",
    "ended_without_time": "kept",
    "no_outcome": "kept",
    "utc": "kept",
    # --- stamps
    "future": "kept",
    "day_only": "marked",
    "midnight": "kept",
    "batch": "kept",
    "in_one_go": "kept",
    "off_duty": "kept",
    "day_off": "kept",
    # --- the order of events
    "accepted_before_receipt": "kept",
    "ended_before_acceptance": "kept",
    "after_the_end": "kept",
    "pause_ends_first": "kept",
    "pause_without_end": "kept",
    "pause_without_start": "kept",
    "no_receipt": "kept",
    "no_acceptance": "kept",
    "no_events": "kept",
    # --- items
    "handed_in_again": "told",
    "same_matter_twice": "kept",
    "no_department": "kept",
    "no_matter": "kept",
    "open": "told",
}
"""Check → what becomes of the rows."""
BATCH: Final = 10
"""Items whose state changed in the same second, from which on they are a batch."""
GO_S: Final = 60
"""Seconds within which an item went from acceptance to its end in one go."""
OFFICERS: Final = frozenset({3, 4, 5, 6, 8, 9, 11, 12, 13, 15, 16})
"""States that an officer sets; the others are acts of the applicant, or begin by themselves."""
AT_ONCE: Final = ("即办", "即时")
"""What the kind of a matter that is decided on the spot begins with; in pinyin tables: 1."""


@dataclass(frozen=True, kw_only=True)
class Duty:
    """When officers are expected to work, for the audit alone."""

    country: str = "CN"
    hours: tuple[tuple[str, str], ...] = (("mon-fri", "8:00-18:00"),)
    """Weekdays and hours, as scenarios write them."""


@dataclass(frozen=True, eq=False)
class Found:
    """What one check found: n rows of files."""

    check: str
    source: Ints
    """[n] the table: row of `Register.sources`; -1: no row of a file."""
    row: Ints
    """[n] number of the row in its file."""
    column: tuple[str, ...]
    """[n] heading of the cell; "" for a whole row."""
    value: tuple[str, ...]
    """[n] what stands in the cell, as far as it is told; or ""."""
    of: int
    """Number of rows, items or events that were looked at; 0: not counted."""

    @property
    def done(self) -> Done:
        """What became of the rows."""
        return CHECKS[self.check]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, eq=False)
class Audit:
    """What a register holds, and what was found in it, by check in the order of `CHECKS`."""

    register: Register
    rows: tuple[int, ...]
    """Rows of data of each source."""
    found: tuple[Found, ...]
    not_checked: tuple[tuple[str, str], ...] = ()
    """Checks that could not be made, each with the reason."""

    def places(self, found: Found, most: int) -> list[dict[str, Any]]:
        """Return the first places of a check: file, sheet, row, column and value."""
        sources = self.register.sources
        return [
            {
                "file": str(sources["file"].iloc[source]) if source >= 0 else "",
                "sheet": str(sources["sheet"].iloc[source]) if source >= 0 else "",
                "row": row,
                "column": column,
                "value": value,
            }
            for source, row, column, value in zip(
                found.source[:most].tolist(), found.row[:most].tolist(), found.column, found.value,
                strict=False,
            )
        ]  # fmt: skip

    def data(self, most: int = 10) -> dict[str, Any]:
        """Return the audit as plain data, with the first places of each check."""
        register, at = self.register, self.register.events["at"].dropna()
        sources = register.sources.to_dict("records")
        return {
            "tables": [
                {"file": one["file"], "sheet": one["sheet"], "holds": one["table"], "rows": rows}
                for one, rows in zip(sources, self.rows, strict=True)
            ],
            "cases": len(register.cases),
            "items": len(register.items),
            "events": len(register.events),
            "matters": _named(register.items["matter"]),
            "departments": _named(register.items["department"]),
            "officers": _named(register.events["officer"]),
            "first_event": str(at.min()) if len(at) else None,
            "last_event": str(at.max()) if len(at) else None,
            "checks": [
                {
                    "check": found.check,
                    "count": len(found),
                    "of": found.of,
                    "done": found.done,
                    "examples": self.places(found, most),
                }
                for found in self.found
            ],
            "not_checked": [
                {"check": check, "reason": reason} for check, reason in self.not_checked
            ],
        }

    def table(self) -> pd.DataFrame:
        """Return every place of every check as a table."""
        import pandas as pd

        def stacked(name: str, kind: Any) -> Any:
            columns = [np.asarray(getattr(found, name), kind) for found in self.found]
            return np.concatenate(columns) if columns else np.zeros(0, kind)

        names = [found.check for found in self.found]
        repeated = np.repeat(np.array(names, object), [len(found) for found in self.found])
        return pd.DataFrame(
            {
                "check": pd.Series(repeated, dtype="str").astype("category"),
                "source": stacked("source", np.int16),
                "row": stacked("row", np.int32),
                "column": pd.Series(stacked("column", object), dtype="str").astype("category"),
                "value": pd.Series(stacked("value", object), dtype="str"),
            }
        )


def audit(reading: Reading, *, duty: Duty | None = None) -> Audit:
    """Look through a register; `duty`: when officers are expected to work."""
    register = reading.register
    found = [*_of_remarks(reading.remarks, reading.rows)]
    found += _of_stamps(register, np.datetime64(reading.today, "ms"))
    on_duty, reasons = _off_duty(register, duty or Duty())
    found += on_duty
    found += _of_order(register)
    found += _of_pauses(register)
    found += _of_items(register)
    place = {check: number for number, check in enumerate(CHECKS)}
    told = sorted((one for one in found if len(one)), key=lambda one: place[one.check])
    return Audit(register, reading.rows, tuple(told), reasons)


def _of_remarks(remarks: Sequence[Remark], rows: Sequence[int]) -> Iterator[Found]:
    """Yield what was found while reading, all tables of a check together."""
    for check in dict.fromkeys(remark.check for remark in remarks):
        those = [remark for remark in remarks if remark.check == check]
        source = np.repeat([r.source for r in those], [len(r.rows) for r in those])
        columns = tuple(column for r in those for column in [r.column] * len(r.rows))
        values = tuple(v for r in those for v in (r.cells or ("",) * len(r.rows)))
        looked_at = sum(rows[number] for number in {r.source for r in those if r.source >= 0})
        yield Found(
            check, source, np.concatenate([r.rows for r in those]), columns, values, looked_at
        )


def _named(column: pd.Series[Any]) -> int:
    """Return the number of distinct names in a column."""
    return int(
        (column.astype("category").cat.remove_unused_categories().cat.categories != "").sum()
    )


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Events:
    """The events of a register by item and time, as arrays."""

    order: Ints
    item: Ints
    state: Ints
    ms: Ints
    """Milliseconds since 1970."""
    day_only: Bools
    stated: Bools
    """Whether the event has a time."""

    @classmethod
    def of(cls, register: Register) -> _Events:
        order, events = register.in_order, register.events
        at = events["at"].to_numpy()[order]
        return cls(
            order,
            events["item"].to_numpy()[order].astype(np.int64),
            events["state"].to_numpy()[order].astype(np.int64),
            at.astype("datetime64[ms]").astype(np.int64),
            events["day_only"].to_numpy()[order],
            ~np.isnat(at),
        )

    def first(self, states: Sequence[int] | frozenset[int], items: int) -> Ints:
        """Return [items] the place of each item's first event of these states, or -1."""
        place = np.flatnonzero(np.isin(self.state, list(states)) & self.stated)
        first = np.full(items, -1, np.int64)
        first[self.item[place][::-1]] = place[::-1]
        return first

    def before(self, a: Ints, b: Ints) -> Bools:
        """Return whether the event at place a is surely before that at b; False where one is -1.

        If of one only the date is known, their dates are compared.
        """
        there = (a >= 0) & (b >= 0)
        day = 86_400_000
        dates = self.day_only[a] | self.day_only[b]
        first, second = self.ms[a], self.ms[b]
        earlier = np.where(dates, first // day < second // day, first < second)
        return there & earlier


def _at_events(register: Register, check: str, rows: Ints, of: int) -> Found:
    """Return a check that found rows of `events`; the cell tells the time."""
    events = register.events.iloc[np.sort(rows)]
    at = events["at"].to_numpy()
    whole = events["day_only"].to_numpy()
    texts = np.where(
        np.isnat(at), "",
        np.where(whole, np.datetime_as_string(at, unit="D"), np.datetime_as_string(at, unit="s")),
    )  # fmt: skip
    return Found(
        check,
        events["source"].to_numpy().astype(np.int64),
        events["row"].to_numpy().astype(np.int64),
        tuple(events["column"].astype(str)),
        tuple(text.replace("T", " ") for text in texts.tolist()),
        of,
    )


def _at_items(register: Register, check: str, rows: Ints) -> Found:
    items = register.items.iloc[rows]
    source, row = _of_item(register, rows)
    none = ("",) * len(items)
    return Found(check, source, row, none, none, len(register.items))


def _of_item(register: Register, rows: Ints) -> tuple[Ints, Ints]:
    """Return where items stand; without a row of their own, where their first event does."""
    source = register.items["source"].to_numpy()[rows].astype(np.int64)
    row = register.items["row"].to_numpy()[rows].astype(np.int64)
    for table in (register.events, register.specials):
        lost = np.flatnonzero(source < 0)
        if not len(lost) or not len(table):
            continue
        item = table["item"].to_numpy()
        first = np.full(len(register.items), -1, np.int64)
        first[item[::-1]] = np.arange(len(item))[::-1]
        there = first[rows[lost]]
        source[lost] = np.where(there >= 0, table["source"].to_numpy()[there], -1)
        row[lost] = np.where(there >= 0, table["row"].to_numpy()[there], 0)
    return source, row


def _of_stamps(register: Register, today: np.datetime64) -> Iterator[Found]:
    """Yield what single stamps, and stamps at one instant, show."""
    events = register.events
    at, state = events["at"].to_numpy(), events["state"].to_numpy()
    day_only = events["day_only"].to_numpy()
    count = len(events)
    stated = ~np.isnat(at)
    timed = stated & ~day_only
    ms = at.astype("datetime64[ms]").astype(np.int64)
    yield _at_events(
        register, "future", np.flatnonzero(stated & (at >= today + np.timedelta64(1, "D"))), count
    )
    yield _at_events(register, "day_only", np.flatnonzero(stated & day_only), count)
    midnight = timed & (ms % 86_400_000 == 0)
    yield _at_events(register, "midnight", np.flatnonzero(midnight), count)
    by_officer = timed & ~midnight & np.isin(state, list(OFFICERS))
    yield _at_events(register, "batch", _in_batches(ms // 1000, by_officer, state), count)


def _in_batches(second: Ints, looked_at: Bools, state: Any) -> Ints:
    """Return the events of which at least BATCH have the same state in the same second."""
    rows = np.flatnonzero(looked_at)
    if not len(rows):
        return rows
    both = second[rows] * len(State) + state[rows]
    _, index, counts = np.unique(both, return_inverse=True, return_counts=True)
    return rows[counts[index] >= BATCH]


def _off_duty(register: Register, duty: Duty) -> tuple[list[Found], tuple[tuple[str, str], ...]]:
    """Return stamps of officers on days off and outside their hours, or why they cannot be told."""
    events = register.events
    at, state = events["at"].to_numpy(), events["state"].to_numpy()
    told = ~np.isnat(at) & np.isin(state, list(OFFICERS))
    rows = np.flatnonzero(told)
    if not len(rows):
        return [], ()
    day = at[rows].astype("datetime64[D]")
    calendar, reasons = _calendar(duty.country, day)
    if calendar is None:
        return [], reasons
    inside = (day >= np.datetime64(calendar.origin)) & (
        day < np.datetime64(calendar.origin) + len(calendar)
    )
    rows, day = rows[inside], day[inside]
    number = (day - np.datetime64(calendar.origin)).astype(np.int64)
    off = ~calendar.working[number]
    timed = ~events["day_only"].to_numpy()[rows]
    seconds = (at[rows] - np.datetime64(calendar.origin, "ms")).astype(np.int64) // 1000
    midnight = seconds % 86_400 == 0
    hours = weekly(parse_week(dict(duty.hours)), calendar)
    outside = timed & ~off & ~midnight & ~hours.contains(seconds)
    # An office closes on the stroke: what is stamped then was done on duty.
    outside &= ~hours.contains(np.maximum(seconds - 1, 0))
    return [
        _at_events(register, "day_off", rows[off], len(rows)),
        _at_events(register, "off_duty", rows[outside], len(rows)),
    ], reasons


def _calendar(country: str, days: Any) -> tuple[WorkingDays | None, tuple[tuple[str, str], ...]]:
    """Return the calendar of the years that have data, and what cannot be told for the others."""
    known, reasons = [], []
    for year in np.unique(days.astype("datetime64[Y]")).astype(int) + 1970:
        try:
            working_days(country, dt.date(year, 1, 1), dt.date(year, 12, 31))
            known.append(int(year))
        except MissingYearError as error:
            reasons += [(check, f"{year}: {error}") for check in ("day_off", "off_duty")]
    if not known:
        return None, tuple(reasons)
    first, last = dt.date(min(known), 1, 1), dt.date(max(known), 12, 31)
    return working_days(country, first, last), tuple(reasons)


# --- the order of events --------------------------------------------------------------------------


def _of_order(register: Register) -> Iterator[Found]:
    """Yield contradictions between the events of one item, and events that are missing."""
    events = _Events.of(register)
    items, count = len(register.items), len(events.order)
    if not count:
        yield _at_items(register, "no_events", np.flatnonzero(~_by_steps(register)))
        return
    received = events.first([State.RECEIVED], items)
    accepted = events.first([State.ACCEPTED], items)
    ended = events.first(ENDED, items)

    def at(check: str, places: Ints) -> Found:
        return _at_events(register, check, events.order[places], count)

    yield at("accepted_before_receipt", accepted[events.before(accepted, received)])
    yield at("ended_before_acceptance", ended[events.before(ended, accepted)])
    yield at("after_the_end", _after_the_end(events, events.first(DECIDED | {2, 4, 5}, items)))
    yield at("in_one_go", _in_one_go(register, events, accepted, events.first(DECIDED, items)))
    state = register.items["state"].to_numpy()
    has = np.bincount(events.item, minlength=items) > 0
    of_states = np.zeros(items, np.bool_)
    of_states[events.item[events.state > 0]] = True
    yield _at_items(register, "no_receipt", np.flatnonzero(of_states & (received < 0)))
    decided = np.isin(state, list(DECIDED))
    has_time = events.first(DECIDED, items) >= 0
    # The steps of a start-up have no acceptance of their own.
    any_accepted = (accepted >= 0).any()
    missing = of_states & decided & has_time & (accepted < 0) & any_accepted
    yield _at_items(register, "no_acceptance", np.flatnonzero(missing))
    yield _at_items(register, "no_events", np.flatnonzero(~has & ~_by_steps(register)))


def _by_steps(register: Register) -> Bools:
    """Return [items] whether the steps of the item's case are recorded."""
    cases = np.zeros(len(register.cases), np.bool_)
    cases[register.steps["case"].to_numpy()] = True
    of_item: Bools = cases[register.items["case"].to_numpy()]
    return of_item


def _after_the_end(events: _Events, ended: Ints) -> Ints:
    """Return the places of events, but of a revocation, that come after the end of their item."""
    end = ended[events.item]
    place = np.arange(len(events.item))
    told = (events.state > 0) & ~np.isin(events.state, [State.LAPSED, State.REVOKED])
    late = events.before(end, place) & told & events.stated & (place != end)
    return np.flatnonzero(late)


def _in_one_go(register: Register, events: _Events, accepted: Ints, decided: Ints) -> Ints:
    """Return the ends within a minute of acceptance, of items that are not decided on the spot."""
    there = np.flatnonzero((accepted >= 0) & (decided >= 0))
    a, b = accepted[there], decided[there]
    timed = ~events.day_only[a] & ~events.day_only[b]
    within = (events.ms[b] >= events.ms[a]) & (events.ms[b] - events.ms[a] <= 1000 * GO_S)
    kind = register.items["kind"].astype(str).to_numpy()[there]
    spot = np.array([one.startswith(AT_ONCE) for one in kind], np.bool_)
    spot |= register.items["promised_wd"].to_numpy()[there] == 0
    return decided[there][timed & within & ~spot]


def _of_pauses(register: Register) -> Iterator[Found]:
    """Yield pauses without a partner: the k-th start by time belongs to the k-th end."""
    events = _Events.of(register)
    count = len(events.order)
    ended_items = np.isin(register.items["state"].to_numpy(), list(ENDED))
    wrong: dict[str, list[Ints]] = {
        "pause_ends_first": [],
        "pause_without_end": [],
        "pause_without_start": [],
    }
    for start, end in PAUSES.items():
        starts = np.flatnonzero((events.state == start) & events.stated)
        ends = np.flatnonzero((events.state == end) & events.stated)
        rank_start = _rank(events.item[starts])
        rank_end = _rank(events.item[ends])
        # Pairs have the same item and rank; both lists are in the order of items and times.
        key_start = events.item[starts] * (count + 1) + rank_start
        key_end = events.item[ends] * (count + 1) + rank_end
        _, at_start, at_end = np.intersect1d(key_start, key_end, return_indices=True)
        a, b = starts[at_start], ends[at_end]
        wrong["pause_ends_first"].append(b[events.before(b, a)])
        alone = np.setdiff1d(np.arange(len(starts)), at_start)
        over = ended_items[events.item[starts[alone]]]  # of an open item, it is still running
        wrong["pause_without_end"].append(starts[alone][over])
        wrong["pause_without_start"].append(ends[np.setdiff1d(np.arange(len(ends)), at_end)])
    for check, places in wrong.items():
        yield _at_events(register, check, events.order[np.concatenate(places)], count)


def _rank(item: Ints) -> Ints:
    """Return the number of each row among those of its item, from 0; items are in order."""
    if not len(item):
        return item
    new = np.r_[True, item[1:] != item[:-1]]
    start = np.maximum.accumulate(np.where(new, np.arange(len(item)), 0))
    return np.arange(len(item)) - start


# --- items ----------------------------------------------------------------------------------------


def _of_items(register: Register) -> Iterator[Found]:
    """Yield items handed in again, without a department or a matter, and open ones."""
    items = register.items
    if not len(items):
        return
    state = items["state"].to_numpy()
    matter = items["matter"].cat.codes.to_numpy().astype(np.int64)
    named = items["matter"].astype(str).to_numpy() != ""
    again, twice = _again(register, matter, named)
    yield _at_items(register, "handed_in_again", again)
    yield _at_items(register, "same_matter_twice", twice)
    if named.any():
        yield _at_items(register, "no_matter", np.flatnonzero(~named))
    departments = items["department"].astype(str).to_numpy() != ""
    if departments.any() or named.any():
        yield _at_items(register, "no_department", np.flatnonzero(~departments))
    known = np.zeros(len(items), np.bool_)
    known[register.events["item"].to_numpy()[register.events["state"].to_numpy() > 0]] = True
    yield _at_items(register, "open", np.flatnonzero(known & ~np.isin(state, list(ENDED))))


def _again(register: Register, matter: Ints, named: Bools) -> tuple[Ints, Ints]:
    """Return items whose matter the same case applied for before: after a failure, and otherwise.

    退件重报: refused, not accepted or withdrawn, and handed in again.
    """
    items = register.items
    at = register.events["at"].to_numpy().astype("datetime64[ms]").astype(np.int64)
    item = register.events["item"].to_numpy()
    begun = np.full(len(items), np.iinfo(np.int64).max)
    stated = ~np.isnat(register.events["at"].to_numpy())
    np.minimum.at(begun, item[stated], at[stated])
    case = items["case"].to_numpy().astype(np.int64)
    order = np.lexsort((begun, matter, case))
    order = order[named[order]]
    same = (case[order][1:] == case[order][:-1]) & (matter[order][1:] == matter[order][:-1])
    failed = np.isin(items["state"].to_numpy()[order][:-1], [2, 4, 5, 13, 14])
    return np.sort(order[1:][same & failed]), np.sort(order[1:][same & ~failed])
