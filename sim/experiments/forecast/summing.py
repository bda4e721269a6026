"""From the replications of a forecast to its rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import WorkingDays
from sim.demand.backlog import NOT_YET, Carried
from sim.engine.contract import DAY_S
from sim.experiments.forecast.measures import setting
from sim.experiments.forecast.outlook import BINDS, Measure, Outlook, late_share
from sim.experiments.forecast.rows import (
    CaseForecastRow,
    MeasureRow,
    PoolLoadRow,
    SavingRow,
)
from sim.limits import ResolvedLimit, resolved_limits
from sim.measures.contrasts import Estimate
from sim.measures.days import OWNER_PREFIX
from sim.measures.shares import clopper_pearson
from sim.process.graph import Node
from sim.replications.model import Model
from sim.scenario import Scenario, calendar_of, with_run_out

CONFIDENCE: Final = 0.95
_Z: Final = 1.959964
LATEST: Final = 0.9
NAN: Final = math.nan


@dataclass(frozen=True)
class Measured:
    """What measures bring; `best`: (limit, case) → the best one and the probability with it."""

    savings: tuple[SavingRow, ...]
    teams: tuple[MeasureRow, ...]
    best: dict[tuple[int, int], SavingRow]
    replications: int
    """The most in which one was tried; 0: none was."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A measure in R replications; B cases, L limits."""

    measure: Measure
    now: Bools
    """[R, L, B] the case is late as things are."""
    then: Bools
    """[R, L, B] the same with the measure; of one for a single case, that case alone."""

    @property
    def changes_something(self) -> bool:
        """Whether some case is late with the measure and not without, or the other way round."""
        only = slice(None) if self.measure.case < 0 else self.measure.case
        return bool((self.now != self.then)[:, :, only].any())

    def then_also(self, more: Trial) -> Trial:
        """Return the trial with further replications."""
        now, then = (
            np.concatenate(both) for both in ((self.now, more.now), (self.then, more.then))
        )
        return replace(self, now=now, then=then)


