"""What a sensitivity analysis found, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

from sim.experiments.sensitivity.factors import Factor
from sim.experiments.sensitivity.flips import Flip
from sim.experiments.sensitivity.points import Judgement
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.measures.sensitivity import Effects, Indices
from sim.results.finding import Finding
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Method: TypeAlias = Literal["oat", "morris", "sobol"]
TABLE_OF: Final[Mapping[Method, str]] = {
    "oat": "tornado",
    "morris": "screening",
    "sobol": "sobol",
}


class OfLimit(Protocol):
    """What was found of one parameter and one limit."""

    @property
    def factor(self) -> Factor:
        """The parameter."""
        ...

    @property
    def limit(self) -> str:
        """The limit."""
        ...


@dataclass(frozen=True)
class Swing:
    """A limit with one parameter at both ends of its range, all others as in the scenario."""

    factor: Factor
    limit: str
    base: Judgement
    """The scenario as it is."""
    at_low: Judgement
    at_high: Judgement
    low_difference: Estimate
    """On-time share at the low end minus that of the scenario, paired …"""
    high_difference: Estimate
    """… and at the high end. All differences of a limit hold together."""

    @property
    def span(self) -> float:
        """How far apart the three shares lie."""
        shares = [each.share for each in (self.base, self.at_low, self.at_high)]
        return max(shares) - min(shares)


@dataclass(frozen=True)
class Screened:
    """Elementary effects of one parameter on the on-time share of one limit."""

    factor: Factor
    limit: str
    effects: Effects


@dataclass(frozen=True)
class Explained:
    """Sobol indices of one parameter for the on-time share of one limit."""

    factor: Factor
    limit: str
    indices: Indices


@dataclass(frozen=True)
class Design:
    """The points at which a method looked."""

    points: int
    noise: Mapping[str, float]
    """Limit → share of the variance between the points that is simulation noise; NaN if unknown."""


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Finding):
    """What a sensitivity analysis found; what its method does not look for is empty."""

    scenario: Scenario
    method: Method
    seed: int
    replications: int
    factors: tuple[Factor, ...]
    """The parameters that were varied."""
    left_out: tuple[str, ...]
    """Paths of ranges that cannot be varied: those of a distribution as a whole."""
    swings: tuple[Swing, ...] = ()
    """By limit, widest span first."""
    flips: tuple[Flip, ...] = ()
    screened: tuple[Screened, ...] = ()
    """By limit, largest mean size of effects first."""
    screening: Design | None = None
    explained: tuple[Explained, ...] = ()
    """By limit, largest total index first."""
    sampling: Design | None = None
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed at any point; should be empty."""

    @property
    def table(self) -> pd.DataFrame:
        """The table of the method; see `tables`."""
        return self.tables[TABLE_OF[self.method]]

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Those of `rows` that are not empty, by name."""
        import pandas as pd

        return {name: pd.DataFrame(rows) for name, rows in self.rows.items() if rows}

    @cached_property
    def rows(self) -> Mapping[str, list[dict[str, Any]]]:
        """One row per limit and parameter; `tornado` and `flips`, `screening`, `sobol`."""
        return {
            "tornado": [_swing(each) for each in self.swings],
            "flips": [_flip(each) for each in self.flips],
            "screening": [_row(each, vars(each.effects)) for each in self.screened],
            "sobol": [_row(each, vars(each.indices)) for each in self.explained],
        }


def _row(of: OfLimit, estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    row: dict[str, Any] = {"limit": of.limit, "parameter": of.factor.path}
    for name, each in estimates.items():
        row |= {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}
    return row


def _swing(each: Swing) -> dict[str, Any]:
    factor = each.factor
    values = {
        "base": (factor.value, each.base),
        "low": (factor.low, each.at_low),
        "high": (factor.high, each.at_high),
    }
    row: dict[str, Any] = {"limit": each.limit, "parameter": factor.path, "unit": factor.unit}
    for name, (value, judged) in values.items():
        row |= {
            f"{name}_value": value,
            f"{name}_share": judged.share,
            f"{name}_ci_low": judged.low,
            f"{name}_ci_high": judged.high,
            f"{name}_verdict": judged.verdict,
        }
    for name, difference in (("low", each.low_difference), ("high", each.high_difference)):
        row |= {
            f"{name}_difference": difference.value,
            f"{name}_difference_low": difference.low,
            f"{name}_difference_high": difference.high,
        }
    return row


def _flip(each: Flip) -> dict[str, Any]:
    return {
        "limit": each.limit,
        "parameter": each.factor.path,
        "unit": each.factor.unit,
        "base_value": each.factor.value,
        "base_verdict": each.verdict,
        "end_value": each.end,
        "end_verdict": each.verdict_at_end,
        "flip_value": each.value,
        "before": each.before,
        "after": each.after,
        "surely_before": each.surely_before,
        "surely_after": each.surely_after,
    }
