"""Hours and parts of days in a wrong place: what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from sim.calendars import HoursError, parse_week
from sim.calendars.meant_hours import clock
from sim.calendars.written_hours import DATES_PATTERN, WEEKDAYS_PATTERN
from sim.scenario.origin import KeyPath, Tree
from sim.translation import tr

_DAY_S: Final = 86_400
_TIME: Final = re.compile(r"\d{1,2}:\d\d")


def out_of_place(path: KeyPath) -> str:
    """Return where an unknown key of hours belongs; empty for other keys."""
    match path:
        case ("hours", str(), str(key)) if re.match(WEEKDAYS_PATTERN, key):
            return tr("; the hours of weekdays stand under 'week': {{week: {{{key}: …}}}}", key=key)
        case ("hours", str(), str(key)) if re.match(DATES_PATTERN, key):
            return tr(
                "; the hours of single dates stand under 'except': {{except: {{{key}: …}}}}",
                key=key,
            )
    return ""


def empty_hours(path: KeyPath, key: str) -> str:
    """Return the rule of a weekday or date without hours; empty for other keys."""
    match path:
        case ("hours", str(), "week" | "except") if _TIME.match(key):
            return tr("is a text of its own after the comma; put hours in quotes")
        case ("hours", str(), "week" | "except"):
            return tr("is empty; write its hours, or closed")
    return ""


def part_of_a_day(tree: Tree, path: KeyPath) -> tuple[KeyPath, str] | None:
    """Return place and rule of dates with a time of day in a leave or closure; None elsewhere."""
    match path:
        case ("staff", _, "leave", _, "dates", *_):
            at, what = path[:5], tr("leave counts")
        case ("calendar", "closures", _, *_):
            at, what = path[:3], tr("closures count")
        case _:
            return None
    stated = tree.get(at)
    dates = stated if isinstance(stated, Mapping) else {"from": stated, "to": stated}
    instants = [dates.get("from"), dates.get("to")]
    if not any(isinstance(instant, dt.datetime) for instant in instants):
        return None
    group = tree.get(path[:2]) if path[0] == "staff" else None
    name = group.get("hours") if isinstance(group, Mapping) else None
    said = ", ".join(_said(tree, name, instants)) or "2024-02-09: '8:30-11:30'"
    rule = tr("{what} whole dates; for a part of a day, write the hours that are left: ", what=what)
    rule += tr("hours.{name}.except: {{{said}}}", name=name or "NAME", said=said)
    if path[0] == "staff":
        rule += tr("; where only some officers leave, give these a group and hours of their own")
    return at, rule


def _said(tree: Tree, name: Any, instants: list[Any]) -> Iterator[str]:
    """Yield the exceptions that leave open what lies outside the two instants of a leave."""
    week = tree.get(("hours", name, "week"))
    open_on: Mapping[int, Any] = {}
    with suppress(HoursError, TypeError, AttributeError):  # wrong hours are reported by themselves
        open_on = parse_week(week)
    begin, end = (_instant(instant, last=last) for last, instant in enumerate(instants))
    if begin is None or end is None or begin >= end or not open_on:
        return
    for day in sorted({begin.date(), (end - dt.timedelta(seconds=1)).date()}):
        midnight = dt.datetime.combine(day, dt.time())
        away = [int((instant - midnight).total_seconds()) for instant in (begin, end)]
        if away[0] > 0 or away[1] < _DAY_S:
            left = [
                f"{clock(start)}-{clock(stop)}"
                for first, last in open_on.get(day.weekday(), ())
                for start, stop in ((first, min(last, away[0])), (max(first, away[1]), last))
                if start < stop
            ]
            yield f"{day}: '{' '.join(left)}'" if left else f"{day}: closed"


def _instant(value: Any, *, last: int) -> dt.datetime | None:
    """Return the instant at which a leave begins or, with `last`, ends."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time()) + dt.timedelta(days=last)
    return None