class Summing:
    """Sums up R replications of B open cases and L limits."""

    def __init__(
        self, scenario: Scenario, model: Model, seed: int, outlooks: Sequence[Outlook]
    ) -> None:
        self.scenario, self.model, self.outlooks = scenario, model, outlooks
        self.limits = resolved_limits(model.scenario)
        demand = model.demand.draw(seed, 0)
        self.names, self.types = _names(demand.backlog)
        self.carried = demand.backlog
        late, bound = late_share(outlooks)
        self.late_count, self.bound = late, bound
        self._end_day = np.array([one.end_day for one in outlooks])
        self._binds = np.isin([one.standing for one in outlooks], BINDS)
        """[R, L, B] each."""
        self._dated = sum(one.spent_s is not None for one in outlooks)
        self.late: Floats = np.divide(late, bound, out=np.full(late.shape, NAN), where=bound > 0)

    def at_risk(self, least: float) -> list[int]:
        """Return the cases that a limit may miss, the likeliest first; not those that have."""
        rows = [
            (-float(self.late[row, case]), case)
            for row, limit in enumerate(self.limits)
            for used in [self._used(limit)]
            for case in np.flatnonzero(self.late[row] >= least).tolist()
            if not used[case] > limit.days
        ]
        return list(dict.fromkeys(case for _, case in sorted(rows)))

    def pools_of(self, case: int) -> list[int]:
        """Return the pools that hold a case, and the one in which it spends most time."""
        nodes = [self.model.process.nodes[node] for node in self.standing_at[case]]
        held = [
            number
            for node in nodes
            if node.pool is not None
            for number in self.model.pools.numbers(node.pool)
            if self.spent[case, number] > 0
        ]
        most = self._slowest(case)
        return list(dict.fromkeys([*held, *([] if most is None else [most])]))

    @cached_property
    def spent(self) -> Floats:
        """[B, P] mean seconds of each case with each pool."""
        spent = [one.spent_s for one in self.outlooks if one.spent_s is not None]
        return np.asarray(np.mean(spent, axis=0, dtype=np.float64))

    def _slowest(self, case: int) -> int | None:
        most = int(np.argmax(self.spent[case])) if self.spent.shape[1] else 0
        return most if self.spent.shape[1] and self.spent[case, most] > 0 else None

    @cached_property
    def standing_at(self) -> list[list[int]]:
        """[B] the nodes at which each case stands, in most replications."""
        nodes = len(self.model.process.nodes)
        key = np.concatenate([one.at_start for one in self.outlooks])
        pairs, count = np.unique(key, return_counts=True)
        found: list[list[int]] = [[] for _ in self.names]
        often = count * 2 >= len(self.outlooks)
        for pair in pairs[often].tolist():
            found[pair // nodes].append(pair % nodes)
        return found

    # --- cases -------------------------------------------------------------------------------

    def cases(self, measured: Measured) -> tuple[CaseForecastRow, ...]:
        """Return the ranked list."""
        found = []
        for row, limit in enumerate(self.limits):
            used = self._used(limit)
            for case in np.flatnonzero(self.bound[row] > 0).tolist():
                share = float(self.late[row, case])
                left = limit.days - used[case]
                order = (-share, left if not math.isnan(left) else math.inf, self.names[case])
                found.append((order, row, case, used[case]))
        found.sort(key=lambda one: one[0])
        return tuple(
            self._case(rank, row, case, float(used), measured)
            for rank, (_, row, case, used) in enumerate(found, 1)
        )

    def _case(
        self, rank: int, row: int, case: int, used: float, measured: Measured
    ) -> CaseForecastRow:
        limit, bound = self.limits[row], int(self.bound[row, case])
        share = float(self.late[row, case])
        expected, latest, by_date = self._dates(row, case)
        nodes = [self.model.process.nodes[node] for node in self.standing_at[case]]
        pools = [self.model.pools.names[number] for number in self._held_by(case)]
        best = measured.best.get((row, case))
        slowest = self._slowest(case)
        return CaseForecastRow(
            rank=rank,
            case=self.names[case],
            case_type=self.types[case],
            limit=limit.name,
            late=Estimate(share, *clopper_pearson(share, bound, CONFIDENCE)),
            ends_otherwise=1 - bound / len(self.outlooks),
            expected=expected,
            latest=latest,
            due=self._due(limit, used),
            limit_days=limit.days,
            unit=limit.unit,
            used_days=used,
            left_days=limit.days - used,
            department=" + ".join(dict.fromkeys(_holder(node) for node in nodes)),
            step=" + ".join(node.name for node in nodes if node.seat_of is None),
            pool=" + ".join(pools),
            slowest_pool="" if slowest is None else self.model.pools.names[slowest],
            by_date=by_date,
            saved_by="" if best is None else best.measure,
            saved_where="" if best is None else best.team,
            late_if_saved=NAN if best is None else best.late_then,
        )

    def _held_by(self, case: int) -> list[int]:
        declared = {self.model.process.nodes[node].pool for node in self.standing_at[case]}
        return [
            number
            for number, pool in enumerate(self.model.pools.pools)
            if pool.declared in declared and (pool.value is None or self.spent[case, number] > 0)
        ]

    def _dates(self, row: int, case: int) -> tuple[dt.date | None, dt.date | None, float]:
        """Return the mean date, the 90 % latest one, and the share that ends by the last date.

        Dates come from the replications that went on until all clocks had stopped.
        """
        start = self.model.scenario.period.start
        last = (self.model.scenario.period.window.last - start).days
        binds, day = self._binds[:, row, case], self._end_day[:, row, case]
        by_date = float(np.mean((day[binds] >= 0) & (day[binds] <= last)))
        day = day[: self._dated][binds[: self._dated]]
        ended = np.sort(day[day >= 0])
        if len(ended) == 0:
            return None, None, by_date
        mean = start + dt.timedelta(days=round(float(ended.mean())))
        place = math.ceil(LATEST * len(day)) - 1
        latest = start + dt.timedelta(days=int(ended[place])) if place < len(ended) else None
        return (mean if len(ended) == len(day) else None), latest, by_date

    def _used(self, limit: ResolvedLimit) -> Floats:
        """Return [B] the days on the clock of a limit this morning; NaN where it cannot tell."""
        used = np.full(len(self.names), NAN)
        carried = self.carried.get(limit.case_type)
        if carried is None or not limit.rule.resumes:
            return used
        rule = limit.rule
        started = carried.started(
            limit.scope.matters, by_acceptance=rule.by_acceptance, deemed=rule.deemed_acceptance
        )
        if limit.unit == "wd":
            days = carried.used_wd(limit.rule.name, started)
        elif limit.unit == "cd":
            days = np.where(started == NOT_YET, 0, -started - 1)
        else:
            return used
        used[carried.case] = days
        return used

    def _due(self, limit: ResolvedLimit, used: float) -> dt.date | None:
        """Return the last date in time of a clock that does not pause."""
        if math.isnan(used) or used > limit.days:
            return None
        start, left = self.model.scenario.period.start, int(limit.days - used)
        if limit.unit == "cd":
            return start + dt.timedelta(days=left - 1)
        days = self._all_days
        return days.date_of(int(days.nth[left])) if left < len(days.nth) else None

    @cached_property
    def _all_days(self) -> WorkingDays:
        """The legal calendar up to the end of the longest run."""
        return calendar_of(with_run_out(self.model.scenario, self.model.run_outs[-1]))

    # --- measures ----------------------------------------------------------------------------

    def measures(self, trials: Sequence[Trial]) -> Measured:
        """Return what each measure brings, by case and for all cases."""
        savings, teams = [], []
        best: dict[tuple[int, int], SavingRow] = {}
        for trial in trials:
            limit, case = np.nonzero(trial.now.any(axis=0))
            if trial.measure.case >= 0:
                limit, case = limit[case == trial.measure.case], case[case == trial.measure.case]
            rows = self._savings(trial, limit, case)
            for key, row in zip(zip(limit.tolist(), case.tolist(), strict=True), rows, strict=True):
                known = best.get(key)
                if row.saved.low > 0 and (known is None or row.late_then < known.late_then):
                    best[key] = row
            savings += rows
            if trial.measure.case < 0:
                teams += self._team(trial)
        replications = max((len(trial.now) for trial in trials), default=0)
        return Measured(tuple(savings), tuple(teams), best, replications)

    def _savings(self, trial: Trial, limit: Ints, case: Ints) -> list[SavingRow]:
        """Return one row for each of these limits and cases."""
        measure = trial.measure
        # [n, R], for the sums of a row are those of its own pairs, to the last digit.
        now, then = (
            np.ascontiguousarray(late[:, limit, case].T) for late in (trial.now, trial.then)
        )
        return [
            SavingRow(
                case=self.names[c],
                limit=self.limits[number].name,
                measure=measure.kind,
                team=measure.team,
                pool="" if measure.pool < 0 else self.model.pools.names[measure.pool],
                replications=len(trial.now),
                late=late,
                late_then=late_then,
                saved=saved,
            )
            for number, c, late, late_then, saved in zip(
                limit.tolist(),
                case.tolist(),
                now.mean(axis=1).tolist(),
                then.mean(axis=1).tolist(),
                _differences(now.astype(np.float64) - then),
                strict=True,
            )
        ]

    def _team(self, trial: Trial) -> list[MeasureRow]:
        measure = trial.measure
        now, then = (late.sum(axis=2).T.copy() for late in (trial.now, trial.then))  # [L, R]
        return [
            MeasureRow(
                measure=measure.kind,
                team=measure.team,
                pool=self.model.pools.names[measure.pool],
                limit=limit.name,
                replications=len(trial.now),
                late=late,
                late_then=late_then,
                saved=saved,
                setting=setting(self.scenario, measure),
            )
            for limit, late, late_then, saved in zip(
                self.limits,
                now.mean(axis=1).tolist(),
                then.mean(axis=1).tolist(),
                _differences(now.astype(np.float64) - then),
                strict=True,
            )
        ]

    # --- pools -------------------------------------------------------------------------------

    def loads(self) -> tuple[PoolLoadRow, ...]:
        """Return every pool that is given work, in each period."""
        measured = [one.pools for one in self.outlooks if one.pools is not None]
        worked = np.array([one.worked_s for one in measured], np.float64) / 3600
        rostered = np.array([one.rostered_s for one in measured], np.float64) / 3600
        queue = np.mean([one.queue_s for one in measured], axis=0)
        arriving = np.mean([one.arrived for one in measured], axis=0)
        share = np.divide(worked, rostered, out=np.full(worked.shape, NAN), where=rostered > 0)
        rows = []
        for number, pool in enumerate(self.model.pools.pools):
            if not arriving[number].any():
                continue
            department = self.scenario.pools[pool.declared].department or ""
            for at, period in enumerate(self.model.periods):
                used = share[:, number, at]
                known = bool(np.isfinite(used).all())
                rows.append(
                    PoolLoadRow(
                        pool=pool.name,
                        department=department,
                        first=period.first,
                        last=period.last,
                        capacity_h=float(rostered[:, number, at].mean()),
                        worked_h=float(worked[:, number, at].mean()),
                        utilisation=float(used.mean()) if known else NAN,
                        utilisation_high=float(np.quantile(used, LATEST)) if known else NAN,
                        arriving=float(arriving[number, at]),
                        mean_queue=float(queue[number, at]) / (period.days * DAY_S),
                    )
                )
        return tuple(rows)


def _names(backlog: Mapping[str, Carried]) -> tuple[list[str], list[str]]:
    """Return [B] names and case types by number of the case."""
    known: dict[int, tuple[str, str]] = {
        int(case): (name, kind)
        for kind, carried in backlog.items()
        for case, name in zip(carried.case, carried.name, strict=True)
    }
    ordered = [known[case] for case in range(len(known))]
    return [name for name, _ in ordered], [kind for _, kind in ordered]


def _holder(node: Node) -> str:
    """Return who has a step: its department, else the owner of its time."""
    return node.department or f"{OWNER_PREFIX}{node.owner.name.lower()}"


def _differences(saved: Floats) -> list[Estimate]:
    """Return the mean of each row of [n, R] differences of pairs, with its interval (Student's)."""
    from scipy.special import stdtrit

    pairs, mean = saved.shape[1], saved.mean(axis=1)
    if pairs < 2:
        return [Estimate(one, -math.inf, math.inf) for one in mean.tolist()]
    t = float(stdtrit(pairs - 1, (1 + CONFIDENCE) / 2))
    half = t * saved.std(axis=1, ddof=1) / math.sqrt(pairs)
    return [
        Estimate(*one)
        for one in zip(mean.tolist(), (mean - half).tolist(), (mean + half).tolist(), strict=True)
    ]
