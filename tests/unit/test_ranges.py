"""Ranges of inputs: single values, distributions as a whole, shapes of several numbers."""

from pathlib import Path

import pytest

import sim
from sim.scenario import at_values, factors_of, parameters_of, unvaried
from sim.scenario.files.range_rules import range_rule
from sim.scenario.ranges import Factor

FILE = """
name: {en: An office with doubts}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {desk: {}}
staff:
  clerks: {serves: [desk], count: {value: 2, source: "assumed: few", range: [1, 4]}, hours: day}
case_types:
  paper:
    arrivals:
      yearly:
        volume: 3500
        months:
          value: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
          source: "assumed: level, or a busy spring"
          range: [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 3, 3, 1, 1, 1, 1, 0, 0, 1, 1]]
    attributes:
      kind:
        shares:
          value: {plain: 0.7, odd: 0.3}
          source: "assumed: half to all"
          range: [{plain: 0.5, odd: 0.5}, {plain: 1.0, odd: 0.0}]
    steps:
      check:
        pool: desk
        work:
          value: {triangular: {low: 10 min, mode: 20 min, high: 40 min}}
          source: "assumed: n"
          range: [10 min, 30 min]
      handle:
        after: [check]
        pool: desk
        work:
          value: {lognormal: {mean: 1 h, cv: 0.5}, scale: 2.0}
          source: "assumed: m"
          range: [0.5 h, 2 h]
limits: {soon: {case_type: paper, limit: {value: 3 wd, source: "assumed: p", range: [2 wd, 5 wd]}}}
"""
STEPS = "case_types.paper.steps"
MONTHS = "case_types.paper.arrivals.yearly.months"
SHARES = "case_types.paper.attributes.kind.shares"


@pytest.fixture
def office(tmp_path: Path) -> sim.Scenario:
    file = tmp_path / "office.yaml"
    file.write_text(FILE, encoding="utf-8")
    return sim.load(file)


@pytest.fixture
def known(office: sim.Scenario) -> dict[str, Factor]:
    return {factor.path: factor for factor in factors_of(office)}


def test_every_kind_of_range_is_an_input(known: dict[str, Factor]) -> None:
    kinds = {path: (of.kind, of.low, of.value, of.high, of.unit) for path, of in known.items()}
    assert kinds == {
        "staff.clerks.count": ("value", 1, 2, 4, None),
        MONTHS: ("shape", 0, 0, 1, None),  # its first end is the value itself
        SHARES: ("shape", -1, 0, 1, None),
        f"{STEPS}.check.work": ("scale", 10, 20, 30, "min"),
        f"{STEPS}.handle.work": ("scale", 0.5, 1, 2, "h"),
        "limits.soon.limit": ("value", 2, 3, 5, "wd"),
    }
    assert [path for path, of in known.items() if of.is_norm] == ["limits.soon.limit"]


def test_a_distribution_moves_as_a_whole(office, known) -> None:
    work = known[f"{STEPS}.check.work"]
    assert work.change(30) == (f"{STEPS}.check.work.scale", 1.5)
    varied = at_values(office, {work: 30.0})
    assert varied.case_types["paper"].steps["check"].work.mean_s == pytest.approx(1.5 * 70 / 3 * 60)
    handle = known[f"{STEPS}.handle.work"]  # its own factor of 2 stays
    varied = at_values(office, {handle: 0.5})
    assert varied.case_types["paper"].steps["handle"].work.mean_s == 3600


def test_a_shape_moves_on_straight_lines(office, known) -> None:
    shares = known[SHARES]
    for position, plain in ((-1, 0.5), (-0.5, 0.6), (0, 0.7), (0.5, 0.85), (1, 1.0)):
        kind = at_values(office, {shares: position}).case_types["paper"].attributes["kind"]
        assert dict(kind.shares) == pytest.approx({"plain": plain, "odd": 1 - plain})
    yearly = at_values(office, {known[MONTHS]: 0.5}).case_types["paper"].arrivals.yearly
    assert yearly.months[2:4] == (2, 2)
    assert yearly.months[8:10] == (0.5, 0.5)


@pytest.mark.parametrize("position", [0.25, -0.5, 1.0])
def test_a_setting_gives_the_same_as_a_value(office, known, position: float) -> None:
    settings = [known[SHARES].setting(position), known[f"{STEPS}.check.work"].setting(12.5)]
    values = {known[SHARES]: position, known[f"{STEPS}.check.work"]: 12.5}
    assert sim.vary(office, settings=settings).sha256() == at_values(office, values).sha256()


def test_many_values_at_a_time_keep_their_sources(office, known) -> None:
    varied = at_values(office, {of: of.high for of in known.values()})
    sources = {parameter.path: parameter.source for parameter in office.provenance.parameters()}
    for parameter in varied.provenance.parameters():
        if parameter.path in sources:
            assert parameter.source == sources[parameter.path]
    assert varied.staff["clerks"].count == 4


