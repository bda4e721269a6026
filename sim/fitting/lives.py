"""The lives of items, as fits read them: when each was received, accepted, begun and ended.

The times are seconds since the midnight of the register's first date. What no event tells is
`NEVER`; an officer whom no event names is -1. Nothing later than the last date that is asked for is
known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.calendars import MissingYearError, WorkingDays, working_days
from sim.fitting.known import known_until
from sim.records.definition import Definition, definition_of
from sim.records.from_events import KIND_NUMBER, NEVER, ItemReader
from sim.records.register import DECIDED, INSTANT, Register, State
from sim.records.timeline import seconds
from sim.scenario import ReadError, Scenario, calendar_of
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

DAY_S: Final = 86_400
NOBODY: Final = -1
SPECIAL, PUBLICITY = KIND_NUMBER["special"], KIND_NUMBER["publicity"]
BEFORE, AFTER = KIND_NUMBER["correction"], KIND_NUMBER["review_correction"]


@dataclass(frozen=True, eq=False)
class Pauses:
    """P pauses of items: corrections and special procedures."""

    item: Ints
    kind: Ints
    """[P] `BEFORE`, `AFTER`, `SPECIAL` or `PUBLICITY`."""
    name: NDArray[np.str_]
    """[P] name of the special procedure; ""."""
    start: Ints
    end: Ints
    """[P] `NEVER`: the item ended in it, or it still runs."""


@dataclass(frozen=True, eq=False)
class Lives:
    """N items of C cases; case and item numbers are rows of the register."""

    definition: Definition
    days: WorkingDays
    now_s: int
    """The second to which the register is known."""
    country: str
    case: Ints
    """[N]"""
    matter: NDArray[np.str_]
    """[N] matter, as the definition names it."""
    department: NDArray[np.str_]
    stage: NDArray[np.str_]
    promised_wd: Floats
    received: Ints
    accepted: Ints
    begun: Ints
    """[N] when the department began; `NEVER`: not recorded."""
    ended: Ints
    state: Ints
    """[N] the state in which it ended, or 0."""
    application: Ints
    """[N] which application of its matter in its case it is, from 1."""
    acceptor: Ints
    """[N] officer of the acceptance; with `reviewer` and `decider`, numbers or `NOBODY`."""
    reviewer: Ints
    decider: Ints
    office: dict[str, NDArray[np.str_]]
    """Role → [N] the office (处室) of its officer."""
    pauses: Pauses
    arrival: Ints
    """[C] when each case was received, or `NEVER`: not by then."""
    attributes: pd.DataFrame
    """[C] the attributes of cases."""
    has_hours: bool
    """Stamps tell the time of day; else they are dates."""

    @property
    def origin(self) -> dt.date:
        """The date of second 0."""
        return self.days.origin

    @property
    def decided(self) -> Bools:
        """[N] the item was decided: passed or refused."""
        return np.isin(self.state, [*DECIDED])

    @cached_property
    def paused(self) -> Bools:
        """[N] it was paused after its acceptance."""
        after = np.zeros(len(self.case), np.bool_)
        after[self.pauses.item[self.pauses.kind != BEFORE]] = True
        return after

    @cached_property
    def _cumulative(self) -> Ints:
        return np.append(0, self.days.cumulative)

    def working_s(self, t: Ints) -> Floats:
        """Return the seconds of working days before each instant, each of 24 hours."""
        day = np.clip(t // DAY_S, 0, len(self.days) - 1)
        part = np.where(self.days.working[day], t - day * DAY_S, 0)
        return (self._cumulative[day] * DAY_S + part).astype(np.float64)

    def of_type(self, case_type: int) -> Bools:
        """Return [N]: the item belongs to a case of this type."""
        return np.asarray(self.definition.of_case[self.case] == case_type)


def lives_of(
    register: Register,
    base: Scenario | None = None,
    *,
    until: np.datetime64 | None = None,
    country: str = "CN",
) -> Lives:
    """Return the lives of a register's items, as they were known at an instant.

    Parameters
    ----------
    base
        A scenario whose calendar, case types and matters count; default: the register's own.
    until
        Nothing later is known; default: the register's own `now`.
    country
        Whose working days count, without a scenario.

    Raises
    ------
    ReadError
        If no event has a time and a state.
    """
    if until is not None:
        register = known_until(register, until)
    at = register.events["at"].to_numpy()
    known = ~np.isnat(at) & (register.events["state"].to_numpy() > 0)
    if not known.any():
        raise ReadError(
            tr(
                "no event of the register has a time and a state (接件, 受理, 办结 …): there "
                "is nothing to fit. Of an event log without states, sim fit on the command line "
                "makes a network of steps"
            )
        )
    origin = at[known].min().astype("datetime64[D]")
    now = max(register.now, at[known].max())
    definition = definition_of(register, base)
    reader = ItemReader(register, definition, origin.astype(INSTANT), now)
    days = _calendar(
        base, country, origin.astype(dt.date), now.astype("datetime64[D]").astype(dt.date)
    )
    return _Maker(register, definition, reader, days, base, country).lives(
        int(seconds(np.array([now]), origin.astype(INSTANT))[0])
    )


def _calendar(base: Scenario | None, country: str, first: dt.date, last: dt.date) -> WorkingDays:
    if base is not None:
        return calendar_of(base, first, last)
    try:
        return working_days(country, first, last)
    except MissingYearError:
        return working_days(country, first, last, fallback="statutory")


class _Maker:
    def __init__(
        self,
        register: Register,
        definition: Definition,
        reader: ItemReader,
        days: WorkingDays,
        base: Scenario | None,
        country: str,
    ) -> None:
        self.register, self.definition, self.reader = register, definition, reader
        self.days = days
        self.country = country if base is None else base.calendar.country

    def lives(self, now_s: int) -> Lives:
        reader, items = self.reader, self.register.items
        state = reader.ended[1]
        reviewer, reviewing = self._officers((State.IN_REVIEW,))
        acceptor, accepting = self._officers((State.ACCEPTED,))
        decider, deciding = self._officers(tuple(DECIDED))
        at = reader.at % DAY_S
        return Lives(
            definition=self.definition,
            days=self.days,
            now_s=now_s,
            country=self.country,
            case=reader.case,
            matter=self.matters,
            department=items["department"].astype(str).to_numpy(np.str_),
            stage=self._stages(),
            promised_wd=items["promised_wd"].to_numpy(np.float64),
            received=reader.received,
            accepted=reader.accepted,
            begun=reader.first((State.IN_REVIEW,)),
            ended=np.where(state > 0, reader.until, NEVER),
            state=state,
            application=reader.nth_of_matter + 1,
            acceptor=acceptor,
            reviewer=reviewer,
            decider=decider,
            office={"window": accepting, "review": reviewing, "decision": deciding},
            pauses=self._pauses(),
            arrival=self._arrivals(),
            attributes=self.register.cases[list(self.register.attributes)],
            has_hours=bool(
                ((at != 0) & ~self.register.events["day_only"].to_numpy()[reader.row]).mean() > 0.5
            ),
        )

    def _arrivals(self) -> Ints:
        """Return [C] the first receipt of each case."""
        reader = self.reader
        first = np.full(len(self.register.cases), NEVER)
        np.minimum.at(first, reader.case, reader.received)
        return first

    @cached_property
    def matters(self) -> NDArray[np.str_]:
        """[N] the matter of each item."""
        items, of_case = self.register.items, self.definition.of_case
        code, name = (items[c].astype(str).to_numpy() for c in ("matter_code", "matter"))
        kind = of_case[self.reader.case]
        known: dict[tuple[int, str, str], str] = {}
        found = []
        for key in zip(kind.tolist(), code, name, strict=True):
            if key not in known:
                of, one, other = key
                text = one if one in self.definition.names[of] else other or one
                known[key] = self.definition.matter(of, text) or "matter"
            found.append(known[key])
        return np.array(found, np.str_)

    def _stages(self) -> NDArray[np.str_]:
        kind = self.definition.of_case[self.reader.case]
        stages = self.definition.stages
        return np.array(
            [stages[of].get(str(m), "") for of, m in zip(kind, self.matters, strict=True)],
            np.str_,
        )

    def _officers(self, states: tuple[int, ...]) -> tuple[Ints, NDArray[np.str_]]:
        """Return [N] the officer of the last event with one of the states, and the office."""
        reader, events = self.reader, self.register.events
        here = np.isin(reader.state, states)
        row, item = reader.row[here], reader.item[here]
        officer = np.full(reader.items, NOBODY, np.int64)
        office = np.full(reader.items, "", object)
        officer[item] = self._who[row]
        office[item] = events["office"].astype(str).to_numpy()[row]
        return officer, office.astype(np.str_)

    @cached_property
    def _who(self) -> Ints:
        """[E] the officer of each event, numbered in the order in which events first name them.

        Their names would give another order each time: they are hashed with a new key.
        """
        column = self.register.events["officer"].cat
        names = np.array([str(text) for text in column.categories] + [""], object)
        known, first, code = np.unique(
            column.codes.to_numpy(), return_index=True, return_inverse=True
        )
        number = np.argsort(np.argsort(first))
        number[names[known] == ""] = NOBODY
        return number[code].astype(np.int64)

    def _pauses(self) -> Pauses:
        rows = self.reader.pauses
        specials = self.register.specials
        names = np.full(len(rows.item), "", object)
        listed = {
            (int(item), np.datetime64(start, "s")): str(name)
            for item, start, name in zip(
                specials["item"], specials["start"].to_numpy(), specials["name"], strict=True
            )
        }
        origin = np.datetime64(self.days.origin, "s")
        for at in np.flatnonzero(np.isin(rows.kind, (SPECIAL, PUBLICITY))):
            key = (int(rows.item[at]), origin + np.timedelta64(int(rows.ready[at]), "s"))
            names[at] = listed.get(key, "")
        decided = np.isin(self.reader.ended[1][rows.item], [*DECIDED])
        goes_on = (rows.end >= self.reader.until[rows.item]) & ~decided
        end = np.where(goes_on, NEVER, rows.end)
        return Pauses(rows.item, rows.kind, names.astype(np.str_), rows.ready, end)
