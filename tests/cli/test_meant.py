"""Input that means something to its writer, and is told how it is written here."""

from __future__ import annotations

import pytest

from sim.scenario import ScenarioError
from sim.scenario.schema.quantities import Duration, as_meant
from tests.build.commands import command
from tests.build.results import OFFICE
from tests.build.stories import scenario

VOLUME = "case_types.paper.arrivals.yearly.volume"
COUNT = "staff.clerks.count"
WORK = "case_types.paper.steps.handle.work"


def told(path: str, value: str) -> str:
    with pytest.raises(ScenarioError) as error:
        scenario(OFFICE, settings=(f"{path}={value}",))
    return "\n".join(str(problem) for problem in error.value.problems)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1_000", 1000), ("1_000.5", 1000.5), ("0o17", 15), ("017", 17), ("0x1F", 31),
        ("1e3", 1000), ("1E+3", 1000), ("12e-3", 0.012), (".5", 0.5), ("5.", 5), ("+5", 5),
        ("-0", 0),
    ],
)  # fmt: skip
def test_numbers_as_yaml_writes_them(written, value):
    loaded = scenario(OFFICE, settings=(f"{VOLUME}={written}",))
    assert loaded.case_types["paper"].arrivals.yearly.volume == value


@pytest.mark.parametrize(
    ("path", "written", "rule"),
    [
        (VOLUME, "1,000", "write 1000 without the comma"),
        (VOLUME, "1000,5", "write 1000.5"),
        (VOLUME, "'1 000'", "write 1000"),
        (VOLUME, "１００", "write 100"),
        (VOLUME, '"5"', "must be a number"),
        (VOLUME, "10 %", "write 0.1 for 10 %"),
        (VOLUME, "1:30", "must be a number"),
        (VOLUME, "yes", "must be a number"),
        (COUNT, "1,000", "write 1000 without the comma"),
        (COUNT, "１０", "write 10"),
        (WORK, "1,5 h", "write '1.5 h'"),
        (WORK, ".5 h", "write '0.5 h'"),
        (WORK, "1,000 min", "write '1000 min'"),
        (WORK, "５ h", "write '5 h'"),
        (WORK, "1:30", "must be a number and a unit"),
        (WORK, "2 hours", "must be a number and a unit"),
        ("handling.one_window", "yes", "must be true or false"),
        ("handling.one_window", "on", "must be true or false"),
        ("handling.one_window", "1", "must be true or false"),
        ("calendar.country", "2024", "must be put in quotes"),
    ],
)
def test_numbers_that_are_written_otherwise(path, written, rule):
    problem = told(path, written)
    assert path in problem
    assert rule in problem


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,000", "1000"), ("1,000,000 s", "1000000 s"), ("1,00", "1.00"), ("12’500", "12500"),
        ("-.5", "-0.5"), ("２,５ h", "2.5 h"), ("1000", "1000"),
    ],
)  # fmt: skip
def test_as_meant(text, meant):
    assert as_meant(text) == meant


def test_a_hint_is_itself_read():
    for text in ("1,5 h", ".5 h", "1,000 min", "５ h"):
        assert Duration.parse(as_meant(text)).value > 0


@pytest.mark.parametrize("key", ["officer", "count", "staff"])
def test_two_officers_at_once_are_told_what_to_write(key):
    problem = told("case_types.paper.steps.handle", f"{{{key}: 2}}")
    assert f"steps.handle.{key}: unknown key; one officer does an item. For two at once" in problem
    assert "write officers: 2" in problem


def test_other_unknown_keys_name_the_nearest():
    assert "steps.handle.poll: unknown key; did you mean 'pool'?" in told(
        "case_types.paper.steps.handle", "{poll: desk}"
    )


def test_two_at_once_are_what_the_message_says():
    """Three officers make one pair: a visit from 9 to 11, the other from 11 to 12 and 13 to 14."""
    import sim

    pairs = """
pools: {visits: {}}
staff: {inspectors: {serves: [visits], count: 3, hours: day}}
case_types:
  paper:
    arrivals: {yearly: null, at: ["2024-01-08 09:00:00", "2024-01-08 09:00:00"]}
    steps: {visit: {pool: visits, work: 2 h, officers: 2}, handle: null, lie: null, sign: null}
"""
    items = sim.run(scenario(OFFICE, pairs), replications=1).items
    assert [str(end)[11:16] for end in items["end"]] == ["11:00", "11:00", "14:00", "14:00"]


def test_check_tells_what_is_taken_of_a_log_and_left_out_of_a_list(tmp_path):
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "log.csv").write_text("when,kind\n2024-01-08 09:00,a\n2023-01-08 09:00,a\n2024,b\n")
    at = '["2023-12-31 10:00:00", "2024-01-08 10:00:00"]'
    more = f"""
extends: office.yaml
case_types:
  paper:
    arrivals: {{yearly: null, at: {at}}}
    more_arrivals: {{log: {{replay: {{file: log.csv, time: when, where: {{kind: a}}}}}}}}
"""
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    code, out, _ = command("check", tmp_path / "more.yaml")
    assert code == 0
    assert (
        "note: log.csv, Papers (log): 3 rows; 1 row left out by 'where'; 1 case left out, before "
        "1 January 2024; 1 case taken." in out
    )
    assert "outside the simulated dates: 1." in out
