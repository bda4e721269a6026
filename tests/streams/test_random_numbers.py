"""Random numbers by counter: known answers, equal forms, and statistical tests at fixed seeds.

Bounds of statistical tests are probabilities of 1 in 1000 of what would be found by chance.
"""

from __future__ import annotations

import math
import re

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from sim.machine_code.linking import EntryPointCompiler
from sim.streams import ManyStreams, Stream, Streams
from sim.variates import Family, Sampler, array_form, formulas, kernel

N = 100_000
BY_CHANCE = 0.001


def words(*numbers: int) -> list[np.ndarray]:
    return [np.array([number], np.uint64) for number in numbers]


# --- the generator -------------------------------------------------------------------------------


KNOWN = [
    # counter, key and answer of Random123, tests/kat_vectors: philox4x32 10
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers_of_philox(counter, key, answer):
    numbers = [int(word, 16) for word in f"{counter} {key}".split()]
    found = formulas.philox(*words(*numbers))
    assert " ".join(f"{int(word[0]):08x}" for word in found) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers_as_uniform_numbers(counter, key, answer):
    """The address goes into counter and key in the stated order, in both forms."""
    case, _, replication, seed = (int(word, 16) for word in counter.split())
    low, high = (int(word, 16) for word in key.split())
    address = array_form.Address(low, high, replication, seed)
    got = [Stream(address, compiled, case).uniform(1)[0] for compiled in (False, True)]
    c = formulas.philox(*words(case, 0, replication, seed, low, high))
    bits = int(c[0][0]) << 20 | int(c[1][0]) >> 12
    assert got == [(bits + 0.5) / 2**52] * 2
    if int(counter.split()[1], 16) == 0:
        first, second = (int(word, 16) for word in answer.split()[:2])
        assert bits == first << 20 | second >> 12


def test_uniform_numbers_are_never_0_or_1():
    low, high = (float(formulas.uniform(*words(w, w))[0]) for w in (0, 2**32 - 1))
    assert (low, high) == (2.0**-53, 1 - 2.0**-53)


# --- both forms ----------------------------------------------------------------------------------


positive = st.floats(1e-3, 1e9)
shapes = st.floats(0.01, 1e6)


@st.composite
def samplers(draw) -> Sampler:
    low, width = draw(st.floats(0, 1e9)), draw(positive)
    at, scale = draw(st.floats(0, 1)), draw(st.sampled_from([1.0, 0.25, 3.7, 0.0]))
    one = st.one_of(
        st.just(Sampler.constant(low)),
        st.just(Sampler.uniform(low, low + width)),
        st.builds(Sampler.exponential, positive),
        st.builds(Sampler.lognormal, st.floats(-800, 800), st.floats(0, 10)),
        st.builds(Sampler.gamma, shapes, positive),
        st.just(Sampler.triangular(low, low + at * width, low + width)),
        st.just(Sampler.beta(low, low + width, 1 + 4 * at, 5 - 4 * at)),
        st.builds(lambda v: Sampler.recorded(np.array(v)), st.lists(positive, min_size=1)),
    )
    return draw(one).scaled(scale)


streams = st.builds(
    lambda seed, replication, name, of: (seed, replication, name, of),
    st.integers(0, 2**40),
    st.integers(0, 2**32 - 1),
    st.text(max_size=5),
    st.sampled_from(["", "more"]),
)


def both(address) -> list[Stream]:
    seed, replication, name, of = address
    return [Streams(seed, replication, of, compiled=form)(name) for form in (False, True)]


@settings(max_examples=300, deadline=None)  # the first call compiles
@given(samplers(), streams, st.integers(0, 2**31), st.integers(0, 300))
def test_machine_code_draws_the_very_same_values(sampler, address, first, n):
    array, compiled = (sampler(stream.after(first), n) for stream in both(address))
    assert array.tobytes() == compiled.tobytes()
    assert np.isfinite(array).all()
    uniform = [stream.after(first).uniform(n).tobytes() for stream in both(address)]
    assert uniform[0] == uniform[1]


means = st.one_of(st.floats(0, 20), st.sampled_from([9.999999, 10.0, 10.1]), st.floats(0, 1e8))


@settings(deadline=None)
@given(st.lists(means, max_size=50), streams)
def test_machine_code_draws_the_very_same_counts(means, address):
    array, compiled = (stream.poisson(np.array(means, float)) for stream in both(address))
    assert array.dtype == compiled.dtype == np.int64
    assert array.tobytes() == compiled.tobytes()
    assert (array >= 0).all()


@pytest.mark.parametrize("family", Family)
def test_many_values_of_each_family_are_the_same(family):
    """Rare branches, too: tails of the normal distribution, and rejections."""
    some = {
        Family.CONSTANT: Sampler.constant(3.5),
        Family.UNIFORM: Sampler.uniform(1, 3),
        Family.EXPONENTIAL: Sampler.exponential(7.0),
        Family.LOGNORMAL: Sampler.lognormal(1.0, 0.5),
        Family.GAMMA: Sampler.gamma(0.3, 2.0),
        Family.TRIANGULAR: Sampler.triangular(1, 2, 5),
        Family.BETA: Sampler.beta(0, 1, 1.5, 4.5),
        Family.RECORDED: Sampler.recorded(np.arange(7.0)),
    }
    array, compiled = (some[family](stream, 1_000_000) for stream in both((1, 0, "x", "")))
    assert array.tobytes() == compiled.tobytes()


def test_nothing_is_fused_in_machine_code():
    """A product that is added without rounding would give other bits on some processors."""
    stream = Streams(1, 0)("x")
    lognormal = Sampler.lognormal(1.0, 0.5)
    family = int(lognormal.family), lognormal.parameters, lognormal.values, lognormal.scale
    for function, arguments in (
        (kernel.fill, (*family, *stream.address, 0, np.empty(9))),
        (kernel.fill_rows, (*family, *stream.address, 0, 9, np.arange(9), np.empty(9))),
        (kernel.fill_poisson, (np.ones(9), *stream.address, np.empty(9, np.int64))),
    ):
        compiled = numba.njit(
            function.py_func, pipeline_class=EntryPointCompiler, _nrt=False, error_model="numpy"
        )
        compiled(*arguments)
        code = "".join(compiled.inspect_asm().values())
        assert re.search(r"mul[sp]d|fmul", code)
        assert not re.search(r"fn?m(?:add|sub|la|ls)", code)


@pytest.mark.parametrize("sampler", [Sampler.lognormal(1.0, 0.5), Sampler.gamma(0.3, 2.0)])
def test_some_values_of_several_replications_are_those_of_each(sampler):
    """In one call for all rows, in either form: the numbers that each replication has alone."""
    cases, times, some = 6, 3, np.array([0, 4, 5, 6, 11, 14, 17])
    alone = [Streams(9, 4 + number)("x") for number in range(times)]
    values = np.concatenate([one.values(sampler, cases) for one in alone])
    uniform = np.concatenate([one.uniform(cases) for one in alone])
    for compiled in (True, False):
        many = ManyStreams(Streams(9, 4, compiled=compiled), times)("x")
        assert np.array_equal(many.values(sampler, cases * times), values)
        assert np.array_equal(many.uniform(cases * times), uniform)
        assert np.array_equal(many.values_of(sampler, some, cases * times), values[some])
        one = Streams(9, 5, compiled=compiled)("x").after(1)
        assert np.array_equal(one.values_of(sampler, np.array([1, 4]), 5), values[[8, 11]])


# --- elementary functions ------------------------------------------------------------------------


def in_last_bits(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.max(np.abs(found - exact) / np.spacing(np.abs(exact))))


def test_logarithm_and_exponential_are_right_to_the_last_bit():
    x = np.exp(np.linspace(-690, 690, 200_001))
    assert in_last_bits(formulas.log(x), np.log(x)) <= 1
    near_one = np.linspace(0.5, 2, 200_002)
    assert in_last_bits(formulas.log(near_one), np.log(near_one)) <= 1
    x = np.linspace(-690, 690, 200_001)
    assert in_last_bits(formulas.exp(x), np.exp(x)) <= 1
    assert formulas.exp(np.array([-1e9, 1e9])).tolist() == pytest.approx(
        [math.exp(-700), math.exp(700)]
    )


def test_normal_quantiles():
    tails = 2.0 ** -np.arange(2, 54)
    u = np.concatenate([np.linspace(0.001, 0.999, 100_000), tails, 1 - tails])
    np.testing.assert_allclose(array_form.normal(u), special.ndtri(u), rtol=1e-14)


def test_logarithms_of_factorials():
    k = np.arange(3000.0)
    found = array_form._log_factorial(k)
    np.testing.assert_allclose(found, special.gammaln(k + 1), rtol=1e-12, atol=1e-15)


# --- distributions -------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 9.99, 10.0, 25.0, 300.0, 1e5])
def test_counts_have_the_poisson_distribution(mean):
    found = Streams(1, 0)("count").poisson(np.full(N, mean))
    theory = stats.poisson(mean)
    assert found.mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / N))
    edges = np.unique(theory.ppf(np.linspace(0, 1, 41)[1:-1]))
    cells = np.searchsorted(edges, found)
    shares = np.diff(np.concatenate([[0.0], theory.cdf(edges), [1.0]]))
    counts = np.bincount(cells, minlength=len(shares))
    assert stats.chisquare(counts, shares * N).pvalue > BY_CHANCE


