"""Results by month and week: what adds up, what holds together, what is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.measures.limits import summarise
from sim.report.labels import Labels
from sim.report.plain_data import to_json
from sim.report.run.data import result_data
from sim.report.run.report import worst_periods
from sim.results.parts import limits_over_time, pools_over_time

OFFICE = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-10, to: 2024-05-14}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {clerk: {}, archive: {}}
staff:
  clerks: {serves: [clerk], count: 2, hours: day, leave: [LEAVE]}
  archivists: {serves: [archive], count: 1, hours: day}
case_types:
  paper:
    arrivals: {yearly: {volume: 2700}}
    steps: {handle: {pool: clerk, work: {exponential: 45 min}}}
  book:
    arrivals: {yearly: {volume: 100}}
    steps: {handle: {pool: archive, work: 1 h}}
limits:
  same_day: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9, confidence: 0.9}
"""
LEAVE = "{dates: {from: 2024-03-01, to: 2024-03-31}, officers: 1}"
MONTHS = ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    file = tmp_path_factory.mktemp("office") / "office.yaml"
    file.write_text(OFFICE.replace("LEAVE", LEAVE), encoding="utf-8")
    return sim.load(file)


@pytest.fixture(scope="module")
def result(scenario: sim.Scenario) -> sim.Result:
    return sim.run(scenario, replications=20, seed=3)


def test_periods_add_up_to_the_limit(result: sim.Result) -> None:
    (whole,) = result.verdicts
    parts = result.limits_over_time["same_day"]
    assert list(result.limits_over_time) == ["same_day"]  # books have no limit
    assert [each.label for each in result.periods] == MONTHS
    for count in ("measured", "on_time", "late", "open", "withdrawn", "no_decision"):
        assert sum(getattr(each, count) for each in parts) == getattr(whole, count), count
    assert min(each.measured for each in parts) > 100


def test_a_month_is_what_the_table_of_cases_says(result: sim.Result) -> None:
    papers = result.cases[result.cases["case_type"] == "paper"]
    by_month = papers.groupby(papers["arrival"].dt.strftime("%Y-%m"))["same_day.on_time"]
    months = result.months.set_index("period")
    assert months["on_time_share"].to_dict() == pytest.approx(by_month.mean().to_dict())
    assert months["cases"].to_dict() == by_month.size().to_dict()


def test_the_intervals_of_a_limit_hold_together(result: sim.Result) -> None:
    (promise,) = [each for each in result.resolved_limits if each.name == "same_day"]
    assert promise.confidence == 0.9
    tallies = [each.periods["same_day"][3] for each in result.summaries]
    expected = summarise(promise, tallies, confidence=0.98)  # five periods share 10 %
    got = result.limits_over_time["same_day"][3]
    assert (got.low, got.high) == (expected.low, expected.high)
    last_look = limits_over_time(result.summaries, result.resolved_limits, {"same_day": 0.95})
    at_99 = summarise(promise, tallies, confidence=0.99)
    assert last_look["same_day"][3].low == pytest.approx(at_99.low, abs=1e-12)


def test_pools_over_time_are_sums_over_replications(result: sim.Result) -> None:
    pool = result.pools_over_time["clerk"]
    parts = [each.pools_over_time for each in result.summaries]
    number = result.model.pools.names.index("clerk")
    for period, days in enumerate(each.days for each in result.periods):
        worked, rostered, queue, waited, items = (
            sum(int(getattr(each, name)[number, period]) for each in parts)
            for name in ("worked_s", "rostered_s", "queue_s", "waited_s", "arrived")
        )
        assert pool.items[period] == items > 0
        assert pool.utilisation[period] == worked / rostered
        assert pool.mean_wait_h[period] == waited / items / 3600
        seconds = len(parts) * days * 86_400
        assert pool.mean_queue[period] == pytest.approx(queue / seconds, rel=1e-12)


def test_a_month_with_a_clerk_less_is_busier(result: sim.Result) -> None:
    pool = result.pools_over_time["clerk"]
    assert int(np.argmax(pool.utilisation)) == MONTHS.index("2024-03")
    assert list(result.pools_over_time) == [each.name for each in result.pool_summaries]


