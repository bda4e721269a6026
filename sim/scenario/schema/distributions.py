"""How long something takes: a constant, a named distribution, or recorded values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.base import Block, Factor, FileName, Variation, Word, short_form
from sim.scenario.schema.quantities import Duration

MAX_P90 = 1000


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise PydanticCustomError("distribution", "{text}", {"text": text})


class Gamma(Block):
    """Gamma distribution by mean and coefficient of variation."""

    mean: Duration
    """Mean."""
    cv: Variation
    """Standard deviation divided by the mean."""


class Lognormal(Block):
    """Lognormal distribution, by mean and cv or by median and 90th percentile."""

    mean: Duration | None = None
    """Mean; goes with `cv`."""
    cv: Variation | None = None
    """Standard deviation divided by the mean."""
    median: Duration | None = None
    """Median; goes with `p90`."""
    p90: Duration | None = None
    """90th percentile, above the median."""

    @model_validator(mode="after")
    def _one_pair(self) -> Lognormal:
        by_mean = (self.mean is not None, self.cv is not None)
        by_median = (self.median is not None, self.p90 is not None)
        _require(
            (all(by_mean) and not any(by_median)) or (all(by_median) and not any(by_mean)),
            "give either mean and cv, or median and p90",
        )
        if self.median is not None and self.p90 is not None:
            _require(self.median.seconds > 0, "median must be above 0")
            _require(self.median.seconds < self.p90.seconds, "p90 must lie above the median")
            _require(
                self.p90.seconds <= MAX_P90 * self.median.seconds,
                f"p90 must be at most {MAX_P90} times the median",
            )
        if self.mean is not None:
            _require(self.mean.seconds > 0, "mean must be above 0")
        return self


class Uniform(Block):
    """Continuous uniform distribution."""

    low: Duration
    """Smallest value."""
    high: Duration
    """Largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        _require(self.low.seconds <= self.high.seconds, "low must not lie above high")
        return self


class Triangular(Block):
    """Triangular distribution; also the three points of a beta-PERT."""

    low: Duration
    """Smallest value."""
    mode: Duration
    """Most likely value."""
    high: Duration
    """Largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        ordered = self.low.seconds <= self.mode.seconds <= self.high.seconds
        _require(ordered, "low ≤ mode ≤ high must hold")
        return self


class Empirical(Block):
    """Values of a column of a CSV or Parquet file, each as likely as any other."""

    file: FileName
    """Path, relative to the scenario file."""
    column: Word
    """Name of the column, numbers ≥ 0."""
    unit: Literal["s", "min", "h", "wd", "cd"]
    """Unit of the numbers."""


class Distribution(Block):
    """Exactly one of the following; a bare ``30 min`` is a constant.

    A bare whole number of days (``7 cd``, ``5 wd``) is a legal period: it counts dates and ends at
    the close of its last day. Everything else that is measured in days elapses continuously, on
    every day (cd) or on working days only (wd).
    """

    constant: Duration | None = None
    """Always the same; days elapse continuously."""
    legal: Duration | None = None
    """A legal period of whole days, counted on dates."""
    exponential: Duration | None = None
    """Exponential with this mean."""
    gamma: Gamma | None = None
    """Gamma by mean and cv."""
    lognormal: Lognormal | None = None
    """Lognormal by mean and cv, or median and p90."""
    uniform: Uniform | None = None
    """Uniform between low and high."""
    triangular: Triangular | None = None
    """Triangular by low, mode, high."""
    pert: Triangular | None = None
    """Beta-PERT by low, mode, high (shape 4)."""
    empirical: Empirical | None = None
    """Recorded values from a file."""
    scale: Factor = 1.0
    """Factor on every value."""

    model_config = short_form(**Duration.json_schema())

    @model_validator(mode="before")
    @classmethod
    def _bare_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            try:
                legal = Duration.parse(value).is_legal_period
            except ValueError as error:
                raise PydanticCustomError("duration", "{text}", {"text": str(error)}) from None
            return {"legal" if legal else "constant": value}
        if not isinstance(value, dict | Distribution):
            rule = (
                "must be a time with its unit, such as '30 min', or a distribution, such as "
                "{exponential: 30 min}"
            )
            raise PydanticCustomError("duration", "{text}", {"text": rule})
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Distribution:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        several = f", not {' and '.join(given)} (null takes one away)" if given else ""
        _require(len(given) == 1, f"give exactly one of {', '.join(KINDS)}{several}")
        if self.legal is not None:
            _require(self.legal.is_legal_period, "a legal period is a whole number of wd or cd")
            _require(self.scale == 1.0, "a legal period cannot be scaled")
        if self.exponential is not None:
            _require(self.exponential.seconds > 0, "mean must be above 0")
        if self.gamma is not None:
            _require(self.gamma.mean.seconds > 0, "mean must be above 0")
        _require(
            len(set(self.units)) == 1 or WORK_UNITS.issuperset(self.units),
            f"days and other units cannot be mixed: {' and '.join(self.units)}",
        )
        return self

    @property
    def kind(self) -> str:
        """Name of the distribution."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def units(self) -> list[str]:
        """Units used, each once."""
        spec = getattr(self, self.kind)
        if isinstance(spec, Duration | Empirical):
            return [spec.unit]
        fields = (getattr(spec, name) for name in type(spec).model_fields)
        return list(dict.fromkeys(field.unit for field in fields if isinstance(field, Duration)))

    @property
    def unit(self) -> str:
        """The unit of its values; of s, min and h the first that is used."""
        return self.units[0]

    def __str__(self) -> str:
        spec = getattr(self, self.kind)
        factor = "" if self.scale == 1.0 else f"{self.scale:g} × "
        if isinstance(spec, Duration):
            return f"{factor}{spec}" if self.kind == "constant" else f"{factor}{self.kind} {spec}"
        if isinstance(spec, Empirical):
            return f"{factor}empirical {spec.file}[{spec.column}]"
        given = ((name, getattr(spec, name)) for name in type(spec).model_fields)
        inner = ", ".join(
            f"{name} {value}" for name, value in given if isinstance(value, Duration | float)
        )
        return f"{factor}{self.kind} ({inner})"


WORK_UNITS = frozenset({"s", "min", "h"})
"""Units of elapsed time, which may be mixed."""

KINDS = (
    "constant",
    "legal",
    "exponential",
    "gamma",
    "lognormal",
    "uniform",
    "triangular",
    "pert",
    "empirical",
)


def _work(distribution: Distribution) -> Distribution:
    _require(
        distribution.unit in WORK_UNITS,
        "work is measured in s, min or h; days are for delays",
    )
    return distribution


Work = Annotated[Distribution, AfterValidator(_work), Field(description="Effort in s, min or h.")]
"""Effort of an officer at speed 1."""
