"""Reforms: from serial counters to today's handling, what each lever contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, Unpack

import numpy as np
from numpy.typing import NDArray

from sim.demand import Streams
from sim.experiments.how import How
from sim.experiments.levers import Lever, LeverSet, choose_levers
from sim.experiments.result import Result
from sim.experiments.run import run_all
from sim.experiments.summary import Summary
from sim.measures.attribution import (
    NOBODY,
    Coalition,
    Weights,
    contribution,
    drawn_weights,
    mean_weights,
    shapley_weights,
    weights_in_order,
)
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate, ratio_contrast
from sim.measures.shares import share_interval
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Ints: TypeAlias = NDArray[np.int64]
Rule = Literal["stepwise", "shapley", "first", "last"]
Kind = Literal["on_time_share", "days_saved", "staff_h_per_case"]

RULES: Final[tuple[Rule, ...]] = ("stepwise", "shapley", "first", "last")
"""How effects are attributed: each lever after those before it; the mean over all orders; each
alone, with the others off; and each last, with the others on. The first two add up to the whole."""
EXACT_UP_TO: Final = 8
"""Levers up to which all 2^k sets of them are simulated."""
PAIRS: Final = 16
"""Pairs of orders that are drawn for more of them."""
STAFF_CONFIDENCE: Final = 0.95
"""Of the intervals of staff time; those of a limit have the limit's own confidence."""


@dataclass(frozen=True)
class Part:
    """What one lever contributes to one measure."""

    exact: Fraction | None
    """Of the simulated replications; None if no case tells."""
    estimate: Estimate
    """The same number, with an interval; those of all levers of a rule hold together."""


@dataclass(frozen=True, eq=False)
class Effect:
    """One measure: its level with any set of levers on, and what each of them contributes."""

    kind: Kind
    """`on_time_share`: of the cases of a limit. `days_saved`: mean of its deciding clock over the
    cases that ended, positive where it falls. `staff_h_per_case`: mean hours that officers gave to
    a case of a case type."""
    of: str
    """The limit, or the case type."""
    confidence: float
    levels: Mapping[Coalition, Estimate]
    """Share, mean days, or hours, by the levers that are on."""
    total: Part
    """All of the levers together."""
    parts: Mapping[Rule, Mapping[str, Part]]
    """Rule → lever → its contribution."""