def test_nobody_rostered_and_nothing_arrived_is_nan(result: sim.Result) -> None:
    summary = result.summaries[0]
    none = np.zeros_like(summary.pools_over_time.rostered_s)
    empty = replace(summary.pools_over_time, rostered_s=none, arrived=none)
    pool = pools_over_time(result.model, [replace(summary, pools_over_time=empty)])["clerk"]
    assert np.isnan(pool.utilisation).all()
    assert np.isnan(pool.mean_wait_h).all()


def test_a_backlog_counts_for_the_first_week() -> None:
    result = sim.run(sim.load("yingkou/backlog"), replications=1, keep="cases")
    projects = result.cases[result.cases["project_30.standing"].notna()]
    before = (projects["arrival"] < pd.Timestamp("2021-05-31")).sum()
    first, *others = result.limits_over_time["project_30"]
    window = [
        (projects["arrival"] >= pd.Timestamp(each.first))
        & (projects["arrival"] < pd.Timestamp(each.last) + pd.Timedelta(days=1))
        for each in result.periods
    ]
    assert before > 20
    assert first.measured == before + window[0].sum()
    assert [each.measured for each in others] == [each.sum() for each in window[1:]]


# --- what is written -----


def test_tables_and_json(result: sim.Result, tmp_path: Path) -> None:
    result.save(tmp_path / "out", tables="csv")
    months = pd.read_csv(tmp_path / "out/months.csv")
    assert months["period"].tolist() == MONTHS
    assert (months["first"][0], months["last"][4]) == ("2024-01-10", "2024-05-14")
    pools = pd.read_csv(tmp_path / "out/pool_months.csv")
    assert pools.groupby("pool")["items"].sum().to_dict() == {
        each.name: each.items for each in result.pool_summaries
    }
    data = json.loads(to_json(result_data(result)))
    assert [row["on_time_share"] for row in data["months"]] == pytest.approx(
        months["on_time_share"].tolist(), abs=1e-6
    )
    assert data["pool_months"][0]["first"] == "2024-01-10"
    assert len(data["pool_months"]) == len(pools) == 10


def test_every_key_is_documented(result: sim.Result) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/tables.md").read_text(encoding="utf-8")
    data = result_data(result)
    for section in ("months", "pool_months"):
        text = page.partition(f"\n**{section}**:")[2].partition("\n**")[0]
        for key in data[section][0]:
            assert f"`{key}`" in text, (section, key)


def test_a_pool_that_no_item_reached_has_no_rows(scenario: sim.Scenario) -> None:
    unused = sim.load(scenario.provenance.origin, settings=["pools.cellar={}"])
    result = sim.run(unused, replications=1, keep="summary")
    assert "cellar" in result.pools_over_time
    assert set(result.pool_months["pool"]) == {"clerk", "archive"}


def test_the_worst_month_is_told_where_the_whole_does_not_fail(result: sim.Result) -> None:
    labels = Labels(result.scenario, "en")
    (whole,), parts = result.verdicts, result.limits_over_time["same_day"]
    worst = min(parts, key=lambda each: each.share)
    assert whole.verdict != "fails"
    assert worst is parts[MONTHS.index("2024-03")]
    (sentence,) = worst_periods(result, labels)
    assert "same_day: not at all times. Worst from 1 March 2024 to 31 March 2024" in sentence.text
    assert f"{100 * worst.share:.1f} % are on time" in sentence.text
    (chinese,) = worst_periods(result, Labels(result.scenario, "zh"))
    assert "最差的是2024年3月1日至2024年3月31日" in chinese.text


def test_nothing_is_told_where_the_whole_fails_or_no_month_does(scenario: sim.Scenario) -> None:
    for target in ("0.99", "0.1"):
        settings = [f"limits.same_day.target_share={target}"]
        changed = sim.load(scenario.provenance.origin, settings=settings)
        result = sim.run(changed, replications=60, seed=3, keep="summary")
        (whole,) = result.verdicts
        assert whole.verdict == ("fails" if target == "0.99" else "holds")
        assert list(worst_periods(result, Labels(changed, "en"))) == []
