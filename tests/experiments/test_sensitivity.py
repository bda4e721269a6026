"""Sensitivity: known effects, known flips, ranges of all kinds, and what users see."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments import run_all
from sim.experiments.sensitivity import points, study
from sim.experiments.sensitivity.points import factors
from sim.scenario import Factor

# One case every ten days at nine o'clock, and a clerk who is there eight hours a day: a case whose
# work is at most 16 h is done on the first or second day, within 1 wd; one that then lies for d
# days, within 1 + d. Nothing is random.
EXACT = """
name: {en: Nothing is random, zh: 无随机}
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-03-31}, run_out: 90 cd}
run: {replications: 12, seed: 1}
hours: {day: {week: {daily: "9:00-17:00"}}}
pools: {desk: {}}
staff:
  clerks: {serves: [desk], count: {value: 1, source: assumed, range: [1, 3]}, hours: day}
case_types:
  paper:
    arrivals: {at: [9 h, 249 h, 489 h, 729 h, 969 h, 1209 h, 1449 h, 1689 h]}
    steps:
      handle: {pool: desk, work: {value: 10 h, source: assumed, range: [120 min, 40 h]}}
      lie: {after: [handle], delay: {value: 2 cd, source: assumed, range: [0 cd, 9 cd]}}
limits:
  soon: {case_type: paper, limit: 3 wd, clock: gross_span, target_share: 0.6}
"""

OFFICE = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 90 cd}
run: {replications: 4, seed: 3}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {desk: {}, idle: {}}
staff:
  clerks: {serves: [desk], count: {value: 2, source: assumed, range: [1, 4]}, hours: day}
  reserve: {serves: [idle], count: {value: 1, source: assumed, range: [1, 2]}, hours: day}
case_types:
  paper:
    arrivals: {yearly: {volume: {value: 3500, source: assumed, range: [2500, 5500]}}}
    steps:
      handle: {pool: desk, work: {exponential: {value: 1 h, source: assumed, range: [30 min, 2 h]}}}
limits:
  same_day: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9}
"""
CLERKS = "staff.clerks.count"
RESERVE = "staff.reserve.count"
VOLUME = "case_types.paper.arrivals.yearly.volume"
WORK = "case_types.paper.steps.handle.work"


