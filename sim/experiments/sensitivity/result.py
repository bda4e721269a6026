"""The result of a sensitivity analysis, and its tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from sim.experiments.sensitivity.flips import Flip
from sim.experiments.sensitivity.points import Judgement
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.measures.sensitivity import Effects, Indices
from sim.measures.shares import Verdict
from sim.results.finding import Finding, table_of
from sim.results.rows import CI, PREFIX
from sim.scenario import Factor, Scenario

if TYPE_CHECKING:
    import pandas as pd

Method: TypeAlias = Literal["oat", "morris", "sobol"]
WEIGHTIEST: Final = 3
TABLE_OF: Final[Mapping[Method, str]] = {"oat": "tornado", "morris": "screening", "sobol": "sobol"}


@dataclass(frozen=True)
class OfLimit:
    """A finding on one parameter and one limit."""

    factor: Factor
    limit: str


@dataclass(frozen=True)
class Swing(OfLimit):
    """A limit with one parameter at both ends of its range, all others as in the scenario."""

    base: Judgement
    """Judgement in the scenario as it is."""
    at_low: Judgement
    at_high: Judgement
    low_difference: Estimate
    """On-time share at the low end minus the scenario's; a limit's differences hold together."""
    high_difference: Estimate
    """On-time share at the high end minus the scenario's."""

    @property
    def span(self) -> float:
        """Distance between the largest and the smallest of the three shares."""
        shares = [judgement.share for judgement in (self.base, self.at_low, self.at_high)]
        return max(shares) - min(shares)


@dataclass(frozen=True)
class Screened(OfLimit):
    """Elementary effects of one parameter on the on-time share of one limit."""

    effects: Effects


@dataclass(frozen=True)
class Explained(OfLimit):
    """Sobol indices of one parameter for the on-time share of one limit."""

    indices: Indices


@dataclass(frozen=True)
class Design:
    """The points of a method."""

    points: int
    noise: Mapping[str, float]
    """Limit → share of the variance between the points that is simulation noise; NaN if unknown."""


@dataclass(frozen=True)
class AtValue:
    """A limit, with a parameter at one value."""

    value: float
    """Value of the parameter."""
    share: Estimate = field(metadata=CI)
    """On-time share, with its confidence interval."""
    verdict: Verdict
    """Verdict."""

    @classmethod
    def of(cls, value: float, judged: Judgement) -> AtValue:
        """Return the cells of a judgement."""
        return cls(value, Estimate(judged.share, judged.low, judged.high), judged.verdict)


@dataclass(frozen=True)
class TornadoRow:
    """One limit and parameter (method `oat`); see [Sensitivity](../how-to/sensitivity.md)."""

    limit: str
    """Name of the limit."""
    parameter: str
    """Path of the parameter."""
    unit: str | None
    """Unit of its values; empty for plain numbers."""
    base: AtValue = field(metadata={PREFIX: "base_"})
    """At the value in the scenario."""
    low: AtValue = field(metadata={PREFIX: "low_"})
    """At the low end of the range."""
    high: AtValue = field(metadata={PREFIX: "high_"})
    """At the high end of the range."""
    low_difference: Estimate
    """Share at the low end minus that of the scenario; all differences of a limit hold together."""
    high_difference: Estimate
    """Share at the high end minus that of the scenario."""


@dataclass(frozen=True)
class FlipRow:
    """One place at which a verdict turns (method `oat`)."""

    limit: str
    """Name of the limit."""
    parameter: str
    """Path of the parameter."""
    unit: str | None
    """Unit of its values; empty for plain numbers."""
    base_value: float
    """Value in the scenario."""
    base_verdict: Verdict
    """Verdict at the value in the scenario."""
    end_value: float
    """The end of the range at which the verdict is another."""
    end_verdict: Verdict
    """Verdict at the end of the range."""
    flip_value: float
    """Value at which the share crosses the target."""
    before: float
    """The crossing lies between this value and `after`."""
    after: float
    """The crossing lies between `before` and this value."""
    surely_before: float | None
    """Up to this value the scenario's verdict is proven; empty: nowhere."""
    surely_after: float | None
    """From this value on the opposite verdict is proven; empty: not even at the end."""


