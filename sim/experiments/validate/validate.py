"""From a register and a date to a validation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, Literal, Unpack

import numpy as np

from sim.engine.contract import DAY_S
from sim.experiments.run import planned_runs
from sim.experiments.validate.aspects import FAMILIES
from sim.experiments.validate.comparing import Comparing
from sim.experiments.validate.future import FutureTask, Streams, recorded_arrivals
from sim.experiments.validate.observed import OF_MATTERS, Instrument, Observed, Part, Seen
from sim.experiments.validate.result import Validation
from sim.experiments.validate.rows import LeftOutRow
from sim.limits import ClockRule, ResolvedLimit, Scope, due_clocks, resolved_limits
from sim.limits.own_limits import OwnLimits
from sim.measures.exchangeable import needed
from sim.measures.periods import Period, edges_s, periods_of
from sim.process import Process, build_process
from sim.process.graph import Mark, Node, Owner, Pause, Phase
from sim.process.levers import remaining_matters
from sim.records.history import Recorded, recorded
from sim.records.open_cases import OpenRecords, open_records
from sim.records.register import Register
from sim.records.renaming import Renaming, renamed
from sim.replications.execution import Execution, progress_of
from sim.replications.inputs import Inputs
from sim.replications.notebook_progress import with_bar
from sim.replications.workers import replicate
from sim.scenario import ReadError, Scenario
from sim.scenario.calls import checked_call
from sim.translation import tr

REPLICATIONS: Final = 199
"""Replications if neither the call nor the scenario says how many: with what was recorded, 200."""
LEVEL: Final = 0.8
"""Of prediction intervals. Of a year's months some two or three should lie outside: so many can be
counted, and tell whether the intervals are right; at 95 % hardly one would."""
ERROR: Final = 0.05
"""Probability to say that a scenario does not fit which is right."""
LEAST: Final = needed(ERROR, FAMILIES)
"""Fewest replications: with fewer, the test can never say that a scenario does not fit."""
LEAST_DAYS: Final = 28
"""Fewest days after the date."""
_UNSEEN: Final = {Pause.THIRD_PARTY: "third_party", Pause.MISSING_PAPERS: "missing_papers"}
"""Kinds of time that states do not tell from the authority's."""


