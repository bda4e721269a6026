"""Distributions of durations: a constant, a named distribution, or recorded values.

Each distribution is one class, with its mean and its sampler. A new one is a class here and a field
of `Distribution`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from sim.arrays import Floats
from sim.scenario.schema.base import (
    Block,
    Factor,
    FileName,
    Flag,
    Variation,
    Word,
    refusal,
    require,
    short_form,
)
from sim.scenario.schema.quantities import SECONDS, Duration, parsed
from sim.translation import tr
from sim.variates import Sampler
from sim.variates.sampler import log

Recorded: TypeAlias = Callable[[str, str, bool], Floats]
"""(file, column, whether zeros are allowed) → the recorded values."""

MAX_P90 = 1000
Z90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""


class _OfTime(Duration):
    """A distribution with one time as its parameter."""

    def _mean_s(self) -> float:
        return self.seconds


class Constant(_OfTime):
    """Always the same time."""

    def _sampler(self, recorded: Recorded) -> Sampler:
        return Sampler.constant(self.seconds)


class Legal(_OfTime):
    """A legal period of whole days, drawn in days instead of seconds."""

    def _sampler(self, recorded: Recorded) -> Sampler:
        return Sampler.constant(self.value)


class Exponential(_OfTime):
    """Exponential distribution by mean."""

    def _sampler(self, recorded: Recorded) -> Sampler:
        return Sampler.exponential(self.seconds)


class _OfParameters(Block):
    """A distribution with several parameters."""

    def __str__(self) -> str:
        given = (f"{name} {value}" for name, value in self if isinstance(value, Duration | float))
        return f"({', '.join(given)})"


class Gamma(_OfParameters):
    """Gamma distribution by mean and coefficient of variation."""

    mean: Duration
    """Mean."""
    cv: Variation
    """Standard deviation divided by the mean."""

    def _mean_s(self) -> float:
        return self.mean.seconds

    def _sampler(self, recorded: Recorded) -> Sampler:
        shape, scale = self.cv**-2, self.mean.seconds * self.cv**2
        return Sampler.gamma(shape, scale)


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

    def _check(self) -> None:
        given = [value is not None for value in (self.mean, self.cv, self.median, self.p90)]
        require(
            given in ([True, True, False, False], [False, False, True, True]),
            tr("give either mean and cv, or median and p90"),
        )
        if self.median is not None and self.p90 is not None:
            median, p90 = self.median.seconds, self.p90.seconds
            require(median > 0, tr("median must be above 0"))
            require(median < p90, tr("p90 must lie above the median"))
            require(
                p90 <= MAX_P90 * median,
                tr("p90 must be at most {max_p90} times the median", max_p90=MAX_P90),
            )
        require(self.mean is None or self.mean.seconds > 0, tr("mean must be above 0"))

    def _mean_s(self) -> float:
        """Return the mean; for `median` and `p90`, the median, a lower bound.

        The mean time between arrivals bounds their number before they are drawn.
        """
        known = self.mean or self.median
        assert known is not None
        return known.seconds

    def _sampler(self, recorded: Recorded) -> Sampler:
        if self.mean is not None and self.cv is not None:
            variance = log(1 + self.cv**2)
            mu, sigma = log(self.mean.seconds) - variance / 2, math.sqrt(variance)
        else:
            assert self.median is not None
            assert self.p90 is not None
            median, p90 = self.median.seconds, self.p90.seconds
            mu, sigma = log(median), log(p90 / median) / Z90
        return Sampler.lognormal(mu, sigma)


class Uniform(_OfParameters):
    """Continuous uniform distribution."""

    low: Duration
    """Smallest value."""
    high: Duration
    """Largest value."""

    def _check(self) -> None:
        require(self.low.seconds <= self.high.seconds, tr("low must not lie above high"))

    def _mean_s(self) -> float:
        return (self.low.seconds + self.high.seconds) / 2

    def _sampler(self, recorded: Recorded) -> Sampler:
        return Sampler.uniform(self.low.seconds, self.high.seconds)


class Triangular(_OfParameters):
    """Triangular distribution."""

    low: Duration
    """Smallest value."""
    mode: Duration
    """Most likely value."""
    high: Duration
    """Largest value."""

    def _check(self) -> None:
        low, mode, high = self._points_s()
        require(low <= mode <= high, tr("low ≤ mode ≤ high must hold"))

    def _points_s(self) -> tuple[float, float, float]:
        return self.low.seconds, self.mode.seconds, self.high.seconds

    def _mean_s(self) -> float:
        return sum(self._points_s()) / 3

    def _sampler(self, recorded: Recorded) -> Sampler:
        low, mode, high = self._points_s()
        if low == high:
            return Sampler.constant(low)
        return Sampler.triangular(low, mode, high)


class Pert(Triangular):
    """Beta-PERT distribution: a beta distribution with mean (low + 4 mode + high) / 6."""

    def _mean_s(self) -> float:
        low, mode, high = self._points_s()
        return (low + 4 * mode + high) / 6

    def _sampler(self, recorded: Recorded) -> Sampler:
        low, mode, high = self._points_s()
        if low == high:
            return Sampler.constant(low)
        span = high - low
        a, b = 1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span
        return Sampler.beta(low, high, a, b)


class Empirical(_OfParameters):
    """Values of a column of a CSV or Parquet file, each as likely as any other."""

    file: FileName
    """Path, relative to the scenario file."""
    column: Word
    """Name of the column, numbers above 0."""
    unit: Literal["s", "min", "h", "wd", "cd"]
    """Unit of the numbers."""
    zeros: Flag = False
    """Whether a recorded 0 is a duration; otherwise it is refused, like a negative number."""

    def __str__(self) -> str:
        return f"{self.file}[{self.column}]"

    def _mean_s(self) -> float:
        return math.inf  # unknown before the data are read

    def _sampler(self, recorded: Recorded) -> Sampler:
        return Sampler.recorded(recorded(self.file, self.column, self.zeros) * SECONDS[self.unit])


_Spec: TypeAlias = (
    Constant | Legal | Exponential | Gamma | Lognormal | Uniform | Triangular | Empirical
)


class Distribution(Block):
    """Exactly one of the following; a bare ``30 min`` is a constant.

    A bare whole number of days (``7 cd``, ``5 wd``) is a legal period: it counts dates and ends at
    the close of its last day. All other durations in days elapse continuously, on every day (cd) or
    on working days only (wd).
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
            legal = parsed(value).is_legal_period
            return {"legal" if legal else "constant": value}
        if not isinstance(value, dict | Distribution):
            rule = tr(
                "must be a time with its unit, such as '30 min', or a distribution, "
                "such as {exponential: 30 min}"
            )
            raise refusal(rule, kind="duration")
        return value

    def _check(self) -> None:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        several = (
            tr(", not {given} (null takes one away)", given=tr(" and ").join(given))
            if given
            else ""
        )
        require(
            len(given) == 1,
            tr("give exactly one of {kinds}{several}", kinds=", ".join(KINDS), several=several),
        )
        if self.legal is not None:
            require(self.legal.is_legal_period, tr("a legal period is a whole number of wd or cd"))
            require(self.scale == 1.0, tr("a legal period cannot be scaled"))
        if self.exponential is not None or self.gamma is not None:
            require(self._spec._mean_s() > 0, tr("mean must be above 0"))
        require(
            len(self.units) == 1 or WORK_UNITS.issuperset(self.units),
            tr("days and other units cannot be mixed: {units}", units=tr(" and ").join(self.units)),
        )

    @property
    def kind(self) -> str:
        """Name of the distribution."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def _spec(self) -> _Spec:
        spec: _Spec = getattr(self, self.kind)
        return spec

    @property
    def units(self) -> list[str]:
        """Units used, without repetition."""
        spec = self._spec
        if isinstance(spec, Duration | Empirical):
            return [spec.unit]
        times = vars(spec).values()
        return list(dict.fromkeys(time.unit for time in times if isinstance(time, Duration)))

    @property
    def unit(self) -> str:
        """The unit of its values; the first of s, min and h if they are mixed."""
        return self.units[0]

    @property
    def mean_s(self) -> float:
        """The mean in seconds, as far as it is known before any draw."""
        return self._spec._mean_s() * self.scale

    def sampler(self, recorded: Recorded) -> Sampler:
        """Return the sampler of values in seconds of the distribution's own calendar.

        A legal period yields whole days instead of seconds.

        Parameters
        ----------
        recorded
            (file, column, zeros) → recorded values, for empirical distributions.
        """
        return self._spec._sampler(recorded).scaled(self.scale)

    def __str__(self) -> str:
        factor = "" if self.scale == 1.0 else f"{self.scale:g} × "
        kind = "" if self.constant is not None else f"{self.kind} "
        return f"{factor}{kind}{self._spec}"


WORK_UNITS = frozenset({"s", "min", "h"})
"""Units of elapsed time, which may be mixed."""

KINDS = tuple(
    name for name in Distribution.model_fields if name not in {*Block.model_fields, "scale"}
)
"""The names of the distributions."""


def _work(distribution: Distribution) -> Distribution:
    units = distribution.units
    require(
        WORK_UNITS.issuperset(units), tr("work is measured in s, min or h; days are for delays")
    )
    return distribution


Work = Annotated[Distribution, AfterValidator(_work), Field(description="Effort in s, min or h.")]
"""Effort of an officer at speed 1."""
