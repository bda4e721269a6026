"""Verdicts: what is not known when the run ends, what is known exactly, who is blamed."""

import pytest

from sim import run
from tests.build.commands import command
from tests.build.situations import file_of, once, situation


def test_open_cases_do_not_make_a_promise_hold():
    """Half of the cases take 12 days, the limit is 10, and the run stops before they are late."""
    result = run(situation("right-censoring-wrong-verdict"), replications=20)
    (verdict,) = result.verdicts
    assert verdict.verdict == "undecided"
    assert verdict.open == verdict.measured - verdict.on_time
    assert verdict.open / verdict.measured == pytest.approx(0.5, abs=0.03)
    assert verdict.low < 0.5  # if all open cases are late
    assert verdict.high == 1  # if none is
    # the longest days that are known are lower bounds
    assert command("run", file_of("right-censoring-wrong-verdict"), "--check")[0] == 1


def test_a_run_that_goes_on_decides_it():
    """Slow cases take 12 days: a run-out of 20 days knows every one of them."""
    scenario = situation("right-censoring-wrong-verdict", "period.run_out=20 cd")
    (verdict,) = run(scenario, replications=20).verdicts
    assert verdict.open == 0
    assert verdict.share == pytest.approx(0.5, abs=0.03)
    assert verdict.verdict == "fails"


def test_a_short_run_out_never_contradicts_a_long_one():
    """The same cases of `yingkou/lean`: what is open after 30 days may be on time or late."""
    short = run(situation("lean-short-run-out"), replications=4)
    long = run(situation("lean-short-run-out", "period.run_out=240 cd"), replications=4)
    for before, after in zip(short.verdicts, long.verdicts, strict=True):
        assert before.measured == after.measured
        assert before.low <= after.share <= before.high
        assert before.verdict in ("undecided", after.verdict)
    assert short.verdicts[0].open > 0.4 * short.verdicts[0].measured
    assert short.verdicts[0].verdict == "undecided"


def test_a_delay_of_the_authority_is_not_blamed_on_the_applicant():
    """Five days of internal post, of no department; two hours at the desk of the hall."""
    result = once("authority-delay-is-blamed-on-applicant")
    (verdict,) = result.verdicts
    assert verdict.late == 1
    days = result.late_days("three", by="department")
    assert "" not in days  # the applicant
    assert sorted(days.values()) == pytest.approx([2 / 24, 5])
    named = once(
        "authority-delay-is-blamed-on-applicant",
        "case_types.c.steps.internal_post.department=hall",
    )
    assert named.late_days("three", by="department") == pytest.approx({"hall": 5 + 2 / 24})