@with_bar
@checked_call
def validate(
    register: Register,
    scenario: Scenario | None = None,
    *,
    start: dt.date,
    to: dt.date | None = None,
    arrivals: Literal["drawn", "replay"] = "drawn",
    level: float = LEVEL,
    uncertain: bool | None = None,
    names: Renaming | None = None,
    country: str = "CN",
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> Validation:
    """Compare the months after a date with what a scenario makes of them, which did not see them.

    The simulation begins with the cases that were open in the morning of the date. If the scenario
    is right, what was recorded is one more replication: does it stand out among them?

    Parameters
    ----------
    register
        From `sim.records.register_from`, or `Result.events`.
    scenario
        Its dates and its backlog do not count. Default: fitted to what was recorded before.
    start, to
        The first date that is compared, and the last one; default: the end of the records.
    arrivals
        ``"drawn"``: as the scenario says, and compared. ``"replay"``: as they are recorded.
    level
        Level of the prediction interval of each number by itself.
    uncertain
        Draw inputs with a range for each replication; default: if the scenario is fitted.
    names
        Names of the records that are others in the scenario, see `sim.records.read_renaming`.
    country
        Whose working days count, for a scenario that is fitted.
    replications, seed
        Default: the scenario's own, else 199.
    **how
        ``jobs``, ``cluster``, ``engine``, ``progress``: see `Execution`. A store is not used.

    Raises `ReadError` if too little was recorded on a side of the date, or no case was open then,
    and `ValueError` if there are too few replications.
    """
    last = _last_date(register, start, to)
    known = _fitted(register, start, country) if scenario is None else scenario
    planned, seed = planned_runs(known, replications, seed, REPLICATIONS)
    planned = _checked(planned, level, asked=replications is not None)
    maker = _Maker(register if names is None else renamed(register, names), known, start, last)
    drawn = scenario is None if uncertain is None else uncertain
    task = maker.task(seed, how, replay=arrivals == "replay", uncertain=drawn)
    maker.refuse_nothing_open(task)
    histories = [*_made(task, planned, how), maker.instrument.read(maker.seen(task))]
    comparing = Comparing(
        maker.instrument, histories, maker.periods, arrivals == "drawn", level, ERROR
    )
    return maker.validation(task, comparing, fitted=scenario is None)


def _checked(replications: int, level: float, *, asked: bool) -> int:
    """Return the replications, enough of them if nobody asked for fewer; else ValueError."""
    if not 0 < level < 1:
        raise ValueError(
            tr(
                "level: {level:g} must lie between 0 and 1, such as {usual:g}",
                level=level,
                usual=LEVEL,
            )
        )
    if asked and replications < LEAST:
        raise ValueError(
            tr(
                "replications: {replications} are too few to tell anything; give {least} or more",
                replications=replications,
                least=LEAST,
            )
        )
    return max(replications, LEAST)


def _fitted(register: Register, start: dt.date, country: str) -> Scenario:
    """Return the scenario of what was recorded before a date."""
    from sim.fitting.fit import fit  # loads SciPy

    before = start - dt.timedelta(days=1)
    return fit(register, name="Fitted", until=before, country=country).scenario


def _last_date(register: Register, start: dt.date, to: dt.date | None) -> dt.date:
    """Return the last date that is compared; ReadError if there is too little on a side of it."""
    if np.isnat(register.first) or np.isnat(register.now):
        raise ReadError(
            tr("the register has no event with a time: there is nothing to compare with")
        )
    begin: dt.date = register.first.astype("datetime64[D]").astype(dt.date)
    end: dt.date = register.now.astype("datetime64[D]").astype(dt.date)
    if start <= begin:
        rule = tr("nothing was recorded before it: give a date by which some cases were open")
        raise ReadError(
            tr(
                "from: {start}: the records begin on {begin}, so {rule}",
                start=start,
                begin=begin,
                rule=rule,
            )
        )
    last = end if to is None else min(to, end)
    days = (last - start).days + 1
    if days < LEAST_DAYS:
        upto = (
            tr("the records end on {end}", end=end)
            if last == end
            else tr("the comparison ends on {last}", last=last)
        )
        least = last - dt.timedelta(days=LEAST_DAYS - 1)
        found = (
            tr("none") if days < 1 else tr("one day") if days == 1 else tr("{days} days", days=days)
        )
        rule = tr(
            "{least_days} days or more are needed: give {least} or earlier",
            least_days=LEAST_DAYS,
            least=least,
        )
        raise ReadError(
            tr(
                "from: {start}: {upto}, so {found} can be compared; {rule}",
                start=start,
                upto=upto,
                found=found,
                rule=rule,
            )
        )
    return last


def _made(task: FutureTask, planned: int, how: Execution) -> Iterator[Observed]:
    progress = progress_of(how)
    wanted = [(task, number) for number in range(planned)]
    made = replicate(wanted, how.get("jobs"), how.get("cluster"))
    for done, one in enumerate(made, 1):
        yield one
        if progress is not None:
            progress(done, planned)


class _Maker:
    """What both sides of a validation are made of."""

    def __init__(
        self, register: Register, scenario: Scenario, start: dt.date, last: dt.date
    ) -> None:
        self.register, self.scenario, self.start, self.last = register, scenario, start, last
        self.process = build_process(scenario)
        until = np.datetime64(dt.datetime.combine(last, dt.time(23, 59, 59)), "ms")
        self.recorded: Recorded = recorded(register, scenario, until=until)
        self.open: OpenRecords = open_records(
            register, scenario, self.process, start - dt.timedelta(days=1)
        )
        self.periods: tuple[Period, ...] = periods_of(start, last)
        self.left_out: list[LeftOutRow] = []
        self.instrument = self._instrument()

    def _instrument(self) -> Instrument:
        matters = tuple(
            Part(name, matter, spec.department)
            for name, case_type in self.scenario.case_types.items()
            for matter, spec in remaining_matters(self.scenario, case_type).items()
        )
        parts = {(part.case_type, part.name): part for part in matters}
        own = {
            one.limit.name: parts[one.limit.case_type, one.name]
            for one in OwnLimits.of(self.scenario).decisive
        }
        decisive = [one.limit for one in OwnLimits.of(self.scenario).decisive]
        limits = [*resolved_limits(self.scenario), *decisive]
        named = {part: name for name, part in own.items()}
        return Instrument(
            scenario=self.scenario,
            limits=tuple(limit for limit in limits if self._readable(limit, own.get(limit.name))),
            own=own,
            matters=matters,
            clocks_of=tuple(
                number
                for number, part in enumerate(matters)
                if part not in named and self._tells("matter", part.name, part.scope, OF_MATTERS)
            ),
            resumed=frozenset(
                limit.name
                for limit in limits
                if limit.rule.resumes and limit.scope == self._paused_scope(limit.case_type)
            ),
            edges_s=edges_s(self.periods, self.start),
        )

    def _paused_scope(self, case_type: str) -> Scope:
        """Return the scope for which the records tell how long clocks have paused."""
        graph = self.process.graphs[self.process.case_types.index(case_type)]
        return due_clocks(self.scenario, graph)[0].scope

    def _readable(self, limit: ResolvedLimit, part: Part | None) -> bool:
        of, name = ("limit", limit.name) if part is None else ("matter", part.name)
        return self._tells(of, name, limit.scope, limit.rule)

    def _tells(self, of: str, name: str, scope: Scope, rule: ClockRule) -> bool:
        """Tell whether the records show what a clock counts; note why not."""
        reason = _untold(rule, scope, self.process, self.register)
        if reason and not self.recorded.by_steps:
            self.left_out.append(LeftOutRow(of, name, scope.case_type, reason))
            return False
        return True

    def task(self, seed: int, how: Execution, *, replay: bool, uncertain: bool) -> FutureTask:
        """Return how the months after the date are simulated."""
        arrivals: Streams | None = None
        if replay:
            arrivals = recorded_arrivals(self.scenario, self.recorded, self.start)
        return FutureTask(
            scenario=self.scenario,
            start=self.start,
            last=self.last,
            rows=self.open.rows,
            arrivals=arrivals,
            seed=seed,
            engine=how.get("engine"),
            inputs=Inputs(self.scenario) if uncertain else None,
            instrument=self.instrument,
        )

    def refuse_nothing_open(self, task: FutureTask) -> None:
        """Raise ReadError if the simulation cannot begin with any open case."""
        if not self.open.rows:
            raise ReadError(
                tr(
                    "no case was open in the evening of {date}: a validation begins with "
                    "the open cases; give another date, or records that show when cases "
                    "were received",
                    date=self.open.date,
                )
            )
        if not self._taken(task):
            lines = [str(problem) for problem in task.model.demand.backlog.left_out[:10]]
            raise ReadError("\n".join([tr("none of the open cases fits the scenario:"), *lines]))

    def _taken(self, task: FutureTask) -> set[str]:
        """Return the names of the open cases with which the simulation begins."""
        given = task.model.demand.backlog.given
        return set() if given is None else {name for of in given[0].values() for name in of.name}

    def seen(self, task: FutureTask) -> Seen:
        """Return the recorded history: the cases that the simulation begins with, and others."""
        history, cases = self.recorded.history, self.register.cases["case"].astype(str)
        row = self.recorded.row
        names = np.array([cases.iloc[n] or f"{n + 1}" for n in row.tolist()], object)
        offset = (self.start - self.recorded.origin).days * DAY_S
        later = history.demand.workload.arrival_s >= offset
        at_start = ~later & np.isin(names.astype(str), sorted(self._taken(task)))
        return Seen(history, offset, at_start, at_start | later)

    def validation(self, task: FutureTask, comparing: Comparing, *, fitted: bool) -> Validation:
        """Return the result."""
        seen, left_out = self.seen(task), task.model.demand.backlog.left_out
        clock_rows = tuple(comparing.clocks())
        return Validation(
            scenario=self.scenario,
            fitted=fitted,
            uncertain=task.inputs is not None,
            seed=task.seed,
            replications=len(comparing.histories) - 1,
            first=self.start,
            last=self.last,
            arrivals="drawn" if task.arrivals is None else "replay",
            level=comparing.level,
            error=comparing.error,
            p_value=comparing.test.p_value,
            received=int((seen.counted & ~seen.at_start).sum()),
            open_cases=len(self._taken(task)),
            left_out=len({(problem.file, problem.line) for problem in left_out}),
            by_steps=self.recorded.by_steps,
            comparison_rows=tuple(comparing.comparisons()),
            clock_rows=clock_rows,
            distribution_rows=tuple(comparing.distributions()),
            left_out_rows=tuple(self.left_out),
        )


def _untold(rule: ClockRule, scope: Scope, process: Process, register: Register) -> str:
    """Return why states do not tell what a clock counts; "" if they do."""
    graph = process.graphs[process.case_types.index(scope.case_type)]
    nodes = [
        node
        for node in graph.nodes
        if scope.matters is None or not set(scope.matters).isdisjoint(node.serves)
    ]
    if rule.stop == Mark.DELIVERY and any(map(_takes_time_after, nodes)):
        return "delivery"
    for pause, reason in _UNSEEN.items():
        if any(node.pause is pause for node in nodes) and pause in rule.pauses:
            return reason
    if rule.unit == "h" and bool(register.events["day_only"].any()):
        return "hours"
    return ""


def _takes_time_after(node: Node) -> bool:
    """Whether a step after the decision takes time before the certificate is handed over."""
    if node.phase is not Phase.AFTER or node.owner is Owner.SUPERVISION:
        return False
    return node.pool is not None or any(
        term.distribution.constant is None or term.distribution.constant.seconds > 0
        for term in node.terms
    )
