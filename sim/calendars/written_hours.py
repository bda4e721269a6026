"""Hours as a person writes them: a weekly pattern, and what single dates have instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias

from sim.calendars.meant_hours import (
    NAMES,
    clock,
    meant_dates,
    meant_hours,
    meant_weekdays,
    weekdays_in_words,
)
from sim.translation import tr

CLOSED: Final = "closed"
DAILY: Final = "daily"
_DAY_S: Final = 86_400
_SHOWN: Final = 80
"""Letters of hours that a message shows."""
_STRETCH: Final = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)")
_DATES: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s+to\s+(\d{4}-\d\d-\d\d))?")
_CLOCK: Final = r"(\d{1,2}:[0-5]\d)"
_ONE_STRETCH: Final = rf"{_CLOCK}\s*[-–]\s*{_CLOCK}"
HOURS_PATTERN: Final = (
    rf"^\s*([Cc][Ll][Oo][Ss][Ee][Dd]|{_ONE_STRETCH}([\s,]+{_ONE_STRETCH})*)[\s,]*$"
)
"""Hours that can be read, for a JSON schema, which has no signs for upper and lower case."""
_ANY_CASE: Final = "|".join("".join(f"[{c.upper()}{c}]" for c in name) for name in NAMES)
WEEKDAYS_PATTERN: Final = rf"^\s*([Dd][Aa][Ii][Ll][Yy]|({_ANY_CASE})(\s*-\s*({_ANY_CASE}))?)\s*$"
"""Weekdays that can be read."""
DATES_PATTERN: Final = r"^\s*\d{4}-\d\d-\d\d(\s+to\s+\d{4}-\d\d-\d\d)?\s*$"
"""Dates that can be read."""

Hours: TypeAlias = str | Sequence[str]
"""Stretches of a day in one text or a list, or `closed`."""
Stretches: TypeAlias = Sequence[tuple[int, int]]
"""The (start, end) of each stretch in seconds of the day, sorted and apart."""


class HoursError(ValueError):
    """Written hours break rules; `slips` holds the key and the rule of each."""

    def __init__(self, slips: Sequence[tuple[str, str]]) -> None:
        self.slips = tuple(slips)
        super().__init__("; ".join(": ".join(filter(None, slip)) for slip in self.slips))


@dataclass(frozen=True, slots=True)
class DatedHours:
    """All the hours of the dates from `first` to `last`, both included."""

    first: date
    last: date
    stretches: Stretches
    """Empty: closed."""


def parse_week(spec: Mapping[str, Hours]) -> dict[int, Stretches]:
    """Read a weekly pattern such as {"mon-fri": "8:30-11:30 13:00-17:00", "sat": "9:00-12:00"}.

    Parameters
    ----------
    spec
        Weekdays to hours. Weekdays: mon … sun, a range (which may wrap, as "sat-mon"), or "daily",
        in any case. Hours: one or more H:MM-H:MM, separated by spaces or commas, or a list of
        them, or "closed"; "24:00" may end a stretch.

    Returns
    -------
    dict
        Weekday (0 = Monday) to its stretches; only weekdays that have some.

    Raises
    ------
    HoursError
        With every mistake. No weekday may be named twice.
    """
    slips: list[tuple[str, str]] = []
    days = {key: _weekdays(key, slips) for key in spec}
    hours = {
        key: _stretches(value, key, slips, every_day=len(days[key]) == 7)
        for key, value in spec.items()
    }
    first: dict[int, str] = {}
    for key in spec:
        for before in dict.fromkeys(first[weekday] for weekday in sorted(days[key] & first.keys())):
            slips.append((key, _weekday_twice(key, before, days)))
        first = dict.fromkeys(days[key], key) | first
    if slips:
        raise HoursError(slips)
    return {weekday: hours[key] for weekday, key in sorted(first.items()) if hours[key]}


def parse_hours(value: Hours) -> Stretches:
    """Read the hours of one day, written as in `parse_week`; raise `HoursError` as it does."""
    slips: list[tuple[str, str]] = []
    stretches = _stretches(value, "", slips, every_day=False)
    if slips:
        raise HoursError(slips)
    return stretches


def parse_exceptions(spec: Mapping[str, Hours]) -> list[DatedHours]:
    """Read dated exceptions such as {"2024-02-09": "8:30-11:30", "2024-03-08": "closed"}.

    Parameters
    ----------
    spec
        A date, or "2024-05-01 to 2024-05-03", to all the hours of each of these dates; hours as in
        `parse_week`.

    Returns
    -------
    list
        In order of dates.

    Raises
    ------
    HoursError
        With every mistake. No date may be named twice.
    """
    slips: list[tuple[str, str]] = []
    known: list[tuple[DatedHours, str]] = []
    for key, value in spec.items():
        stretches = _stretches(value, key, slips, every_day=False)
        dates = _dates(key, slips)
        if dates is not None:
            known.append((DatedHours(*dates, stretches), key))
    known.sort(key=lambda pair: (pair[0].first, pair[0].last))
    reach, before = date.min, ""  # the last date of all before, and the key that holds it
    for dated, key in known:
        if dated.first <= reach:
            slips.append(
                (
                    key,
                    tr(
                        "{first} is in '{before}', too; name each date once",
                        first=dated.first,
                        before=before,
                    ),
                )
            )
        if dated.last > reach:
            reach, before = dated.last, key
    if slips:
        raise HoursError(slips)
    return [dated for dated, _ in known]


# --- keys ----------------------------------------------------------------------------------------


def _weekdays(key: str, slips: list[tuple[str, str]]) -> frozenset[int]:
    name = key.strip().lower()
    if name == DAILY:
        return frozenset(range(7))
    first, dash, last = (part.strip() for part in name.partition("-"))
    if first in NAMES and (last if dash else first) in NAMES:
        begin, end = NAMES.index(first), NAMES.index(last if dash else first)
        return frozenset((begin + day) % 7 for day in range((end - begin) % 7 + 1))
    slips.append((key, tr("is no weekday; {meant_weekdays}", meant_weekdays=meant_weekdays(key))))
    return frozenset()


def _weekday_twice(key: str, before: str, days: Mapping[str, frozenset[int]]) -> str:
    left = weekdays_in_words(days[before] - days[key])
    remedy = tr(": write {left} for '{before}'", left=left, before=before) if left else ""
    twice = weekdays_in_words(days[before] & days[key])
    return tr(
        "{twice} is in '{before}', too; name each weekday once{remedy}",
        twice=twice,
        before=before,
        remedy=remedy,
    )


def _dates(key: str, slips: list[tuple[str, str]]) -> tuple[date, date] | None:
    match = _DATES.fullmatch(key.strip())
    if match is None:
        slips.append((key, tr("is no date; {meant_dates}", meant_dates=meant_dates(key))))
        return None
    try:
        first = date.fromisoformat(match[1])
        last = first if match[2] is None else date.fromisoformat(match[2])
    except ValueError as error:
        slips.append((key, tr("there is no such date: {error}", error=tr(str(error)))))
        return None
    if last < first:
        slips.append(
            (key, tr("ends before it begins; write '{last} to {first}'", last=last, first=first))
        )
        return None
    return first, last


# --- hours ---------------------------------------------------------------------------------------


def _stretches(
    value: Hours, key: str, slips: list[tuple[str, str]], *, every_day: bool
) -> Stretches:
    """Return the stretches of a day, and note what is wrong with them."""
    text = " ".join((value if isinstance(value, str) else " ".join(value)).split())
    if text.lower() == CLOSED:
        return []
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    words = re.sub(" ?[-–] ?", "-", text).replace(",", " ").split()
    matches = [_STRETCH.fullmatch(word) for word in words]
    if not words or None in matches:
        slips.append(
            (
                key,
                tr(
                    "cannot read the hours '{shown}'; {meant_hours}",
                    shown=shown,
                    meant_hours=meant_hours(text),
                ),
            )
        )
        return []
    known = []
    for match in filter(None, matches):
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 3600 + m1 * 60, h2 * 3600 + m2 * 60
        if rule := _broken(start, end, every_day=every_day):
            slips.append((key, f"'{match[0]}' {rule}"))
        else:
            known.append((start, end))
    known.sort()
    for (_, end), (start, later) in pairwise(known):
        if start < end:
            both = f"{clock(start)}-{clock(min(end, later))}"
            slips.append(
                (
                    key,
                    tr(
                        "the hours '{shown}' overlap: {both} is given twice", shown=shown, both=both
                    ),
                )
            )
    return known


def _broken(start: int, end: int, *, every_day: bool) -> str | None:
    """Return the rule that a stretch breaks, if it breaks one."""
    if max(start, end) > _DAY_S:
        return tr("is no time of a day; times run from 0:00 to 24:00")
    if start == end:
        return tr("is empty")
    if end > start:
        return None
    noon = _DAY_S // 2
    if start <= noon and start < end + noon:  # 9:00-5:00: in the afternoon
        return tr(
            "ends before it starts; write '{start}-{end}'",
            start=clock(start),
            end=clock(end + noon),
        )
    morning, evening = (0, end), (start, _DAY_S)
    parts = [f"{clock(a)}-{clock(b)}" for a, b in (morning, evening) if a < b]
    if len(parts) == 1 or every_day:
        return tr("goes over midnight; write '{parts}'", parts=" ".join(parts))
    return tr(
        "goes over midnight; write '{parts}', and '{first}' for the next day",
        parts=parts[1],
        first=parts[0],
    )
