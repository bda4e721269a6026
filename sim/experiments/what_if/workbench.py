"""A scenario and variants of it on the same random numbers, answered step by step."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sim.experiments.compare.comparison import Comparison, compare_results
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.replications.workers import Task
from sim.results.run import Result
from sim.scenario import Scenario, vary

START: Final = "start"
"""Name of the scenario itself in a comparison."""
TRIED: Final = "tried"
"""Name of the variant."""
LOOKS: Final = (2, 6, 20, 60)
"""Replications of the first answers; the last answer has the number that is asked for."""
MOST_KEPT: Final = 40
"""Variants whose replications are kept: going back to one of them costs nothing."""


@dataclass(eq=False)
class _Run:
    """A scenario and its replications so far."""

    task: Task
    summaries: list[Summary] = field(default_factory=list)

    def make_one(self) -> None:
        self.summaries.append(self.task.replicate(len(self.summaries)).summary)

    def result(self, replications: int) -> Result:
        made = tuple(self.summaries[:replications])
        return Result(self.task.model, self.task.seed, made, {})


class Workbench:
    """Answers what a scenario would do with other values.

    The scenario and every variant meet the same random numbers, so that what differs is the change.
    The answer to given settings from a given number of replications is always the same: that of
    `sim.compare`.
    """

    def __init__(
        self, scenario: Scenario, replications: int, seed: int, confidence: float = 0.95
    ) -> None:
        """`replications`: of the last answer, at least 2; `confidence`: of all intervals."""
        self.scenario = scenario
        self.confidence = confidence
        self.looks = (*(look for look in LOOKS if look < replications), replications)
        """Replications of the answers, one after another."""
        self._start = _Run(Task(Model(scenario), seed, "limits"))
        self._runs: OrderedDict[str, _Run] = OrderedDict()

    @property
    def replications(self) -> int:
        """Replications of the last answer."""
        return self.looks[-1]

    def variant(self, settings: Mapping[str, Any]) -> Scenario:
        """Return the scenario with these values; `ScenarioError` if they do not go together."""
        return vary(self.scenario, settings) if settings else self.scenario

    def answers(self, settings: Mapping[str, Any]) -> Iterator[Comparison | None]:
        """Yield the answers of `looks`, and None after each replication in between.

        Whoever wants no further answer stops to ask; what was made is kept. Answers that need no
        further replication are left out but for the last of them.

        Parameters
        ----------
        settings
            Path → value, as for `sim.vary`; none: the scenario itself.

        Raises
        ------
        ScenarioError
            If the values do not go together.
        """
        run = self._run(settings)
        for place, look in enumerate(self.looks):
            following = self.looks[place + 1 : place + 2]
            if following and min(map(_made, (self._start, run))) >= following[0]:
                continue
            for each in (self._start, run):
                while _made(each) < look:
                    each.make_one()
                    yield None
            yield self._compared(run, look)

    def prepare(self, settings: Mapping[str, Any]) -> Iterator[None]:
        """Make the first look at settings that may be asked for next, one replication a step.

        Raises `ScenarioError` if the values do not go together.
        """
        run = self._run(settings)
        while _made(run) < self.looks[0]:
            run.make_one()
            yield None

    def first(self) -> Result:
        """Return the first look at the scenario itself."""
        for _ in self.prepare({}):
            pass
        return self._start.result(self.looks[0])

    def _compared(self, run: _Run, look: int) -> Comparison:
        results = {START: self._start.result(look), TRIED: run.result(look)}
        return compare_results(results, self.confidence)

    def _run(self, settings: Mapping[str, Any]) -> _Run:
        """Return the run of a variant: the one that is kept, or a new one."""
        if not settings:
            return self._start
        key = repr(sorted(settings.items()))
        if key not in self._runs:
            scenario, start = self.variant(settings), self._start.task
            model = self._model(scenario, settings)
            self._runs[key] = _Run(Task(model, start.seed, start.keep, start.engine))
        self._runs.move_to_end(key)
        while len(self._runs) > MOST_KEPT:
            self._runs.popitem(last=False)
        return self._runs[key]

    def _model(self, scenario: Scenario, settings: Mapping[str, Any]) -> Model:
        """Return the model of a variant; it shares with the start what the settings leave alone."""
        start = self._start.task.model
        parts = {path.partition(".")[0] for path in settings}
        if parts <= {"staff"}:
            return start.restaffed(scenario)
        same_days = parts <= {"staff", "case_types", "handling", "limits"}
        return start.alike(scenario) if same_days else Model(scenario)


def _made(run: _Run) -> int:
    return len(run.summaries)
