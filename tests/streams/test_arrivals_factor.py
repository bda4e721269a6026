"""A factor on arrivals: the same cases, and more of them or fewer."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import sim
from sim.demand.arrivals import ArrivalSource, copies
from sim.demand.sampling import RecordedValues
from sim.replications.model import Model
from sim.scenario import Scenario, ScenarioError
from sim.streams import Streams
from tests.build.city import CITY, draws
from tests.build.one_step import ONE_STEP
from tests.build.stories import run, scenario

YEARLY = "yearly: {volume: 1000, day_to_day_cv: 0.8}"
FACTOR = "case_types.project.arrivals.factor"


def arriving(way: str, factor: float, number: int = 0) -> np.ndarray:
    other = "" if way.startswith("yearly") else "yearly: null, "
    text = f"case_types: {{t: {{arrivals: {{{other}{way}, factor: {factor}}}}}}}"
    loaded = scenario(ONE_STEP, text)
    spec = loaded.case_types["t"].arrivals
    sources = [ArrivalSource(loaded, "t", RecordedValues({}), "", k) for k in range(copies(spec))]
    parts = [source.draw(Streams(1, number)) for source in sources]
    return np.sort(np.concatenate([p.at_s if p.kept is None else p.thinned().at_s for p in parts]))


def project_cases(factor: float) -> list:
    """Return (arrival, everything drawn) of the cases of one type, without their numbers."""
    found = draws(run(CITY, settings=(f"{FACTOR}={factor}",)))
    return sorted((value for (kind, _), value in found.items() if kind == "project"), key=repr)


def test_the_cases_of_a_lower_load_are_among_those_of_a_higher_one() -> None:
    loads = [project_cases(factor) for factor in (0.3, 0.8, 1, 1.25, 2, 2.6)]
    for fewer, more in itertools.pairwise(loads):
        shown = {repr(case) for case in more}
        assert len(fewer) < len(more)
        assert all(repr(case) in shown for case in fewer)


def test_other_case_types_do_not_notice() -> None:
    one, more = (draws(run(CITY, settings=(f"{FACTOR}={f}",))) for f in (1, 1.7))
    others = [[v for (kind, _), v in found.items() if kind != "project"] for found in (one, more)]
    assert others[0] == others[1]


@pytest.mark.parametrize("factor", [0.4, 1.0, 1.5, 3.2])
def test_the_volume_grows_and_the_variation_from_day_to_day_stays(factor: float) -> None:
    days = [np.bincount(arriving(YEARLY, factor, r) // 86_400, minlength=731) for r in range(60)]
    counts = np.array(days)
    assert counts.sum(axis=1).mean() == pytest.approx(2000 * factor, rel=0.03)
    working = counts[:, counts.sum(axis=0) > 0]
    mean, variance = working.mean(axis=0), working.var(axis=0, ddof=1)
    # gamma-mixed Poisson: Var = m + (cv m)²
    cv_squared = (variance - mean).mean() / (mean**2).mean()
    assert cv_squared == pytest.approx(0.8**2, rel=0.1)


def test_a_batch_stays_together() -> None:
    for factor in (0.5, 1.7):
        _, size = np.unique(
            arriving("yearly: {volume: 1000, batch: {low: 7, high: 7}}", factor), return_counts=True
        )
        assert len(size) > 100
        assert (size % 7 == 0).all()


def test_gaps_are_divided() -> None:
    assert (arriving("every: {gap: 6 h, limit: 3}", 2) == [10_800, 21_600, 32_400]).all()
    assert (arriving("every: {gap: 6 h, limit: 3}", 0.5) == [43_200, 86_400, 129_600]).all()


def test_a_list_is_thinned_and_the_rest_stays() -> None:
    hours = ", ".join(f"{hour} h" for hour in range(1, 1001))
    some, more, whole = (arriving(f"at: [{hours}]", factor) for factor in (0.3, 0.6, 1))
    assert len(whole) == 1000
    assert 250 < len(some) < 350
    assert 540 < len(more) < 660
    assert set(some) < set(more) < set(whole)


def test_a_recorded_log_is_thinned_with_its_attributes() -> None:
    plain = sim.load("textbook/replay")
    (name,) = plain.case_types
    half = sim.vary(plain, settings=[f"case_types.{name}.arrivals.factor=0.5"])
    whole, some = (Model(each).demand.draw(1, 0) for each in (plain, half))
    assert 0 < len(some.case_type) < len(whole.case_type)
    assert some.left_out == whole.left_out
    cases = [_attributes_by_arrival(demand) for demand in (some, whole)]
    assert cases[0] <= cases[1]


def _attributes_by_arrival(demand) -> set:
    columns = [codes.tolist() for codes in demand.attributes.values()]
    return set(zip(demand.workload.arrival_s.tolist(), *columns, strict=True))


@pytest.mark.parametrize("way", ["at: [1 h]", "replay: {file: log.csv, time: t}"])
def test_a_list_cannot_be_multiplied(way: str) -> None:
    text = f"case_types: {{t: {{arrivals: {{yearly: null, {way}, factor: 1.2}}}}}}"
    with pytest.raises(ScenarioError, match=r"arrivals\.factor: .*thinned \(factor below 1\)"):
        scenario(ONE_STEP, text, log__csv=b"t\n2020-01-02 09:00:00\n")


def test_further_arrivals_have_a_factor_too() -> None:
    more = "more_arrivals: {extra: {yearly: {volume: 500}, factor: 2.5}}"
    loaded = scenario(ONE_STEP, f"case_types: {{t: {{{more}}}}}")
    cases = len(Model(loaded).demand.draw(1, 0).case_type)
    assert cases == pytest.approx(2 * (1000 + 2.5 * 500), rel=0.1)


def test_too_many_cases_are_refused_whatever_makes_them() -> None:
    _loads(f"{YEARLY.replace('1000', '90000')}, factor: 5")
    with pytest.raises(ScenarioError, match="at most 1,000,000"):
        _loads(f"{YEARLY.replace('1000', '90000')}, factor: 20")
    with pytest.raises(ScenarioError, match="at most 1,000,000"):
        _loads("yearly: null, every: 2 min, factor: 9")


def _loads(way: str) -> Scenario:
    return scenario(ONE_STEP, f"case_types: {{t: {{arrivals: {{{way}}}}}}}")


def test_it_is_part_of_the_scenario() -> None:
    plain = sim.load("yingkou/base")
    one, more = (sim.vary(plain, settings=[f"{FACTOR}={f}"]) for f in (1, 1.3))
    assert plain.sha256() == one.sha256() != more.sha256()
    (changed,) = [p for p in more.provenance.parameters() if ".".join(map(str, p.path)) == FACTOR]
    assert changed.source.kind == "none"
