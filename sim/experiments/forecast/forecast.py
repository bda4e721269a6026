"""From the open cases of a register to a forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Unpack

import numpy as np

from sim.experiments.forecast.measures import AT_RISK, measures_for
from sim.experiments.forecast.outlook import LATE, Begin, Measure, Outlook, OutlookTask
from sim.experiments.forecast.result import Forecast
from sim.experiments.forecast.rows import NotTakenRow
from sim.experiments.forecast.summing import Measured, Summing, Trial
from sim.experiments.forecast.today import from_today
from sim.experiments.run import planned_runs
from sim.process import build_process
from sim.records.open_cases import OpenRecords, open_records
from sim.records.register import Register
from sim.records.renaming import Renaming
from sim.replications.execution import Execution, progress_of
from sim.replications.model import Model
from sim.replications.notebook_progress import with_bar
from sim.replications.workers import replicate
from sim.scenario import Problem, ReadError, Scenario
from sim.translation import tr

REPLICATIONS: Final = 500
"""Replications if neither the call nor the scenario says how many."""
TRIED: Final = 50
"""Most replications in which measures are tried: the first ones."""
SCREENED: Final = 20
"""Replications after which a measure that changed nothing in them is given up."""
LOADS: Final = 50
"""Most replications of which the load of pools is measured: the first ones."""
DATED: Final = 50
"""Most replications that go on until all clocks have stopped, for dates: the first ones."""
PILOTS: Final = (0, 1, DATED, DATED + 1, DATED + 2, DATED + 3)
"""Replications that find how long a run has to be, with dates and without."""
WEEKS: Final = 8
"""Weeks of the load of pools."""
STRIDE: Final = 3
"""Steps by which the first replication is made longer."""
SPARE: Final = 1
"""Steps by which runs with dates are longer than was enough in the first two."""
FIXED_DAYS: Final = 60
"""Days whose simulation costs as much as all that does not depend on the length of a run."""


@with_bar
def forecast(
    scenario: Scenario,
    register: Register,
    *,
    date: dt.date | None = None,
    to: dt.date | None = None,
    names: Renaming | None = None,
    arrivals: bool = True,
    measures: bool = True,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> Forecast:
    """Forecast the cases that are open at a date: which of them will be late, and what saves them.

    The simulation begins with them in the morning after the date, each where the records say that
    it stands, and goes on until it is known of all whether they are late; in the first 50
    replications, from which dates come, until all their clocks have stopped.

    Parameters
    ----------
    scenario
        Process, staff and limits, from `sim.load`; its dates and backlog do not count.
    register
        From `sim.records.register_from`, or `Result.events`.
    date
        What was recorded up to the end of this date is known; default: the last event.
    to
        Last date of the load of pools; default: eight weeks later.
    names
        Names of the records that are others in the scenario, see `sim.records.read_renaming`.
    arrivals
        Whether further cases come in, as the scenario says.
    measures
        Whether to try what would save the cases at risk: in at most 50 replications.
    replications, seed
        Default: the scenario's own, else 500.
    **how
        ``jobs``, ``cluster``, ``engine``, ``progress``: see `Execution`. A store is not used.

    Returns
    -------
    Forecast
        A ranked list of open cases, what would save those at risk, and the load of every pool.

    Raises
    ------
    ReadError, ScenarioError
        If nothing of the records can be taken over, or the scenario cannot be used.
    """
    planned, seed = planned_runs(scenario, replications, seed, REPLICATIONS)
    records = open_records(register, scenario, build_process(scenario), date, names)
    model = Model(from_today(scenario, *_dates(records, to), arrivals=arrivals), records.rows)
    task = OutlookTask(model, seed, _open_cases(model, records), how.get("engine"), DATED, LOADS)
    task, known = _piloted(task, planned, how)
    others = [number for number in range(planned) if number not in known]
    known |= zip(others, _made(task, others, len(known), planned, how), strict=True)
    summing = Summing(scenario, model, seed, [known[number] for number in range(planned)])
    measured = _tried(task, summing, min(TRIED, planned) if measures else 0, how)
    return _found(task, records, summing, measured, arrivals=arrivals)


def _piloted(
    task: OutlookTask, planned: int, how: Execution
) -> tuple[OutlookTask, dict[int, Outlook]]:
    """Make a few replications; return a task whose runs have the cheapest length, and these.

    Each begins a little shorter than was enough for the one before, to see how long they have to
    be; the first one finds its length in long steps.
    """
    made: dict[int, Outlook] = {}
    enough: list[int] = []
    for number in PILOTS:
        if number < planned:
            pilot = task if made else replace(task, stride=STRIDE)
            (made[number],) = _made(pilot, [number], len(made), planned, how)
            needed = made[number].needed
            if number == 0 or number >= task.dated:
                enough.append(needed.decided)
            task = replace(task, begin=replace(needed, decided=max(needed.decided - 1, 0)))
    last = len(task.model.run_outs) - 1
    decided, ended = (
        min(one, last) for one in (_cheapest(task.model, enough), task.begin.ended + SPARE)
    )
    model = task.model.kept_to({task.model.run_outs[at] for at in (decided, ended)})
    return replace(task, model=model, begin=Begin(decided, ended, min(enough))), made


def _cheapest(model: Model, enough: Sequence[int]) -> int:
    """Return the run-out to begin with where cases are to be decided, as a position.

    `enough`: what was enough in some replications; another may need a step more. One that needs
    more than it began with is made anew, step by step. A run costs as much as it has days, and
    about as much as two months besides.
    """
    period = model.scenario.period
    window = (period.window.last - period.start).days + 1
    cost = [FIXED_DAYS + window + run_out for run_out in model.run_outs]
    ends = [*enough, max(enough) + 1]

    def expected(begin: int) -> int:
        return sum(sum(cost[begin : max(begin, end) + 1]) for end in ends)

    return min(range(max(ends) + 1), key=expected)


def _dates(records: OpenRecords, to: dt.date | None) -> tuple[dt.date, dt.date]:
    """Return the first date that is simulated, and the last one of the load of pools."""
    last = records.start + dt.timedelta(days=7 * WEEKS - 1) if to is None else to
    if last < records.start:
        raise ReadError(
            tr(
                "to: {last} lies before the first forecast date, {start}",
                last=last,
                start=records.start,
            )
        )
    return records.start, last


def _found(
    task: OutlookTask, records: OpenRecords, summing: Summing, measured: Measured, *, arrivals: bool
) -> Forecast:
    left_out = task.model.demand.backlog.left_out
    return Forecast(
        scenario=summing.scenario,
        seed=task.seed,
        replications=len(summing.outlooks),
        tried=measured.replications,
        date=records.date,
        to=task.model.scenario.period.window.last,
        arrivals=arrivals,
        received=records.received,
        open_cases=task.cases,
        left_out=len({(problem.file, problem.line) for problem in left_out}),
        failed=records.failed,
        by_steps=records.by_steps,
        case_rows=summing.cases(measured),
        saving_rows=measured.savings,
        measure_rows=measured.teams,
        load_rows=summing.loads(),
        not_taken_rows=(
            *_not_taken(left_out, left_out=True),
            *_not_taken(records.told, left_out=False),
        ),
    )


def _open_cases(model: Model, records: OpenRecords) -> int:
    """Return how many open cases the simulation begins with; ReadError if there are none."""
    given = model.demand.backlog.given
    if given is not None:
        return sum(len(of.name) for of in given[0].values())
    if not records.rows:
        raise ReadError(tr("no case is open in the evening of {date}", date=records.date))
    lines = [str(problem) for problem in model.demand.backlog.left_out[:10]]
    raise ReadError("\n".join([tr("none of the open cases fits the scenario:"), *lines]))


def _tried(task: OutlookTask, summing: Summing, replications: int, how: Execution) -> Measured:
    """Return what measures for the cases at risk bring, in the first replications.

    One that changes nothing in the first few of them is not tried in the others.
    """
    risky = summing.at_risk(AT_RISK) if replications else []
    pools = [pool for case in risky for pool in summing.pools_of(case)]
    options = tuple(measures_for(task.model, risky, pools))
    first = _trials(task, options, range(min(SCREENED, replications)), replications, how)
    changing = [number for number, trial in enumerate(first) if trial.changes_something]
    others = range(SCREENED, replications)
    more = _trials(task, [options[number] for number in changing], others, replications, how)
    whole = dict(enumerate(first))
    for number, trial in zip(changing, more, strict=False):
        whole[number] = first[number].then_also(trial)
    return summing.measures(list(whole.values()))


def _trials(
    task: OutlookTask,
    options: Sequence[tuple[Measure, Model]],
    numbers: range,
    planned: int,
    how: Execution,
) -> list[Trial]:
    """Try measures in some replications."""
    if not options or not numbers:
        return []
    begin = Begin(task.begin.least)
    trial = replace(task, dated=0, loads=0, measures=tuple(options), begin=begin)
    made = _made(trial, numbers, numbers.start, planned, how)
    now = np.array([np.isin(one.standing, LATE) for one in made])
    then = np.array([one.late_with for one in made])
    return [Trial(measure, now, then[:, number]) for number, (measure, _) in enumerate(options)]


def _made(
    task: OutlookTask, numbers: Sequence[int], done: int, planned: int, how: Execution
) -> list[Outlook]:
    """Make some of the planned replications, of which so many are done."""
    made: list[Outlook] = []
    progress = progress_of(how)
    wanted = [(task, number) for number in numbers]
    for one in replicate(wanted, how.get("jobs"), how.get("cluster")):
        made.append(one)
        if progress is not None:
            progress(done + len(made), planned)
    return made


def _not_taken(problems: Sequence[Problem], *, left_out: bool) -> list[NotTakenRow]:
    return [NotTakenRow(p.file, p.line, p.key, p.value, p.rule, left_out) for p in problems]
