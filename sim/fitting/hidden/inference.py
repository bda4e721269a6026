"""The parameters that no stamp shows: simulated, emulated, drawn, and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from sim.arrays import Floats
from sim.fitting.hidden.emulator import Emulator, posterior
from sim.fitting.hidden.recorded import Stretches, stretches_of
from sim.fitting.hidden.regression import Statistic
from sim.fitting.hidden.result import Estimate, Inferred
from sim.fitting.hidden.simulated import Times, Workshop
from sim.fitting.hidden.summaries import Summary
from sim.fitting.measured import CONFIDENCE, Z
from sim.fitting.work import Work
from sim.records.from_events import NEVER

Progress = Callable[[int, int | None], None]
CANNOT_TELL: Final = 0.7
"""Share of the width that a range has by the prior alone, from which on the data tell nothing."""
CVS: Final = (0.15, 2.0)
"""Bounds of a coefficient of variation."""
WAYS_WD: Final = (0.02, 3.0)
"""Bounds of the mean of a transfer, in working days."""
MOST_OFFICERS: Final = 8
"""Officers up to which a number is tried, where none is recorded."""
KINDS: Final = ("mean", "cv", "officers", "way")
FEWEST: Final = 20
"""Stretches below which nothing is inferred."""
_WIDEST: Final = 30.0
"""Factor from the expected mean down to the lower bound of the prior, at least."""
_ROUNDS: Final = 4
_SETTLED: Final = 0.7
"""Part of all widths that is left when further rounds would bring little."""
_ROWS: Final = 250
_LAST_ROWS: Final = 1000
_FOR_EACH: Final = 40
"""Further simulations for each parameter."""
HELD_OUT: Final = 100
"""Simulations with known parameters on which the ranges are checked."""
_CHECK_STEPS: Final = 300
_MISFIT: Final = 99
"""Simulations at the posterior with which the records are compared."""
_FAR: Final = 0.8
"""Part of the numbers that are nearer than the one that tells of a misfit."""
_TAIL: Final = 0.002
"""Part of the posterior beyond each bound of the next round."""


@dataclass(frozen=True)
class _Parameter:
    """One number that is inferred: its logarithm lies between two bounds."""

    kind: str
    """`mean` of a task, `cv` of the tasks of a pool, `officers` of a group, `way` of a course."""
    of: int | str
    low: float
    high: float


@dataclass(frozen=True)
class Known:
    """What stamps tell of a task: its distribution, in hours."""

    mean: tuple[float, float, float]
    """Value and range."""
    cv: tuple[float, float, float]
    family: str


def infer(
    work: Work,
    known: Mapping[int, Known],
    expected: Mapping[int, float],
    *,
    seed: int = 1,
    progress: Progress | None = None,
) -> list[Inferred]:
    """Return what simulation tells of the tasks that are not in `known`, part by part.

    Parameters
    ----------
    known
        Task → what stamps show; it is drawn from its range in each simulation.
    expected
        Task → a first guess of its mean, in hours; its prior is wide around it.
    progress
        Called with the simulations done and, as far as can be said, to be done.
    """
    stretches = stretches_of(work)
    parts = list(_parts(work, stretches, known))
    found = []
    for number, (pools, mine) in enumerate(parts):
        shop = Workshop(work, mine, pools)
        rng = np.random.default_rng([seed, number])
        found.append(_Inference(shop, known, expected, rng, progress).result())
    return found


def _parts(
    work: Work, stretches: Stretches, known: Mapping[int, Known]
) -> Iterator[tuple[tuple[str, ...], Stretches]]:
    """Yield pools that share no item and no officer with others, where something is hidden."""
    names = {
        (station.role, station.key): pool.name
        for pool in work.supply.pools
        for station in pool.stations
    }
    pool_of = {n: names[task.role, task.key] for n, task in enumerate(work.tasks)}
    together = [{pool_of[task] for task, _ in chain} for chain in stretches.chains]
    together += [set(group.serves) for group in work.supply.groups]
    parts: list[set[str]] = []
    for one in together:
        met = [part for part in parts if part & one]
        parts = [part for part in parts if not part & one] + [one.union(*met)]
    for part in sorted(parts, key=sorted):
        tasks = {n for n, pool in pool_of.items() if pool in part}
        chains = np.array([{t for t, _ in chain} <= tasks for chain in stretches.chains], np.bool_)
        mine = stretches.taken(chains[stretches.chain])
        if tasks - set(known) and len(mine) >= FEWEST:
            yield tuple(pool.name for pool in work.supply.pools if pool.name in part), mine


class _Inference:
    """The inference for one part; P parameters, logarithms throughout."""

    def __init__(
        self,
        shop: Workshop,
        known: Mapping[int, Known],
        expected: Mapping[int, float],
        rng: np.random.Generator,
        progress: Progress | None,
    ) -> None:
        self.shop, self.rng, self.progress = shop, rng, progress
        self.tasks = sorted({t for chain in set(shop.stretches.chain.tolist())
                             for t, _ in shop.stretches.chains[chain]})  # fmt: skip
        self.hidden = [task for task in self.tasks if task not in known]
        self.known = {task: known[task] for task in self.tasks if task in known}
        self.summary = Summary(shop)
        self.recorded = self.summary.of(shop.recorded)
        self.parameters = tuple(self._parameters(expected))
        self.done = 0

    def _parameters(self, expected: Mapping[int, float]) -> Iterator[_Parameter]:
        for task in self.hidden:
            most = max(self._most(task), 2 * expected[task])
            low = min(expected[task], most) / _WIDEST
            yield _Parameter("mean", task, np.log(low), np.log(1.5 * most))
        for pool in dict.fromkeys(self.shop.pool_of[task] for task in self.hidden):
            yield _Parameter("cv", pool, np.log(CVS[0]), np.log(CVS[1]))
        for group in self.shop.groups:
            if not group.known:
                yield _Parameter("officers", group.name, np.log(0.5), np.log(MOST_OFFICERS + 0.5))

        for way in sorted(set(self.shop.stretches.way.tolist()) - {-1}):
            if self.shop.ways[way] is None:
                yield _Parameter("way", way, *np.log(WAYS_WD))

    def _most(self, task: int) -> float:
        """Return the mean, in hours, with which the pool would do nothing else all the time.

        With officers of whom none is recorded: that of one officer.
        """
        s, pool = self.shop.stretches, self.shop.pool_of[task]
        jobs = sum(
            float(s.parts[s.chain == chain].sum()) * part
            for chain, steps in enumerate(s.chains)
            for one, part in steps
            if one == task
        )
        duty = self.shop.work.supply.duty[pool]
        hours = duty.elapsed(int(s.ready[0]), self.shop.lives.now_s) / 3600
        officers = sum(g.count for g in self.shop.groups if pool in g.serves)
        return float(max(hours * officers / max(jobs, 1.0), 1 / 60))

    # --- simulating ---------------------------------------------------------------------------

    def times(self, theta: Floats) -> Times:
        """Return the times at parameters [P]; what stamps tell is drawn from its range."""
        at = {(p.kind, p.of): float(np.exp(x)) for p, x in zip(self.parameters, theta, strict=True)}
        officers = {
            group.name: _whole(at["officers", group.name])
            for group in self.shop.groups
            if not group.known
        }
        mean, cv, family = {}, {}, {}
        for task in self.hidden:
            pool = self.shop.pool_of[task]
            mean[task] = at["mean", task] * self._officers(pool, officers)
            cv[task], family[task] = at["cv", pool], "lognormal"
        for task, told in self.known.items():
            mean[task], cv[task] = self._within(told.mean), self._within(told.cv)
            family[task] = told.family
        ways = {int(of): value for (kind, of), value in at.items() if kind == "way"}
        return Times(mean, cv, family, officers, ways)

    def _officers(self, pool: str, officers: Mapping[str, int]) -> int:
        """Return by what the pace of a pool is multiplied: its officers, if none is recorded."""
        mine = [n for group, n in officers.items() if pool in self._serves(group)]
        return max(mine, default=1)

    def _within(self, told: tuple[float, float, float]) -> float:
        value, low, high = told
        spread = np.log(max(high, value) / max(min(low, value), 1e-9)) / (2 * Z)
        return float(value * np.exp(spread * self.rng.standard_normal()))

    def simulated(self, theta: Floats, planned: int) -> Floats:
        """Return [N, K] a summary of one simulation at each row of parameters [N, P]."""
        found = []
        for row in theta:
            found.append(self.summary.of(self.shop.stamps(self.times(row), self.rng)))
            self.done += 1
            if self.progress is not None:
                self.progress(self.done, max(planned, self.done))
        return np.array(found)

    # --- the rounds ---------------------------------------------------------------------------

    def result(self) -> Inferred:
        """Return the posterior of the last round, and what its checks say."""
        p = len(self.parameters)
        low = np.array([one.low for one in self.parameters])
        high = np.array([one.high for one in self.parameters])
        theta, summaries = np.empty((0, p)), np.empty((0, len(self.recorded)))
        rows, last = _ROWS + _FOR_EACH * p, _LAST_ROWS + _FOR_EACH * p
        planned = rows * _ROUNDS + last
        final = False
        for turn in range(_ROUNDS + 1):
            final = final or turn == _ROUNDS
            new = _spread_out(low, high, last if final else rows, self.rng)
            theta = np.concatenate([theta, new])
            summaries = np.concatenate([summaries, self.simulated(new, planned)])
            inside = ((theta >= low) & (theta <= high)).all(axis=1)
            theta, summaries = theta[inside], summaries[inside]
            if final:
                break
            fit = _Fit(low, high, theta, summaries, self.recorded)
            before = high - low
            low, high = self._next_bounds(fit.posterior(self.rng))
            final = bool((high - low > _SETTLED * before).all())
        return self._concluded(low, high, theta, summaries)

    def _next_bounds(self, draws: Floats) -> tuple[Floats, Floats]:
        """Return bounds that hold the posterior, and what lies around it; wider at a bound."""
        ends = np.quantile(draws, (_TAIL, 1 - _TAIL), axis=0)
        room = 0.25 * (ends[1] - ends[0]) + 0.02
        found = np.array([ends[0] - room, ends[1] + room])
        for number, one in enumerate(self.parameters):
            if one.kind != "mean":
                found[:, number] = np.clip(found[:, number], one.low, one.high)
        return found[0], found[1]

    def _concluded(self, low: Floats, high: Floats, theta: Floats, summaries: Floats) -> Inferred:
        held = np.arange(len(theta)) >= len(theta) - HELD_OUT
        fit = _Fit(low, high, theta[~held], summaries[~held], self.recorded)
        inside, wider = self._checked(fit, theta[held], summaries[held])
        draws = fit.posterior(self.rng)
        counts = self._counts(draws)
        found: dict[str, dict[Any, Estimate]] = {kind: {} for kind in KINDS}
        for number, one in enumerate(self.parameters):
            if one.kind == "cv":
                estimate = self._estimate(number, draws, wider[number])
                found["cv"] |= {t: estimate for t in self.hidden if self.shop.pool_of[t] == one.of}
            elif one.kind == "mean":
                pool = self.shop.pool_of[int(one.of)]
                alike = self._with(counts, pool, draws)
                estimate = self._estimate(number, alike, wider[number])
                found["mean"][one.of] = estimate.times(self._officers(pool, counts))
            else:
                found[one.kind][one.of] = self._estimate(number, draws, wider[number])
        officers = {
            group: replace(one, value=counts[group], low=_whole(one.low), high=_whole(one.high))
            for group, one in found["officers"].items()
        }
        return Inferred(
            self.shop.pools, found["mean"], found["cv"], officers, found["way"],
            int((self.shop.recorded.end < NEVER).sum()), self.done, inside, self._misfit(draws),
        )  # fmt: skip

    def _with(self, counts: Mapping[str, int], pool: str, draws: Floats) -> Floats:
        """Return the draws with as many officers of a pool as the scenario has.

        How long work takes goes with their number: ranges of both would be drawn apart.
        """
        for number, one in enumerate(self.parameters):
            if one.kind == "officers" and pool in self._serves(str(one.of)):
                whole = np.maximum(np.rint(np.exp(draws[:, number])), 1)
                draws = draws[whole == counts[str(one.of)]]
        return draws

    def _serves(self, group: str) -> tuple[str, ...]:
        return next(one.serves for one in self.shop.groups if one.name == group)

    def _counts(self, draws: Floats) -> dict[str, int]:
        """Return roster group → the number of officers that is the most probable."""
        found = {}
        for number, one in enumerate(self.parameters):
            if one.kind == "officers":
                whole = np.rint(np.exp(draws[:, number])).astype(int)
                found[str(one.of)] = int(np.bincount(np.maximum(whole, 1)).argmax())
        return found

    def _estimate(self, number: int, draws: Floats, wider: float) -> Estimate:
        one = self.parameters[number]
        tail = (1 - CONFIDENCE) / 2
        low, middle, high = np.quantile(draws[:, number], (tail, 0.5, 1 - tail))
        low, high = middle - wider * (middle - low), middle + wider * (high - middle)
        told = high - low < CANNOT_TELL * CONFIDENCE * (one.high - one.low)
        if one.kind != "mean":
            low, high = max(low, one.low), min(high, one.high)
        value, low, high = (float(np.exp(x)) for x in (middle, low, high))
        return Estimate(value, low, high, bool(told))

    def _checked(self, fit: _Fit, theta: Floats, summaries: Floats) -> tuple[float, Floats]:
        """Return how many ranges of simulations held their parameters, and [P] how much is missing.

        The ranges are widened until as many hold theirs as they should.
        """
        draws = posterior(fit.emulator, fit.statistic(summaries), self.rng, steps=_CHECK_STEPS)
        tail = (1 - CONFIDENCE) / 2
        low, middle, high = np.quantile(draws, (tail, 0.5, 1 - tail), axis=1)
        off = theta - middle
        part = np.where(off > 0, off / np.maximum(high - middle, 1e-9),
                        -off / np.maximum(middle - low, 1e-9))  # fmt: skip
        needed = np.quantile(part, CONFIDENCE, axis=0)
        return float((part <= 1).mean()), np.maximum(needed, 1.0)

    def _misfit(self, draws: Floats) -> float:
        """Return the share of simulations at the posterior that are as far from the others.

        The distance is that of the numbers that are far off, but not of the few farthest, in
        standard deviations: a slip in the records is no misfit. Its rank is a test of Barnard.
        """
        rows = draws[self.rng.integers(0, len(draws), _MISFIT)]
        simulated = np.concatenate([self.simulated(rows, self.done), self.recorded[None]])
        told = np.isfinite(simulated).all(axis=0)
        z = simulated[:, told]
        z = np.abs(z - z.mean(axis=0)) / np.maximum(z.std(axis=0), 1e-9)
        far = np.quantile(z, _FAR, axis=1) if z.shape[1] else np.zeros(len(z))
        return float((far >= far[-1]).mean())


@dataclass(frozen=True, eq=False)
class _Fit:
    """Statistic and emulator of the simulations within some bounds."""

    low: Floats
    high: Floats
    theta: Floats
    summaries: Floats
    recorded: Floats

    @cached_property
    def statistic(self) -> Statistic:
        """One number for each parameter."""
        return Statistic.of(self.theta, self.summaries, self.recorded)

    @cached_property
    def emulator(self) -> Emulator:
        """How these numbers depend on the parameters."""
        return Emulator.of(self.low, self.high, self.theta, self.statistic.trained)

    def posterior(self, rng: np.random.Generator) -> Floats:
        """Return [D, P] draws."""
        return np.asarray(posterior(self.emulator, self.statistic(self.recorded[None]), rng)[0])


def _spread_out(low: Floats, high: Floats, rows: int, rng: np.random.Generator) -> Floats:
    """Return [rows, P] parameters: a Latin hypercube, so that each is spread evenly."""
    places = np.stack([rng.permutation(rows) for _ in low], axis=1)
    return np.asarray(low + (high - low) * (places + rng.random(places.shape)) / rows)


def _whole(x: float) -> int:
    return max(int(np.rint(x)), 1)
