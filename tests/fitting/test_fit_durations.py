"""Durations and shares: known truth, censoring, and intervals that are as wide as they say."""

from __future__ import annotations

import numpy as np
import pytest

from sim.fitting.durations import LAWS, Spans, fit_spans, legal_period
from sim.fitting.measured import share


def censored(rng: np.random.Generator, n: int, mean_censor: float) -> Spans:
    """Lognormal durations (log mean 1.6, log sd 0.8), some of which had not ended."""
    true, seen = rng.lognormal(1.6, 0.8, n), rng.exponential(mean_censor, n)
    return Spans(np.minimum(true, seen), np.where(true <= seen, true, np.inf))


def test_censored_durations_count_as_censored() -> None:
    spans = censored(np.random.default_rng(1), 4000, 20.0)
    mean, ended = np.exp(1.6 + 0.32), spans.low[spans.known]
    family = fit_spans(spans)
    assert family is not None
    assert family.name == "lognormal"
    assert family.mean == pytest.approx(mean, rel=0.05)
    assert ended.mean() < 0.8 * mean  # the finished cases alone mislead


def test_ranges_hold_the_truth_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(2), 0
    for _ in range(100):
        family = fit_spans(censored(rng, 120, 20.0))
        assert family is not None
        held += family.mean_range[0] <= np.exp(1.6 + 0.32) <= family.mean_range[1]
    assert 80 <= held <= 98


@pytest.mark.parametrize("name", ["lognormal", "gamma", "exponential"])
def test_the_family_is_recognised(name: str) -> None:
    rng = np.random.default_rng(3)
    values = {
        "lognormal": rng.lognormal(0, 0.9, 2000),
        "gamma": rng.gamma(4.0, 2.0, 2000),
        "exponential": rng.exponential(5.0, 2000),
    }[name]
    family = fit_spans(Spans.exact(values))
    assert family is not None
    assert family.name == name
    assert family.misfit < 0.04


def test_dates_alone_are_intervals() -> None:
    true = np.random.default_rng(4).gamma(4.0, 1.0, 1500)
    family = fit_spans(Spans(np.floor(true), np.floor(true) + 1))
    assert family is not None
    assert family.mean == pytest.approx(4.0, rel=0.05)


def test_one_span_tells_hardly_anything_and_none_nothing() -> None:
    family = fit_spans(Spans.exact(np.array([3.0])))
    assert family is not None
    low, high = family.mean_range
    assert low < 1
    assert high > 9
    assert fit_spans(Spans.exact(np.zeros(0))) is None


def test_the_quantile_of_a_family_inverts_its_survival() -> None:
    rng = np.random.default_rng(5)
    for values in (rng.gamma(4.0, 2.0, 500), rng.lognormal(0, 0.5, 500), rng.exponential(2, 500)):
        family = fit_spans(Spans.exact(values))
        assert family is not None
        at = np.array([family.quantile(0.9)])
        assert LAWS[family.name].survival(at, family.mean, family.cv)[0] == pytest.approx(0.1)


def test_a_legal_period_is_what_most_periods_last() -> None:
    assert legal_period(np.array([7, 7, 7, 8, 7.0])) == 7
    assert legal_period(np.array([3, 4, 5, 6.0])) is None


def test_shares_have_the_interval_of_jeffreys() -> None:
    found = share(3, 20)
    assert (found.value, found.n) == (0.15, 20)
    draws = np.random.default_rng(6).beta(3.5, 17.5, 400_000)  # posterior of a prior of ½ and ½
    assert (draws < found.low).mean() == pytest.approx(0.05, abs=0.003)
    assert (draws > found.high).mean() == pytest.approx(0.05, abs=0.003)
    assert share(0, 10).low == 0
    assert share(10, 10).high == 1
