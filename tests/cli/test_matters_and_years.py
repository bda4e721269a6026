"""What a run says of matters, departments and years, in both languages."""

import json
from pathlib import Path

import pytest

from tests.build.commands import command
from tests.build.two_matters import TWO


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """The file of the two matters, with limits that hold and fail."""
    file = tmp_path / "two.yaml"
    file.write_text(TWO, encoding="utf-8")
    return file


def test_json_has_matters_departments_and_years(two: Path) -> None:
    _, out, _ = command("run", two, "-n", 2, "--json")
    data = json.loads(out)
    assert set(data["own_limits"][0]) == {
        "kind", "name", "case_type", "stage", "department", "standard", "decides", "clock", "unit",
        "limit_days", "p95", "p95_at_least", "spare_days", "on_time_share", "ci_low", "ci_high",
        "on_time_share_at_best", "verdict", "cases", "on_time", "late", "open", "open_overdue",
        "undetermined", "withdrawn", "no_decision",
    }  # fmt: skip
    assert [each["department"] for each in data["departments"]] == ["da", "db"]
    (whole, only_a) = data["years_kept"]
    assert (whole["limit"], whole["unit"], whole["kept"]) == ("whole", "window", 2)
    assert (only_a["keeps"], only_a["fails_twice"]) == (1, 0)
    assert len(data["years"]) == 4


def test_the_text_tells_what_the_whole_hides(two: Path) -> None:
    # Every case keeps the 3 days of the whole, but only the first of three has no late matter.
    _, out, _ = command("run", two, "-n", 4)
    assert "project: 33.3 % (" in out
    assert "have no late matter at all. Most often late: B 67 %, A 33 %." in out
    assert "only_a: 100.0 % of the cases keep it as a whole, 66.7 % (" in out
    # Before the tables of clocks and pools, near the verdicts.
    assert out.index("no late matter at all") < out.index("The same cases on every clock")
    _, out, _ = command("run", two, "-n", 4, "--lang", "zh")
    assert "project：全部事项均未超期的办件占 33.3%" in out
    assert "超期最多的事项：B 67%、A 33%。" in out
    assert "only_a：整体按期率为 100.0%；其中各事项均未超期的办件占 66.7%" in out


def test_the_table_has_every_matter_and_stage(two: Path) -> None:
    _, out, _ = command("run", two, "-n", 4)
    table = out[out.index("every matter and stage by its own limit") :]
    rows = [line.split("  ")[0].strip() for line in table.splitlines()[3:11]]
    # A stage without a late matter, by the state's rule, and within its budget. C is left out,
    # since no case has it.
    assert rows == ["only_a", "All matters", *["Stage: one"] * 3, "· A", "· B", "· B"]
    assert "by law 2 wd" in table  # 2 of 3 in time: no period of the law that holds
    law = ["--set", "case_types.project.matters.B.statutory=9 wd"]
    _, out, _ = command("run", two, "-n", 100, *law)
    assert "by law" not in out
    assert "1 period of the law not shown: kept, each at its confidence." in out


def test_a_case_type_that_keeps_everything_is_told_in_a_line(two: Path) -> None:
    kept = ["--set", "case_types.project.matters.A.promised=9 wd"]
    kept += ["--set", "case_types.project.matters.B.promised=9 wd"]
    kept += ["--set", "case_types.project.matters.B.statutory=null"]
    _, out, _ = command("run", two, "-n", 100, *kept)
    assert "project: every matter and stage keeps its own limit." in out
    assert "no late matter at all" not in out


def test_beside_undecided_stands_what_is_known(two: Path) -> None:
    # Two replications of three cases, all on time: the interval reaches below the target.
    _, out, _ = command("run", two, "-n", 2)
    known = (
        "whole: what is known: in 2 of 2 simulated windows of 1 days the target of 95 % was kept; "
        "100.0 % of its cases are on time in a window."
    )
    assert known in out
    _, out, _ = command("run", two, "-n", 2, "--lang", "zh")
    assert (
        "whole：目前所知：2 个模拟时段（各 1 天）中有 2 个达到 95% 的目标；时段按期率均为 100.0%。"
        in out
    )


def test_open_cases_leave_the_number_of_years_open(two: Path) -> None:
    # All three are open and not late when the run ends with its first day.
    _, out, _ = command("run", two, "-n", 2, "--set", "period.run_out=0 cd")
    assert "0 to 2 of 2" in out
    assert "whole: what is known: in 0 to 2 of 2 simulated windows" in out
    assert "between 0.0 % and 100.0 % of its cases" in out
