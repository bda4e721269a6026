"""Times as offices write them: Chinese dates, ISO, with slashes, Excel's day numbers; and limits.

A column is read as a whole: whether its numbers are days of Excel, and whether its midnights stand
for a date alone, is a matter of the column.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.records.raw import ascii_of_width, encoded
from sim.records.register import NO_OFFSET

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import pyarrow as pa

EARLIEST: Final = dt.datetime(1980, 1, 1)
LATEST: Final = dt.datetime(2100, 1, 1)
"""Stamps outside are impossible: such as day 0 of Excel, or a year with a digit too many."""
SERIALS: Final = (29_221.0, 73_051.0)
"""Excel's numbers of the days from `EARLIEST` to `LATEST`."""
MOST_SERIALS: Final = 0.9
"""Share of a column's numbers that must be such days, for its numbers to be days at all."""
MIDNIGHTS: Final = 10
"""Stamps, all at 0:00:00, from which on a column is taken to hold dates."""
_EXCEL_0: Final = dt.datetime(1899, 12, 30)
_EPOCH: Final = dt.datetime(1970, 1, 1)
_MS: Final = dt.timedelta(milliseconds=1)

_NUMBER: Final = re.compile(r"\d{1,6}(?:\.\d+)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_WRITTEN: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:(?:[\sT]*|\s*-\s*)(上午|下午|晚上|中午|凌晨|[AaPp][Mm])?\s*(\d{1,2})\s*[:时点]"
    r"(?:\s*(\d{1,2})\s*(?:[:分]\s*(?:(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?)?)?"
    r"\s*([AaPp][Mm])?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)
_DAYS: Final = re.compile(r"(\d+(?:\.\d+)?)个?(?:工作日|日|天|wd)?")
_AT_ONCE: Final = frozenset({"即办", "即时", "即时办结", "当场", "当场办结", "当日"})
_AFTERNOON: Final = frozenset({"下午", "晚上", "中午", "pm"})
_MORNING: Final = frozenset({"上午", "凌晨", "am"})


@dataclass(frozen=True, eq=False)
class Stamps:
    """The n times of a column."""

    at: NDArray[np.datetime64]
    """[n] local time, to the millisecond; NaT: none, or one that cannot be read."""
    day_only: Bools
    """[n] whether only the date is known."""
    offset_s: NDArray[np.int32]
    """[n] seconds ahead of UTC; NO_OFFSET: not stated."""
    bad: Bools
    """[n] whether the cell holds something that is no possible time."""

    @property
    def given(self) -> Bools:
        """[n] whether there is a time."""
        return ~np.isnat(self.at)


def read_stamps(texts: pa.ChunkedArray, zone: ZoneInfo | None = None, first_day: int = 0) -> Stamps:
    """Read a column of times.

    `zone`: the place whose local time is wanted of times with an offset; None: local time is as the
    text writes it. `first_day`: the day of Excel from which its numbers count.
    """
    distinct, index = encoded(texts)
    counts = np.bincount(index, minlength=len(distinct))
    n = len(distinct)
    ms, plain = _plain(distinct)
    day_only, bad = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    offset = np.full(n, NO_OFFSET, np.int32)
    others = np.flatnonzero(~plain)
    serials = _serials([distinct[k] for k in others], counts[others], first_day)
    numbers = first_day if serials else None
    for k in others.tolist():
        ms[k], day_only[k], bad[k], offset[k] = _stamp(distinct[k], numbers, zone)
    at = np.where(ms == _NONE, np.datetime64("NaT", "ms"), ms.astype("datetime64[ms]"))
    stated = ~np.isnat(at)
    midnight = stated & (ms % 86_400_000 == 0)
    timed = stated & ~day_only
    if counts[timed].sum() >= MIDNIGHTS and midnight[timed].all():
        day_only = day_only | timed
    return Stamps(at[index], day_only[index], offset[index], bad[index])


def _plain(texts: list[str]) -> tuple[NDArray[np.int64], Bools]:
    """Return [n] milliseconds since 1970, and which texts are possible times of the usual form.

    `2021-08-02 09:30:00` is by far the most frequent one: all are read in one go. Of the others,
    nothing is told.
    """
    ms = np.full(len(texts), _NONE, np.int64)
    of_width, signs = ascii_of_width(texts, len(_FORM))
    digit = np.array([sign == "0" for sign in _FORM])
    fits = ((signs[:, digit] >= ord("0")) & (signs[:, digit] <= ord("9"))).all(axis=1)
    fits &= (signs[:, ~digit] == [ord(sign) for sign in _FORM if sign != "0"]).all(axis=1)
    figures = signs[fits][:, digit].astype(np.int64) - ord("0")
    year = figures[:, :4] @ [1000, 100, 10, 1]
    month, day, hour, minute, second = (
        figures[:, k] * 10 + figures[:, k + 1] for k in range(4, 14, 2)
    )
    known = (year >= EARLIEST.year) & (year < LATEST.year) & (month >= 1) & (month <= 12)
    first = (np.where(known, (year - 1970) * 12 + month - 1, 0)).astype("datetime64[M]")
    days = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    known &= (day >= 1) & (day <= days) & (hour < 24) & (minute < 60) & (second < 60)
    midnight = first.astype("datetime64[D]").astype(np.int64) + day - 1
    read = ((midnight * 24 + hour) * 60 + minute) * 60 + second
    at = np.flatnonzero(of_width)[fits][known]
    ms[at] = read[known] * 1000
    plain = np.zeros(len(texts), np.bool_)
    plain[at] = True
    return ms, plain


_FORM: Final = "0000-00-00 00:00:00"


def are_times(texts: pa.ChunkedArray, first_day: int = 0) -> float:
    """Return the share of a column's first cells that are times; 0 if all are empty."""
    filled = _first(texts)
    serials = _serials(filled, np.ones(len(filled), np.int64), first_day)
    numbers = first_day if serials else None
    return sum(_stamp(text, numbers, None)[0] != _NONE for text in filled) / max(len(filled), 1)


def is_time(text: str) -> bool:
    """Whether a text is a time by itself, and no number."""
    return _stamp(text, None, None)[0] != _NONE


def are_days(texts: pa.ChunkedArray) -> float:
    """Return the share of a column's first cells that are numbers of days; 0 if all are empty."""
    filled = _first(texts)
    return sum(not np.isnan(number_of_days(text)) for text in filled) / max(len(filled), 1)


def _first(texts: pa.ChunkedArray, most: int = 500) -> list[str]:
    return [text for text in texts.slice(0, 20 * most).to_pylist() if text][:most]


def number_of_days(text: str) -> float:
    """Return a number of days as limits are written, 5 or 5个工作日; NaN: it is none."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if plain in _AT_ONCE:
        return 0.0
    number = _DAYS.fullmatch(plain)
    return float(number[1]) if number else float("nan")


_NONE: Final = np.iinfo(np.int64).min
_Read = tuple[int, bool, bool, int]
"""Milliseconds since 1970, whether a date alone, whether impossible, offset."""


def _serials(texts: list[str], counts: NDArray[Any], first_day: int) -> bool:
    """Whether the numbers of a column are days of Excel."""
    numbers = [
        (float(text) + first_day, int(count))
        for text, count in zip(texts, counts, strict=True)
        if _NUMBER.fullmatch(text)
    ]
    days = sum(count for number, count in numbers if SERIALS[0] <= number < SERIALS[1])
    return days > 0 and days >= MOST_SERIALS * sum(count for _, count in numbers)


def _stamp(text: str, numbers: int | None, zone: ZoneInfo | None) -> _Read:
    if not text:
        return _NONE, False, False, NO_OFFSET
    try:
        time, day_only = _time(text, numbers)
        if time.tzinfo is not None:
            if zone is not None:
                time = time.astimezone(zone)
            ahead = time.utcoffset()
            offset = int(ahead.total_seconds()) if ahead is not None else NO_OFFSET
            time = time.replace(tzinfo=None)
        else:
            offset = NO_OFFSET
    except (ValueError, OverflowError):
        return _NONE, False, True, NO_OFFSET
    if not EARLIEST <= time < LATEST:
        return _NONE, False, True, NO_OFFSET
    return (time - _EPOCH) // _MS, day_only, False, offset


def _time(text: str, numbers: int | None) -> tuple[dt.datetime, bool]:
    """Return a time and whether it is a date alone; ValueError if the text is none.

    `numbers`: day of Excel from which numbers count; None: a number is no day.
    """
    if len(text) >= 16 and text[4] == "-" and text[13] == ":":
        try:  # ISO 8601, by far the most frequent, is read in a tenth of the time
            return dt.datetime.fromisoformat(text), False
        except ValueError:
            pass
    if _NUMBER.fullmatch(text):
        if numbers is None:
            raise ValueError(text)
        whole, fraction = divmod(float(text) + numbers, 1)
        seconds = round(fraction * 86_400)  # a serial number holds some microseconds of noise
        return _EXCEL_0 + dt.timedelta(days=whole, seconds=seconds), fraction == 0
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        parts = [int(part or 0) for part in compact.groups()]
        year, month, day, hour, minute, second = parts
        return dt.datetime(year, month, day, hour, minute, second), compact[4] is None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(text)
    return _from_parts(written), written[5] is None


def _from_parts(written: re.Match[str]) -> dt.datetime:
    year, month, day, half, hour, minute, second, fraction, half_after, offset = written.groups()
    h = int(hour or 0)
    word = (half or half_after or "").casefold()
    if word in _AFTERNOON and 1 <= h < 12 and not (word == "中午" and h == 11):
        h += 12
    elif word in _MORNING and h == 12:
        h = 0
    zone = None
    if offset:
        sign = -1 if offset[0] == "-" else 1
        digits = offset[1:].replace(":", "")
        ahead = 0 if offset == "Z" else sign * (int(digits[:2]) * 60 + int(digits[2:]))
        zone = dt.timezone(dt.timedelta(minutes=ahead))
    date = dt.datetime(int(year), int(month), int(day), tzinfo=zone)
    if not (h < 24 and int(minute or 0) < 60) and (h, int(minute or 0), int(second or 0)) != (
        24,
        0,
        0,
    ):
        raise ValueError(written[0])
    if int(second or 0) > 59:
        raise ValueError(written[0])
    ms = int((fraction or "0")[:3].ljust(3, "0"))
    return date + dt.timedelta(
        hours=h, minutes=int(minute or 0), seconds=int(second or 0), milliseconds=ms
    )