@dataclass(frozen=True)
class ScreeningRow:
    """One limit and parameter (method `morris`, and `sobol` without `--parameter`)."""

    limit: str
    """Name of the limit."""
    parameter: str
    """Path of the parameter."""
    effects: Effects
    """Elementary effects, in shares, of the whole range."""


@dataclass(frozen=True)
class SobolRow:
    """One limit and parameter (method `sobol`)."""

    limit: str
    """Name of the limit."""
    parameter: str
    """Path of the parameter."""
    indices: Indices
    """Sobol indices: shares of the variance."""


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Finding):
    """The result of a sensitivity analysis; fields of other methods are empty."""

    made_of: ClassVar = (
        Factor,
        Swing,
        Judgement,
        Flip,
        Screened,
        Explained,
        Design,
        Effects,
        Indices,
        Estimate,
    )

    scenario: Scenario
    method: Method
    seed: int
    replications: int
    factors: tuple[Factor, ...]
    """The parameters that were varied."""
    left_out: tuple[str, ...]
    """Paths of ranges that cannot be varied: those of a distribution without a centre."""
    swings: tuple[Swing, ...] = ()
    """Swings by limit, widest span first."""
    flips: tuple[Flip, ...] = ()
    minor: tuple[str, ...] = ()
    """Paths of parameters that a screening of many, one at a time, found to move no limit."""
    screened: tuple[Screened, ...] = ()
    """Elementary effects by limit, largest mean size first."""
    screening: Design | None = None
    explained: tuple[Explained, ...] = ()
    """Sobol indices by limit, largest total index first."""
    sampling: Design | None = None
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed at any point; should be empty."""

    @property
    def weightiest(self) -> tuple[Factor, ...]:
        """The parameters whose ends are farthest apart for any limit, at most three (`oat`)."""
        spans: dict[Factor, float] = {}
        for swing in self.swings:
            known = 0.0 if math.isnan(swing.span) else swing.span
            spans[swing.factor] = max(spans.get(swing.factor, 0.0), known)
        moving = [factor for factor in spans if spans[factor] > 0]
        return tuple(sorted(moving, key=lambda factor: (-spans[factor], factor.path))[:WEIGHTIEST])

    @property
    def table(self) -> pd.DataFrame:
        """The table of the method; see `tables`."""
        return self.tables[TABLE_OF[self.method]]

    @table_of(TornadoRow, "tornado", optional=True)
    def _tornado(self) -> Iterator[TornadoRow]:
        for swing in self.swings:
            factor = swing.factor
            yield TornadoRow(
                limit=swing.limit,
                parameter=factor.path,
                unit=factor.unit,
                base=AtValue.of(factor.value, swing.base),
                low=AtValue.of(factor.low, swing.at_low),
                high=AtValue.of(factor.high, swing.at_high),
                low_difference=swing.low_difference,
                high_difference=swing.high_difference,
            )

    @table_of(FlipRow, "flips", optional=True)
    def _flips(self) -> Iterator[FlipRow]:
        for flip in self.flips:
            yield FlipRow(
                limit=flip.limit,
                parameter=flip.factor.path,
                unit=flip.factor.unit,
                base_value=flip.factor.value,
                base_verdict=flip.verdict,
                end_value=flip.end,
                end_verdict=flip.verdict_at_end,
                flip_value=flip.value,
                before=flip.before,
                after=flip.after,
                surely_before=flip.surely_before,
                surely_after=flip.surely_after,
            )

    @table_of(ScreeningRow, "screening", optional=True)
    def _screening(self) -> Iterator[ScreeningRow]:
        return (ScreeningRow(row.limit, row.factor.path, row.effects) for row in self.screened)

    @table_of(SobolRow, "sobol", optional=True)
    def _sobol(self) -> Iterator[SobolRow]:
        return (SobolRow(row.limit, row.factor.path, row.indices) for row in self.explained)