@dataclass(frozen=True, eq=False)
class Reforms:
    """What the levers contribute; see `reforms`."""

    chosen: LeverSet
    seed: int
    replications: int
    pairs: int | None
    """Pairs of orders that the Shapley values are estimated from; None: all orders."""
    effects: tuple[Effect, ...]
    """On-time share and days saved of each limit, then staff time of each case type."""
    failed_checks: tuple[Check, ...]
    """Self-checks that failed in any replication; should be empty."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that the levers were taken from."""
        return self.chosen.today

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers, in the order of the stepwise attribution."""
        return self.chosen.levers

    @cached_property
    def start(self) -> Scenario:
        """The scenario with all of the levers off."""
        return self.chosen.scenario(NOBODY)

    @property
    def everything(self) -> Coalition:
        """All of the levers."""
        return frozenset(self.chosen.names)

    def effect(self, kind: Kind, of: str) -> Effect:
        """Return the effect on one measure of a limit or case type."""
        return next(each for each in self.effects if (each.kind, each.of) == (kind, of))

    @property
    def table(self) -> pd.DataFrame:
        """One row per measure, rule and lever: its contribution with interval.

        The rule `total`, with no lever, is what all of them bring together.
        """
        return _frame(
            {
                "measure": effect.kind,
                "of": effect.of,
                "rule": rule,
                "lever": lever,
                "value": part.estimate.value,
                "ci_low": part.estimate.low,
                "ci_high": part.estimate.high,
                "confidence": effect.confidence,
            }
            for effect in self.effects
            for rule, parts in (*effect.parts.items(), ("total", {"": effect.total}))
            for lever, part in parts.items()
        )

    @property
    def states(self) -> pd.DataFrame:
        """One row per measure and simulated set of levers: its level with interval."""
        return _frame(
            {
                "measure": "mean_days" if effect.kind == "days_saved" else effect.kind,
                "of": effect.of,
                "levers": " + ".join(name for name in self.chosen.names if name in on),
                "value": level.value,
                "ci_low": level.low,
                "ci_high": level.high,
                "confidence": effect.confidence,
            }
            for effect in self.effects
            for on, level in effect.levels.items()
        )


def reforms(
    scenario: Scenario,
    *,
    levers: Sequence[str] | None = None,
    add: Sequence[str] = (),
    order: Sequence[str] | None = None,
    pairs: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[How],
) -> Reforms:
    """Attribute the way from serial counters to today's handling to its levers.

    All sets of levers meet the same cases. Up to `EXACT_UP_TO` levers every set is simulated;
    for more of them, Shapley values are estimated from random orders in antithetic pairs, and their
    intervals include the error of that. The seed decides the orders.

    Parameters
    ----------
    scenario
        Today's, from `sim.load`.
    levers
        Switches of `handling`, or named overrides of the scenario; default: all switches that are
        on today and act on something.
    add
        Further ones that are off today: what is attributed then leads beyond today.
    order
        Of the stepwise attribution; default: that of the model page.
    pairs
        Draw so many pairs of orders, however few levers there are; at least 2.
    replications, seed
        Default: the scenario's own.
    **how
        See `How`.

    Raises
    ------
    ScenarioError
        If levers do not exist or do not go together (see `choose_levers`), or some set of them
        makes no valid scenario.
    """
    chosen = choose_levers(scenario, levers, add, order)
    used = scenario.run.seed if seed is None else seed
    if pairs is not None and pairs < 2:
        raise ValueError("pairs: at least two are needed to know the error")
    if pairs is None and len(chosen.levers) > EXACT_UP_TO:
        pairs = PAIRS
    weightings = _Weightings.of(chosen, pairs, used)
    needed = {weightings.stands_for[on]: None for on in weightings.coalitions}
    results = run_all(
        [chosen.scenario(on) for on in needed],
        replications=scenario.run.replications if replications is None else replications,
        seed=used,
        **how,
    )
    of = dict(zip(needed, results, strict=True))
    return Reforms(
        chosen,
        used,
        results[0].replications,
        pairs,
        tuple(_effect(counted, weightings, of) for counted in _measures(scenario)),
        tuple(check for result in results for check in result.checks if not check.ok),
    )


@dataclass(frozen=True)
class _Weightings:
    """The weights of every rule, and the coalitions that they need."""

    players: tuple[str, ...]
    rules: Mapping[Rule, Mapping[str, Weights]]
    drawn: Sequence[Mapping[str, Weights]]
    """[pairs] whose mean the Shapley weights are; empty if they are exact."""
    stands_for: Mapping[Coalition, Coalition]
    """Each coalition → the one that is simulated: without levers that lack what they need."""

    @classmethod
    def of(cls, chosen: LeverSet, pairs: int | None, seed: int) -> _Weightings:
        players = chosen.names
        everybody = frozenset(players)
        random = Streams(seed, 0)("reforms/orders")
        drawn = [] if pairs is None else drawn_weights(players, pairs, random)
        one, minus = Fraction(1), Fraction(-1)
        rules: dict[Rule, Mapping[str, Weights]] = {
            "stepwise": weights_in_order(players),
            "shapley": mean_weights(drawn) if drawn else shapley_weights(players),
            "first": {each: {frozenset({each}): one, NOBODY: minus} for each in players},
            "last": {each: {everybody: one, everybody - {each}: minus} for each in players},
        }
        used = (on for rule in rules.values() for weights in rule.values() for on in weights)
        return cls(players, rules, drawn, {on: chosen.effective(on) for on in used})

    @property
    def coalitions(self) -> tuple[Coalition, ...]:
        """Every coalition with a weight, small ones first."""
        place = {player: number for number, player in enumerate(self.players)}
        return tuple(
            sorted(self.stands_for, key=lambda on: (len(on), sorted(place[each] for each in on)))
        )


@dataclass(frozen=True)
class _Counted:
    """A measure as a ratio of two sums over the replications, both whole numbers."""

    kind: Kind
    of: str
    confidence: float
    clock: str = ""

    @property
    def sign(self) -> int:
        """-1 where a fall counts as a gain."""
        return -1 if self.kind == "days_saved" else 1

    def count(self, summary: Summary) -> tuple[int, int]:
        """Return both sums of one replication."""
        if self.kind == "staff_h_per_case":
            of_type = summary.case_types[self.of]
            return of_type.staff_s, _HOUR_S * sum(of_type.states.values())
        tally = summary.tallies[self.of][self.clock]
        if self.kind == "on_time_share":
            return tally.on_time, tally.judged
        return int(tally.ended_days.sum()), len(tally.ended_days)


_HOUR_S: Final = 3600


def _measures(scenario: Scenario) -> list[_Counted]:
    kinds: tuple[Kind, ...] = ("on_time_share", "days_saved")
    return [
        _Counted(kind, name, limit.confidence, limit.clock)
        for name, limit in scenario.limits.items()
        for kind in kinds
    ] + [_Counted("staff_h_per_case", name, STAFF_CONFIDENCE) for name in scenario.case_types]


def _effect(
    measure: _Counted, weightings: _Weightings, results: Mapping[Coalition, Result]
) -> Effect:
    coalitions = weightings.coalitions
    counts = {
        on: np.array([measure.count(each) for each in result.summaries], np.int64)
        for on, result in results.items()
    }
    of_each = [counts[weightings.stands_for[on]] for on in coalitions]
    reading = _Reading(
        measure,
        coalitions,
        np.array([each[:, 0] for each in of_each]),
        np.array([each[:, 1] for each in of_each]),
    )
    players = weightings.players
    whole = {frozenset(players): Fraction(1), NOBODY: Fraction(-1)}
    return Effect(
        kind=measure.kind,
        of=measure.of,
        confidence=measure.confidence,
        levels={on: reading.level(number) for number, on in enumerate(coalitions)},
        total=reading.part(whole),
        parts={
            rule: {
                player: reading.part(
                    weights[player],
                    of=len(players),
                    drawn=[each[player] for each in weightings.drawn] if rule == "shapley" else (),
                )
                for player in players
            }
            for rule, weights in weightings.rules.items()
        },
    )


@dataclass(frozen=True, eq=False)
class _Reading:
    """One measure in all coalitions and replications."""

    measure: _Counted
    coalitions: tuple[Coalition, ...]
    upper: Ints
    """[V, R] cases on time, days, or seconds."""
    lower: Ints
    """[V, R] what they are divided by."""

    @cached_property
    def game(self) -> Mapping[Coalition, Fraction] | None:
        """What each coalition is worth; None if some coalition has no case to tell."""
        lower = self.lower.sum(axis=1).tolist()
        if not all(lower):
            return None
        upper = self.upper.sum(axis=1).tolist()
        sign = self.measure.sign
        worths = (Fraction(sign * y, n) for y, n in zip(upper, lower, strict=True))
        return dict(zip(self.coalitions, worths, strict=True))

    @cached_property
    def alike(self) -> list[int]:
        """Return for each coalition the first with the same counts in every replication.

        Their weights are added before they are rounded, so that a lever which changes nothing has
        no effect, rather than one of 1e-17.
        """
        first: dict[bytes, int] = {}
        rows = zip(self.upper, self.lower, strict=True)
        return [
            first.setdefault(upper.tobytes() + lower.tobytes(), number)
            for number, (upper, lower) in enumerate(rows)
        ]

    def level(self, number: int) -> Estimate:
        """Return the level of one coalition."""
        upper, lower = self.upper[number], self.lower[number]
        if self.measure.kind == "on_time_share":
            return Estimate(*share_interval(upper, lower, self.measure.confidence))
        one = np.ones(1)
        return ratio_contrast(one, upper[None], lower[None], self.measure.confidence)

    def part(self, weights: Weights, of: int = 1, drawn: Sequence[Weights] = ()) -> Part:
        """Return a contribution: exact, and with an interval."""
        of_alike = [Fraction(0)] * len(self.coalitions)
        for number, on in zip(self.alike, self.coalitions, strict=True):
            of_alike[number] += weights.get(on, Fraction(0))
        vector = np.array([float(weight) for weight in of_alike])
        exact = None if self.game is None else contribution(weights, self.game)
        draws = None
        if drawn and self.game is not None:
            draws = np.array([float(contribution(each, self.game)) for each in drawn])
        estimate = ratio_contrast(
            self.measure.sign * vector,
            self.upper,
            self.lower,
            self.measure.confidence,
            of=of,
            draws=draws,
        )
        if exact is not None:  # in floats, parts would miss their sum by an ulp
            estimate = Estimate(float(exact), estimate.low, estimate.high)
        return Part(exact, estimate)


def _frame(rows: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))
