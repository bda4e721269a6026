"""How long something takes: a constant, a named distribution, or recorded values.

Each distribution is one class, which samples itself, knows its mean and checks what was written.
A new one is a class here and a field of `Distribution`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, Protocol, TypeAlias

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.arrays import Floats
from sim.scenario.schema.base import Block, Factor, FileName, Variation, Word, short_form
from sim.scenario.schema.quantities import SECONDS, Duration

Sampler: TypeAlias = Callable[[np.random.Generator, int], Floats]
"""(stream, n) → [n] values in seconds of the distribution's own calendar."""
Recorded: TypeAlias = Callable[[str, str], Floats]
"""(file, column) → the recorded values."""

MAX_P90 = 1000
Z90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise PydanticCustomError("distribution", "{text}", {"text": text})


class Kind(Protocol):
    """What every distribution knows."""

    @property
    def units(self) -> list[str]:
        """The units of its times, each once."""

    @property
    def mean_s(self) -> float:
        """The mean in seconds, as far as it is known before anything is drawn."""

    def check(self, scale: float) -> None:
        """Refuse what this distribution cannot be, also if scaled."""

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""

    def described(self, kind: str) -> str:
        """Return it as people write it, under the name of the distribution."""


class _OfTime(Duration):
    """A distribution that one time describes."""

    __slots__ = ()

    @property
    def units(self) -> list[str]:
        """The unit."""
        return [self.unit]

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.seconds

    def check(self, scale: float) -> None:
        """Refuse what this distribution cannot be, also if scaled."""

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn: here, always the same."""
        value = self.seconds
        return lambda rng, n: np.full(n, value)

    def described(self, kind: str) -> str:
        """Return it as people write it."""
        return f"{kind} {self}"


class Constant(_OfTime):
    """Always the same time."""

    __slots__ = ()

    def described(self, kind: str) -> str:
        """Return it as people write it: the time alone."""
        return str(self)


class Legal(_OfTime):
    """A legal period of whole days."""

    __slots__ = ()

    def check(self, scale: float) -> None:
        """Refuse parts of days, and a factor."""
        _require(self.is_legal_period, "a legal period is a whole number of wd or cd")
        _require(scale == 1.0, "a legal period cannot be scaled")

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn: whole days instead of seconds."""
        days = self.value
        return lambda rng, n: np.full(n, days)


class Exponential(_OfTime):
    """Exponential distribution by mean."""

    __slots__ = ()

    def check(self, scale: float) -> None:
        """Refuse a mean of 0."""
        _require(self.seconds > 0, "mean must be above 0")

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        mean = self.seconds
        return lambda rng, n: rng.exponential(mean, n)


class _OfParameters(Block):
    """A distribution that several parameters describe."""

    @property
    def units(self) -> list[str]:
        """The units of its times, each once."""
        times = (getattr(self, name) for name in type(self).model_fields)
        return list(dict.fromkeys(time.unit for time in times if isinstance(time, Duration)))

    def check(self, scale: float) -> None:
        """Refuse what this distribution cannot be, also if scaled."""

    def described(self, kind: str) -> str:
        """Return it as people write it."""
        given = ((name, getattr(self, name)) for name in type(self).model_fields)
        inner = ", ".join(
            f"{name} {value}" for name, value in given if isinstance(value, Duration | float)
        )
        return f"{kind} ({inner})"


class Gamma(_OfParameters):
    """Gamma distribution by mean and coefficient of variation."""

    mean: Duration
    """Mean."""
    cv: Variation
    """Standard deviation divided by the mean."""

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return self.mean.seconds

    def check(self, scale: float) -> None:
        """Refuse a mean of 0."""
        _require(self.mean.seconds > 0, "mean must be above 0")

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        shape, scale = self.cv**-2, self.mean.seconds * self.cv**2
        return lambda rng, n: rng.gamma(shape, scale, n)


class Lognormal(_OfParameters):
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

    @property
    def mean_s(self) -> float:
        """The mean in seconds; by median, the median, which lies below: a bound on the safe side.

        Before arrivals are drawn, their number is bounded by the mean of the time between them.
        """
        known = self.mean or self.median
        assert known is not None
        return known.seconds

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        if self.mean is not None and self.cv is not None:
            variance = math.log1p(self.cv**2)
            mu, sigma = math.log(self.mean.seconds) - variance / 2, math.sqrt(variance)
        else:
            assert self.median is not None
            assert self.p90 is not None
            median, p90 = self.median.seconds, self.p90.seconds
            mu, sigma = math.log(median), math.log(p90 / median) / Z90
        return lambda rng, n: rng.lognormal(mu, sigma, n)