@pytest.mark.parametrize(("a", "b"), [(1.0, 5.0), (1.4, 4.6), (3.0, 3.0), (5.0, 1.0)])
def test_beta_values(a, b):
    found = Sampler.beta(0, 1, a, b)(Streams(1, 0)("beta"), N)
    assert stats.kstest(found, stats.beta(a, b).cdf).pvalue > BY_CHANCE


@pytest.mark.parametrize("shape", [0.01, 0.3, 0.999, 1.0, 2.5, 400.0])
def test_gamma_values(shape):
    found = Sampler.gamma(shape, 2.0)(Streams(1, 0)("gamma"), N)
    if shape > 0.1:  # else many values are smaller than any number
        assert stats.kstest(found, stats.gamma(shape, scale=2.0).cdf).pvalue > BY_CHANCE
    for p in (0.6, 0.9, 0.99):
        share = (found <= stats.gamma(shape, scale=2.0).ppf(p)).mean()
        assert share == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / N))


def test_whole_numbers_are_equally_likely():
    found = Streams(1, 0)("batch").whole(3, 9, N)
    counts = np.bincount(found)
    assert counts[:3].tolist() == [0, 0, 0]
    assert len(counts) == 10
    assert stats.chisquare(counts[3:]).pvalue > BY_CHANCE


