"""Queues: ties, meetings, many branches, what never ends. Times by hand."""

import pytest

from sim import run
from sim.scenario import load
from tests.build.situations import days, once, story


def test_who_arrives_as_another_ends():
    """One officer, an hour of work an hour: at every full hour one ends and others arrive."""
    result = once("simultaneous-events")
    assert story(result) == [
        "0 w: Mon 4 Mar 00:00 - 01:00",  # cases in order of arrival, then of case type
        "1 w: Mon 4 Mar 03:00 - 04:00",
        "2 w: Mon 4 Mar 01:00 - 02:00",  # urgent
        "3 w: Mon 4 Mar 04:00 - 05:00",
        "4 w: Mon 4 Mar 02:00 - 03:00",  # urgent
    ]


def test_a_meeting_on_tuesdays_of_which_one_is_a_holiday():
    """Tue 1 October 2024 is a holiday; on the make-up days of 29 September and 12 October the
    committee does not meet."""
    result = once("tuesday-committee-on-a-holiday")
    assert [line for line in story(result) if "hearing" in line] == [
        "0 hearing: Tue 8 Oct 14:00 - 15:00",  # ready at 17:00:00 on 24 September: just too late
        "1 hearing: Tue 8 Oct 15:00 - 16:00",
        "2 hearing: Tue 8 Oct 16:00 - 17:00",
        "3 hearing: Tue 15 Oct 14:00 - 15:00",
        "4 hearing: Tue 15 Oct 15:00 - 16:00",  # nobody is forgotten at the end
    ]
    # from 24 Sep: 25, 26, 27, 29, 30 Sep, 8 Oct. From 25 Sep to 15 Oct: 26, 27, 29, 30 Sep, 8, 9,
    # 10, 11, 12, 14, 15 Oct
    assert days(result, "ten") == [6, 5, 5, 11, 10]
    assert result.verdicts[0].late == 1


def test_what_does_not_end_within_the_run_is_open_and_overdue():
    result = once("very-long")
    assert [line.endswith("never") for line in story(result)] == [True] * 3
    for verdict in result.verdicts:
        assert (verdict.measured, verdict.open, verdict.open_overdue) == (1, 1, 1)
        assert verdict.on_time == 0


BRANCHES = 300
"""Opinions of the matter; sources: Simod#121 (BPIC-2015: permits with hundreds of activities),
Prosimos (no multiple instances)."""


@pytest.mark.slow
def test_three_hundred_branches(tmp_path):
    """10 min intake, the longest opinion of 309 min, 10 min at the end: nobody waits."""
    pools = [f"p{n}" for n in range(10)]
    opinions = [f"o{n}" for n in range(BRANCHES)]
    lines = [
        "name: 300 opinions",
        "calendar: {country: everyday}",
        "period: {start: 2024-03-04, window: {from: 2024-03-04, to: 2024-03-14}, run_out: 5 cd}",
        "hours: {always: 24x7}",
        f"pools: {{w: {{}}, {', '.join(f'{pool}: {{}}' for pool in pools)}}}",
        "staff:",
        "  w: {serves: [w], count: 1, hours: always}",
        *(
            f"  g{n}: {{serves: [{pool}], count: 30, hours: always}}"
            for n, pool in enumerate(pools)
        ),
        "case_types:",
        "  c:",
        "    arrivals: {every: {gap: 6 h, limit: 40}}",
        "    steps:",
        "      intake: {pool: w, work: 10 min}",
        *(
            f"      {name}: {{after: [intake], pool: p{n % 10}, work: {10 + n} min}}"
            for n, name in enumerate(opinions)
        ),
        f"      end: {{after: [{', '.join(opinions)}], pool: w, work: 10 min}}",
    ]
    file = tmp_path / "branches.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = run(load(file), replications=1)
    took = result.items.groupby("case").agg({"ready": "min", "end": "max"})
    minutes = (took["end"] - took["ready"]).dt.total_seconds() / 60
    assert minutes.tolist() == [10 + 309 + 10] * 40
    assert all(check.ok for check in result.checks)
