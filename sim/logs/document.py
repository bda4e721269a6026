"""A fitted network as a file that a person can read and edit, and back.

Times are seconds: lists of recorded ones stand in one text, ascending, where `30x5` is five times
30. Hours are written as ``Mon 09:00-17:00``. Of a route, each step is the number of its activity,
behind `<` with the steps that it waits for.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.arrays import Ints
from sim.atomic_write import write_whole
from sim.encodings import decoded
from sim.logs.duty import ALWAYS, SLOT_MS, SLOTS, Week
from sim.logs.event_log import DAY_MS
from sim.logs.network import KINDS, Activity, Delay, Network, Origin, Route
from sim.scenario import Problem, ScenarioError, nearest, shorten
from sim.translation import tr

HEAD: Final = """\
# Fitted by sim fit to an event log that tells nothing of approvals: no acceptance, no limit.
# sim records simulate draws event logs from it. It answers what comes next if all stays as it was,
# and no question about limits of the law. Times are seconds; 30x5 is five times 30. A step of a
# route is the number of its activity; behind < stand the steps before it that it waits for.
"""
MOST_BYTES: Final = 50_000_000
MOST_BRACKETS: Final = 1_000
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_HOURS: Final = re.compile(r"(\w{3})(?:-(\w{3}))?((?: +\d\d:\d\d-\d\d:\d\d)+)")
_LIKE_ALL: Final = "all"
"""Hours of an officer that are those of all."""
_NUMBER: Final = re.compile(r"(\d{1,10}(?:\.\d{1,3})?)(?:x(\d{1,6}))?")
MOST_TIMES: Final = 100_000
"""Times of one list: sim fit writes at most a thousand."""
_ROUTE: Final = re.compile(r"(\d{1,9}): *(.+)")
_STEP: Final = re.compile(r"(\d{1,6})(?:<(\d{1,5}(?:,\d{1,5})*))?")
_WIDTH: Final = 110
_DAY_SLOTS: Final = DAY_MS // SLOT_MS
_INSTANT: Final = "%Y-%m-%d %H:%M:%S"


# --- to text --------------------------------------------------------------------------------------


def network_text(network: Network) -> str:
    """Return a network as YAML."""
    return HEAD + "\n".join(_lines(network)) + "\n"


def save_network(network: Network, file: Path) -> None:
    """Write a network to a file, whole or not at all."""
    text = network_text(network)
    write_whole(file, lambda new: new.write_text(text, encoding="utf-8"))


def _lines(network: Network) -> Iterator[str]:
    origin = network.origin
    yield "network:"
    yield f"  log: {_quoted(origin.log)}"
    for key in ("events", "cases", "used", "overlapping"):
        yield f"  {key}: {getattr(origin, key)}"
    yield f"  first: {_quoted(origin.first.strftime(_INSTANT))}"
    yield f"  last: {_quoted(origin.last.strftime(_INSTANT))}"
    yield f"  starts_known: {str(origin.starts_known).lower()}"
    yield f"  dates_alone: {str(origin.dates_alone).lower()}"
    everyone = hours_text(network.together)
    yield f"hours: {_quoted(everyone)}"
    yield "arrivals:"
    yield f"  hours: {_quoted(hours_text(network.arrivals))}"
    yield f"  at_closing: {str(network.at_closing).lower()}"
    yield from _numbers("gaps", network.gaps, 2)
    yield "officers:" + ("" if network.officers else " {}")
    for name, week in zip(network.officers, network.hours, strict=True):
        text = hours_text(week)
        yield f"  {_quoted(name)}: {_LIKE_ALL if text == everyone else _quoted(text)}"
    yield "activities:"
    for number, activity in enumerate(network.activities, 1):
        yield f"  {_quoted(activity.name)}:  # {number}"
        yield from _activity(activity, network.officers)
    yield "routes: |"
    for route in network.routes:
        yield f"  {route.cases}: {_route(route)}"


def _activity(activity: Activity, officers: tuple[str, ...]) -> Iterator[str]:
    by = ", ".join(f"{_quoted(officers[one])}: {n}" for one, n in activity.officers.items())
    yield f"    officers: {{{by}}}"
    yield from _numbers("durations", activity.durations, 4)
    if activity.own:
        yield "    own_durations:"
        for one, values in activity.own.items():
            yield from _numbers(_quoted(officers[one]), values, 6)
    if activity.delay is not None:
        yield "    delay:"
        yield f"      kind: {activity.delay.kind}"
        yield from _numbers("delays", activity.delay.delays, 6)
        if activity.delay.kind == "clock":
            yield from _numbers("since_monday", activity.delay.ready, 6)


def _numbers(key: str, values: Ints, pad: int) -> Iterator[str]:
    """Yield a list of times as a text over several lines."""
    parts: list[str] = []
    for value, times in _runs(values.tolist()):
        seconds = f"{value // 1000}" if value % 1000 == 0 else f"{value / 1000:.3f}".rstrip("0")
        parts.append(seconds if times == 1 else f"{seconds}x{times}")
    if not parts:
        yield f'{" " * pad}{key}: ""'
        return
    yield f"{' ' * pad}{key}: >-"
    indent = " " * (pad + 2)
    yield from textwrap.wrap(
        " ".join(parts), _WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _runs(values: list[int]) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(values):
        end = place
        while end < len(values) and values[end] == values[place]:
            end += 1
        yield values[place], end - place
        place = end


def _route(route: Route) -> str:
    steps = zip(route.activities, route.after, strict=True)
    return " ".join(
        f"{activity + 1}" + ("<" + ",".join(str(x + 1) for x in after) if after else "")
        for activity, after in steps
    )


def hours_text(week: Week) -> str:
    """Return hours as text: days in a row with the same hours stand together."""
    days: list[tuple[int, int, str]] = []
    for day in range(len(_DAYS)):
        open_ = week.open[day * _DAY_SLOTS : (day + 1) * _DAY_SLOTS].astype(np.int8)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], open_, [0]]))).tolist()
        hours = " ".join(
            f"{a // 2:02}:{a % 2 * 30:02}-{b // 2:02}:{b % 2 * 30:02}"
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        )
        if days and days[-1][1:] == (day - 1, hours):
            days[-1] = (days[-1][0], day, hours)
        elif hours:
            days.append((day, day, hours))
    return ", ".join(
        f"{_DAYS[a]} {hours}" if a == b else f"{_DAYS[a]}-{_DAYS[b]} {hours}"
        for a, b, hours in days
    )


def _week(text: str) -> Week | None:
    """Return the hours that a text tells; None: it tells none."""
    open_ = np.zeros(SLOTS, np.bool_)
    for part in text.split(","):
        found = _DAY_HOURS.fullmatch(part.strip())
        names = (found[1], found[2] or found[1]) if found else ("", "")
        if found is None or not {*names} <= {*_DAYS}:
            return None
        days = range(_DAYS.index(names[0]), _DAYS.index(names[1]) + 1)
        for hours in found[3].split():
            minutes = [int(one[:2]) * 60 + int(one[3:]) for one in hours.split("-")]
            begin, end = minutes
            if not begin < end <= 24 * 60 or begin % 30 or end % 30:
                return None
            for day in days:
                first = day * _DAY_SLOTS
                open_[first + begin // 30 : first + end // 30] = True
    return Week(open_) if open_.any() else None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# --- and back -------------------------------------------------------------------------------------


def read_network(file: Path | str) -> Network:
    """Read a network from a file.

    Raises
    ------
    ScenarioError
        With every mistake in it, if it is no network that can be simulated.
    """
    path = Path(file)
    return _Reader(_data(path), str(path)).network()


def _data(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if path.is_dir():
        raise ScenarioError([Problem(tr("is a folder; name the files in it"), str(path))])
    if not path.is_file():
        raise ScenarioError([Problem(tr("no such file"), str(path))])
    if path.stat().st_size > MOST_BYTES:
        rule = tr("is larger than any fitted network ({most:,} bytes)", most=MOST_BYTES)
        raise ScenarioError([Problem(rule, str(path))])
    try:
        text = decoded(path.read_bytes())
        if text.count("{") + text.count("[") > MOST_BRACKETS:  # the parser would take minutes
            rule = tr("is no network that sim fit wrote: it holds too many brackets")
            raise ScenarioError([Problem(rule, str(path))])
        return YAML(typ="safe", pure=True).load(text)
    except ScenarioError:
        raise
    except UnicodeDecodeError:
        raise ScenarioError([Problem(tr("is not UTF-8 text"), str(path))]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        rule = tr("is no YAML: {error}", error=(str(error).splitlines() or [""])[0])
        raise ScenarioError(
            [Problem(rule, str(path), None if line is None else line + 1)]
        ) from None


class _Reader:
    """Turns the data of a file into a network; notes every mistake."""

    def __init__(self, data: Any, file: str) -> None:
        self.data, self.file = data, file
        self.problems: list[Problem] = []

    def note(self, key: str, value: object, rule: str) -> None:
        self.problems.append(Problem(rule, self.file, None, key, shorten(value)))

    def network(self) -> Network:
        parts = {"network", "hours", "arrivals", "officers", "activities", "routes"}
        if not isinstance(self.data, Mapping) or not parts <= self.data.keys():
            rule = tr(
                "is no network that sim fit wrote: it must hold {parts}",
                parts=", ".join(sorted(parts)),
            )
            raise ScenarioError([Problem(rule, self.file)])
        officers = self.mapping(self.data["officers"], "officers")
        names = {str(name): number for number, name in enumerate(officers)}
        arrivals = self.mapping(self.data["arrivals"], "arrivals")
        activities = tuple(
            self.activity(str(name), part, names)
            for name, part in self.mapping(self.data["activities"], "activities").items()
        )
        if not activities:
            self.note("activities", "", tr("must name at least one activity"))
        together = self.week(self.data["hours"], "hours")
        network = Network(
            self.origin(), activities, tuple(names),
            tuple(
                together if text == _LIKE_ALL else self.week(text, f"officers.{name}")
                for name, text in officers.items()
            ),
            together,
            self.week(arrivals.get("hours"), "arrivals.hours"),
            self.flag(arrivals.get("at_closing"), "arrivals.at_closing"),
            self.times(arrivals.get("gaps"), "arrivals.gaps"),
            self.routes(self.data["routes"], len(activities)),
        )  # fmt: skip
        if self.problems:
            raise ScenarioError(self.problems)
        return network

    def mapping(self, value: Any, key: str) -> Mapping[Any, Any]:
        if isinstance(value, Mapping):
            return value
        self.note(key, value, tr("must be a mapping (lines of 'key: value')"))
        return {}

    def origin(self) -> Origin:
        told = self.mapping(self.data["network"], "network")
        counts = {key: told.get(key) for key in ("events", "cases", "used", "overlapping")}
        for key, count in counts.items():
            if type(count) is not int or count < 0:
                self.note(f"network.{key}", count, tr("must be a whole number, not below 0"))
        instants = [self.instant(told.get(key), f"network.{key}") for key in ("first", "last")]
        return Origin(
            str(told.get("log", "")), counts["events"] or 0, counts["cases"] or 0, instants[0],
            instants[1], counts["used"] or 0,
            self.flag(told.get("starts_known"), "network.starts_known"),
            self.flag(told.get("dates_alone"), "network.dates_alone"), counts["overlapping"] or 0,
        )  # fmt: skip

    def flag(self, value: Any, key: str) -> bool:
        if not isinstance(value, bool):
            self.note(key, value, tr("must be true or false"))
        return value is True

    def instant(self, value: Any, key: str) -> dt.datetime:
        try:
            return dt.datetime.strptime(str(value), _INSTANT)
        except ValueError:
            self.note(key, value, tr("must be a time such as 2021-03-01 09:00:00"))
            return dt.datetime(1970, 1, 1)

    def activity(self, name: str, value: Any, officers: Mapping[str, int]) -> Activity:
        key = f"activities.{name}"
        part = self.mapping(value, key)
        by = self.of_officers(part.get("officers", {}), f"{key}.officers", officers)
        for one, count in by.items():
            if type(count) is not int or count < 1:
                self.note(f"{key}.officers", count, tr("must be a whole number, not below 1"))
                by[one] = 1
        own = self.of_officers(part.get("own_durations", {}), f"{key}.own_durations", officers)
        return Activity(
            name, by, self.some_times(part.get("durations"), f"{key}.durations"),
            {one: self.some_times(text, f"{key}.own_durations") for one, text in own.items()},
            self.delay(part.get("delay"), f"{key}.delay"),
        )  # fmt: skip

    def of_officers(self, value: Any, key: str, officers: Mapping[str, int]) -> dict[int, Any]:
        found = {}
        for name, said in self.mapping(value, key).items():
            if str(name) in officers:
                found[officers[str(name)]] = said
            else:
                self.note(key, name, tr("is no officer{hint}", hint=nearest(str(name), officers)))
        return found

    def delay(self, value: Any, key: str) -> Delay | None:
        if value is None:
            return None
        part = self.mapping(value, key)
        kind = part.get("kind")
        if kind not in KINDS:
            self.note(f"{key}.kind", kind, tr("must be one of: {kinds}", kinds=", ".join(KINDS)))
            return None
        delays = self.some_times(part.get("delays"), f"{key}.delays")
        if kind == "working":
            return Delay(kind, delays, np.zeros(len(delays), np.int64))
        ready = self.some_times(part.get("since_monday"), f"{key}.since_monday")
        if len(ready) != len(delays):
            self.note(
                f"{key}.since_monday",
                len(ready),
                tr("must hold as many times as delays: {count:,}", count=len(delays)),
            )
            ready = np.zeros(len(delays), np.int64)
        return Delay(kind, delays, ready)

    def some_times(self, value: Any, key: str) -> Ints:
        found = self.times(value, key)
        if not len(found):
            self.note(key, value, tr("must hold at least one time in seconds"))
            return np.zeros(1, np.int64)
        return found

    def times(self, value: Any, key: str) -> Ints:
        """Return milliseconds."""
        found: list[int] = []
        for word in str("" if value is None else value).split():
            number = _NUMBER.fullmatch(word)
            if number is None:
                self.note(key, word, tr("is no time in seconds, such as 12.5 or 30x5"))
                break
            found += [round(float(number[1]) * 1000)] * int(number[2] or 1)
            if len(found) > MOST_TIMES:
                self.note(key, word, tr("holds more than {most:,} times", most=MOST_TIMES))
                break
        return np.array(found, np.int64)

    def week(self, value: Any, key: str) -> Week:
        week = _week(str(value or ""))
        if week is None:
            rule = tr(
                "must be hours in halves, such as Mon-Thu 09:00-12:00 13:30-17:00, Fri 09:00-12:30"
            )
            self.note(key, value, rule)
            return ALWAYS
        return week

    def routes(self, value: Any, activities: int) -> tuple[Route, ...]:
        found: Counter[tuple[Any, ...]] = Counter()
        for number, line in enumerate(str(value or "").splitlines(), 1):
            if line.strip():
                read = _read_route(line.strip(), activities)
                if read is None:
                    rule = tr(
                        "must be cases and steps, such as `12: 1 2<1 3<1 4<2,3`; a step waits for "
                        "earlier ones, and activities are numbered from 1 to {count:,}",
                        count=activities,
                    )
                    self.note(f"routes[{number}]", line.strip(), rule)
                else:
                    found[read[1:]] += read[0]
        if not found and not self.problems:
            self.note("routes", "", tr("must hold at least one route"))
        return tuple(Route(cases, *key) for key, cases in sorted(found.items()))


def _read_route(
    line: str, activities: int
) -> tuple[int, tuple[int, ...], tuple[tuple[int, ...], ...]] | None:
    """Return cases, activities and what each step waits for; None: the line is no route."""
    route = _ROUTE.fullmatch(line)
    steps = [] if route is None else [_STEP.fullmatch(word) for word in route[2].split()]
    if route is None or not int(route[1]):
        return None
    done: list[int] = []
    after: list[tuple[int, ...]] = []
    for number, step in enumerate(steps):
        if step is None or not 1 <= int(step[1]) <= activities:
            return None
        waits = tuple(sorted({int(word) - 1 for word in (step[2] or "").split(",") if word}))
        if any(not 0 <= other < number for other in waits):
            return None
        done.append(int(step[1]) - 1)
        after.append(waits)
    return int(route[1]), tuple(done), tuple(after)
