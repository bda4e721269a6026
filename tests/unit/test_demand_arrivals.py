"""When cases arrive: yearly volumes and profiles, gaps, lists, recorded logs."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from sim.demand.arrivals import ArrivalSource, daily_mean
from sim.demand.sampling import RecordedValues
from sim.replications.model import Model
from sim.scenario import Scenario, ScenarioError
from sim.streams import Streams
from tests.build.one_step import ONE_STEP
from tests.build.stories import scenario

DAY = 86_400
H = 3600


def yearly(text: str, *more: str) -> Scenario:
    return scenario(ONE_STEP, f"case_types: {{t: {{arrivals: {{yearly: {{{text}}}}}}}}}", *more)


def mean_of(loaded: Scenario) -> dict[dt.date, float]:
    spec = loaded.case_types["t"].arrivals.yearly
    start = loaded.period.start
    mean = daily_mean(loaded, spec)
    return {start + dt.timedelta(days=day): float(m) for day, m in enumerate(mean)}


def total(mean: dict[dt.date, float], year: int) -> float:
    return sum(m for date, m in mean.items() if date.year == year)


def times(loaded: Scenario, replications: int = 1) -> list[np.ndarray]:
    source = ArrivalSource(loaded, "t", RecordedValues({}))
    return [source.draw(Streams(1, number)).at_s for number in range(replications)]


# --- the daily mean ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profile",
    [
        "volume: 1000",
        "months: [0.7, 0.5, 1.2, 1.3, 1.3, 1.2, 1.0, 0.9, 1.1, 1.1, 0.9, 0.8]",
        "weekdays: [1, 2, 3, 2, 1, 0, 0]",
        "weekdays: [1, 1, 1, 1, 1, 1, 1], holidays: open",
        "weekdays: [1, 1, 1, 1, 1, 0.5, 0]",
        "batch: {low: 3, high: 9}",
        "day_to_day_cv: 0.7",
    ],
)
def test_every_calendar_year_has_its_volume(profile):
    mean = mean_of(yearly(profile))
    assert total(mean, 2020) == pytest.approx(1000)
    assert total(mean, 2021) == pytest.approx(1000)


def test_growth_is_counted_from_its_year():
    mean = mean_of(yearly("growth: 0.1"))
    assert total(mean, 2020) == pytest.approx(1000)  # the year of the first measured day
    assert total(mean, 2021) == pytest.approx(1100)
    mean = mean_of(yearly("growth: 0.1, growth_from: 2022"))
    assert total(mean, 2020) == pytest.approx(1000 / 1.21)


def test_a_part_of_a_year_has_its_part():
    text = "period: {start: 2020-07-01, window: {from: 2020-07-01, to: 2020-12-31}}"
    half, whole = mean_of(yearly("volume: 1000", text)), mean_of(yearly("volume: 1000"))
    assert half == {date: whole[date] for date in half}


def test_profiles_shape_the_days():
    months = "months: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"
    mean = mean_of(yearly(f"weekdays: [1, 2, 3, 4, 5, 0, 0], {months}"))
    monday, tuesday = mean[dt.date(2021, 3, 8)], mean[dt.date(2021, 3, 9)]
    assert tuesday == pytest.approx(2 * monday)
    assert mean[dt.date(2021, 2, 22)] == pytest.approx(2 * monday)  # a Monday in February
    assert mean[dt.date(2021, 3, 13)] == 0  # a Saturday
    assert mean[dt.date(2021, 10, 1)] == 0  # National Day
    # Sat 9 October 2021 is a make-up day: the mean of Monday to Friday, 3
    assert mean[dt.date(2021, 10, 9)] == pytest.approx(3 * monday)


def test_weights_of_a_weekend_hold_on_ordinary_weekends():
    mean = mean_of(yearly("weekdays: [2, 2, 2, 2, 2, 1, 0]"))
    monday = mean[dt.date(2021, 3, 8)]
    assert mean[dt.date(2021, 3, 13)] == pytest.approx(monday / 2)  # an ordinary Saturday
    assert mean[dt.date(2021, 3, 14)] == 0
    assert mean[dt.date(2021, 10, 2)] == 0  # a Saturday of the National Day holiday
    assert mean[dt.date(2021, 10, 9)] == pytest.approx(monday)  # a make-up Saturday
    more = "holidays: open, weekdays: [2, 2, 2, 2, 2, 1, 0]"
    on_holidays = mean_of(yearly(more))
    monday = on_holidays[dt.date(2021, 3, 8)]
    assert on_holidays[dt.date(2021, 10, 1)] == pytest.approx(monday)  # National Day, a Friday
    assert on_holidays[dt.date(2021, 10, 2)] == pytest.approx(monday / 2)
    closed = "calendar: {closures: [2021-03-13]}"
    assert mean_of(yearly("weekdays: [2, 2, 2, 2, 2, 1, 0]", closed))[dt.date(2021, 3, 13)] == 0


def test_closures_make_up_days_and_surges_come_on_top():
    plain = mean_of(yearly("volume: 1000"))
    changed = mean_of(
        yearly(
            "surges: [{dates: {from: 2021-03-01, to: 2021-03-05}, factor: 2.5}, "
            "{dates: 2021-03-05, factor: 2}, {dates: 2019-12-31, factor: 9}]",
            """
            calendar:
              closures: [{from: 2021-03-08, to: 2021-03-10}]
              make_up_days: [2021-03-13]
            """,
        )
    )
    factor = {dt.date(2021, 3, day): 2.5 for day in range(1, 5)} | {dt.date(2021, 3, 5): 5.0}
    factor |= {dt.date(2021, 3, day): 0.0 for day in (8, 9, 10)}
    saturday = dt.date(2021, 3, 13)
    for date, m in plain.items():
        expected = plain[dt.date(2021, 3, 11)] if date == saturday else m * factor.get(date, 1.0)
        assert changed[date] == pytest.approx(expected), date


# --- counts and times of day ---------------------------------------------------------------------


def counts(loaded: Scenario, replications: int) -> np.ndarray:
    """Return [replications, days] arrivals."""
    days = 731
    drawn = times(loaded, replications)
    return np.array([np.bincount(at_s // DAY, minlength=days)[:days] for at_s in drawn])


@pytest.mark.parametrize("cv", [0.0, 0.6, 1.5])
def test_daily_counts_are_gamma_mixed_poisson(cv):
    """Mean m, variance m + m² cv², on days of equal mean."""
    loaded = yearly(f"volume: 2000, day_to_day_cv: {cv}")
    mean = np.array(list(mean_of(loaded).values()))
    drawn = counts(loaded, 200)
    open_days = drawn[:, mean > 0]
    assert drawn[:, mean == 0].sum() == 0
    m = mean[mean > 0][0]  # about 8 on every open day of 2020
    sample = open_days[:, :200].astype(float).ravel()
    variance = m + m**2 * cv**2
    n = sample.size
    assert sample.mean() == pytest.approx(m, abs=4 * (variance / n) ** 0.5)
    error = sample.var() * 4 * (3 + 6 * cv**2) ** 0.5 / n**0.5 * 1.5
    assert sample.var() == pytest.approx(variance, abs=error)
    assert error < 0.15 * variance or cv == 1.5
    # a day's factor is its own: neighbours are uncorrelated
    pairs = np.corrcoef(open_days[:, :-1].ravel(), open_days[:, 1:].ravel())[0, 1]
    assert abs(pairs) < 4 / n**0.5


def test_the_volume_of_batches_counts_cases():
    loaded = yearly("volume: 2000, batch: {low: 2, high: 6}")
    drawn = times(loaded, 100)
    cases = np.mean([len(at_s) for at_s in drawn])
    # two years of 2,000 cases; batches of mean 4, E[size²] = 18: variance 1000·18 per run
    assert cases == pytest.approx(4000, abs=4 * (1000 * 18 / 100) ** 0.5)
    sizes = np.concatenate([np.unique(at_s, return_counts=True)[1] for at_s in drawn])
    shares = np.bincount(sizes, minlength=7)[2:7] / len(sizes)
    assert shares == pytest.approx([0.2] * 5, abs=0.01)
    assert sizes.min() == 2


def test_the_hours_profile():
    loaded = yearly('volume: 20000, hours: {"13:00-17:00": 0.25, "8:30-11:30": 0.75}')
    (at_s,) = times(loaded)
    hour = at_s % DAY / H
    morning, afternoon = hour[hour < 12], hour[hour >= 12]
    assert morning.min() >= 8.5
    assert morning.max() < 11.5
    assert afternoon.min() >= 13
    assert afternoon.max() < 17
    n = len(hour)
    assert len(morning) / n == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / n) ** 0.5)
    for part, low, width in ((morning, 8.5, 3), (afternoon, 13, 4)):  # uniform within
        error = width / 12**0.5 / len(part) ** 0.5
        assert part.mean() == pytest.approx(low + width / 2, abs=4 * error)
        assert part.std() == pytest.approx(width / 12**0.5, rel=0.02)
    assert np.all(np.diff(at_s) >= 0)


def test_a_stretch_of_no_weight_gets_nothing():
    loaded = yearly('volume: 5000, hours: {"8:00-9:00": 0, "9:00-10:00": 1, "10:00-11:00": 0}')
    hour = times(loaded)[0] % DAY // H
    assert set(hour) == {9}


def test_expected_volume_in_the_long_run():
    loaded = yearly("volume: 500, day_to_day_cv: 0.6, months: [1,2,1,1,1,1,1,1,1,1,1,1]")
    drawn = counts(loaded, 200)
    per_year = drawn[:, :366].sum(axis=1)  # 2020
    variance = 500 + 0.36 * sum(m**2 for d, m in mean_of(loaded).items() if d.year == 2020)
    assert per_year.mean() == pytest.approx(500, abs=4 * (variance / 200) ** 0.5)


# --- gaps and lists ------------------------------------------------------------------------------


def arrivals(text: str, **files: bytes) -> list[int]:
    loaded = scenario(
        ONE_STEP, f"case_types: {{t: {{arrivals: {{yearly: null, {text}}}}}}}", **files
    )
    return times(loaded)[0].tolist()


def test_every_seven_hours_from_seven_hours():
    found = arrivals("every: 7 h")
    assert found[:3] == [7 * H, 14 * H, 21 * H]
    horizon = 731 * DAY - 1
    assert len(found) == horizon // (7 * H)
    assert found == [7 * H * k for k in range(1, len(found) + 1)]


def test_an_arrival_at_the_last_instant_counts():
    assert arrivals("every: {gap: 63158399 s}") == [731 * DAY - 1]
    assert arrivals("every: {gap: 63158400 s}") == []


def test_gaps_stop_at_their_limit():
    assert arrivals("every: {gap: 1 h, limit: 3}") == [H, 2 * H, 3 * H]
    assert arrivals("every: {gap: 1 h, limit: 0}") == []
    assert len(arrivals("every: {gap: 10 s, limit: 5000}")) == 5000  # more than one chunk


def test_fractions_of_a_second_add_up_before_they_are_cut():
    assert arrivals("every: {gap: 1.25 s, limit: 4}") == [1, 2, 3, 5]


def test_gaps_of_nothing_are_refused():
    with pytest.raises(ScenarioError, match="would arrive"):
        arrivals("every: {gap: {uniform: {low: 0 h, high: 0 h}}}")


def test_exponential_gaps_are_a_poisson_process():
    gaps = np.diff(arrivals("every: {exponential: 1 h}"))
    n = len(gaps)
    assert gaps.mean() == pytest.approx(H, abs=4 * H / n**0.5)
    assert gaps.std() == pytest.approx(H, rel=0.05)


def test_a_list_of_instants():
    found = arrivals("at: [2020-01-02T01:00:00, 90 min, 0 s, 2019-12-31T23:59:59, 3 cd, 800 cd]")
    # sorted; what lies before the first day or after the last is not simulated
    assert found == [0, 5400, 25 * H, 3 * DAY]


# --- recorded logs -------------------------------------------------------------------------------

LOG = b"""case,when,zone,size
b,2020-01-02 09:00:00+01:00,west,1
a,2020-01-01 10:00:00.750+01:00,east,1
a,2020-01-01 08:00:00+01:00,west,2
c,2020-01-03T09:30:00Z,east,1
d,2019-12-31 23:00:00+01:00,east,1
e,2020-01-01,east,1
f,2020-01-04 06:00+08,west,1
g,2020-01-05 06:00:00 -0500,west,1
"""
REPLAY = """
case_types:
  t:
    arrivals:
      yearly: null
      replay: {file: log__csv, time: when, case: case, attributes: {zone: zone}}
    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}