class Uniform(_OfParameters):
    """Continuous uniform distribution."""

    low: Duration
    """Smallest value."""
    high: Duration
    """Largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        _require(self.low.seconds <= self.high.seconds, "low must not lie above high")
        return self

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        return (self.low.seconds + self.high.seconds) / 2

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        low, high = self.low.seconds, self.high.seconds
        return lambda rng, n: rng.uniform(low, high, n)


class Triangular(_OfParameters):
    """Triangular distribution."""

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

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        low, mode, high = self._points_s
        return (low + mode + high) / 3

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        low, mode, high = self._points_s
        if low == high:
            return lambda rng, n: np.full(n, low)
        return lambda rng, n: rng.triangular(low, mode, high, n)

    @property
    def _points_s(self) -> tuple[float, float, float]:
        return self.low.seconds, self.mode.seconds, self.high.seconds


class Pert(Triangular):
    """Beta-PERT distribution: a beta distribution with mean (low + 4 mode + high) / 6."""

    @property
    def mean_s(self) -> float:
        """The mean in seconds."""
        low, mode, high = self._points_s
        return (low + 4 * mode + high) / 6

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        low, mode, high = self._points_s
        if low == high:
            return lambda rng, n: np.full(n, low)
        span = high - low
        a, b = 1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span
        return lambda rng, n: low + span * rng.beta(a, b, n)


class Empirical(_OfParameters):
    """Values of a column of a CSV or Parquet file, each as likely as any other."""

    file: FileName
    """Path, relative to the scenario file."""
    column: Word
    """Name of the column, numbers ≥ 0."""
    unit: Literal["s", "min", "h", "wd", "cd"]
    """Unit of the numbers."""

    @property
    def units(self) -> list[str]:
        """The unit of the numbers."""
        return [self.unit]

    @property
    def mean_s(self) -> float:
        """Infinite: only the data know it."""
        return math.inf

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return how it is drawn."""
        values = recorded(self.file, self.column) * SECONDS[self.unit]
        return lambda rng, n: values[rng.integers(0, len(values), n)]

    def described(self, kind: str) -> str:
        """Return it as people write it."""
        return f"{kind} {self.file}[{self.column}]"


class Distribution(Block):
    """Exactly one of the following; a bare ``30 min`` is a constant.

    A bare whole number of days (``7 cd``, ``5 wd``) is a legal period: it counts dates and ends at
    the close of its last day. Everything else that is measured in days elapses continuously, on
    every day (cd) or on working days only (wd).
    """

    constant: Constant | None = None
    """Always the same; days elapse continuously."""
    legal: Legal | None = None
    """A legal period of whole days, counted on dates."""
    exponential: Exponential | None = None
    """Exponential with this mean."""
    gamma: Gamma | None = None
    """Gamma by mean and cv."""
    lognormal: Lognormal | None = None
    """Lognormal by mean and cv, or median and p90."""
    uniform: Uniform | None = None
    """Uniform between low and high."""
    triangular: Triangular | None = None
    """Triangular by low, mode, high."""
    pert: Pert | None = None
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
        self.spec.check(self.scale)
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
    def spec(self) -> Kind:
        """The one that is given."""
        spec: Kind = getattr(self, self.kind)
        return spec

    @property
    def units(self) -> list[str]:
        """Units used, each once."""
        return self.spec.units

    @property
    def unit(self) -> str:
        """The unit of its values; of s, min and h the first that is used."""
        return self.units[0]

    @property
    def mean_s(self) -> float:
        """The mean in seconds, as far as it is known before anything is drawn."""
        return self.spec.mean_s * self.scale

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return a function (stream, n) → [n] values in seconds of the distribution's own calendar.

        A legal period yields whole days instead of seconds.

        Parameters
        ----------
        recorded
            (file, column) → recorded values, for empirical distributions.
        """
        draw, scale = self.spec.sampler(recorded), self.scale
        return draw if scale == 1.0 else lambda rng, n: scale * draw(rng, n)

    def __str__(self) -> str:
        factor = "" if self.scale == 1.0 else f"{self.scale:g} × "
        return f"{factor}{self.spec.described(self.kind)}"


WORK_UNITS = frozenset({"s", "min", "h"})
"""Units of elapsed time, which may be mixed."""

KINDS = tuple(
    name for name in Distribution.model_fields if name not in {*Block.model_fields, "scale"}
)
"""The names of the distributions."""


def _work(distribution: Distribution) -> Distribution:
    _require(
        distribution.unit in WORK_UNITS, "work is measured in s, min or h; days are for delays"
    )
    return distribution


Work = Annotated[Distribution, AfterValidator(_work), Field(description="Effort in s, min or h.")]
"""Effort of an officer at speed 1."""