def written(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def exact(folder: Path) -> sim.Scenario:
    return sim.load(written(folder, EXACT))


def office(folder: Path) -> sim.Scenario:
    return sim.load(written(folder, OFFICE))


# --- one at a time -------------------------------------------------------------------------------


def test_flips_are_where_they_must_be(tmp_path: Path) -> None:
    found = sim.sensitivity(exact(tmp_path))
    by_path = {each.factor.path: each for each in found.flips}
    assert set(by_path) == {WORK, "case_types.paper.steps.lie.delay"}

    lie = by_path["case_types.paper.steps.lie.delay"]  # whole days: one day of work, and two
    assert (lie.before, lie.after, lie.value) == (2, 3, 3)
    assert (lie.surely_before, lie.surely_after) == (2, 3)

    work = by_path[WORK]  # 16 h: what comes after goes on a third day
    assert work.before <= 16 < work.after
    assert work.surely_before <= 16 < work.surely_after
    assert work.after - work.before <= (40 - 2) / 64
    assert work.value == pytest.approx(16, abs=0.6)
    assert work.proven
    assert (work.verdict, work.verdict_at_end) == ("holds", "fails")
    assert not work.kept_at_end


def test_tornado_of_a_system_without_chance(tmp_path: Path) -> None:
    swings = {each.factor.path: each for each in sim.sensitivity(exact(tmp_path)).swings}
    shares = {
        path: (each.at_low.share, each.base.share, each.at_high.share)
        for path, each in swings.items()
    }
    assert shares == {
        CLERKS: (1, 1, 1),
        WORK: (1, 1, 0),
        "case_types.paper.steps.lie.delay": (1, 1, 0),
    }
    assert swings[WORK].high_difference.value == -1
    assert swings[WORK].low_difference.value == 0
    assert list(swings)[-1] == CLERKS  # widest first


def test_tornado_of_an_office(tmp_path: Path) -> None:
    found = sim.sensitivity(office(tmp_path), replications=40)
    swings = {each.factor.path: each for each in found.swings}
    assert swings[CLERKS].low_difference.sign == -1
    assert swings[WORK + ".exponential"].high_difference.sign == -1
    assert swings[VOLUME].high_difference.value < 0
    idle = swings[RESERVE].high_difference
    assert (idle.value, idle.sign) == (0, 0)
    for each in found.swings:  # the base is the same run for all
        assert each.base == found.swings[0].base
    assert {each.factor.path for each in found.flips} >= {CLERKS, WORK + ".exponential"}


def test_the_interval_of_a_flip_ends_where_verdicts_are_proven(tmp_path: Path) -> None:
    scenario = sim.vary(office(tmp_path), settings=[f"{VOLUME}=2500"])
    found = sim.sensitivity(scenario, parameters=[WORK + ".exponential"], replications=80)
    (flip,) = found.flips
    assert flip.surely_before < flip.before < flip.after < flip.surely_after
    values = (flip.surely_before, flip.value, flip.surely_after)
    settings = [flip.factor.setting(value) for value in values]
    variants = [sim.vary(scenario, settings=[setting]) for setting in settings]
    results = run_all(variants, replications=80, seed=3)
    assert [result.verdicts[0].verdict for result in results] == ["holds", "undecided", "fails"]


def test_differences_hold_together(tmp_path: Path) -> None:
    """One parameter alone is one of two differences; with four, of eight: wider."""
    alone = sim.sensitivity(office(tmp_path), parameters=[CLERKS]).swings[0].low_difference
    found = sim.sensitivity(office(tmp_path))
    among = next(e for e in found.swings if e.factor.path == CLERKS).low_difference
    assert alone.value == among.value
    assert among.high - among.low > alone.high - alone.low


# --- screening and Sobol -------------------------------------------------------------------------


def test_screening_finds_what_matters(tmp_path: Path) -> None:
    found = sim.sensitivity(office(tmp_path), method="morris", trajectories=4, replications=2)
    effects = {each.factor.path: each.effects for each in found.screened}
    assert effects[RESERVE].mu_star.value == 0
    assert effects[CLERKS].mu.value > 0 > effects[WORK + ".exponential"].mu.value
    assert [each.factor.path for each in found.screened][-1] == RESERVE
    assert found.screening.points == 4 * 5
    assert 0 < found.screening.noise["same_day"] < 0.2
    assert list(found.table["parameter"]) == [each.factor.path for each in found.screened]


def test_sobol_takes_the_first_of_a_screening(tmp_path: Path) -> None:
    found = sim.sensitivity(
        office(tmp_path), method="sobol", trajectories=3, samples=4, top=2, replications=2
    )
    first = {each.factor.path for each in found.screened[:2]}
    assert {each.factor.path for each in found.explained} == first
    assert found.sampling.points == 4 * 4


def test_sobol_of_chosen_parameters_needs_no_screening(tmp_path: Path) -> None:
    found = sim.sensitivity(
        office(tmp_path), method="sobol", parameters=[CLERKS, RESERVE], samples=8, replications=2
    )
    indices = {each.factor.path: each.indices for each in found.explained}
    assert found.screening is None
    assert indices[RESERVE].total.value == 0
    assert indices[CLERKS].total.value > 0.5


# --- ranges --------------------------------------------------------------------------------------


def test_kinds_of_ranges(tmp_path: Path) -> None:
    found = {each.path: each for each in factors(exact(tmp_path))}
    work = found[WORK]
    assert (work.low, work.value, work.high, work.unit, work.whole) == (2, 10, 40, "h", False)
    assert work.setting(2.5) == f"{WORK}=2.5 h"
    lie = found["case_types.paper.steps.lie.delay"]
    assert lie.whole
    assert lie.setting(lie.at(0.5)) == "case_types.paper.steps.lie.delay=5 cd"


def test_whole_numbers_are_equally_likely() -> None:
    factor = Factor("p", "assumed", 3, 2, 6, None, whole=True)
    drawn = [factor.at(share) for share in np.linspace(0, 1, 5000)]
    assert sorted(set(drawn)) == [2, 3, 4, 5, 6]
    assert {drawn.count(each) for each in (2, 3, 4, 5, 6)} <= {999, 1000, 1001}
    assert (factor.at(0), factor.at(1)) == (2, 6)


def test_values_that_do_not_go_together_are_told_before_anything_runs(
    tmp_path: Path, monkeypatch
) -> None:
    text = OFFICE.replace(
        "    steps:",
        "    attributes: {kind: {shares: "
        "{plain: {value: 0.7, source: assumed, range: [0.5, 0.9]}, odd: 0.3}}}\n    steps:",
    )
    scenario = sim.load(written(tmp_path, text))
    monkeypatch.setattr(points, "run_all", None)
    for method in ("oat", "morris", "sobol"):
        with pytest.raises(sim.ScenarioError) as caught:
            sim.sensitivity(scenario, method=method, trajectories=2, samples=2)
        first, *others = caught.value.problems
        assert "do not go together" in str(first)
        assert any("shares.plain=" in str(each) for each in others)


def test_a_distribution_is_varied_as_a_whole(tmp_path: Path) -> None:
    """The same numbers, whether the range stands at the mean or at the distribution."""
    within = "{exponential: {value: 1 h, source: assumed, range: [30 min, 2 h]}}"
    whole = "{value: {exponential: 1 h}, source: assumed, range: [30 min, 2 h]}"
    folder = tmp_path / "whole"
    folder.mkdir()
    scenarios = (office(tmp_path), sim.load(written(folder, OFFICE.replace(within, whole))))
    found = [
        sim.sensitivity(scenario, parameters=[path], replications=4)
        for scenario, path in zip(scenarios, (WORK + ".exponential", WORK), strict=True)
    ]
    one, other = (study.swings[0] for study in found)
    assert (one.at_low, one.at_high) == (other.at_low, other.at_high)


def test_many_parameters_are_screened_first(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(study, "SCREENED_FROM", 3)
    monkeypatch.setattr(study, "SCREENING", 4)
    told: list[int] = []
    found = sim.sensitivity(
        exact(tmp_path), replications=12, progress=lambda done, _: told.append(done)
    )
    assert found.minor == (CLERKS,)
    assert {swing.factor.path for swing in found.swings} == {f.path for f in found.factors} - {
        CLERKS
    }
    assert [factor.path for factor in found.weightiest] == [
        WORK,
        "case_types.paper.steps.lie.delay",
    ]
    assert told == list(range(1, len(told) + 1))
    (alone,) = sim.sensitivity(exact(tmp_path), replications=12, parameters=[WORK]).swings
    (among,) = (swing for swing in found.swings if swing.factor.path == WORK)
    assert (alone.base, alone.at_low, alone.at_high) == (among.base, among.at_low, among.at_high)


def test_nothing_to_vary(tmp_path: Path) -> None:
    plain = OFFICE
    for written_range in ("[1, 4]", "[1, 2]", "[2500, 5500]", "[30 min, 2 h]"):
        plain = plain.replace(f", range: {written_range}", "")
    with pytest.raises(sim.ScenarioError, match="no parameter has a range"):
        sim.sensitivity(sim.load(written(tmp_path, plain)))
    no_limits = OFFICE[: OFFICE.index("limits:")]
    with pytest.raises(sim.ScenarioError, match="states no limits"):
        sim.sensitivity(sim.load(written(tmp_path, no_limits)))


# --- how it is computed --------------------------------------------------------------------------


def test_each_point_is_run_once(tmp_path: Path, monkeypatch) -> None:
    ran: list[str] = []

    def recorded(scenarios, **how):
        ran.extend(scenario.sha256() for scenario in scenarios)
        return run_all(scenarios, **how)

    monkeypatch.setattr(points, "run_all", recorded)
    sim.sensitivity(office(tmp_path), method="morris", parameters=[CLERKS, RESERVE], replications=1)
    assert len(ran) == len(set(ran)) <= 4 * 2  # ten trajectories, but only so many whole numbers


def test_points_are_remembered_from_round_to_round(tmp_path: Path, monkeypatch) -> None:
    known = points.Points(office(tmp_path), 1, 1, {})
    known.run([()])
    monkeypatch.setattr(points, "run_all", None)
    known.run([()])
    assert known[()]["same_day"].judged.shape == (1,)


def test_who_computes_changes_nothing(tmp_path: Path) -> None:
    found = [
        sim.sensitivity(office(tmp_path), parameters=[CLERKS, VOLUME], replications=2, **how)
        for how in ({"jobs": 1}, {"engine": "simpy"}, {"store": tmp_path / "store"})
    ]
    for other in found[1:]:
        for name, table in found[0].tables.items():
            pd.testing.assert_frame_equal(table, other.tables[name])


def test_progress_goes_on_from_round_to_round(tmp_path: Path) -> None:
    told: list[int] = []
    sim.sensitivity(exact(tmp_path), progress=lambda done, _: told.append(done))
    assert told == list(range(1, len(told) + 1))


# --- the command ---------------------------------------------------------------------------------


def invoke(*words: object):
    return CliRunner().invoke(app, ["sensitivity", *map(str, words)], catch_exceptions=False)


def test_text_in_two_languages(tmp_path: Path) -> None:
    file = written(tmp_path, EXACT)
    english = invoke(file).stdout
    assert "soon: broken when case_types.paper.steps.lie.delay goes from 2 cd to 3 cd" in english
    assert "(proven on both sides)" in english
    head = " ".join(english.split())
    assert re.search(rf"1\. {WORK}, 10 h \(2 h to 40 h\): soon turns at about 1[56]", head)
    assert "proven up to 15." in english
    chinese = invoke(file, "--lang", "zh").stdout
    assert "环节 · lie · 历时 由 2 cd 变为 3 cd 时守不住" in chinese


def test_sentences_say_what_is_proven(tmp_path: Path) -> None:
    file = written(tmp_path, OFFICE)
    screened = invoke(file, "--method", "morris", "--trajectories", 40, "-n", 6).stdout
    assert f"proven to raise the on-time share over its range, on average: {CLERKS}." in screened
    lowered = next(line for line in screened.splitlines() if "proven to lower" in line)
    assert WORK in lowered
    assert RESERVE not in lowered
    alone = ("--method", "sobol", "--parameter", RESERVE, "--samples", 4, "-n", 2)
    assert "no parameter is proven to explain" in invoke(file, *alone).stdout
    assert "未能证实任何参数单独解释方差" in invoke(file, *alone, "--lang", "zh").stdout


@pytest.mark.parametrize("method", ["oat", "morris", "sobol"])
def test_json_and_folder(method: str, tmp_path: Path) -> None:
    file, out = written(tmp_path, OFFICE), tmp_path / "out"
    few = ("-n", 2, "--trajectories", 2, "--samples", 2, "--top", 1)
    result = invoke(file, "--method", method, *few, "--json", "--out", out, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    assert data == json.loads((out / "summary.json").read_text("utf-8"))
    assert data["method"] == method
    assert {each["path"] for each in data["parameters"]} >= {CLERKS, VOLUME}
    tables = {"oat": {"tornado", "flips"}, "morris": {"screening"}, "sobol": {"screening", "sobol"}}
    assert {path.stem for path in out.glob("*.csv")} == tables[method]
    for name in tables[method] & {"screening", "sobol"}:
        assert data[name]["parameters"]
        assert data[name]["noise_share"].keys() == {"same_day"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--parameter", "staff.clerk.count"], "did you mean 'staff.clerks.count'"),
        (["--method", "sobol", "--samples", "6"], "power of 2"),
        (["--set", "limits=null"], "no limits"),
    ],
)
def test_bad_input(words: list[str], message: str, tmp_path: Path) -> None:
    result = invoke(written(tmp_path, OFFICE), *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_interrupted(tmp_path: Path, monkeypatch) -> None:
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "find_flips", interrupted)
    result = invoke(written(tmp_path, OFFICE), "--store", tmp_path / "kept")
    assert result.exit_code == 130
    assert "the same command goes on" in result.stderr
