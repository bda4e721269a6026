"""Growth from stock: what a year brings, by hand; and the load scenarios of Yingkou."""

import numpy as np
import pytest
from pydantic import ValidationError
from rich.console import Console

from sim.demand.arrivals import ArrivalSource, daily_mean
from sim.demand.sampling import RecordedValues
from sim.report.scenario.describe import scenario_text
from sim.scenario import ScenarioError, load
from sim.scenario.schema.arrivals import Stock
from sim.streams import Streams
from tests.build.stories import scenario

PLAN = {2019: 4000.0, 2022: 5000.0, 2025: 6000.0}


def stock(**fields) -> Stock:
    return Stock.model_validate({"year_end": PLAN} | fields)


@pytest.mark.parametrize(
    ("year", "enterprises"),
    [
        (2010, 4000),  # flat before
        (2019, 4000),
        (2020, 4000 + 1000 / 3),
        (2021, 4000 + 2000 / 3),
        (2022, 5000),
        (2024, 5000 + 2000 / 3),
        (2025, 6000),
        (2040, 6000),  # flat after
    ],
)
def test_the_stock_is_linear_between_its_years_and_flat_beyond(year, enterprises):
    assert stock(exits=0.5).at_end(year) == pytest.approx(enterprises)


def test_exits_as_a_share_of_entries():
    """333 more in a year are entries less 45 % of them: 333 / 0.55 = 606."""
    derived = stock(exits=0.45)
    assert derived.volume(2022) == pytest.approx(1000 / 3 / 0.55)
    assert derived.volume(2025) == derived.volume(2022) == pytest.approx(606.06, abs=0.01)
    assert derived.volume(2026) == derived.volume(2019) == 0  # no growth, no entries
    entries = derived.volume(2021)
    assert entries - 0.45 * entries == pytest.approx(derived.at_end(2021) - derived.at_end(2020))


def test_exits_as_a_share_of_the_mean_stock():
    derived = stock(exit_rate=0.1)
    # 2022: mean (4,666.7 + 5,000) / 2 = 4,833.3; exits 483.3, net 333.3
    assert derived.volume(2022) == pytest.approx(333.333 + 483.333, abs=0.01)
    assert derived.volume(2025) == pytest.approx(333.333 + 583.333, abs=0.01)
    assert derived.volume(2026) == pytest.approx(600)  # replaces those that leave


def test_cases_of_enterprises_that_are_there():
    derived = stock(per_1000_enterprises=40.0)
    assert derived.volume(2022) == pytest.approx(40 * 4.833333)
    assert derived.volume(2030) == pytest.approx(240)


def test_the_years_may_be_written_in_any_order():
    backwards = Stock(year_end=dict(reversed(PLAN.items())), exits=0.45)
    assert [backwards.volume(y) for y in range(2015, 2030)] == [
        stock(exits=0.45).volume(y) for y in range(2015, 2030)
    ]


def test_a_shrinking_stock():
    """100 fewer in 2021, at a mean stock of 950: exits of a fifth leave room for 90 entries."""
    falls = {2020: 1000.0, 2021: 900.0}
    assert Stock(year_end=falls, exit_rate=0.2).volume(2021) == pytest.approx(190 - 100)
    assert Stock(year_end=falls, exit_rate=100 / 950).volume(2021) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValidationError, match="falls by 100 in 2021"):
        Stock(year_end=falls, exit_rate=0.1)
    with pytest.raises(ValidationError, match=r"falls by 100 in 2021.*give exit_rate"):
        Stock(year_end=falls, exits=0.45)
    assert Stock(year_end=falls, per_1000_enterprises=1.0).volume(2021) == pytest.approx(0.95)


# --- in a scenario -------------------------------------------------------------------------------

BASE = """
name: Stock
period: {start: 2021-07-01, window: {from: 2022-01-01, to: 2022-12-31}, run_out: 30 cd}
hours: {always: 24x7}
pools: {p: {}}
staff: {p: {serves: [p], count: 1, hours: always}}
case_types:
  t:
    arrivals:
      yearly:
        stock: {year_end: {2019: 4000, 2022: 5000, 2025: 6000}, exit_rate: 0.1}
        months: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    steps: {a: {pool: p, work: 1 s}}
"""


