"""Scenarios written in a test, and what became of their cases."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent

from sim.clocks import History
from sim.demand import Demand
from sim.engine.contract import OPEN
from sim.measures.checks import run_checks
from sim.process.graph import Mark, Node, Outcome
from sim.replications.model import Model
from sim.scenario import Scenario, load

DAY = 86_400


def scenario(*texts: str, settings: tuple[str, ...] = (), **files: bytes) -> Scenario:
    """Load a scenario from YAML texts, one laid over the other; `files` lie beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            extends = f"extends: s{number - 1}.yaml\n" if number else ""
            (folder / f"s{number}.yaml").write_text(extends + dedent(text), encoding="utf-8")
        for file, content in files.items():
            (folder / file.replace("__", ".")).write_bytes(content)
        loaded = load(folder / f"s{len(texts) - 1}.yaml", settings=settings)
        if files:  # data files are read when they are first needed
            Model(loaded).demand.draw(1, 0)
        return loaded


@dataclass(frozen=True)
class Story:
    """One replication, told by the names of steps."""

    model: Model
    replication: History

    @property
    def demand(self) -> Demand:
        return self.replication.demand

    @cached_property
    def nodes(self) -> list[Node]:
        return [self.model.process.nodes[number] for number in self.demand.node]

    def items(self, case: int) -> dict[str, int]:
        first, last = self.demand.workload.first_item[case : case + 2]
        return {self.nodes[item].name: item for item in range(first, last)}

    def minutes(self, case: int = 0) -> dict[str, tuple[float, float]]:
        """Return (start, end) of every item in minutes from the beginning."""
        schedule = self.replication.schedule
        return {
            name: (schedule.start[item] / 60, schedule.end[item] / 60)
            for name, item in self.items(case).items()
        }

    def table(self, case: int = 0) -> list[str]:
        """Return ``name | ready | start | end`` of every item, in order of the graph."""
        s = self.replication.schedule
        return [
            " | ".join((name, *(self._clock(int(t[item])) for t in (s.ready, s.start, s.end))))
            for name, item in self.items(case).items()
        ]

    def _clock(self, t: int) -> str:
        midnight = dt.datetime.combine(self.model.scenario.period.start, dt.time())
        instant = midnight + dt.timedelta(seconds=t)
        return "never" if t == OPEN else f"{instant:%m-%d %X}".removesuffix(":00")

    def marked(self, mark: Mark, case: int = 0) -> list[str]:
        marks = self.demand.marks
        return [name for name, item in self.items(case).items() if marks[item] & mark]

    def outcome(self, case: int = 0) -> Outcome:
        return Outcome(int(self.demand.outcome[case]))


def run(*texts: str, seed: int = 1, number: int = 0, settings: tuple[str, ...] = ()) -> Story:
    """Simulate one replication; every check must hold."""
    model = Model(scenario(*texts, settings=settings))
    done = model.replicate(seed, number)
    checks = run_checks(done, done.horizon_s)
    assert all(check.ok for check in checks), checks
    return Story(model, done)
