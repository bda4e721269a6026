"""One case's life, event by event, as the engine lived it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sim.clocks import History
from sim.engine import DAY_S, DELAY, NO_OFFICER, OPEN, EventKind
from sim.engine.legal_periods import Tacit
from sim.experiments import Model
from sim.experiments.case_life.life import (
    CaseLife,
    StepLife,
    attributes_of,
    backlog_names,
    chosen_case,
)
from sim.limits import CLOCKS
from sim.process import Mark
from sim.replications.summary import read_limits
from sim.report.labels import Labels
from sim.report.words import Language, say


@dataclass
class EventLog:
    """An observer that remembers every event of the run."""

    events: list[tuple[int, EventKind, int, int, int]] = field(default_factory=list)

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        """Remember one event."""
        self.events.append((t, kind, case, item, officer))


def case_life(model: Model, seed: int, case: str | None, language: Language) -> RenderableType:
    """Run the first replication and tell the life of one case.

    `case` is its name in the backlog, or its number; default: the first measured case.

    Raises
    ------
    ScenarioError
        If there is no such case.
    """
    log = EventLog()
    history = model.replicate(seed, 0, log)
    number = chosen_case(history, case)
    return Group(
        _heading(model, history, number, language),
        Text(""),
        _events(model, history, log, number, language),
        Text(""),
        _clocks(model, history, number, language),
    )


def _heading(model: Model, history: History, case: int, language: Language) -> Text:
    name = model.process.case_types[int(history.demand.case_type[case])]
    attributes = attributes_of(history, case)
    known = backlog_names(history).get(case)
    return _title(Labels(model.scenario, language), name, case, known, attributes)


def _title(
    labels: Labels, case_type: str, case: int, known: str | None, attributes: Mapping[str, str]
) -> Text:
    title = f"{labels.case_type(case_type)} {case}" + (f" ({known})" if known else "")
    listed = ", ".join(
        f"{labels.attribute(attribute)}: {labels.value(attribute, value)}"
        for attribute, value in attributes.items()
    )
    return Text.assemble((title, "bold"), "  ", (listed, "dim"))


def steps_text(life: CaseLife, language: Language) -> RenderableType:
    """Return the steps of a case with their times, and its clocks that decide."""
    labels = Labels(life.scenario, language)
    clocks = [
        Text(f"{labels.limit(each.limit.name)}: {each.value} {say(each.unit, language)}")
        for each in life.clocks
    ]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("step", "where", "event_ready", "event_start", "event_end"):
        table.add_column(say(column, language))
    for step in life.steps:
        table.add_row(
            escape(labels.step(step.name)),
            escape(_where(step, labels)),
            *(
                "" if t == OPEN else _when(life.instant(t), language)
                for t in (step.ready_s, step.start_s, step.end_s)
            ),
        )
    title = _title(labels, life.case_type, life.case, life.name, life.attributes)
    return Group(title, Text(labels.text(life.scenario.name), "dim"), *clocks, table)


def _where(step: StepLife, labels: Labels) -> str:
    if step.officer is not None:
        return labels.officer(step.officer)
    return "" if step.pool is None else labels.pool(step.pool)


def _when(instant: dt.datetime, language: Language) -> str:
    weekday = say("weekdays", language).split()[instant.weekday()]
    return f"{weekday} {instant:%Y-%m-%d %H:%M:%S}"


def _events(model: Model, history: History, log: EventLog, case: int, language: Language) -> Table:
    demand, days = history.demand, model.working_days
    labels = Labels(model.scenario, language)
    first = int(demand.workload.arrival_s[case]) // DAY_S
    midnight = dt.datetime.combine(model.scenario.period.start, dt.time())
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("time", "wd", "event", "step", "where"):
        table.add_column(say(column, language), justify="right" if column == "wd" else "left")
    for t, kind, of, item, officer in log.events:
        if of == case and not _says_nothing(history, kind, item, officer, t):
            table.add_row(
                _when(midnight + dt.timedelta(seconds=t), language),
                str(days.count(first, t // DAY_S)),
                say(_event(history, kind, item, t), language),
                escape(_step(model, history, item, labels)) if item >= 0 else "",
                escape(_place(model, history, item, officer, labels)),
            )
    return table


def _says_nothing(history: History, kind: EventKind, item: int, officer: int, t: int) -> bool:
    """Tell a wait of no time; and the begin of work that nobody begins, as silence ends it."""
    if kind is EventKind.READY:
        return int(history.schedule.start[item]) == t
    is_work = item >= 0 and int(history.demand.workload.pool[item]) != DELAY
    return kind is EventKind.START and is_work and officer == NO_OFFICER


def _event(history: History, kind: EventKind, item: int, t: int) -> str:
    """Return the word for an event, a key of `WORDS`."""
    if kind is not EventKind.END:
        return f"event_{kind.name.lower()}"
    if t == _silence(history, item):
        return "event_silence"
    marks = Mark(int(history.demand.marks[item]))
    told = (Mark.ACCEPTANCE, Mark.DECISION, Mark.DELIVERY)
    return next((f"event_{mark.name}".lower() for mark in told if mark in marks), "event_end")


def _silence(history: History, item: int) -> int | None:
    """Return the instant at which silence about the item counts as consent, if it can.

    Work that is done in that very second is told as silence: for all that follows it is the same.
    """
    workload = history.demand.workload
    if workload.tacit_wd is None or int(workload.pool[item]) == DELAY:
        return None
    return Tacit(workload).lapse(item, int(history.schedule.ready[item]))


def _step(model: Model, history: History, item: int, labels: Labels) -> str:
    return labels.step(model.process.nodes[int(history.demand.node[item])].name)


def _place(model: Model, history: History, item: int, officer: int, labels: Labels) -> str:
    if officer >= 0:
        return labels.officer(model.supply.officers[officer].name)
    pool = int(history.demand.workload.pool[item]) if item >= 0 else -1
    return labels.pool(model.pools.names[pool]) if pool >= 0 else ""


def _clocks(model: Model, history: History, case: int, language: Language) -> RenderableType:
    labels, lines = Labels(model.scenario, language), []
    for limit in read_limits(model, history):
        position = np.flatnonzero(limit.readings.case == case)
        if not len(position):
            continue
        values = ", ".join(
            f"{say(name, language)} {int(limit.readings.clocks[name].value[position[0]])} "
            f"{say(rule.unit, language)}"
            for name, rule in CLOCKS.items()
        )
        lines.append(Text(f"{labels.limit(limit.name)}: {values}"))
    return Group(*lines)
