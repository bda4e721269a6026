"""Quantities, distributions and annotations: what may be written, and what it means."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.scenario import Distribution, Duration, is_quantity
from sim.scenario.files.range_rules import range_rule
from sim.scenario.files.reading import parse
from sim.scenario.origin import Annotation


@pytest.mark.parametrize(
    ("text", "seconds", "legal"),
    [
        ("90 s", 90, False),
        ("30 min", 1_800, False),
        ("1.5 h", 5_400, False),
        ("4h", 14_400, False),
        (" 2  wd ", 172_800, True),
        ("7 cd", 604_800, True),
        ("0.5 wd", 43_200, False),
        ("0 min", 0, False),
    ],
)
def test_duration(text: str, seconds: float, legal: bool) -> None:
    duration = Duration.parse(text)
    assert duration.seconds == seconds
    assert duration.is_legal_period == legal
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    ["", "5", "h", "5 days", "-3 h", "+3 h", "1e9 h", "1,5 h", "5 H", "٥ h", "nan h", 5, None],
)
def test_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="a number and a unit"):
        Duration.parse(text)


def test_a_century_is_the_longest_duration() -> None:
    assert Duration.parse("36600 cd").seconds == 100 * 366 * 86_400
    with pytest.raises(ValueError, match="at most 100 years"):
        Duration.parse("36601 cd")


@pytest.mark.parametrize(
    ("given", "kind", "unit", "text"),
    [
        ("30 min", "constant", "min", "30 min"),
        ("7 cd", "legal", "cd", "legal 7 cd"),
        ("2.5 wd", "constant", "wd", "2.5 wd"),
        ({"constant": "7 cd"}, "constant", "cd", "7 cd"),
        ({"exponential": "2 h"}, "exponential", "h", "exponential 2 h"),
        (
            {"lognormal": {"median": "2 wd", "p90": "5 wd"}, "scale": 0.5},
            "lognormal",
            "wd",
            "0.5 × lognormal (median 2 wd, p90 5 wd)",
        ),
        (
            {"triangular": {"low": "1 h", "mode": "1 h", "high": "2 h"}},
            "triangular",
            "h",
            "triangular (low 1 h, mode 1 h, high 2 h)",
        ),
    ],
)
def test_distribution(given: object, kind: str, unit: str, text: str) -> None:
    read = Distribution.model_validate(given)
    assert (read.kind, read.unit, str(read)) == (kind, unit, text)


@pytest.mark.parametrize(
    "given",
    [
        {"legal": "2.5 wd"},
        {"legal": "5 h"},
        {"legal": "5 wd", "scale": 2.0},
        {"exponential": "0 h"},
        {"uniform": {"low": "1 h", "high": "1 wd"}},
        {"uniform": {"low": "2 h", "high": "1 h"}},
        {"gamma": {"mean": "0 h", "cv": 1.0}},
        {"gamma": {"mean": "1 h", "cv": 11.0}},
        {"lognormal": {"median": "1 s", "p90": "1001 s"}},
        {"lognormal": {"median": "0 s", "p90": "10 s"}},
        {"constant": "1 h", "scale": 1001},
        {"constant": "1 h", "exponential": "1 h"},
        {},
        7,
        None,
    ],
)
def test_no_distribution(given: object) -> None:
    with pytest.raises(ValidationError):
        Distribution.model_validate(given)


def test_a_value_is_unwrapped_from_its_origin() -> None:
    tree = parse(
        "a: {value: 3, source: 'law: art. 42', range: [1, 5], note: n}\n"
        "b:\n  - {value: 2 h}\nc: {value: 1, other: 2}\n",
        "x.yaml",
    )
    assert tree.problems == []
    assert tree.value == {"a": 3, "b": ["2 h"], "c": {"value": 1, "other": 2}}
    assert tree.annotations == {
        ("a",): Annotation("law: art. 42", (1, 5), "n"),
        ("b", 0): Annotation(None, None, None),
    }
    assert [tree.place(path).line for path in [("a",), ("b", 0), ("c", "other")]] == [1, 3, 4]


@pytest.mark.parametrize(
    ("bounds", "value", "rule"),
    [
        ([1, 3], 2, None),
        ([1, 3], 1, None),
        (["30 min", "2 h"], "1 h", None),
        (["1 wd", "3 wd"], "2 wd", None),
        (["0.5 h", "2 h"], {"exponential": "1 h"}, None),
        ([0.5, 2], {"exponential": "1 h"}, "the unit of the value"),
        ([3, 1], 2, "smaller first"),
        ([1, 2, 3], 2, "two numbers"),
        ("1-3", 2, "two numbers"),
        ([False, True], 1, "two numbers"),
        ([float("nan"), 3], 2, "two numbers"),
        ([1, 10**400], 2, "two numbers"),
        ([3, 5], 2, "hold the value itself, 2"),
        (["1 wd", "3 cd"], "2 wd", "the unit of the value"),
        (["1 h", "3 h"], "2 wd", "the unit of the value"),
    ],
)
def test_range(bounds: object, value: object, rule: str | None) -> None:
    told = range_rule(bounds, value)
    assert told is None if rule is None else rule in str(told)


def test_plain_yaml() -> None:
    tree = parse(
        "a: 0o17\nb: 017\nc: 1_000\nd: .5\ne: yes\nf: ~\ng: 2024-01-02\nh: 2024-01-02 03:04:05\n"
        "i: &i {x: 1, y: 2}\nj: {<<: *i, y: 3}\nk: 8:30\n",
        "x.yaml",
    )
    shown = {key: str(value) for key, value in tree.value.items()}
    assert shown == {
        "a": "15",
        "b": "17",
        "c": "1000",
        "d": "0.5",
        "e": "yes",
        "f": "None",
        "g": "2024-01-02",
        "h": "2024-01-02 03:04:05",
        "i": "{'x': 1, 'y': 2}",
        "j": "{'x': 1, 'y': 3}",
        "k": "8:30",
    }


@pytest.mark.parametrize(
    ("path", "backed"),
    [
        ("period.run_out", True),
        ("period.window.from", False),
        ("run.seed", False),
        ("calendar.fallback", False),
        ("hours.office.week.mon-fri", True),
        ("pools.counter.rule", True),
        ("pools.counter.per", False),
        ("staff.clerks.count", True),
        ("staff.clerks.count.north", True),
        ("staff.clerks.serves", False),
        ("case_types.hours.arrivals.every", True),
        ("case_types.hours.arrivals.every.exponential", True),
        ("case_types.hours.arrivals.at", True),
        ("case_types.hours.arrivals.yearly.hours.8:30-11:30", True),
        ("case_types.hours.arrivals.replay.file", False),
        ("case_types.hours.matters.M.review.look.work", True),
        ("case_types.hours.matters.M.review.look.pool", False),
        ("case_types.hours.matters.M.if.zone", False),
        ("case_types.hours.matters.M.requires", False),
        ("case_types.hours.matter_defaults.stage", False),
        ("case_types.hours.matter_defaults.intake.gamma.cv", True),
        ("limits.quick.limit", True),
        ("limits.quick.clock", False),
        ("handling.online_share", True),
        ("handling.one_window", False),
    ],
)
def test_the_schema_says_which_values_a_source_can_back(path: str, backed: bool) -> None:
    assert is_quantity(tuple(path.split("."))) is backed
