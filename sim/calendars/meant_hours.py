"""What an author may have meant by weekdays, dates or hours that cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from sim.translation import noted, tr

NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = noted("write hours as '8:30-11:30 13:00-17:00', or closed")
_WEEKDAYS: Final = noted(
    "write mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or daily"
)
_DATES: Final = noted("write a date as 2024-05-01, a range as '2024-05-01 to 2024-05-03'")
_HOLIDAYS: Final = noted(
    "hours on all public holidays are 'holidays: open' beside week; on some of them, their dates "
    "under 'except'"
)
_GROUPS: Final = {
    "mon-fri": "weekday weekdays workday workdays 工作日 平日",
    "sat-sun": "weekend weekends 周末 双休日",
    "daily": "everyday all 每天 每日 天天",
}
_MEANT: Final = {word: name for name, words in _GROUPS.items() for word in words.split()}
_CHINESE_DAY: Final = re.compile("^(?:周|星期|礼拜)")
_DASH: Final = re.compile(r"\s*(?:[-‐-―−~〜至到]|\bto\b|\bthrough\b)+\s*")
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_TIME: Final = (
    r"(上午|早上|下午|晚上)?\s*(\d{1,2})(?:\s*[:.点时h]\s*(\d\d)?(?::00)?\s*分?|(\d\d))?\s*(am|pm)?"
)
_STRETCH: Final = re.compile(rf"{_TIME}\s*-\s*{_TIME}")
_LONGEST: Final = 200
"""Letters of a text that are looked at; no hours or dates need more."""
_CLOSED: Final = re.compile("off|no|none|closing|shut|rest|holiday|-|休息?|关门?|关闭|放假|不上班")


def meant_weekdays(text: str) -> str:
    """Return what to write instead of a text that names no weekday."""
    words = _plain(text)
    if _DATE.search(words):
        return tr("the hours of single dates stand under 'except', beside week")
    if "holiday" in words or "假" in words or "节" in words:
        return tr(_HOLIDAYS)
    if words.replace(" ", "") in _MEANT:
        return tr("write {name}", name=_MEANT[words.replace(" ", "")])
    lines = re.split(r"[ ,;、/和]+", _DASH.sub("-", words))
    parts = [[_weekday(name) for name in line.split("-")] for line in lines]
    if all(0 < len(part) <= 2 and all(part) for part in parts):
        names = ["-".join(filter(None, part)) for part in parts]
        return (
            tr("write {names}", names=names[0])
            if len(names) == 1
            else tr("write a line each: {names}", names=", ".join(names))
        )
    near = get_close_matches(words, (*NAMES, "daily"), n=1, cutoff=0.5)
    return (
        tr("did you mean '{near}'? {weekdays}", near=near[0], weekdays=tr(_WEEKDAYS))
        if near
        else tr(_WEEKDAYS)
    )


def meant_dates(text: str) -> str:
    """Return what to write instead of a text that names no dates."""
    words = _plain(text)
    found = [f"{int(y):04d}-{int(m):02d}-{int(d):02d}" for y, m, d in _DATE.findall(words)]
    if ":" in words and found:
        return tr(
            "the date stands alone, its hours after the colon: '{found}: 8:30-11:30'",
            found=found[0],
        )
    if found and len(found) <= 2:
        return (
            tr("write {found}", found=found[0])
            if len(found) == 1
            else tr("write '{found} to {found2}'", found=found[0], found2=found[1])
        )
    if _weekday(words) or words.replace(" ", "") in _MEANT:
        return tr("the hours of weekdays stand under 'week'")
    return tr(_DATES)


def meant_hours(text: str) -> str:
    """Return what to write instead of hours that cannot be read."""
    words = _DASH.sub("-", _plain(text))
    if _CLOSED.fullmatch(words):
        return tr("write closed")
    left = re.sub(r"[\s,;、/&+和]|and", "", _STRETCH.sub("", words))
    found = [] if left else [_stretch(*match.groups()) for match in _STRETCH.finditer(words)]
    if not found or None in found:
        return tr(_HOURS)
    return tr("write '{filter}'", filter=" ".join(filter(None, found)))


def weekdays_in_words(days: Iterable[int]) -> str:
    """Return weekdays as a file writes them: ``mon-tue, fri``."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = (sorted({run[0], run[-1]}) for run in runs)
    return ", ".join("-".join(NAMES[day] for day in run) for run in named)


def clock(second: int) -> str:
    """Return a second of the day as a time, such as 8:30."""
    return f"{second // 3600}:{second % 3600 // 60:02d}"


def _plain(text: str) -> str:
    """Return the beginning of the text in lower case, with full-width signs as ordinary ones."""
    return unicodedata.normalize("NFKC", text[:_LONGEST]).strip().lower()


def _weekday(word: str) -> str | None:
    """Return the weekday that a word names in full, in Chinese or by its number, if it does."""
    word = word.strip(" .")
    word = _CHINESE_DAY.sub("", word).replace("天", "日")
    if len(word) == 1 and word in (digits := "一二三四五六日1234567"):
        return NAMES[digits.index(word) % 7]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    known = [day for day in full if len(word) >= 3 and day.startswith(word[:3]) and word in day]
    known = known or [day for day in full if word in (day[:4] + "s", day[:5], day[:3] + "s")]
    return known[0][:3] if known else None


def _stretch(*parts: str | None) -> str | None:
    """Return a stretch as it is to be written; None if its times make none."""
    start, end = _second(*parts[:5]), _second(*parts[5:])
    if start is None or end is None:
        return None
    later = start >= end and end <= 12 * 3600
    end += 12 * 3600 if later else 0  # 9-5: in the afternoon
    return f"{clock(start)}-{clock(end)}" if start < end <= 24 * 3600 else None


def _second(
    said: str | None, hour: str | None, minute: str | None, joined: str | None, half: str | None
) -> int | None:
    """Return the second of the day that the parts of `_TIME` name, if there is one."""
    hours, minutes = int(hour or 0), int(minute or joined or 0)
    if half is not None or said in ("下午", "晚上"):
        afternoon = half != "am"
        hours = hours % 12 + 12 * afternoon if hours <= 12 else hours
    return hours * 3600 + minutes * 60 if minutes < 60 else None
