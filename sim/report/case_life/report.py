"""What the report on the life of one case says: its steps, or every event."""

from __future__ import annotations

import datetime as dt

from sim.engine.contract import OPEN
from sim.experiments.case_life.life import CaseLife
from sim.limits import CLOCKS
from sim.report.blocks import Column, Line, Part, Report, Row, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.words import say


def case_life_report(life: CaseLife, language: Language) -> Report:
    """Return the steps of a case with their times, and the clocks that decide."""
    labels = Labels(life.scenario, language)
    clocks = (
        Line(f"{labels.limit(clock.limit.name)}: {clock.value} {say(clock.unit, language)}")
        for clock in life.clocks
    )
    under = (
        *_attributes(life, labels),
        Line(labels.text(life.scenario.name), "faint"),
        *clocks,
    )
    return Report(_title(life, labels), under, (Part((_steps_table(life, labels),)),))


def case_events_report(life: CaseLife, language: Language) -> Report:
    """Return every event of a case, and its days on all clocks.

    The replication is simulated again.
    """
    labels = Labels(life.scenario, language)
    parts = (Part((_events_table(life, labels),)), Part(tuple(_clock_lines(life, labels))))
    return Report(_title(life, labels), _attributes(life, labels), parts)


def _title(life: CaseLife, labels: Labels) -> str:
    name = "" if life.name is None else f" ({life.name})"
    return f"{labels.case_type(life.case_type)} {life.case}{name}"


def _attributes(life: CaseLife, labels: Labels) -> tuple[Line, ...]:
    """Return a line of the case's attributes, if it has any."""
    listed = ", ".join(
        f"{labels.attribute(attribute)}: {labels.value(attribute, value)}"
        for attribute, value in life.attributes.items()
    )
    return (Line(listed, "faint"),) if listed else ()


def _steps_table(life: CaseLife, labels: Labels) -> Table:
    keys = ("step", "where", "event_ready", "event_start", "event_end")
    rows = tuple(
        (
            labels.step(step.name),
            _place(step.pool, step.officer, labels),
            *(
                "" if t == OPEN else _instant(life.instant(t), labels.language)
                for t in (step.ready_s, step.start_s, step.end_s)
            ),
        )
        for step in life.steps
    )
    return Table(tuple(Column(say(key, labels.language)) for key in keys), rows)


def _events_table(life: CaseLife, labels: Labels) -> Table:
    language = labels.language
    columns = (
        Column(say("time", language)),
        Column(say("wd", language), number=True),
        *(Column(say(key, language)) for key in ("event", "step", "where")),
    )
    rows: tuple[Row, ...] = tuple(
        (
            _instant(life.instant(event.t), language),
            str(event.working_day),
            say(f"event_{event.name}", language),
            "" if event.step is None else labels.step(event.step),
            _place(event.pool, event.officer, labels),
        )
        for event in life.events
    )
    return Table(columns, rows)


def _place(pool: str | None, officer: str | None, labels: Labels) -> str:
    if officer is not None:
        return labels.officer(officer)
    return "" if pool is None else labels.pool(pool)


def _instant(instant: dt.datetime, language: Language) -> str:
    weekday = say("weekdays", language).split()[instant.weekday()]
    return f"{weekday} {instant:%Y-%m-%d %H:%M:%S}"


def _clock_lines(life: CaseLife, labels: Labels) -> list[Line]:
    """Return the days of each limit on all clocks."""
    language = labels.language
    return [
        Line(
            f"{labels.limit(clock.limit.name)}: "
            + ", ".join(
                f"{say(name, language)} {days} {say(CLOCKS[name].unit, language)}"
                for name, days in clock.days.items()
            )
        )
        for clock in life.clocks
    ]
