"""The working days of one country in one year, from the libraries that publish them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.translation import tr

Fallback: TypeAlias = Literal["error", "statutory"]
"""What to do for a year without published make-up days."""

WEEKDAYS: Final = "weekdays"
EVERYDAY: Final = "everyday"
WEEKEND: Final = frozenset({5, 6})
"""Saturday and Sunday."""

_CN_ALSO_WORKING: Final = frozenset({date(2005, 12, 31)})
"""国办发明电〔2005〕35号, the notice for 2006: "12月31日(星期六)上班". chinesecalendar 1.11 leaves
it out (its issue #125); holidays 0.109 has it."""


class MissingYearError(ValueError):
    """The year has no published working days; the message says what the user can do."""


class UnknownCountryError(ValueError):
    """No calendar has this name; the message names the nearest ones."""


def last_known_year(country: str, fallback: Fallback) -> int | None:
    """Return the last year whose working days are known; None if they follow from weekdays alone.

    Parameters and UnknownCountryError are as in `working_days`.
    """
    check_country(country)
    if country in (WEEKDAYS, EVERYDAY):
        return None
    if country == "CN" and fallback == "error":
        return _cn_years()[1]
    import holidays

    code, _, subdivision = country.partition("-")
    return int(holidays.country_holidays(code, subdiv=subdivision or None).end_year)


def check_country(country: str) -> None:
    """Raise `UnknownCountryError`, naming the nearest codes, unless `country` has a calendar."""
    if country in ("CN", WEEKDAYS, EVERYDAY):
        return
    code, _, subdivision = country.partition("-")
    known = _library_countries()
    if code not in known:
        near = _nearest_countries(country)
        raise UnknownCountryError(
            tr(
                "unknown country {country!r}: nearest are {listed}; use a two-letter "
                "code such as 'CN', a subdivision such as 'DE-BY', or '{weekdays}' or "
                "'{everyday}'",
                country=country,
                listed=_listed(near),
                weekdays=WEEKDAYS,
                everyday=EVERYDAY,
            )
        )
    if "-" in country and subdivision not in known[code]:
        near = get_close_matches(subdivision, known[code], n=3, cutoff=0.0)
        hint = (
            tr("nearest are {listed}", listed=_listed(f"{code}-{s}" for s in near))
            if near
            else tr("it has none")
        )
        raise UnknownCountryError(
            tr(
                "unknown subdivision {country!r} of {code!r}: {hint}",
                country=country,
                code=code,
                hint=hint,
            )
        )


@dataclass(frozen=True, eq=False)
class Year:
    """The days of one year, N = 365 or 366; the arrays are read only."""

    working: Bools
    """[N] whether the day is a working day."""
    holiday: Bools
    """[N] whether the day is a public holiday, also one on a day of the weekly rest."""
    rest: frozenset[int] = WEEKEND
    """Weekdays (0 = Monday) of the weekly rest."""
    stamp: str | None = None
    """The assumption made, which every output prints; None if the data are as published."""

    def __post_init__(self) -> None:
        self.working.flags.writeable = self.holiday.flags.writeable = False


@lru_cache(maxsize=512)
def year_table(country: str, year: int, fallback: Fallback) -> Year:
    """Return the days of a year; the errors are those of `working_days`."""
    check_country(country)
    days = _days_of(year)
    if country == EVERYDAY:
        return Year(np.ones(days.size, np.bool_), np.zeros(days.size, np.bool_), frozenset())
    if country == WEEKDAYS:
        return Year(np.is_busday(days), np.zeros(days.size, np.bool_))
    if country != "CN":
        return _library_year(country, year)[0]
    first, last = _cn_years()
    if first <= year <= last:
        return _cn_year(year)
    if year < first:
        raise MissingYearError(
            tr(
                "no working days of {year} in CN: the data begin with {first}",
                year=year,
                first=first,
            )
        )
    if fallback == "error":
        raise MissingYearError(
            tr(
                "no working days of {year} in CN: the last published year is {last}; "
                "with the option `fallback: statutory` later years have weekends and "
                "statutory holidays but no make-up days, and every output says so",
                year=year,
                last=last,
            )
        )
    table, has_make_up_days = _library_year("CN", year)
    # A newer `holidays` may know the make-up days that the assumption says are missing.
    how = (
        tr("from the holidays library (not yet in chinesecalendar)")
        if has_make_up_days
        else tr("statutory holidays without make-up days (not yet published)")
    )
    return replace(table, stamp=f"working days of {year} in CN: {how}")


def _days_of(year: int) -> NDArray[np.datetime64]:
    return np.arange(f"{year:04d}-01-01", f"{year + 1:04d}-01-01", dtype="datetime64[D]")


def _cn_years() -> tuple[int, int]:
    import chinese_calendar

    return min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year


def _cn_year(year: int) -> Year:
    """Return the year of `chinese_calendar.is_workday`, without its slow check of every date."""
    import chinese_calendar

    working, holiday = np.is_busday(_days_of(year)), np.zeros(_days_of(year).size, np.bool_)
    for days, works in (
        (chinese_calendar.holidays, False),
        (chinese_calendar.workdays, True),
        (_CN_ALSO_WORKING, True),
    ):
        here = [day.timetuple().tm_yday - 1 for day in days if day.year == year]
        working[here], holiday[here] = works, not works
    return Year(working, holiday)


def _library_year(country: str, year: int) -> tuple[Year, bool]:
    """Return the year, and whether any of its working days is a make-up day."""
    import holidays

    code, _, subdivision = country.partition("-")
    calendar = holidays.country_holidays(code, subdiv=subdivision or None, years=year, expand=False)
    if not calendar.start_year <= year <= calendar.end_year:
        raise MissingYearError(
            tr(
                "no working days of {year} in {country}: the holidays library knows "
                "{start_year} to {end_year}",
                year=year,
                country=country,
                start_year=calendar.start_year,
                end_year=calendar.end_year,
            )
        )
    days = _days_of(year).tolist()
    known = Year(
        np.array([calendar.is_working_day(day) for day in days]),
        np.array([day in calendar for day in days]),
        frozenset(day.weekday() for day in days[:7] if calendar.is_weekend(day)),
    )
    return known, any(day.year == year for day in calendar.weekend_workdays)


@lru_cache(maxsize=1)
def _library_countries() -> dict[str, list[str]]:
    import holidays

    # No aliases: "CHN" must not be a way around the published calendar of "CN".
    countries: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return countries


def _nearest_countries(text: str) -> list[str]:
    """Return up to three codes nearest to `text` by code or English name."""
    from holidays.registry import COUNTRIES

    codes = {WEEKDAYS: WEEKDAYS, EVERYDAY: EVERYDAY}
    for name, (_, code, *aliases) in COUNTRIES.items():
        words = (name.replace("_", " "), code.lower(), *(alias.lower() for alias in aliases))
        codes.update(dict.fromkeys(words, code))
    nearest = get_close_matches(text.strip().lower(), codes, n=3, cutoff=0.0)
    return list(dict.fromkeys(codes[word] for word in nearest))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(repr(word) for word in words)
