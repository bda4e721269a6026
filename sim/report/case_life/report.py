"""The report on the life of one case: its steps, or every event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.engine.contract import OPEN
from sim.experiments.case_life.life import CaseLife
from sim.report.blocks import Column, Line, Part, Report, Table, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.words import say


def case_life_report(life: CaseLife, language: Language) -> Report:
    """Return the steps of a case with their times, and the clocks that decide."""
    labels = Labels(life.scenario, language)
    clocks = (
        Line(f"{labels.limit(clock.limit.name)}: {clock.value:g} {say(clock.unit, language)}")
        for clock in life.clocks
    )
    under = (*_attributes(life, labels), Line(labels.text(life.scenario.name), "faint"), *clocks)
    return Report(_title(life, labels), under, (Part((_steps_table(life, labels),)),))


def case_events_report(life: CaseLife, language: Language) -> Report:
    """Simulate the replication again; return every event of a case, and its days on all clocks."""
    labels = Labels(life.scenario, language)
    parts = (Part((_events_table(life, labels),)), Part(tuple(_clock_lines(life, labels))))
    return Report(_title(life, labels), _attributes(life, labels), parts)


def _title(life: CaseLife, labels: Labels) -> str:
    name = "" if life.name is None else f" ({life.name})"
    return f"{labels.case_type(life.case_type)} {life.case}{name}"


def _attributes(life: CaseLife, labels: Labels) -> tuple[Line, ...]:
    """Return the case's attributes as one line, if it has any."""
    listed = ", ".join(
        f"{labels.attribute(attribute)}: {labels.value(attribute, value)}"
        for attribute, value in life.attributes.items()
    )
    return (Line(listed, "faint"),) if listed else ()


def _steps_table(life: CaseLife, labels: Labels) -> Table:
    def at(time_s: int) -> str:
        return "" if time_s == OPEN else _instant(life.instant(time_s), labels.language)

    say = labels.say
    return table_of(
        life.steps,
        [
            (Column(say("step")), lambda step: labels.step(step.name)),
            (Column(say("where")), lambda step: _place(step.pool, step.officer, labels)),
            (Column(say("event_ready")), lambda step: at(step.ready_s)),
            (Column(say("event_start")), lambda step: at(step.start_s)),
            (Column(say("event_end")), lambda step: at(step.end_s)),
        ],
    )


def _events_table(life: CaseLife, labels: Labels) -> Table:
    say = labels.say
    return table_of(
        life.events,
        [
            (Column(say("time")), lambda event: _instant(life.instant(event.t), labels.language)),
            (number(say("wd")), lambda event: str(event.working_day)),
            (Column(say("event")), lambda event: say(f"event_{event.name}")),
            (Column(say("step")), lambda event: labels.step(event.step or "")),
            (Column(say("where")), lambda event: _place(event.pool, event.officer, labels)),
        ],
    )


def _place(pool: str | None, officer: str | None, labels: Labels) -> str:
    if officer is not None:
        return labels.officer(officer)
    return "" if pool is None else labels.pool(pool)


def _instant(instant: dt.datetime, language: Language) -> str:
    weekday = say("weekdays", language).split()[instant.weekday()]
    return f"{weekday} {instant:%Y-%m-%d %H:%M:%S}"


def _clock_lines(life: CaseLife, labels: Labels) -> Iterator[Line]:
    """Yield the days of each limit on all clocks."""
    say = labels.say
    for clock in life.clocks:
        days = (
            f"{labels.clock(name)} {used:g} {say(clock.units[name])}"
            for name, used in clock.days.items()
        )
        yield Line(f"{labels.limit(clock.limit.name)}: {', '.join(days)}")
