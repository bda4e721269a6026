"""Times in data files and scenarios, as local times of the place that is simulated."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from sim.calendars import NO_PLACE
from sim.engine.contract import DAY_S
from sim.translation import noted, tr

TIME_RULE: Final = noted("must be a time such as 2024-03-01 09:30:00")
NO_OFFSET: Final = noted(
    "has no offset from UTC, but other rows have one; write all of them, or none, with an offset"
)
_DATE: Final = re.compile(r"\s*(\d{4})[/-](\d\d?)[/-](\d\d?)(?:[ T]+(\d\d?)(:\d\d.*))?\s*")
_BLANK: Final = re.compile(r"\s+(?=(?:Z|[+-]\d\d(?::?\d\d)?)$)")
"""A blank before an offset."""


def iso_time(text: str) -> str:
    """Return a date, or date and time, as ISO 8601 writes it: 2021/2/1 9:30 is 2021-02-01 09:30.

    Anything else is returned as it is.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    year, month, day, hour, rest = match.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    return date if hour is None else f"{date} {hour:0>2}{_BLANK.sub('', rest.rstrip())}"


def read_time(text: str) -> dt.datetime:
    """Return the time that a text states, with its offset if it states one.

    ValueError if it is no date, and no date and time of day.
    """
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromisoformat(iso_time(text))


def has_time_of_day(text: str) -> bool:
    """Whether a text that is a time states more than its date."""
    return ":" in text or "T" in text


def local_second(time: dt.datetime, start: dt.date, place: ZoneInfo | None) -> int:
    """Return the second of local time since the midnight that begins `start`, cut to the second.

    A time with an offset from UTC becomes the local time of the place, with its summer time; the
    local time itself has neither. ValueError with the rule if the place is not known.
    """
    if time.tzinfo is not None:
        if place is None:
            raise ValueError(tr(NO_PLACE))
        time = time.astimezone(place).replace(tzinfo=None)
    since = time - dt.datetime.combine(start, dt.time())
    return since.days * DAY_S + since.seconds
