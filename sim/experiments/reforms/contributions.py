"""The contribution of each lever to a measure, exact and with an interval."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

import numpy as np

from sim.arrays import Floats, Ints
from sim.experiments.reforms.levers import LeverSet
from sim.limits import ClockRule
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
from sim.measures.contrasts import Estimate, ratio_contrast, share_contrast
from sim.measures.shares import OnTimeCounts
from sim.replications.summary import Summary
from sim.results.costs import CONFIDENCE, PerDay, ended, per_day
from sim.results.run import Result
from sim.scenario import Scenario

Rule = Literal["stepwise", "shapley", "first", "last"]
"""Rule of attribution. `stepwise`: each lever on top of those before it; `shapley`: the mean of
that over all orders; `first`: each lever with the others off; `last`: with the others on. The parts
of the first two rules add up to the whole."""
Kind = Literal["on_time_share", "days_saved", "staff_h_per_case"]

STAFF_CONFIDENCE: Final = 0.95
"""Confidence of the intervals of staff time; a limit has its own confidence."""


@dataclass(frozen=True)
class Part:
    """The contribution of one lever to one measure."""

    exact: Fraction | None
    """Contribution in the simulated replications; None if some set of levers has no cases."""
    estimate: Estimate
    """`exact` with an interval; the intervals of all levers of a rule hold together."""


@dataclass(frozen=True, eq=False)
class Effect:
    """One measure: its level with each set of levers on, and the contribution of each lever."""

    kind: Kind
    """`on_time_share`: of a limit. `days_saved`: fall of the mean of its deciding clock over the
    cases that ended. `staff_h_per_case`: mean hours of officers per case of a case type."""
    of: str
    """The limit, or the case type."""
    confidence: float
    levels: Mapping[Coalition, Estimate]
    """Levers that are on → share, mean days or hours."""
    total: Part
    """The contribution of all levers together."""
    parts: Mapping[Rule, Mapping[str, Part]]
    """Rule → lever → its contribution."""


@dataclass(frozen=True)
class ClockChange:
    """What all levers together did to one clock: its mean over the cases that ended."""

    limit: str
    """The limit whose cases are meant."""
    clock: str
    before: Estimate
    """Mean with all levers off, in the unit of the clock."""
    after: Estimate
    """Mean with all levers on."""
    change: Estimate
    """`after` minus `before`, on the same cases; each interval holds by itself."""


@dataclass(frozen=True)
class Weightings:
    """The weights of every rule, and the coalitions that they need."""

    players: tuple[str, ...]
    rules: Mapping[Rule, Mapping[str, Weights]]
    drawn: Sequence[Mapping[str, Weights]]
    """[pairs] drawn weights; their mean is the Shapley weights. Empty if those are exact."""
    stands_for: Mapping[Coalition, Coalition]
    """Coalition → the simulated one, without the levers that lack what they need."""

    @classmethod
    def of(cls, chosen: LeverSet, pairs: int | None, random: np.random.Generator) -> Weightings:
        """Return the weights; for Shapley values, over all orders or over `pairs` of drawn ones."""
        players = chosen.names
        everybody = frozenset(players)
        drawn = [] if pairs is None else drawn_weights(players, pairs, random)
        one, minus = Fraction(1), Fraction(-1)
        rules: dict[Rule, Mapping[str, Weights]] = {
            "stepwise": weights_in_order(players),
            "shapley": mean_weights(drawn) if drawn else shapley_weights(players),
            "first": {player: {frozenset({player}): one, NOBODY: minus} for player in players},
            "last": {player: {everybody: one, everybody - {player}: minus} for player in players},
        }
        used = (on for rule in rules.values() for weights in rule.values() for on in weights)
        return cls(players, rules, drawn, {on: chosen.effective(on) for on in used})

    @property
    def coalitions(self) -> tuple[Coalition, ...]:
        """Every coalition with a weight, small ones first."""
        place = {player: number for number, player in enumerate(self.players)}
        return tuple(
            sorted(self.stands_for, key=lambda on: (len(on), sorted(place[name] for name in on)))
        )


@dataclass(frozen=True)
class Measure:
    """A measure as a ratio of two sums over the replications, both whole numbers."""

    kind: Kind
    of: str
    confidence: float
    clock: str = ""

    @property
    def sign(self) -> int:
        """-1 if a fall counts as a gain, else 1."""
        return -1 if self.kind == "days_saved" else 1

    def count(self, summary: Summary) -> tuple[int, int, int]:
        """Return the numerator, the same with unknown cases on time, and the denominator."""
        if self.kind == "staff_h_per_case":
            of_type = summary.case_types[self.of]
            return of_type.staff_s, of_type.staff_s, 3600 * sum(of_type.states.values())
        tally = summary.tallies[self.of][self.clock]
        if self.kind == "on_time_share":
            return tally.on_time, tally.on_time_at_best, tally.judged
        days = int(tally.ended_days.sum())
        return days, days, len(tally.ended_days)


def measures(scenario: Scenario) -> list[Measure]:
    """Return on-time share and days saved of each limit, then staff time of each case type."""
    kinds: tuple[Kind, ...] = ("on_time_share", "days_saved")
    return [
        Measure(kind, name, limit.confidence, limit.clock)
        for name, limit in scenario.limits.items()
        for kind in kinds
    ] + [Measure("staff_h_per_case", name, STAFF_CONFIDENCE) for name in scenario.case_types]


def effect_on(
    measure: Measure, weightings: Weightings, results: Mapping[Coalition, Result]
) -> Effect:
    """Return the effect of the levers on a measure; all results are on common random numbers."""
    coalitions = weightings.coalitions
    counts = {
        on: np.array([measure.count(summary) for summary in result.summaries], np.int64)
        for on, result in results.items()
    }
    of_each = np.array([counts[weightings.stands_for[on]] for on in coalitions])
    reading = _Reading(measure, coalitions, *np.moveaxis(of_each, -1, 0))
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
                    drawn=[draw[player] for draw in weightings.drawn] if rule == "shapley" else (),
                )
                for player in players
            }
            for rule, weights in weightings.rules.items()
        },
    )


def clock_changes(before: Result, after: Result, clocks: Sequence[str]) -> Iterator[ClockChange]:
    """Yield what became of the clocks for each limit; both results have common random numbers."""
    for limit in before.scenario.limits:
        yield from (_clock_change(before, after, limit, clock) for clock in clocks)


def _clock_change(before: Result, after: Result, limit: str, clock: str) -> ClockChange:
    both = [
        [summary.tallies[limit][clock].ended_days for summary in result.summaries]
        for result in (before, after)
    ]
    ticks, confidence = before.clocks[clock].ticks, before.scenario.limits[limit].confidence
    upper = np.array([[int(days.sum()) for days in of] for of in both], np.int64)
    lower = np.array([[len(days) for days in of] for of in both], np.int64)
    found = (
        ratio_contrast(np.array(weights) / ticks, upper, lower, confidence)
        for weights in ([1.0, 0.0], [0.0, 1.0], [-1.0, 1.0])
    )
    return ClockChange(limit, clock, *found)


@dataclass(frozen=True)
class LeverCost:
    """What a lever, or all of them together, change in the cost of a year, and per day saved."""

    limit: str
    """The limit whose days are meant; empty without limits."""
    rule: Rule | Literal["total"]
    lever: str
    """The lever; empty for all together."""
    change: PerDay


def lever_costs(weightings: Weightings, results: Mapping[Coalition, Result]) -> list[LeverCost]:
    """Return what each lever costs for each limit; nothing unless all sets of levers give costs.

    The intervals of all levers of a rule hold together.
    """
    if any(result.money is None for result in results.values()):
        return []
    players = weightings.players
    whole: Weights = {frozenset(players): Fraction(1), NOBODY: Fraction(-1)}
    found = []
    for limit in next(iter(results.values())).resolved_limits:
        yearly = {on: _yearly(result, limit.name, limit.rule) for on, result in results.items()}
        for rule, of_players in weightings.rules.items():
            drawn = weightings.drawn if rule == "shapley" else ()
            for player in players:
                draws = [_weighed(draw[player], weightings, yearly) for draw in drawn]
                mean = np.array([each.mean(axis=1) for each in draws]).T if draws else None
                cost, days = _weighed(of_players[player], weightings, yearly)
                change = per_day(cost, days, CONFIDENCE, len(players), mean)
                found.append(LeverCost(limit.name, rule, player, change))
        cost, days = _weighed(whole, weightings, yearly)
        found.append(LeverCost(limit.name, "total", "", per_day(cost, days, CONFIDENCE)))
    return found


def _yearly(result: Result, limit: str, rule: ClockRule) -> Floats:
    """Return [2, R] the cost of a year, and the days that the clock of a limit ran in it."""
    assert result.money is not None
    years = result.money.prices[0].years
    mean, cases = ended(result.tallies(limit, rule.name), rule.ticks, years)
    return np.array([result.money.money.sum(axis=1), mean * cases])


def _weighed(
    weights: Weights, weightings: Weightings, yearly: Mapping[Coalition, Floats]
) -> Floats:
    """Return [2, R] the change of cost, and the days saved."""
    of_simulated: dict[Coalition, Fraction] = {}
    for on, weight in weights.items():
        stands = weightings.stands_for[on]
        of_simulated[stands] = of_simulated.get(stands, Fraction(0)) + weight
    changes = [float(weight) * yearly[on] for on, weight in of_simulated.items() if weight]
    change = np.sum(changes, axis=0) if changes else 0.0 * next(iter(yearly.values()))
    return np.array([change[0], -change[1]])


@dataclass(frozen=True, eq=False)
class _Reading:
    """One measure in all coalitions and replications."""

    measure: Measure
    coalitions: tuple[Coalition, ...]
    upper: Ints
    """[V, R] cases on time, days, or seconds."""
    at_best: Ints
    """[V, R] the same, with cases on time whose end is unknown."""
    lower: Ints
    """[V, R] denominators: cases judged, cases that ended, or cases × 3600."""

    @cached_property
    def game(self) -> Mapping[Coalition, Fraction] | None:
        """Coalition → its worth; None if some coalition has no cases."""
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

        Their weights are added before they are rounded, so that a lever that changes nothing has
        an effect of 0, not of 1e-17.
        """
        first: dict[bytes, int] = {}
        rows = zip(self.upper, self.at_best, self.lower, strict=True)
        return [
            first.setdefault(b"".join(column.tobytes() for column in row), number)
            for number, row in enumerate(rows)
        ]

    def on_time(self, number: int) -> OnTimeCounts:
        """Return the cases of a coalition, for an on-time share."""
        return OnTimeCounts(self.upper[number], self.at_best[number], self.lower[number])

    def level(self, number: int) -> Estimate:
        if self.measure.kind == "on_time_share":
            share = self.on_time(number).share(self.measure.confidence)
            return Estimate(share.share, share.low, share.high)
        upper, lower = self.upper[number], self.lower[number]
        one = np.ones(1)
        return ratio_contrast(one, upper[None], lower[None], self.measure.confidence)

    def part(self, weights: Weights, of: int = 1, drawn: Sequence[Weights] = ()) -> Part:
        of_alike = [Fraction(0)] * len(self.coalitions)
        for number, on in zip(self.alike, self.coalitions, strict=True):
            of_alike[number] += weights.get(on, Fraction(0))
        vector = np.array([float(weight) for weight in of_alike])
        exact = None if self.game is None else contribution(weights, self.game)
        draws = None
        if drawn and self.game is not None:
            draws = np.array([float(contribution(draw, self.game)) for draw in drawn])
        signed, confidence = self.measure.sign * vector, self.measure.confidence
        if self.measure.kind == "on_time_share":
            counts = [self.on_time(number) for number in range(len(self.coalitions))]
            estimate = share_contrast(signed, counts, confidence, of=of, draws=draws)
        else:
            estimate = ratio_contrast(
                signed, self.upper, self.lower, confidence, of=of, draws=draws
            )
        low, high = estimate.low, estimate.high
        if self.measure.kind == "on_time_share":  # a share changes by 1 at most
            low, high = max(low, -1.0), min(high, 1.0)
        # The exact value: sums of floats would miss the total by an ulp.
        value = math.nan if exact is None else float(exact)
        return Part(exact, Estimate(value, low, high))