def test_counts_of_a_shape_stay_whole() -> None:
    zones = {"north": 4, "south": 1}
    of = Factor(
        *("p", "assumed", 0, -1, 1, None, False, "shape", 1.0, tuple(zones)),
        shapes=((3, 1), (4, 1), (6, 2)),
        counts=True,
    )
    changed = [of.change(position)[1] for position in (-1, -0.4, 0, 0.25, 0.5, 1)]
    assert changed == [
        {"north": 3, "south": 1},
        {"north": 4, "south": 1},
        {"north": 4, "south": 1},
        {"north": 5, "south": 1},
        {"north": 5, "south": 2},
        {"north": 6, "south": 2},
    ]


def test_parts_of_a_whole_have_the_range_that_follows(office) -> None:
    ranges = {".".join(map(str, each.path)): each.range for each in parameters_of(office)}
    of_work = f"{STEPS}.check.work.triangular"
    assert ranges[f"{of_work}.low"] == ("5 min", "15 min")
    assert ranges[f"{of_work}.high"] == ("20 min", "60 min")
    assert ranges[f"{STEPS}.handle.work.lognormal.mean"] == ("0.5 h", "2 h")
    assert ranges[f"{STEPS}.handle.work.lognormal.cv"] is None  # a factor does not move it
    assert ranges[f"{SHARES}.odd"] == (0.0, 0.5)


def test_a_range_that_no_longer_fits_falls_away(office) -> None:
    varied = sim.vary(office, settings=[f"{STEPS}.check.work.triangular.mode=35 min"])
    assert f"{STEPS}.check.work" not in {factor.path for factor in factors_of(varied)}


def test_the_triangle_by_hand() -> None:
    of = Factor("p", "assumed", 2.0, 0.0, 8.0, None, whole=False)
    # a quarter lies below the mode; half of that quarter below 0 + sqrt(1/8 * 8 * 2)
    assert of.triangular(0.25) == 2
    assert of.triangular(0.125) == pytest.approx(2**0.5, rel=1e-5)
    assert of.triangular(0.625) == pytest.approx(8 - (0.375 * 8 * 6) ** 0.5, rel=1e-5)
    assert (of.triangular(0.0), of.triangular(1.0)) == (0, 8)


def test_both_ends_of_whole_numbers_occur() -> None:
    of = Factor("p", "assumed", 2, 1, 3, None, whole=True)  # a triangle from 0.5 to 3.5
    drawn = [of.triangular((n + 0.5) / 9000) for n in range(9000)]
    assert {value: drawn.count(value) for value in set(drawn)} == pytest.approx(
        {1: 2000, 2: 5000, 3: 2000}, abs=2
    )


@pytest.mark.parametrize(
    ("bounds", "value", "rule"),
    [
        ([[1, 2], [3, 4]], [2, 3], None),
        ([[1, 2], [3]], [2, 3], "two lists as long as the value"),
        ([1, 2], [2, 3], "two lists as long as the value"),
        ([{"a": 1, "b": 0}, {"a": 0, "b": 1}], {"a": 0.5, "b": 0.5}, None),
        ([{"a": 1, "c": 0}, {"a": 0, "b": 1}], {"a": 0.5, "b": 0.5}, "with the same keys"),
        ([[1, 0], [0, 1]], {"a": 0.5, "b": 0.5}, "with the same keys"),
        (["1 h", "3 h"], {"lognormal": {"mean": "2 h", "cv": 1.0}}, None),
        (["3 h", "4 h"], {"lognormal": {"mean": "2 h", "cv": 1.0}}, "must hold the mean"),
        (["3 h", "4 h"], {"triangular": {"low": "1 h", "mode": "2 h", "high": "9 h"}}, "the mode"),
        (["1 wd", "3 wd"], {"exponential": "2 h"}, "in the unit of the value, '2 h'"),
        (["1 h", "3 h"], {"uniform": {"low": "1 h", "high": "2 h"}}, None),
    ],
)
def test_what_a_range_may_be(bounds, value, rule: str | None) -> None:
    told = range_rule(bounds, value)
    assert told is None if rule is None else rule in str(told)


def test_a_distribution_without_a_centre_is_not_varied(tmp_path: Path) -> None:
    file = tmp_path / "office.yaml"
    uniform = "{uniform: {low: 10 min, high: 40 min}}"
    text = FILE.replace("{triangular: {low: 10 min, mode: 20 min, high: 40 min}}", uniform)
    file.write_text(text, encoding="utf-8")
    assert unvaried(sim.load(file)) == (f"{STEPS}.check.work",)
