"""When cases arrive: volume, months, weekdays, hours, variation from day to day, and batches.

Counts of days are gamma-mixed Poisson, as scenarios have them. Weights of months and weekdays are
drawn towards 1 as far as chance alone explains their differences (empirical Bayes): with few cases
all are 1. A month that was not observed has the weight 1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from sim.arrays import Bools, Floats, Ints
from sim.calendars import WorkingDays, working_days
from sim.fitting.measured import Measured, Z, assumed, bounded, rounded

DAY_S: Final = 86_400
SLOT_S: Final = 1800
SMALL: Final = 0.005
"""Share of the cases below which a half hour counts as closed."""
_LIKELIHOOD_90: Final = 2.7055 / 2
_MOST_CV: Final = 3.0
MONTHS_ENOUGH: Final = 300
"""Days from which on months are told apart."""


@dataclass(frozen=True, eq=False)
class Observed:
    """The arrivals of one case type, on D days."""

    at: Ints
    """[C] seconds, sorted."""
    days: WorkingDays
    first: int
    """First and last day that were observed."""
    last: int
    has_hours: bool
    country: str

    @cached_property
    def day(self) -> Ints:
        """[D'] numbers of the observed days."""
        return np.arange(self.first, self.last + 1)

    @cached_property
    def months(self) -> Ints:
        """[D'] month of each observed day, from 0."""
        return _months(self.days.origin, self.day)

    @cached_property
    def groups(self) -> tuple[Ints, Ints]:
        """Instants at which something arrived, and how many cases did."""
        at, size = np.unique(self.at, return_counts=True)
        return at, size

    @cached_property
    def in_batches(self) -> bool:
        """Most cases came together with others in one second."""
        _, size = self.groups
        return self.has_hours and size[size > 1].sum() > 0.5 * len(self.at)

    @cached_property
    def counts(self) -> Floats:
        """[D'] arrivals of each observed day; in batches, groups."""
        at = self.groups[0] if self.in_batches else self.at
        day = at // DAY_S
        day = day[(day >= self.first) & (day <= self.last)]
        return np.bincount(day - self.first, minlength=len(self.day)).astype(np.float64)


def _months(origin: dt.date, day: Ints) -> Ints:
    dates = np.datetime64(origin, "D") + day
    return dates.astype("datetime64[M]").astype(np.int64) % 12


def fit_arrivals(seen: Observed) -> dict[str, Any]:
    """Return the arrivals of a case type as a scenario has them."""
    weekdays, on_holidays = _weekdays(seen)
    base = _day_weights(seen.days, weekdays, open_=on_holidays)[seen.day]
    months = _months_weights(seen, base)
    expected = base * months[seen.months]
    cv, cv_low, cv_high = _day_to_day(seen.counts, expected)
    yearly: dict[str, Any] = {
        "volume": _volume(seen, weekdays, months, cv, on_holidays),
        "months": _listed(months, len(seen.at), _enough_months(seen)),
        "weekdays": _listed(weekdays, len(seen.at), True),
        "day_to_day_cv": bounded(cv, cv_low, cv_high, int((expected > 0).sum())),
    }
    if on_holidays:
        yearly["holidays"] = "open"
    hours = _hours(seen)
    if hours:
        yearly["hours"] = hours
    if seen.in_batches:
        size = seen.groups[1]
        mean = float(size.mean())
        low = int(size.min())
        yearly["batch"] = {
            "low": Measured(low, n=len(size)),
            "high": Measured(max(low, round(2 * mean - low)), n=len(size)),
        }
    return {"yearly": yearly}


def _enough_months(seen: Observed) -> bool:
    return seen.last - seen.first + 1 >= MONTHS_ENOUGH


def _listed(weights: Floats, n: int, told: bool) -> Measured:
    value = [rounded(float(w)) for w in weights]
    return (
        Measured(value, n=n) if told else assumed(value, note="too few months to tell them apart")
    )


def _shrunk(count: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Return count ÷ expected, drawn towards 1 as far as chance explains the differences."""
    known = expected > 0
    weights = np.ones(len(count))
    n, e, d = count[known], expected[known], dispersion[known]
    if not len(n) or n.sum() == 0:
        return weights
    e = e * n.sum() / e.sum()
    spread = max(float(((n - e) ** 2 - d * e).sum() / (e**2).sum()), 0.0)
    if spread == 0.0:
        return weights
    weights[known] = (n / d + 1 / spread) / (e / d + 1 / spread)
    return weights


def _weekdays(seen: Observed) -> tuple[Floats, bool]:
    """Return the weights of Monday to Sunday, and whether cases also come on holidays."""
    days, day, counts = seen.days, seen.day, seen.counts
    weekday, working = days.weekday[day], days.working[day]
    normal = working & (weekday < 5)
    rate = counts[normal].sum() / max(normal.sum(), 1)
    over = _over(counts[normal])
    total = np.array([counts[normal & (weekday == w)].sum() for w in range(5)])
    exposure = np.array([rate * (normal & (weekday == w)).sum() for w in range(5)])
    weights = np.zeros(7)
    weights[:5] = _shrunk(total, exposure, np.full(5, over))
    weights[:5] /= weights[:5].mean()
    for w in (5, 6):
        off = ~working & ~days.holiday[day] & (weekday == w)
        if off.any() and rate > 0:
            weights[w] = counts[off].sum() / off.sum() / rate
    weights[5:][weights[5:] < SMALL] = 0.0
    holiday = days.holiday[day]
    on_holidays = bool(holiday.any() and rate > 0 and counts[holiday].mean() > 0.2 * rate)
    return weights, on_holidays


def _over(counts: Floats) -> float:
    """Return variance ÷ mean of daily counts, at least 1."""
    mean = counts.mean() if len(counts) else 0.0
    return max(float(counts.var() / mean), 1.0) if mean > 0 else 1.0


def _day_weights(days: WorkingDays, weekdays: Floats, *, open_: bool) -> Floats:
    """Return [D] the weight of each day without its month."""
    weights = weekdays[days.weekday].copy()
    weights[days.make_up] = weekdays[:5].mean()
    weights[days.holiday] = weekdays[days.weekday[days.holiday]] if open_ else 0.0
    return weights


def _months_weights(seen: Observed, base: Floats) -> Floats:
    if not _enough_months(seen):
        return np.ones(12)
    rate = seen.counts.sum() / max(base.sum(), 1e-9)
    total: Floats = np.bincount(seen.months, seen.counts, 12).astype(np.float64)
    exposure: Floats = rate * np.bincount(seen.months, base, 12).astype(np.float64)
    weights = _shrunk(total, exposure, np.full(12, _over(seen.counts[base > 0])))
    return np.asarray(weights / weights.mean())


def _day_to_day(counts: Floats, weights: Floats) -> tuple[float, float, float]:
    """Return the cv of the daily gamma factor, and its interval by the profile likelihood."""
    here = weights > 0
    n, mean = counts[here], weights[here]
    if n.sum() < 2 or len(n) < 5:
        return 0.0, 0.0, _MOST_CV
    mean = mean * n.sum() / mean.sum()

    def minus(cv: float) -> float:
        size = 1 / max(cv * cv, 1e-6)
        value = gammaln(n + size) - gammaln(size) + size * np.log(size / (size + mean))
        return -float((value + n * np.log(mean / (size + mean))).sum())

    found = minimize_scalar(minus, bounds=(1e-3, _MOST_CV), method="bounded")
    best = float(found.x)
    grid = np.linspace(1e-3, _MOST_CV, 600)
    inside = grid[np.array([minus(cv) for cv in grid]) <= float(found.fun) + _LIKELIHOOD_90]
    low = float(inside.min()) if len(inside) else best
    high = float(inside.max()) if len(inside) else best
    at_zero = minus(1e-3) <= float(found.fun) + 0.1
    return (0.0, 0.0, high) if at_zero else (best, 0.0 if low <= 0.006 else low, high)


def _volume(
    seen: Observed, weekdays: Floats, months: Floats, cv: float, on_holidays: bool
) -> Measured:
    """Return the expected cases of a calendar year, with an interval for chance in the record."""
    day = seen.day
    weights = _day_weights(seen.days, weekdays, open_=on_holidays)[day] * months[seen.months]
    first, last = (seen.days.date_of(d).year for d in (seen.first, seen.last))
    span = dt.date(first, 1, 1), dt.date(last, 12, 31)
    year = working_days(seen.country, *span, fallback="statutory")
    every = _day_weights(year, weekdays, open_=on_holidays)
    every *= months[_months(year.origin, np.arange(len(year)))]
    n, exposure = len(seen.at), float(weights.sum())
    if exposure <= 0:
        return bounded(n, 0, 10 * n + 10, n)
    volume = n * float(every.sum()) / (last - first + 1) / exposure
    mean = weights / exposure * n
    size = seen.groups[1]
    per_group = float((size**2).mean() / size.mean()) if seen.in_batches else 1.0
    spread = np.sqrt((n * per_group + cv**2 * float((mean**2).sum())) / max(n, 1) ** 2)
    return bounded(volume, volume * np.exp(-Z * spread), volume * np.exp(Z * spread), n)


def _hours(seen: Observed) -> dict[str, Measured]:
    """Return the weights of stretches of the day; {} if the stamps do not tell the time of day."""
    if not seen.has_hours or not len(seen.at):
        return {}
    slots = np.bincount(seen.at % DAY_S // SLOT_S, minlength=DAY_S // SLOT_S)
    runs = runs_of(slots > SMALL * len(seen.at) if len(seen.at) >= 100 else slots > 0)
    found: dict[str, Measured] = {}
    n = len(seen.at)
    for begin, end in runs:
        step = 2 if n >= 500 else end - begin
        for first in range(begin, end, step):
            last = min(first + step, end)
            weight = rounded(float(slots[first:last].sum()) / n)
            if weight > 0:
                found[f"{clock(first * SLOT_S)}-{clock(last * SLOT_S)}"] = Measured(weight, n=n)
    return found


def runs_of(inside: Bools) -> list[tuple[int, int]]:
    """Return the stretches [first, end) of true values."""
    edges = np.diff(np.concatenate([[0], inside.astype(np.int8), [0]]))
    return list(
        zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)
    )


def clock(second: int) -> str:
    """Return a second of the day as 8:30."""
    return f"{second // 3600}:{second % 3600 // 60:02d}"