""".replace("__", ".")


def replayed(text: str, **files: bytes) -> tuple[list[int], list[str]]:
    import tempfile
    from pathlib import Path

    from sim.scenario import load

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file.replace("__", ".")).write_bytes(content)
        (folder / "base.yaml").write_text(ONE_STEP)
        (folder / "s.yaml").write_text("extends: base.yaml\n" + text)
        demand = Model(load(folder / "s.yaml")).demand.draw(1, 0)
    zones = demand.attribute_values.get("zone", ())
    codes = demand.attributes.get("zone", np.empty(0, int))
    return demand.workload.arrival_s.tolist(), [zones[code] for code in codes]


def test_replay_from_csv():
    """The earliest row of each case, in the time of Shanghai; attributes from that row."""
    at_s, zones = replayed(REPLAY, log__csv=LOG)
    expected = [
        (0, "east"),  # e: a bare date is its midnight, and its day no offset
        (6 * H, "east"),  # d: 23:00+01:00 of the day before is 22:00 UTC, and 8 hours later here
        (15 * H, "west"),  # a, at the second of its rows: 8:00+01:00
        (DAY + 16 * H, "west"),  # b: 9:00+01:00
        (2 * DAY + 17 * H + 1800, "east"),  # c: 9:30 UTC
        (3 * DAY + 6 * H, "west"),  # f: 6:00+08, as here
        (4 * DAY + 19 * H, "west"),  # g: 6:00-05:00 is 11:00 UTC
    ]
    assert list(zip(at_s, zones, strict=True)) == expected


def test_replay_without_a_case_column_takes_every_row():
    text = REPLAY.replace("case: case, ", "")
    at_s, _ = replayed(text, log__csv=LOG)
    assert len(at_s) == 8
    assert 17 * H in at_s  # 10:00:00.750+01:00: cut to the second


def test_replay_from_parquet():
    frame = pd.read_csv(BytesIO(LOG))
    bare = frame["when"].str.slice(0, 19).str.replace("T", " ")
    frame = frame[bare.str.len() == 19]
    naive = pd.to_datetime(bare[bare.str.len() == 19].str.replace("+", " ").str.slice(0, 16))
    text = REPLAY.replace("log.csv", "log.parquet")
    expected = replayed(REPLAY, log__csv=frame.assign(when=naive).to_csv(index=False).encode())
    assert len(expected[0]) >= 3
    for column in (naive, naive.dt.tz_localize("Asia/Shanghai"), naive.astype(str)):
        out = BytesIO()
        frame.assign(when=column).to_parquet(out)
        assert replayed(text, log__parquet=out.getvalue()) == expected


def test_replay_from_a_compressed_file():
    import gzip

    text = REPLAY.replace("log.csv", "log.csv.gz")
    assert replayed(text, log__csv__gz=gzip.compress(LOG)) == replayed(REPLAY, log__csv=LOG)


def test_sampled_attributes_go_with_replayed_ones():
    text = REPLAY + "      kind: {shares: {x: 1.0}}\n"
    text = text.replace(
        "    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}\n",
        "    attributes:\n      zone: {shares: {east: 0.5, west: 0.5}}\n",
    )
    assert replayed(text, log__csv=LOG) == replayed(REPLAY, log__csv=LOG)


@pytest.mark.parametrize(
    ("log", "rule"),
    [
        (LOG.replace(b"c,2020-01-03T09:30:00Z", b"c,"), r"log\.csv:5.*no time"),
        (
            LOG.replace(b"c,2020-01-03T09:30:00Z", b"c,soon"),
            r"log\.csv:5: when: 'soon': must be a time such as",
        ),
        (LOG.replace(b"c,2020-01-03", b",2020-01-03"), r"log\.csv:5.*no case"),
        (LOG.replace(b"zone", b"area"), "no column 'zone'"),
        (
            LOG.replace(b"east", b"north"),
            r"log\.csv:7: zone: 'north': attribute 'zone' does not declare this value",
        ),
        (b"", "is empty"),
    ],
)
def test_a_log_that_cannot_be_replayed(log, rule):
    with pytest.raises(ScenarioError, match=rule):
        replayed(REPLAY, log__csv=log)


# --- attributes ----------------------------------------------------------------------------------


def test_attributes_come_in_their_shares():
    text = """
    case_types:
      t:
        arrivals: {yearly: null, every: {gap: 100 s, limit: 40000}}
        attributes:
          zone: {shares: {c: 0.1, a: 0.6, b: 0.3, d: 0.0}}
          kind: {shares: {x: 0.5, y: 0.5}}
    """
    demand = Model(scenario(ONE_STEP, text)).demand.draw(1, 0)
    assert demand.attribute_values["zone"] == ("a", "b", "c", "d")
    shares = np.bincount(demand.attributes["zone"], minlength=4) / 40_000
    assert shares == pytest.approx([0.6, 0.3, 0.1, 0.0], abs=4 * 0.5 / 200)
    together = np.corrcoef(demand.attributes["zone"], demand.attributes["kind"])[0, 1]
    assert abs(together) < 4 / 200  # independent


def test_cases_of_one_instant_come_in_order_of_type():
    text = """
    case_types:
      t: {arrivals: {yearly: null, every: 1 h}}
      s: {arrivals: {every: 2 h}, steps: {a: {pool: p, work: 1 s}}}
    """
    model = Model(scenario(ONE_STEP, text))
    demand = model.demand.draw(1, 0)
    assert model.process.case_types == ("s", "t")
    assert demand.workload.arrival_s[:4].tolist() == [H, 2 * H, 2 * H, 3 * H]
    assert demand.case_type[:4].tolist() == [1, 0, 1, 1]


def test_only_arrivals_in_the_window_are_measured():
    text = """
    period: {start: 2020-01-01, window: {from: 2020-01-02, to: 2020-01-03}, run_out: 2 cd}
    case_types: {t: {arrivals: {yearly: null, every: 12 h}}}
    """
    workload = Model(scenario(ONE_STEP, text)).demand.draw(1, 0).workload
    measured = workload.arrival_s[workload.measured]
    # 2 January 0:00 is in, 4 January 0:00 is not; arrivals go on to the end of 5 January
    assert measured.tolist() == [DAY, DAY + 12 * H, 2 * DAY, 2 * DAY + 12 * H]
    assert workload.arrival_s[-1] == 4 * DAY + 12 * H
