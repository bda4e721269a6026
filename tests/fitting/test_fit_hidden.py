"""What no stamp shows is inferred by simulation, with ranges that hold, and no range that lies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import sim
from sim.fitting.assemble import Assembly
from sim.fitting.fitted import Fitted
from sim.fitting.hidden import inference
from sim.fitting.hidden.emulator import Emulator, posterior
from sim.fitting.hidden.recorded import REDO, Stretches, stretches_of
from sim.fitting.hidden.regression import Statistic
from sim.fitting.hidden.result import Estimate, Inferred
from sim.fitting.hidden.shown import expected, shown
from sim.fitting.hidden.simulated import Times, Workshop
from sim.fitting.hidden.summaries import Summary
from sim.fitting.lives import lives_of
from sim.fitting.work import Work
from sim.records.from_events import NEVER
from sim.records.register import Register
from tests.build.fitted_city import recorded_city, thinned


def some_cases(cases: int) -> Register:
    items = recorded_city().items
    return thinned(recorded_city(), np.flatnonzero(items["case"].to_numpy() < cases))


@pytest.fixture(scope="module")
def work() -> Work:
    register = some_cases(250)
    return Assembly(register, lives_of(register)).work


@pytest.fixture(scope="module")
def stretches(work: Work) -> Stretches:
    return stretches_of(work)


@pytest.fixture
def few_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_ROUNDS", 1), ("_ROWS", 40), ("_LAST_ROWS", 60), ("_FOR_EACH", 10),
                        ("HELD_OUT", 10), ("_MISFIT", 20), ("_CHECK_STEPS", 60)):  # fmt: skip
        monkeypatch.setattr(inference, name, value)


# --- the statistics ---------------------------------------------------------------------------


def test_numbers_of_noise_tell_nothing_of_the_parameters_that_made_them() -> None:
    """Weights that had seen a simulation would give a number near its parameters."""
    rng = np.random.default_rng(1)
    theta, noise = rng.random((200, 2)), rng.standard_normal((200, 60))
    statistic = Statistic.of(theta, noise, noise[0])
    seen = statistic.scale.features(noise) @ statistic.weights.mean(axis=0)
    assert np.corrcoef(seen[:, 0], theta[:, 0])[0, 1] > 0.5
    assert abs(np.corrcoef(statistic.trained[:, 0], theta[:, 0])[0, 1]) < 0.2


def test_numbers_that_are_missing_in_the_records_are_left_out() -> None:
    rng = np.random.default_rng(2)
    theta = rng.random((200, 1))
    summaries = np.concatenate([theta, rng.random((200, 2))], axis=1)
    summaries[:80, 2] = np.nan
    statistic = Statistic.of(theta, summaries, np.array([0.5, np.nan, 0.5]))
    assert statistic.scale.kept.tolist() == [True, False, False]
    assert statistic(np.array([[0.3, 9.0, np.nan]]))[0, 0] == pytest.approx(0.3, abs=0.02)


def test_ranges_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    low, high = np.array([-1.0, 0.0]), np.array([1.0, 3.0])

    def numbers(theta: np.ndarray) -> np.ndarray:
        noise = rng.standard_normal(theta.shape) * np.exp(0.3 * theta)
        mean = theta + 0.2 * theta[:, ::-1] ** 2
        return np.asarray(mean + 0.1 * noise)

    theta = low + (high - low) * rng.random((800, 2))
    emulator = Emulator.of(low, high, theta, numbers(theta))
    true = low + (high - low) * (0.2 + 0.6 * rng.random((60, 2)))
    draws = posterior(emulator, numbers(true), rng, chains=12, steps=200)
    ends = np.quantile(draws, (0.05, 0.95), axis=1)
    assert 0.82 <= ((true >= ends[0]) & (true <= ends[1])).mean() <= 0.97
    assert (ends[1] - ends[0]).mean() < 0.7


def test_nothing_lies_beyond_the_bounds() -> None:
    bounds = np.array([0.0]), np.array([1.0])
    theta = np.linspace(0, 1, 50)[:, None]
    emulator = Emulator.of(*bounds, theta, theta + 0.01 * np.sin(40 * theta))
    value = emulator.log_likelihood(np.array([[-0.01], [0.5], [1.01]]), np.full((3, 1), 0.5))
    assert np.isneginf(value).tolist() == [True, False, True]


# --- recorded and simulated -------------------------------------------------------------------


def test_a_life_is_cut_where_stamps_tell_the_time(work: Work, stretches: Stretches) -> None:
    numbers = {(task.role, task.key[-1]): n for n, task in enumerate(work.tasks)}
    window, review, decision = (
        numbers[key]
        for key in (("window", "project"), ("review", "用地许可"), ("decision", "用地许可"))
    )
    assert ((window, 1.0),) in stretches.chains
    assert ((review, 1.0), (decision, 1.0)) in stretches.chains
    assert ((review, 1.0),) in stretches.chains  # up to a pause
    assert ((review, REDO), (decision, 1.0)) in stretches.chains  # after a correction
    assert (np.diff(stretches.ready) >= 0).all()
    ended = stretches.end < NEVER
    assert (stretches.end[ended] >= stretches.ready[ended] + stretches.held[ended]).all()
    last = np.array([chain[-1][0] for chain in stretches.chains])[stretches.chain]
    decided = int((last[ended] == decision).sum())
    lives, items = work.lives, work.tasks[decision].rows
    assert decided == int((lives.decided[items] & (lives.accepted[items] < NEVER)).sum())


def shop_of(work: Work, stretches: Stretches, *pools: str) -> Workshop:
    tasks = {n for n, t in enumerate(work.tasks) if work.pool(t.role, t.key).name in pools}
    inside = np.array([{t for t, _ in chain} <= tasks for chain in stretches.chains])
    return Workshop(work, stretches.taken(inside[stretches.chain]), pools)


def test_the_true_city_leaves_what_was_recorded(work: Work, stretches: Stretches) -> None:
    shop = shop_of(work, stretches, "planners", "chief")
    review, decision = sorted({t for c in set(shop.stretches.chain.tolist())
                               for t, _ in stretches.chains[c]})  # fmt: skip
    times = Times({review: 8.0, decision: 0.5}, {review: 0.6, decision: 0.4},
                  {review: "gamma", decision: "gamma"}, {}, {})  # fmt: skip
    summary = Summary(shop)
    rng = np.random.default_rng(4)
    found = np.array([summary.of(shop.stamps(times, rng)) for _ in range(60)])
    recorded = summary.of(shop.recorded)
    told = np.isfinite(recorded) & np.isfinite(found).all(axis=0) & (found.std(axis=0) > 1e-6)
    z = (recorded - found.mean(axis=0))[told] / found.std(axis=0)[told]
    assert told.sum() > 20
    assert (np.abs(z) < 3).mean() > 0.9
    slow = dataclasses.replace(times, mean={review: 11.0, decision: 0.5})
    other = np.array([summary.of(shop.stamps(slow, rng)) for _ in range(10)])[:, told]
    far = np.abs(other - found.mean(axis=0)[told]) / found.std(axis=0)[told]
    assert far.max(axis=1).min() > 5


def test_same_seed_same_stamps(work: Work, stretches: Stretches) -> None:
    shop = shop_of(work, stretches, "hall")
    (task,) = {t for c in set(shop.stretches.chain.tolist()) for t, _ in stretches.chains[c]}
    times = Times({task: 0.6}, {task: 0.5}, {task: "lognormal"}, {}, {})
    one, other = (shop.stamps(times, np.random.default_rng(5)) for _ in range(2))
    assert (one.end == other.end).all()
    assert (one.ended_by == other.ended_by).all()


def test_what_stamps_show_is_not_inferred(work: Work) -> None:
    hidden = set(expected(work)) - set(shown(work))
    assert {work.tasks[n].key[-1] for n in hidden} == {"用地许可"}
    assert {work.tasks[n].role for n in hidden} == {"review", "decision"}


# --- the fit ----------------------------------------------------------------------------------


def kinds(fitted: Fitted) -> set[str]:
    return {one.kind for one in fitted.remarks}


def one_estimate(told: bool, misfit: float = 0.5) -> Inferred:
    mean, cv = Estimate(3.0, 2.0, 4.0, told), Estimate(0.5, 0.4, 0.6, told)
    return Inferred(("p",), {1: mean}, {1: cv}, {}, {}, 90, 100, 0.9, misfit)


def test_a_value_says_that_it_was_inferred_or_that_the_data_cannot_tell() -> None:
    told = one_estimate(True).written(1)["lognormal"]["mean"]
    assert (told.value, told.low, told.high, told.how) == ("3 h", "2 h", "4 h", "simulated")
    assert one_estimate(False).written(1)["lognormal"]["mean"].how == "assumed"
    assert not one_estimate(True, misfit=0.01).fits


@pytest.mark.usefixtures("few_simulations")
def test_the_scenario_has_what_was_inferred() -> None:
    seen: list[tuple[int, int | None]] = []
    fitted = sim.fit(some_cases(80), infer=True, seed=2, progress=lambda *at: seen.append(at))
    assert "inferred" in kinds(fitted)
    source = 'source: "inferred: records, n = '
    assert source in fitted.text
    assert fitted.scenario.provenance is not None
    assert seen[-1][0] == len(seen)
    assert "effort_unknown" not in kinds(fitted)


def midnight(register: Register) -> Register:
    return thinned(register, at=register.events["at"].dt.normalize())


def nameless(register: Register) -> Register:
    empty = pd.Categorical([""] * len(register.events))
    return thinned(register, officer=empty, office=empty)


@pytest.mark.slow
@pytest.mark.usefixtures("few_simulations")
@pytest.mark.parametrize("make", [midnight, nameless])
def test_bad_records_are_no_crash(make: Callable[[Register], Register]) -> None:
    fitted = sim.fit(make(some_cases(60)), infer=True)
    assert kinds(fitted) & {"inferred", "misfit"}
    assert fitted.scenario.case_types


@pytest.mark.slow
def test_hidden_work_is_found_again() -> None:
    fitted = sim.fit(some_cases(400), infer=True)
    land = fitted.tree["case_types"]["project"]["matters"]["LAND"]
    work = land["review"]["handle"]["work"]["lognormal"]["mean"]
    sign = land["decision"]["work"]["lognormal"]["mean"]
    assert float(work.low.split()[0]) <= 8 <= float(work.high.split()[0])
    assert float(work.value.split()[0]) == pytest.approx(8, rel=0.15)
    assert float(sign.value.split()[0]) == pytest.approx(30, rel=0.15)
