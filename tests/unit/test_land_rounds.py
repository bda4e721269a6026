"""Arrivals in rounds: days and means by hand, dispersion as the theory has it, streams apart."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.demand.arrivals import ArrivalSource, daily_mean, rounds_of
from sim.demand.sampling import RecordedValues
from sim.scenario import Scenario, ScenarioError
from sim.streams import Streams
from tests.build.one_step import ONE_STEP
from tests.build.stories import scenario

DAY = 86_400
ROUNDS = "rounds: {dates: {03-20: 1, 10-03: 3}, share: 0.6, within: 4"
YEAR = (
    "period: {start: 2021-01-01, window: {from: 2021-01-01, to: 2021-12-31}, run_out: 0 cd}",
    "calendar: {country: CN}",
)


def office(text: str) -> Scenario:
    return scenario(ONE_STEP, f"case_types: {{t: {{arrivals: {{yearly: {{{text}}}}}}}}}", *YEAR)


def days(loaded: Scenario, number: int) -> np.ndarray:
    source = ArrivalSource(loaded, "t", RecordedValues({}))
    return source.draw(Streams(1, number)).at_s // DAY


def test_days_and_means_by_hand() -> None:
    """20 March 2021 is a Saturday; 1 to 7 October are holidays, 9 October is a make-up Saturday."""
    loaded = office(f"volume: 1000, {ROUNDS}}}")
    spec = loaded.case_types["t"].arrivals.yearly
    spring, autumn = rounds_of(loaded, spec)
    origin = loaded.period.start
    assert [origin + dt.timedelta(days=int(day)) for day in spring.days] == [
        dt.date(2021, 3, day) for day in (22, 23, 24, 25)
    ]
    assert [origin + dt.timedelta(days=int(day)) for day in autumn.days] == [
        dt.date(2021, 10, day) for day in (8, 9, 11, 12)
    ]
    assert (spring.daily, autumn.daily) == (1000 * 0.6 / 4 / 4, 1000 * 0.6 * 3 / 4 / 4)
    mean = daily_mean(loaded, spec)
    assert mean.sum() == pytest.approx(1000)
    plain = daily_mean(
        office("volume: 1000"), office("volume: 1000").case_types["t"].arrivals.yearly
    )
    others = np.ones(len(mean), bool)
    others[[*spring.days, *autumn.days]] = False
    assert mean[others] == pytest.approx(0.4 * plain[others])


def test_all_by_rounds_come_on_their_days_alone() -> None:
    loaded = office("volume: 400, rounds: {dates: {03-20: 1}, share: 1.0, within: 4}")
    (spring,) = rounds_of(loaded, loaded.case_types["t"].arrivals.yearly)
    assert set(days(loaded, 0)) == set(spring.days)


@pytest.mark.parametrize("cv", [0.0, 0.5, 1.0])
def test_the_index_of_dispersion_of_a_round(cv: float) -> None:
    """Cases of a round: Poisson with a gamma factor, so variance / mean = 1 + mean * cv ** 2.

    800 replications: the standard error of the index is about 5 % of it, more with a long tail.
    """
    loaded = office(f"volume: 40, rounds: {{dates: {{03-20: 1}}, share: 1.0, within: 4, cv: {cv}}}")
    counts = np.array([len(days(loaded, number)) for number in range(800)])
    wanted = 1 + 40 * cv**2
    assert counts.mean() == pytest.approx(40, abs=4 * np.sqrt(40 * wanted / 800))
    assert counts.var(ddof=1) / counts.mean() == pytest.approx(wanted, rel=0.25)


def test_days_of_a_round_vary_together() -> None:
    """Two halves of a round: their covariance is (mean / 2) ** 2 * cv ** 2, without cv nearly 0."""
    halves = {}
    for cv in (0.0, 1.0):
        loaded = office(
            f"volume: 40, rounds: {{dates: {{03-20: 1}}, share: 1.0, within: 4, cv: {cv}}}"
        )
        (spring,) = rounds_of(loaded, loaded.case_types["t"].arrivals.yearly)
        drawn = [days(loaded, number) for number in range(600)]
        early = [np.sum(day <= spring.days[1]) for day in drawn]
        late = [np.sum(day > spring.days[1]) for day in drawn]
        halves[cv] = float(np.cov(early, late)[0, 1])
    assert abs(halves[0.0]) < 4
    assert halves[1.0] == pytest.approx(400, rel=0.35)


def test_without_a_share_nothing_changes() -> None:
    """Rounds have a stream of their own: the cases of the days are the same as without them."""
    plain = days(office("volume: 300, day_to_day_cv: 0.5"), 3)
    none = office(f"volume: 300, day_to_day_cv: 0.5, {ROUNDS.replace('0.6', '0.0')}, cv: 0.5}}")
    assert np.array_equal(days(none, 3), plain)


def test_compiled_and_arrays_draw_the_same() -> None:
    source = ArrivalSource(office(f"volume: 300, {ROUNDS}, cv: 0.5}}"), "t", RecordedValues({}))
    one, other = (source.draw(Streams(1, 5, compiled=how)).at_s for how in (True, False))
    assert np.array_equal(one, other)


def test_rounds_before_the_first_day_bring_nothing() -> None:
    loaded = scenario(
        ONE_STEP,
        f"case_types: {{t: {{arrivals: {{yearly: {{volume: 1000, {ROUNDS}}}}}}}}}}}",
        "period: {start: 2021-06-01, window: {from: 2021-06-01, to: 2021-12-31}, run_out: 0 cd}",
        YEAR[1],
    )
    spring, autumn = rounds_of(loaded, loaded.case_types["t"].arrivals.yearly)
    assert (len(spring.days), len(autumn.days)) == (0, 4)


@pytest.mark.parametrize(
    ("rounds", "rule"),
    [
        ("{dates: {02-29: 1}, share: 0.5, within: 4}", "a day of every year, such as '03-20'"),
        ("{dates: {march: 1}, share: 0.5, within: 4}", "a day of every year, such as '03-20'"),
        ("{dates: {03-20: 0}, share: 0.5, within: 4}", "at least one weight must be above 0"),
        ("{dates: {03-20: 1}, share: 1.5, within: 4}", "1"),
        ("{dates: {03-20: 1}, share: 0.5, within: 0}", "1"),
    ],
)
def test_what_is_refused(rounds: str, rule: str) -> None:
    with pytest.raises(ScenarioError, match="rounds") as caught:
        office(f"volume: 100, rounds: {rounds}")
    assert rule in str(caught.value)


def test_the_library_has_the_volume_of_base() -> None:
    base, rounds = (sim.load(f"yingkou/{name}") for name in ("base", "land_rounds"))
    one, other = (
        daily_mean(each, each.case_types["project"].arrivals.yearly) for each in (base, rounds)
    )
    first = (base.period.window.first - base.period.start).days
    assert other[first : first + 365].sum() == pytest.approx(
        one[first : first + 365].sum(), rel=0.02
    )
