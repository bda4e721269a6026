"""What is left of a delay that has lasted some time: against theory, family by family."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.variates import Sampler
from sim.variates.conditional import above, share_above

U = (np.arange(2000) + 0.5) / 2000
GAMMA = Sampler.gamma(0.5, 3.0)
KNOWN = {
    "uniform": (Sampler.uniform(2.0, 10.0), stats.uniform(2, 8)),
    "exponential": (Sampler.exponential(5.0), stats.expon(scale=5)),
    "lognormal": (Sampler.lognormal(1.0, 0.7), stats.lognorm(0.7, scale=np.exp(1.0))),
    "gamma, shape below 1": (GAMMA, stats.gamma(0.5, scale=3)),
    "gamma": (Sampler.gamma(4.0, 1.5), stats.gamma(4, scale=1.5)),
    "triangular": (Sampler.triangular(1.0, 3.0, 9.0), stats.triang(0.25, 1, 8)),
    "beta": (Sampler.beta(1.0, 9.0, 2.0, 3.0), stats.beta(2, 3, 1, 8)),
}


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("passed", [0.0, 0.5, 2.5, 6.0])
def test_values_follow_the_distribution_given_that_they_exceed(name: str, passed: float) -> None:
    sampler, law = KNOWN[name]
    than = np.full(len(U), passed)
    assert share_above(sampler, than)[0] == pytest.approx(law.sf(passed), rel=1e-9)
    values = above(sampler, than, U)
    assert (values >= passed).all()
    expected = law.isf((1 - U) * law.sf(passed))
    assert np.allclose(values, expected, rtol=1e-8)


def test_an_exponential_delay_has_no_memory() -> None:
    sampler = Sampler.exponential(5.0)
    fresh = above(sampler, np.zeros(len(U)), U)
    for passed in (1.0, 40.0, 4000.0):
        left = above(sampler, np.full(len(U), passed), U) - passed
        assert np.allclose(left, fresh, rtol=1e-9, atol=1e-9)


def test_a_fixed_delay_lasts_as_long_as_it_was_to() -> None:
    sampler = Sampler.constant(7.0)
    assert (above(sampler, np.full(3, 5.0), U[:3]) == 7.0).all()
    assert np.isnan(above(sampler, np.full(3, 7.0), U[:3])).all()


def test_a_lognormal_delay_is_exact_far_in_its_tail() -> None:
    law = stats.lognorm(0.5, scale=1.0)
    passed = float(law.isf(1e-200))
    median = above(Sampler.lognormal(0.0, 0.5), np.array([passed]), np.array([0.5]))[0]
    assert law.logsf(median) - law.logsf(passed) == pytest.approx(np.log(0.5), abs=1e-6)


def test_recorded_values_are_those_above() -> None:
    sampler = Sampler.recorded(np.array([3.0, 1.0, 8.0, 5.0])).scaled(2.0)
    drawn = above(sampler, np.full(len(U), 6.0), U)  # doubled: 2, 6, 10, 16
    assert sorted(set(drawn.tolist())) == [10.0, 16.0]
    assert (drawn == 10.0).mean() == pytest.approx(0.5, abs=0.01)
    assert share_above(sampler, np.array([6.0]))[0] == 0.5


def test_below_zero_nothing_is_known() -> None:
    """A time below 0 excludes no value: the share above is 1, and the law is the whole one."""
    u, than = np.array([0.2, 0.9]), np.array([-3.0, -3.0])
    for sampler in (Sampler.exponential(2.0), Sampler.gamma(2.0, 1.5), Sampler.lognormal(0.5, 0.3)):
        assert share_above(sampler, than).tolist() == [1.0, 1.0]
        assert above(sampler, than, u) == pytest.approx(above(sampler, np.zeros(2), u))


def test_a_width_of_zero_is_one_value() -> None:
    """Below it all lies above; from it on nothing does, and no value can be drawn."""
    than, u = np.array([2.0, 3.0, 4.0]), np.full(3, 0.5)
    cases = {Sampler.uniform(3.0, 3.0): 3.0, Sampler.lognormal(float(np.log(3.0)), 0.0): 3.0}
    for sampler, value in cases.items():
        shares = share_above(sampler, than)
        assert (shares[0], shares[2]) == (1.0, 0.0)
        drawn = above(sampler, than, u)
        assert drawn[0] == pytest.approx(value)
        assert np.isnan(drawn[2])


def test_beyond_all_recorded_values_there_is_none() -> None:
    drawn = above(Sampler.recorded(np.array([1.0, 2.0])), np.array([1.5, 9.0]), np.full(2, 0.999))
    assert drawn[0] == 2.0
    assert np.isnan(drawn[1])