def test_uniform_numbers_are_uniform_in_their_last_bits_too():
    u = Streams(1, 0)("u").uniform(N)
    assert stats.kstest(u, "uniform").pvalue > BY_CHANCE
    bits = (u * 2.0**52 - 0.5).astype(np.int64)
    for shift in (0, 8, 20, 44):
        counts = np.bincount(bits >> shift & 255, minlength=256)
        assert stats.chisquare(counts).pvalue > BY_CHANCE


# --- independence --------------------------------------------------------------------------------


def independent(one: np.ndarray, other: np.ndarray) -> float:
    """Return the probability of so uneven a table of 16 × 16 cells if the two are independent."""
    cells = (one * 16).astype(int) * 16 + (other * 16).astype(int)
    return float(stats.chisquare(np.bincount(cells, minlength=256)).pvalue)


def test_neighbours_are_independent():
    """Cases, draws, replications, seeds, names, and arrivals of another name."""
    u = Streams(1, 0)("a/b").uniform(N + 1)
    address = Streams(1, 0)("a/b").address
    cases = np.arange(N, dtype=np.uint64)
    others = {
        "case": u[1:],
        "replication": Streams(1, 1)("a/b").uniform(N),
        "seed": Streams(2, 0)("a/b").uniform(N),
        "seed above 32 bits": Streams(2**32 + 1, 0)("a/b").uniform(N),
        "next above 32 bits": Streams(2**33 + 1, 0)("a/b").uniform(N),
        "name": Streams(1, 0)("a/c").uniform(N),
        "more": Streams(1, 0, "more")("a/b").uniform(N),
        "second number": array_form.uniforms(address, cases, 0)[1],
        "draw": array_form.uniforms(address, cases, 1)[0],
    }
    pvalues = {name: independent(u[:N], other) for name, other in others.items()}
    assert min(pvalues.values()) > BY_CHANCE, pvalues


def test_the_same_case_is_independent_over_replications():
    """Down the replications, the numbers of one case are as random as along the cases."""
    u = np.array([Streams(1, number)("a/b").uniform(2) for number in range(20_000)])
    assert stats.kstest(u[:, 0], "uniform").pvalue > BY_CHANCE
    assert independent(u[:-1, 0], u[1:, 0]) > BY_CHANCE
    assert independent(u[:, 0], u[:, 1]) > BY_CHANCE


def test_streams_of_many_names_are_independent():
    u = np.array([Streams(1, 0)(f"project/{number}/check").uniform(2) for number in range(20_000)])
    assert stats.kstest(u[:, 0], "uniform").pvalue > BY_CHANCE
    assert independent(u[:-1, 0], u[1:, 0]) > BY_CHANCE
    assert independent(u[:, 0], u[:, 1]) > BY_CHANCE
