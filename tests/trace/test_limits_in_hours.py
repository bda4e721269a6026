"""Limits in hours and parts of a day (4 小时办结, 半日办结), by hand."""

import pytest

import sim
from sim.measures.limits import Standing
from sim.replications.readings import read_limits
from tests.build.stories import scenario

TEXT = """
name: Half a day
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-05}, run_out: 20 cd}
hours: {office: {week: {mon-fri: "8:30-12:00 13:30-18:00"}}}
pools: {desk: {}}
staff: {clerk: {serves: [desk], count: 9, hours: office}}
case_types:
  case:
    arrivals: {at: [2024-01-01 11:00:00, 2024-01-01 17:00:00, 2024-01-05 17:00:00]}
    steps: {work: {pool: desk, work: 4 h}}
clocks:
  opened: {start: receipt, counts: everything, unit: h, hours: office}
limits: {half: {case_type: case, limit: 4 h, clock: opened}}
"""
# All take four hours of open time: Monday 11 to 12 and 13:30 to 16:30; Monday 17 to 18 and Tuesday
# 8:30 to 11:30; Friday 17 to 18 and Monday 8:30 to 11:30.


def standings(*settings: str) -> list[str]:
    model = sim.Model(scenario(TEXT, settings=settings))
    (limit,) = read_limits(model.scenario, model.replicate(seed=1, number=0))
    assert limit.readings.clocks["opened"].value.tolist() == [4 * 3600] * 3
    return [Standing(s).name for s in limit.standing["opened"]]


@pytest.mark.parametrize("written", ["4 h", "240 min", "0.5 wd", "14400 s"])
def test_half_a_day_of_eight_hours_is_four_hours(written):
    assert standings(f"limits.half.limit={written}") == ["ON_TIME"] * 3


@pytest.mark.parametrize("written", ["3.99 h", "239 min", "0.49 wd"])
def test_a_second_more_is_late(written):
    assert standings(f"limits.half.limit={written}") == ["LATE"] * 3


def test_an_extension_is_in_hours_too():
    extension = "limits.half.extension={days: 0.25 wd, probability: 1.0}"
    assert standings("limits.half.limit=2 h", extension) == ["ON_TIME"] * 3
    assert standings("limits.half.limit=1 h", extension) == ["LATE"] * 3


SHORT_FRIDAY = (
    'hours.office.week={mon-fri: null, mon-thu: "8:30-12:00 13:30-18:00", fri: "8:30-12:00"}'
)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        # Fridays are short, so half a day could be 4 h or 1.75 h.
        (("limits.half.limit=0.5 wd", SHORT_FRIDAY), "8 h on a normal day: write '4 h'"),
        (("limits.half.limit=4 cd",), "a number of h or min, or of wd where all days are equally"),
        (("limits.half.clock=gross_span",), "a whole number of wd; for hours or part of a day"),
        (
            ("limits.half.clock=gross_span", "limits.half.limit=0.5 wd"),
            "clocks: {office_hours: {start: receipt, counts: everything, unit: h, hours: office}}",
        ),
        (("limits.half.limit=1.5",), "limits.half.limit: 1.5: must be"),
    ],
)
def test_what_to_write_is_told_where_the_unit_does_not_fit(settings, told):
    with pytest.raises(sim.ScenarioError) as refused:
        standings(*settings)
    assert told in str(refused.value)
    assert "limits.half.limit" in str(refused.value)