def test_each_simulated_year_has_its_derived_volume():
    loaded = scenario(BASE)
    spec = loaded.case_types["t"].arrivals.yearly
    mean = daily_mean(loaded, spec)
    assert mean[184 : 184 + 365].sum() == pytest.approx(816.667, abs=0.01)
    text = "case_types: {t: {arrivals: {yearly: {stock: null, volume: 816.66666667}}}}"
    flat = daily_mean(scenario(BASE, text), scenario(BASE, text).case_types["t"].arrivals.yearly)
    assert mean[184 : 184 + 365] == pytest.approx(flat[184 : 184 + 365])
    # the second half of 2021 has its part of 333.3 + 450, January 2023 of 333.3 + 516.7
    assert mean[:184] == pytest.approx(flat[:184] * 783.333 / 816.667, rel=1e-6)
    assert mean[549:] == pytest.approx(flat[549:] * 850 / 816.667, rel=1e-6)
    drawn = ArrivalSource(loaded, "t", RecordedValues({})).draw(Streams(1, 0)).at_s
    whole = daily_mean(loaded, spec).sum()
    assert len(drawn) == pytest.approx(whole, abs=4 * whole**0.5)


def test_set_reaches_the_stock_of_a_year():
    at = "case_types.t.arrivals.yearly.stock"
    loaded = scenario(BASE, settings=(f"{at}.year_end.2022=5300", f"{at}.exit_rate=0"))
    assert loaded.case_types["t"].arrivals.yearly.expected(2022, 2022) == pytest.approx(1300 / 3)
    same = scenario(BASE)
    assert same.sha256() != loaded.sha256()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("volume: 10", "either volume or stock"),
        ("stock: null", "either volume or stock"),
        ("growth: 0.1", "yearly.growth: 0.1: goes with volume"),
        ("growth_from: 2020", "yearly.growth_from: 2020: goes with volume"),
    ],
)
def test_a_stock_takes_the_place_of_volume_and_growth(text, rule):
    with pytest.raises(ScenarioError, match=rule):
        scenario(BASE, f"case_types: {{t: {{arrivals: {{yearly: {{{text}}}}}}}}}")


def test_a_stock_too_large_is_refused_before_it_is_tried():
    many = "{2019: 90000000, 2022: 90000000, 2025: 90000000}"
    text = f"case_types: {{t: {{arrivals: {{yearly: {{stock: {{year_end: {many}}}}}}}}}}}"
    with pytest.raises(ScenarioError, match="at most 1,000,000 can"):
        scenario(BASE, text)


def test_the_load_scenarios_follow_the_plan():
    """Entries between the two derivations (606, and 19 % of the stock), projects with the stock."""
    measured = {}
    for year, enterprises in ((2022, 5000), (2025, 6000)):
        loaded = load(f"yingkou/load_{year}")
        startup, project = (
            loaded.case_types[name].arrivals.yearly for name in ("startup", "project")
        )
        assert startup.stock.at_end(year) == project.stock.at_end(year) == enterprises
        assert startup.stock.year_end == project.stock.year_end
        measured[year] = [spec.expected(year, year) for spec in (startup, project)]
        mean = enterprises - 1000 / 6
        assert 606 < measured[year][0] < 0.19 * mean
        # as in the base, in the year of the base
        assert startup.expected(2021, year) == pytest.approx(800, rel=0.005)
        assert project.expected(2021, year) == pytest.approx(200, rel=0.005)
        last = loaded.period.window.last.year + 1  # the load does not stop in the run-out
        assert startup.expected(last, year) > startup.expected(year, year)
    assert np.round(measured[2022]).tolist() == [836, 215]
    assert np.round(measured[2025]).tolist() == [940, 259]


def test_show_tells_the_derived_volumes(capsys):
    Console(width=200).print(scenario_text(scenario(BASE), "en"))
    assert "cases a year: 2021 783, 2022 817, 2023 850" in capsys.readouterr().out
