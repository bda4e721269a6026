"""Which assumptions move the answer: one at a time, by screening, and by shares of the variance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar, Unpack

import numpy as np

from sim import bounds
from sim.arrays import Floats
from sim.bounds import check_count
from sim.experiments.run import REPLICATIONS, REPLICATIONS_OF_DIFFERENCES, planned_runs
from sim.experiments.sensitivity.flips import find_flips
from sim.experiments.sensitivity.points import Point, Points, factors, judged
from sim.experiments.sensitivity.result import (
    Design,
    Explained,
    Method,
    OfLimit,
    Screened,
    Sensitivity,
    Swing,
)
from sim.measures.contrasts import share_difference
from sim.measures.sensitivity import (
    Outputs,
    elementary_effects,
    morris_design,
    noise_share,
    sobol_design,
    sobol_indices,
)
from sim.replications.execution import Execution
from sim.replications.notebook_progress import with_bar
from sim.scenario import Factor, Problem, Scenario, ScenarioError, unvaried
from sim.streams import generator
from sim.translation import tr

TRAJECTORIES: Final = 10
SAMPLES: Final = 64
TOP: Final = 5
SCREENED_FROM: Final = 40
"""Parameters from which on one at a time is screened with few replications first."""
SCREENING: Final = 20
"""Replications of that screening."""
SMALL: Final = 0.01
"""A parameter is dropped after it if at neither end the share of any limit moves by so much."""


@with_bar
def sensitivity(
    scenario: Scenario,
    *,
    method: Method = "oat",
    parameters: Sequence[str] | None = None,
    replications: int | None = None,
    seed: int | None = None,
    trajectories: int = TRAJECTORIES,
    samples: int = SAMPLES,
    top: int = TOP,
    **how: Unpack[Execution],
) -> Sensitivity:
    """Find out how the on-time shares depend on the parameters for which the scenario has a range.

    All points of a design run with the same seed and replications, so that chance cancels out.

    Parameters
    ----------
    scenario
        A scenario with limits and ranges: ``{value: 200, source: assumed, range: [100, 350]}``.
    method
        ``"oat"``: one at a time, both ends of every range, and the values at which a verdict turns.
        ``"morris"``: elementary effects all over the ranges. ``"sobol"``: shares of the variance
        if all parameters vary independently and uniformly over their ranges.
    parameters
        Paths of the parameters to vary; default: all that have a range, but see `top`.
    replications, seed
        Default: the scenario's own, else 100, or 20 of a design.
    trajectories
        Trajectories of the Morris design, each of one point more than parameters.
    samples
        Samples of the Sobol design, a power of 2, each of two points more than parameters.
    top
        Number of parameters with Sobol indices if `parameters` is not given: the first of a
        screening by Morris' method.
    **how
        See `Execution`. An interruption is passed on; what is finished is in the store.

    Raises
    ------
    ScenarioError
        Before anything runs, if the scenario has no limits or no ranges, or if its ranges allow
        values that do not go together.
    """
    _refuse(scenario, trajectories, samples, top)
    default = REPLICATIONS if method == "oat" else REPLICATIONS_OF_DIFFERENCES
    planned, seed = planned_runs(scenario, replications, seed, default)
    known = factors(scenario, parameters)
    study = _Study(Points(scenario, planned, seed, how))
    parts = _parts(study, method, known, trajectories, samples, top if parameters is None else None)
    return Sensitivity(
        scenario,
        method,
        seed,
        planned,
        known,
        unvaried(scenario),
        **parts,
        failed_checks=tuple(study.points.failed_checks),
    )


def _refuse(scenario: Scenario, trajectories: int, samples: int, top: int) -> None:
    check_count("samples", samples, bounds.SAMPLES, 2)
    if samples & (samples - 1):
        raise ValueError(
            tr("samples: {samples}: must be a power of 2, such as 64", samples=samples)
        )
    check_count("trajectories", trajectories, bounds.TRAJECTORIES)
    check_count("top", top, bounds.PARAMETERS)
    if not scenario.limits:
        rule = tr(
            "the scenario states no limits: there is no verdict that could depend on anything"
        )
        raise ScenarioError([Problem(rule, scenario.provenance.origin)])


def _parts(
    study: _Study,
    method: Method,
    known: Sequence[Factor],
    trajectories: int,
    samples: int,
    top: int | None,
) -> dict[str, Any]:
    """Return the fields of `Sensitivity` for the method; without `top`, all are explained."""
    if method == "oat":
        return study.one_at_a_time(known)
    parts: dict[str, Any] = {}
    if method == "morris" or (top is not None and len(known) > top):
        parts = study.screen(known, trajectories)
    if method == "sobol":
        screened: Sequence[Screened] = parts.get("screened", ())
        chosen = known if top is None else _most_important(screened, top) or known
        parts |= study.explain(chosen, samples)
    return parts


class _Study:
    def __init__(self, points: Points) -> None:
        self.points = points
        self.limits = points.scenario.limits

    def screened(self, known: Sequence[Factor]) -> list[Factor]:
        """Return the parameters that move a limit, or all if they are few."""
        points, how = self.points, self.points.how
        if len(known) < SCREENED_FROM or points.replications <= SCREENING:
            return list(known)
        few = Points(points.scenario, SCREENING, points.seed, how)
        few.run([(), *_ends(known)])
        self.points = Points(points.scenario, points.replications, points.seed, how, few.made)
        self.points.failed_checks += few.failed_checks
        return [factor for factor in known if self._moves(factor, few)]

    def _moves(self, factor: Factor, points: Points) -> bool:
        for name, limit in self.limits.items():
            here, *ends = (judged(points[at][name], limit).share for at in ((), *_ends([factor])))
            kept = {share >= limit.target_share for share in (here, *ends)}
            if len(kept) > 1 or max(abs(share - here) for share in ends) >= SMALL:
                return True
        return False

    def one_at_a_time(self, given: Sequence[Factor]) -> dict[str, Any]:
        known = self.screened(given)
        self.points.run([(), *_ends(known)])
        swings = [
            self._swing(factor, limit, 2 * len(known)) for limit in self.limits for factor in known
        ]
        return {
            "swings": _sorted(self.limits, swings, lambda swing: swing.span),
            "flips": find_flips(known, self.points),
            "minor": tuple(factor.path for factor in given if factor not in known),
        }

    def _swing(self, factor: Factor, limit: str, together: int) -> Swing:
        ends = (factor.point(factor.low), factor.point(factor.high))
        terms = self.limits[limit]
        base, *others = (self.points[point][limit] for point in ((), *ends))
        differences = [
            share_difference(base, other, terms.confidence, of=together) for other in others
        ]
        at_base, at_low, at_high = (judged(counts, terms) for counts in (base, *others))
        return Swing(factor, limit, at_base, at_low, at_high, *differences)

    def screen(self, known: Sequence[Factor], trajectories: int) -> dict[str, Any]:
        rng = generator(self.points.seed, "sensitivity/morris")
        values = _values(morris_design(len(known), trajectories, rng), known)
        outputs = self._outputs(values, known)
        bounds = np.array([(factor.low, factor.high) for factor in known])
        shares = (values - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
        screened = [
            Screened(factor, limit, effects)
            for limit, output in outputs.items()
            for factor, effects in zip(
                known, elementary_effects(shares, output, self._confidence(limit), rng), strict=True
            )
        ]
        return {
            "screened": _sorted(self.limits, screened, lambda row: row.effects.mu_star.value),
            "screening": _design(outputs),
        }

    def explain(self, known: Sequence[Factor], samples: int) -> dict[str, Any]:
        rng = generator(self.points.seed, "sensitivity/sobol")
        outputs = self._outputs(_values(sobol_design(len(known), samples, rng), known), known)
        explained = [
            Explained(factor, limit, indices)
            for limit, output in outputs.items()
            for factor, indices in zip(
                known, sobol_indices(len(known), output, self._confidence(limit), rng), strict=True
            )
        ]
        return {
            "explained": _sorted(self.limits, explained, lambda row: row.indices.total.value),
            "sampling": _design(outputs),
        }

    def _confidence(self, limit: str) -> float:
        return self.limits[limit].confidence

    def _outputs(self, values: Floats, known: Sequence[Factor]) -> dict[str, Outputs]:
        """Run a design, and return limit → on-time share at each of its points.

        Cases whose end is unknown count as late.
        """
        points: list[Point] = [
            tuple(factor.setting(value) for factor, value in zip(known, row, strict=True))
            for row in values.reshape(-1, len(known))
        ]
        self.points.run(points)
        return {
            limit: Outputs(
                np.array([self.points[point][limit].surely for point in points]),
                np.array([self.points[point][limit].judged for point in points]),
            )
            for limit in self.limits
        }


def _ends(known: Sequence[Factor]) -> list[Point]:
    return [factor.point(end) for factor in known for end in (factor.low, factor.high)]


def _values(design: Floats, known: Sequence[Factor]) -> Floats:
    """Return the values of the K parameters at the points of a design, both [..., K]."""
    flat = design.reshape(-1, len(known))
    values = [[factor.at(share) for factor, share in zip(known, row, strict=True)] for row in flat]
    return np.array(values).reshape(design.shape)


def _design(outputs: Mapping[str, Outputs]) -> Design:
    points = len(next(iter(outputs.values())).sums)
    return Design(points, {limit: noise_share(output) for limit, output in outputs.items()})


def _most_important(screened: Iterable[Screened], top: int) -> list[Factor]:
    """Return the `top` parameters with the largest effect on any limit."""
    largest: dict[Factor, float] = {}
    for row in screened:
        size = np.nan_to_num(row.effects.mu_star.value)
        largest[row.factor] = max(largest.get(row.factor, 0.0), float(size))
    return sorted(largest, key=lambda factor: (-largest[factor], factor.path))[:top]


_Of = TypeVar("_Of", bound=OfLimit)


def _sorted(limits: Iterable[str], rows: Sequence[_Of], size: Callable[[_Of], float]) -> Any:
    """Return the rows by limit, the largest `size` first, unknown ones last."""

    def key(row: _Of) -> tuple[int, float, str]:
        known = size(row)
        return order.index(row.limit), math.inf if math.isnan(known) else -known, row.factor.path

    order = list(limits)
    return tuple(sorted(rows, key=key))
