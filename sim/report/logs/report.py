"""The reports on a network that was fitted to an event log, and on simulated logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.logs.distances import NAMES, summary
from sim.logs.remarks import remarks_on
from sim.report.blocks import Column, Line, Part, Report, Table, number
from sim.report.language import Language
from sim.report.logs.words import say
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from sim.logs.choice import Choice
    from sim.logs.event_log import EventLog
    from sim.logs.network import Activity

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, eq=False)
class HeldOut:
    """How simulated logs compare with the part of a log that was held out."""

    before: EventLog
    after: EventLog
    rows: Sequence[Mapping[str, float]]
    """Distances of each simulated log."""


def moment(ms: int) -> str:
    """Return an instant to the minute."""
    at = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(ms))
    return at.isoformat(" ", "minutes")


def network_report(
    choice: Choice, log: EventLog, language: Language, held_out: HeldOut | None = None
) -> Report:
    """Return what was fitted, why so, what the log does not tell, and how it foretells."""
    network = choice.network
    counts = say(
        "counts", language, log=printable(network.origin.log), cases=len(log.cases),
        events=len(log), activities=len(network.activities), officers=len(network.officers),
        first=moment(log.start.min()), last=moment(log.end.max()),
    )  # fmt: skip
    routes = say(
        "routes", language, routes=len(network.routes), overlapping=network.origin.overlapping
    )
    remarks = tuple(
        Line(say(one.kind, language, number=_whole(one.number)), "notice")
        for one in remarks_on(choice, log)
    )
    parts = [Part(remarks, say("remarks", language))]
    if held_out is not None:
        parts.append(_held_out(held_out, language))
    parts.append(Part((_activities(choice, log, language),)))
    if choice.trials:
        parts.append(Part((_trials(choice, language),)))
    return Report(say("title", language), (Line(counts), Line(routes)), tuple(parts))


def _whole(value: float) -> float:
    """Return a whole number as such: words are counted by it."""
    return int(value) if value.is_integer() else value


def _held_out(held_out: HeldOut, language: Language) -> Part:
    before, after = held_out.before, held_out.after
    line = say(
        "held_line", language, before=len(before.cases), after=len(after.cases),
        instant=moment(before.last_end.max()), logs=len(held_out.rows),
    )  # fmt: skip
    table = _distances(held_out.rows, say("held_out", language), language)
    return Part((Line(line), table))


def _activities(choice: Choice, log: EventLog, language: Language) -> Table:
    columns = (
        Column(say("activity", language)),
        number(say("events", language)),
        number(say("officers", language)),
        number(say("duration", language)),
        Column(say("begins", language)),
        number(say("delay", language)),
    )
    counts = np.bincount(log.activity, minlength=len(log.activities))
    used = {step for route in choice.network.routes for step in route.activities}
    rows = tuple(
        (
            printable(one.name),
            f"{counts[place]:,}",
            f"{len(one.officers):,}" if one.officers else "–",
            f"{np.median(one.durations) / MINUTE_MS:,.1f}" if place in used else "–",
            say(_begins(one) if place in used else "unused", language),
            "–" if one.delay is None else f"{np.median(one.delay.delays) / HOUR_MS:,.1f}",
        )
        for place, one in enumerate(choice.network.activities)
    )
    return Table(columns, rows, say("activities", language))


def _begins(activity: Activity) -> str:
    if activity.delay is not None:
        return f"after_{activity.delay.kind}"
    return "when_free" if activity.officers else "when_ready"


def _trials(choice: Choice, language: Language) -> Table:
    columns = (
        Column(say("share", language)),
        *(number(name) for name in NAMES),
        Column(""),
    )
    rows = tuple(
        (
            f"{trial.share:.0%}",
            *(_number(trial.distances[name]) for name in NAMES),
            say("used", language) if trial.share == choice.share else "",
        )
        for trial in choice.trials
    )
    return Table(columns, rows, say("trials", language))


def _distances(rows: Sequence[Mapping[str, float]], title: str, language: Language) -> Table:
    columns = (
        Column(say("distance", language)),
        number(say("mean", language)),
        number(say("spread", language)),
        Column(say("unit", language)),
    )
    cells = tuple(
        (
            say(name, language), _number(mean), _number(spread),
            say("part" if name == "NGD" else "hours", language),
        )
        for name, (mean, spread) in summary(rows).items()
    )  # fmt: skip
    return Table(columns, cells, title)


def _number(value: float) -> str:
    """Return a distance with three figures."""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:,.1f}"


def distances_report(
    name: str, recorded: EventLog, rows: Sequence[Mapping[str, float]], language: Language
) -> Report:
    """Return how far simulated logs are from a recorded one."""
    line = say(
        "against_line", language, cases=len(recorded.cases), since=moment(recorded.arrival[0]),
        logs=len(rows),
    )  # fmt: skip
    title = say("against", language, log=printable(name))
    return Report(title, (Line(line),), (Part((_distances(rows, "", language),)),))


def simulated_report(log: EventLog, language: Language) -> Report:
    """Return what a simulated log holds."""
    line = say(
        "simulated_line", language, cases=len(log.cases), events=len(log),
        first=moment(log.start.min()), last=moment(log.end.max()),
    )  # fmt: skip
    return Report(say("simulated", language), (Line(line),), ())


def network_data(choice: Choice, log: EventLog, held_out: HeldOut | None = None) -> dict[str, Any]:
    """Return a fit as plain data."""
    network = choice.network
    return {
        "log": network.origin.log,
        "cases": len(log.cases),
        "events": len(log),
        "used_cases": network.origin.used,
        "officers": len(network.officers),
        "routes": len(network.routes),
        "delay": choice.delay,
        "reproduced": choice.reproduced,
        "share": choice.share,
        "trials": [{"share": one.share, **one.distances} for one in choice.trials],
        "activities": [
            {"activity": one.name, "officers": len(one.officers), "begins": _begins(one)}
            for one in network.activities
        ],
        "remarks": [{"kind": one.kind, "number": one.number} for one in remarks_on(choice, log)],
        "held_out": None if held_out is None else distances_data(held_out.after, held_out.rows),
    }


def distances_data(recorded: EventLog, rows: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return distances as plain data."""
    found = {
        name: {"mean": mean, "standard_deviation": spread}
        for name, (mean, spread) in summary(rows).items()
    }
    return {"cases": len(recorded.cases), "logs": len(rows), "distances": found}


def network_topics(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the words of the report that need an explanation, each with it."""
    return ((say("read_distances", language), say("read_distances_text", language)),)


def simulated_data(log: EventLog) -> dict[str, Any]:
    """Return what a simulated log holds, as plain data."""
    return {
        "cases": len(log.cases),
        "events": len(log),
        "first": moment(log.start.min()),
        "last": moment(log.end.max()),
    }
