"""Extension by decision (Licensing Law art. 42): some cases have more days."""

import numpy as np
import pytest

import sim
from sim.measures.limits import Standing
from sim.replications.readings import read_limits
from sim.report.run.notes import scenario_notes

# One clerk, one paper a day, each taking 12 hours of 7-hour days: late from the start.
TEXT = """
name: Extended
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-05}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-16:00"}}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: 1, hours: day}}
case_types:
  paper:
    arrivals: {at: [9 h, 33 h, 57 h, 81 h, 105 h]}
    steps: {handle: {pool: clerk, work: 14 h}}
limits:
  two_days: {case_type: paper, limit: 2 wd, clock: gross_span, EXTENSION}
"""


def standings(tmp_path, extension: str) -> list[str]:
    file = tmp_path / "extended.yaml"
    file.write_text(TEXT.replace("EXTENSION", extension), encoding="utf-8")
    model = sim.Model(sim.load(file))
    (limit,) = read_limits(model.scenario, model.replicate(seed=1, number=0))
    return [Standing(s).name for s in limit.standing["gross_span"]]


def test_an_extended_case_has_more_days(tmp_path) -> None:
    # Papers of Mon … Fri end on Tue, Thu, the next Mon, Wed, Fri: 1, 2, 3, 4, 5 working days.
    late = ["ON_TIME", "ON_TIME", "LATE", "LATE", "LATE"]
    assert standings(tmp_path, "label: none") == late
    one_more = "extension: {days: 1 wd, probability: 1.0}"
    assert standings(tmp_path, one_more) == ["ON_TIME", "ON_TIME", "ON_TIME", "LATE", "LATE"]
    never = "extension: {days: 10 wd, probability: 0.0}"
    assert standings(tmp_path, never) == late


def test_the_stated_share_of_cases_is_extended() -> None:
    scenario = sim.load(
        "yingkou/base",
        settings=[
            "limits.startup_2.extension={days: 1000 wd, probability: 0.3}",
            "limits.startup_2.limit=0 wd",
        ],
    )
    result = sim.run(scenario, replications=3, keep="summary")
    base = sim.run(
        sim.load("yingkou/base", settings=["limits.startup_2.limit=0 wd"]),
        replications=3,
        keep="summary",
    )
    kept = {v.limit.name: v.share for v in result.verdicts}["startup_2"]
    before = {v.limit.name: v.share for v in base.verdicts}["startup_2"]
    # Late cases are kept with probability 0.3: the standard error over 2,500 cases is below 0.01.
    assert kept == pytest.approx(before + 0.3 * (1 - before), abs=0.03)
    same = [
        np.array_equal(a.case_types["startup"].sojourn_s, b.case_types["startup"].sojourn_s)
        for a, b in zip(result.summaries, base.summaries, strict=True)
    ]
    assert all(same)


def test_an_extension_is_in_the_unit_of_its_limit(tmp_path) -> None:
    with pytest.raises(sim.ScenarioError, match="extension is a whole number of wd"):
        standings(tmp_path, "extension: {days: 10 cd, probability: 0.5}")


@pytest.mark.parametrize(("clock", "told"), [("gross_span", True), ("statutory", False)])
def test_an_extension_of_a_promise_is_noted(tmp_path, clock, told) -> None:
    """Licensing Law art. 42 extends limits of the law."""
    file = tmp_path / "noted.yaml"
    extension = "extension: {days: 1 wd, probability: 0.5}"
    text = TEXT.replace("EXTENSION", extension).replace("gross_span", clock)
    file.write_text(text, encoding="utf-8")
    scenario = sim.load(file)
    for language, law in (("en", "Licensing Law art. 42"), ("zh", "行政许可法第42条")):
        notes = [note for note in scenario_notes(scenario, language) if law in note]
        assert len(notes) == told
        assert all("limits.two_days.extension" in note for note in notes)
