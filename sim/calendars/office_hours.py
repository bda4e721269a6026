"""Office hours: a weekly pattern on a working-day calendar becomes intervals of seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars.intervals import Intervals
from sim.calendars.working_days import WorkingDays

_DAY_S: Final = 86_400
_SATURDAY: Final = 5
_WHOLE_WEEK: Final = 5
"""A pattern with hours on at least this number of weekdays is a full working week."""
_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE: Final = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)")

Ranges: TypeAlias = Sequence[tuple[int, int]]


def always(horizon_s: int) -> Intervals:
    """Return the one interval [0, horizon_s): open day and night."""
    return Intervals.of([(0, horizon_s)])


def working_day_intervals(wd: WorkingDays) -> Intervals:
    """Return the whole of every working day, in seconds from midnight of day 0.

    A random delay in working days elapses in these intervals, 86,400 seconds a day.
    """
    start = np.flatnonzero(wd.working) * _DAY_S
    return Intervals.of(np.stack((start, start + _DAY_S), axis=1))


def weekly(
    week: Mapping[int, Ranges], days: int, origin: date, working: NDArray[np.bool_] | None
) -> Intervals:
    """Return the opening intervals of a weekly pattern over days 0 … days - 1.

    With `working` (holidays observed):

    - a day off has no hours, even if the pattern names its weekday: a Saturday in the pattern
      holds for make-up Saturdays only;
    - a working day has the hours of its weekday, and none if its weekday has none;
    - a working Saturday or Sunday without hours of its own is a make-up day (调休): it has those
      of the first weekday, from Monday on, that has any. This holds only for patterns with hours
      on five weekdays or more: a committee that meets on Tuesdays does not meet on make-up days.

    Parameters
    ----------
    week
        Weekday (0 = Monday) to its (start, end) ranges in seconds of the day; see `parse_week`.
    origin
        The date of day 0; only its weekday matters.
    working
        [≥ days] whether each day is a working day; None ignores holidays: the plain pattern.

    Raises
    ------
    ValueError
        A weekday outside 0 … 6, a range that is empty, overlaps another or leaves its day, or
        `working` is shorter than `days`.
    """
    _check_week(week)
    weekday = (origin.weekday() + np.arange(days)) % 7
    pattern = weekday  # the weekday that gives the day its hours; -1 for none
    if working is not None:
        if working.size < days:
            raise ValueError(f"the calendar has {working.size} days, the pattern needs {days}")
        open_weekdays = [day for day in range(7) if week.get(day)]
        if len(open_weekdays) >= _WHOLE_WEEK:
            make_up = (weekday >= _SATURDAY) & ~np.isin(weekday, open_weekdays)
            pattern = np.where(make_up, open_weekdays[0], weekday)
        pattern = np.where(working[:days], pattern, -1)
    opening = [
        np.flatnonzero(pattern == day)[:, np.newaxis] * _DAY_S + np.array(hours)
        for day, ranges in week.items()
        for hours in ranges
    ]
    return Intervals.of(np.concatenate([np.empty((0, 2), dtype=np.int64), *opening]))


def parse_week(spec: Mapping[str, str | Sequence[str]]) -> dict[int, list[tuple[int, int]]]:
    """Read a weekly pattern such as {"mon-fri": "8:30-11:30 13:00-17:00", "sat": "9:00-12:00"}.

    Parameters
    ----------
    spec
        Weekdays to hours. Weekdays: mon … sun, a range (which may wrap, as "sat-mon"), or "daily",
        in any case. Hours: one or more H:MM-H:MM, separated by spaces or commas, or a list of
        ranges; "24:00" may end a range.

    Returns
    -------
    dict
        Weekday (0 = Monday) to its (start, end) in seconds of the day, sorted; only weekdays
        that have hours.

    Raises
    ------
    ValueError
        The text breaks these rules, or hours overlap; the message quotes the text and the rule.
    """
    week: dict[int, list[tuple[int, int]]] = {}
    for key, value in spec.items():
        text = value if isinstance(value, str) else " ".join(value)
        ranges = _parse_hours(text)
        for weekday in _parse_weekdays(key):
            if weekday in week:
                raise ValueError(
                    f"weekday {_NAMES[weekday]!r} given again by {key!r}: name each weekday once"
                )
            week[weekday] = list(ranges)
    return dict(sorted(week.items()))


def _parse_weekdays(text: str) -> list[int]:
    name = text.strip().lower()
    if name == "daily":
        return list(range(7))
    first, dash, last = name.partition("-")
    begin = _parse_weekday(first, text)
    length = (_parse_weekday(last, text) - begin) % 7 + 1 if dash else 1
    return [(begin + i) % 7 for i in range(length)]


def _parse_weekday(name: str, text: str) -> int:
    name = name.strip()
    if name in _NAMES:
        return _NAMES.index(name)
    near = get_close_matches(name, (*_NAMES, "daily"), n=1, cutoff=0.0)[0]
    raise ValueError(
        f"unknown weekday {name!r} in {text!r}: nearest is {near!r}; use mon, tue, wed, thu, fri, "
        "sat, sun, a range such as mon-fri, or daily"
    )


def _parse_hours(text: str) -> list[tuple[int, int]]:
    words = re.sub(r"\s*[-–]\s*", "-", text).replace(",", " ").split()
    if not words:
        raise ValueError(f"no hours in {text!r}: leave out weekdays without hours")
    ranges = sorted(_parse_range(word, text) for word in words)
    for (_, end), (start, _) in pairwise(ranges):
        if start < end:
            raise ValueError(f"hours {text!r} overlap: give each hour once")
    return ranges


def _parse_range(word: str, text: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(word)
    if match is None:
        raise ValueError(f"cannot read {word!r} in {text!r}: write hours as 8:30-11:30")
    h1, m1, h2, m2 = map(int, match.groups())
    start, end = h1 * 3600 + m1 * 60, h2 * 3600 + m2 * 60
    if max(start, end) > _DAY_S:
        raise ValueError(f"hours {word!r} in {text!r}: times run from 0:00 to 24:00")
    if end <= start:
        raise ValueError(
            f"hours {word!r} in {text!r} go over midnight or are empty: end a range after it "
            "starts, at 24:00 at the latest, and give the rest to the next weekday"
        )
    return start, end


def _check_week(week: Mapping[int, Ranges]) -> None:
    for weekday, ranges in week.items():
        if not 0 <= weekday <= 6:
            raise ValueError(f"weekday {weekday}: 0 (Monday) to 6 (Sunday)")
        edges = [0, *(edge for hours in sorted(ranges) for edge in hours), _DAY_S]
        inside = all(edge <= following for edge, following in pairwise(edges))
        if not inside or any(start == end for start, end in ranges):
            raise ValueError(
                f"hours {list(ranges)} of weekday {weekday}: ranges must not be empty, overlap or "
                f"leave the day (0 to {_DAY_S} s)"
            )
