"""Count and add working days on a dated calendar, as limits and clocks do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.calendars.national import WEEKEND, Fallback, check_country, year_table
from sim.translation import tr

Days: TypeAlias = NDArray[np.int64]
DAY_S: Final = 86_400
_Scalar = TypeVar("_Scalar", bound=np.generic)


class CalendarRangeError(ValueError):
    """A day lies outside the calendar; the message says which dates the calendar covers."""


@dataclass(frozen=True, eq=False)
class WorkingDays:
    """A dated working-day calendar of D days. Days are numbered from the first simulated day.

    The date a period starts on does not count (Civil Code of China, art. 201) unless
    `count_start_day` is set. Every method on day indices takes ints or int64 arrays, which
    broadcast; ints give an int.
    """

    origin: date
    """The date of day 0."""
    working: Bools
    """[D] whether the day is a working day; kept as a read-only copy."""
    stamps: tuple[str, ...] = ()
    """Assumptions behind the calendar; every output prints them."""
    rest: frozenset[int] = WEEKEND
    """Weekdays (0 = Monday) of the weekly rest."""
    holidays: Bools | None = None
    """[D] whether the day is a public holiday or in a closure; None: no day of the weekly rest
    is. A day off that is no day of the weekly rest always counts as one (see `holiday`)."""

    def __post_init__(self) -> None:
        working = np.array(self.working, dtype=np.bool_)
        if working.ndim != 1 or working.size == 0:
            raise ValueError(
                tr("a calendar needs one row of days, got shape {shape}", shape=working.shape)
            )
        object.__setattr__(self, "working", _read_only(working))

    def __len__(self) -> int:
        """Return D, the number of days covered."""
        return int(self.working.size)

    @cached_property
    def weekday(self) -> Days:
        """[D] the weekday of each day, 0 = Monday."""
        return _read_only((self.origin.weekday() + np.arange(len(self), dtype=np.int64)) % 7)

    @cached_property
    def make_up(self) -> Bools:
        """[D] whether the day is a make-up day 调休: worked, though of the weekly rest."""
        return _read_only(self.working & np.isin(self.weekday, list(self.rest)))

    @cached_property
    def holiday(self) -> Bools:
        """[D] whether the day is a public holiday or in a closure.

        An ordinary Saturday is none: it is off as one of the weekly `rest`.
        """
        stated = np.zeros(len(self), np.bool_) if self.holidays is None else self.holidays
        return _read_only(~self.working & (stated | ~np.isin(self.weekday, list(self.rest))))

    @cached_property
    def cumulative(self) -> Days:
        """[D] N(d), the number of working days among days 0 … d inclusive."""
        return _read_only(np.cumsum(self.working, dtype=np.int64))

    @cached_property
    def nth(self) -> Days:
        """[K + 1] nth[k] is the day index of the k-th working day: N(nth[k]) = k; nth[0] = -1."""
        return _read_only(np.concatenate(([-1], np.flatnonzero(self.working)), dtype=np.int64))

    @overload
    def count(self, a: int, b: int, *, count_start_day: bool = ...) -> int: ...
    @overload
    def count(self, a: Days, b: int | Days, *, count_start_day: bool = ...) -> Days: ...
    @overload
    def count(self, a: int, b: Days, *, count_start_day: bool = ...) -> Days: ...
    def count(self, a: int | Days, b: int | Days, *, count_start_day: bool = False) -> int | Days:
        """Count the working days in (a, b], or in [a, b] with `count_start_day`.

        If b < a the count is N(b) - N(a), zero or negative. CalendarRangeError for a day outside
        0 … D - 1.
        """
        self._check_days(a)
        self._check_days(b)
        days = self.cumulative[b] - self.cumulative[a]
        return _plain(days + self.working[a] if count_start_day else days)

    @overload
    def add(self, a: int, n: int, *, count_start_day: bool = ...) -> int: ...
    @overload
    def add(self, a: Days, n: int | Days, *, count_start_day: bool = ...) -> Days: ...
    @overload
    def add(self, a: int, n: Days, *, count_start_day: bool = ...) -> Days: ...
    def add(self, a: int | Days, n: int | Days, *, count_start_day: bool = False) -> int | Days:
        """Return the n-th working day after day a; day a itself if n is 0.

        With `count_start_day`, the n-th working day of a, a + 1, … Day a need not be a working day.
        CalendarRangeError if day a or the answer lies outside the calendar; ValueError if n < 0.
        """
        self._check_days(a)
        if np.any(np.less(n, 0)):
            raise ValueError(
                tr("cannot add {np} working days: n must be 0 or more", np=int(np.min(n)))
            )
        k = self.cumulative[a] + n
        if count_start_day:
            k = k - self.working[a]
        beyond = (k >= self.nth.size) & np.greater(n, 0)
        if np.any(beyond):
            i, wd = (int(np.extract(beyond, np.broadcast_to(x, beyond.shape))[0]) for x in (a, n))
            raise CalendarRangeError(
                tr(
                    "{wd} working days from {start} go beyond {covered}",
                    wd=wd,
                    start=self.date_of(i),
                    covered=self._covers(),
                )
            )
        return _plain(np.where(np.equal(n, 0), a, self.nth[k]))

    def date_of(self, i: int) -> date:
        """Return the date of day i, also of a day outside the calendar."""
        return self.origin + timedelta(days=int(i))

    def index_of(self, day: date) -> int:
        """Return the day index of a date, or raise `CalendarRangeError` if it is not covered."""
        i = (day - self.origin).days
        if not 0 <= i < len(self):
            raise CalendarRangeError(
                tr("{day} is outside {covered}", day=day, covered=self._covers())
            )
        return i

    def count_dates(self, a: date, b: date, *, count_start_day: bool = False) -> int:
        """Count the working days in (a, b]; see `count`."""
        return self.count(self.index_of(a), self.index_of(b), count_start_day=count_start_day)

    def add_dates(self, a: date, n: int, *, count_start_day: bool = False) -> date:
        """Return the n-th working day after a; see `add`."""
        return self.date_of(self.add(self.index_of(a), n, count_start_day=count_start_day))

    def _check_days(self, days: int | Days) -> None:
        # numpy reads index -1 as the last day: a wrong answer instead of an error.
        outside = np.less(days, 0) | np.greater_equal(days, len(self))
        if np.any(outside):
            i = int(np.extract(outside, days)[0])
            raise CalendarRangeError(
                tr("day {i} is outside {covered}", i=i, covered=self._covers())
            )

    def _covers(self) -> str:
        last = len(self) - 1
        return tr(
            "the calendar, which covers {origin} to {end} (days 0 to {last})",
            origin=self.origin,
            end=self.date_of(last),
            last=last,
        )


def working_days(
    country: str,
    origin: date,
    end: date,
    *,
    fallback: Fallback = "error",
    closures: Iterable[tuple[date, date]] = (),
    make_up_days: Iterable[date] = (),
) -> WorkingDays:
    """Build the working-day calendar of origin … end, both inclusive.

    Parameters
    ----------
    country
        "CN": the State Council's yearly notices, with make-up working days, from chinesecalendar.
        "weekdays": Monday to Friday, no holidays. "everyday": every day. Any other code of the
        `holidays` library, with a subdivision as in "DE-BY": its weekend, its public holidays, and
        the make-up days that the library knows (none for years not yet announced).
    origin, end
        First and last date; day 0 is `origin`.
    fallback
        For years of CN after the last published one: "error", or "statutory": weekends and
        statutory holidays without make-up days, noted as an assumption.
    closures
        Inclusive ranges of dates that are not working days, whatever the country says.
    make_up_days
        Dates that are working days, whatever the country says.

    Raises
    ------
    MissingYearError
        A year has no data; for CN: no published data, and `fallback` is "error".
    UnknownCountryError
        No calendar has this name.
    ValueError
        `end` before `origin`, a closure that ends before it begins, or a date that is both in
        a closure and a make-up day. Closures and make-up days outside origin … end have no effect.
    """
    check_country(country)
    if end < origin:
        raise ValueError(
            tr("the calendar ends on {end}, before it begins on {origin}", end=end, origin=origin)
        )
    years = [year_table(country, year, fallback) for year in range(origin.year, end.year + 1)]
    skipped = origin.timetuple().tm_yday - 1
    size = (end - origin).days + 1
    working, holidays = (
        np.concatenate(tables)[skipped : skipped + size]
        for tables in zip(*((year.working, year.holiday) for year in years), strict=True)
    )
    _apply(working, holidays, origin, list(closures), list(make_up_days))
    stamps = tuple(year.stamp for year in years if year.stamp is not None)
    return WorkingDays(origin, working, stamps, years[0].rest, holidays)


def _apply(
    working: Bools,
    holidays: Bools,
    origin: date,
    closures: list[tuple[date, date]],
    make_up_days: list[date],
) -> None:
    """Write closures and make-up days into `working` and `holidays`."""
    for first, last in closures:
        if last < first:
            raise ValueError(
                tr("closure {first} to {last} ends before it begins", first=first, last=last)
            )
        for day in make_up_days:
            if first <= day <= last:
                raise ValueError(
                    tr(
                        "{day} is a make-up day and in the closure {first} to {last}",
                        day=day,
                        first=first,
                        last=last,
                    )
                )
        # max: a negative index counts from the end of the table
        dates = slice(max((first - origin).days, 0), max((last - origin).days + 1, 0))
        working[dates], holidays[dates] = False, True
    for day in make_up_days:
        if 0 <= (day - origin).days < working.size:
            working[(day - origin).days] = True


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    array.flags.writeable = False
    return array


def _plain(days: Days) -> int | Days:
    return int(days) if np.ndim(days) == 0 else days
