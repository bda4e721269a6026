"""Comparing scenarios: paired, together, and honest about what cannot be compared."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import sim
from sim.cli.compare import _parts
from sim.experiments.compare.comparison import compare_results
from sim.experiments.run import run_all
from sim.report.compare.report import comparison_data
from sim.report.plain_data import to_json
from tests.build.commands import command
from tests.build.offices import office, write

OTHER = "limits.{}={{case_type: {}, limit: 2 wd, clock: gross_span}}"


@pytest.fixture
def base(tmp_path: Path) -> sim.Scenario:
    return office(tmp_path)


def row(found: sim.Comparison, measure: str, of: str, scenario: str) -> pd.Series:
    table = found.table.set_index(["measure", "of", "scenario"])
    return table.loc[(measure, of, scenario)]


def test_the_measures_are_those_of_the_results(base: sim.Scenario) -> None:
    three = sim.vary(base, settings=["staff.clerks.count=3"])
    found = sim.compare({"two": base, "three": three})
    for side, name in (("reference", "two"), ("value", "three")):
        alone = sim.run({"two": base, "three": three}[name], keep="summary")
        share = row(found, "on_time_share", "same_day", "three")[side]
        assert share == alone.verdicts[0].share
        pool = alone.pools.set_index("name").loc["clerk"]
        assert row(found, "mean_wait_h", "clerk", "three")[side] == pytest.approx(
            pool["mean_wait_h"], rel=1e-12
        )
        assert row(found, "utilisation", "clerk", "three")[side] == pytest.approx(
            pool["utilisation"], rel=1e-12
        )
    table = found.table
    assert np.allclose(table["difference"], table["value"] - table["reference"])
    assert set(table["of"]) == {"same_day", "clerk"}, "nobody ever works in the idle pool"


def test_intervals_are_paired_and_hold_together(base: sim.Scenario) -> None:
    """Two other scenarios: two differences of P50 and two of P90 share the error of 5 %."""
    others = {n: sim.vary(base, settings=[f"staff.clerks.count={n}"]) for n in (1, 3)}
    found = sim.compare({"two": base, "one": others[1], "three": others[3]})
    p90 = {
        name: np.array(
            [
                np.quantile(
                    summary.tallies["same_day"]["gross_span"].ended_days,
                    0.9,
                    method="inverted_cdf",
                )
                for summary in result.summaries
            ],
            float,
        )
        for name, result in found.results.items()
    }
    for name in found.others:
        each = p90[name] - p90["two"]
        half = student.ppf(1 - 0.05 / 2 / 4, 5) * each.std(ddof=1) / math.sqrt(6)
        said = row(found, "p90", "same_day", name)
        assert said["difference"] == pytest.approx(each.mean())
        assert said["ci_high"] - said["difference"] == pytest.approx(half)
        assert said["together"] == 4
    together = found.table.groupby("measure")["together"].unique().str[0].to_dict()
    assert together == {
        "on_time_share": 2, "p50": 4, "p90": 4, "mean_wait_h": 2, "utilisation": 2
    }  # fmt: skip


def test_what_is_proven(base: sim.Scenario) -> None:
    one = sim.vary(base, overrides=["alone"])
    found = sim.compare({"two": base, "one": one, "again": base}, replications=40)
    assert row(found, "on_time_share", "same_day", "one")["proven"] == -1
    assert row(found, "mean_wait_h", "clerk", "one")["proven"] == 1
    again = found.table[found.table["scenario"] == "again"]
    assert (again[["difference", "proven"]] == 0).all(axis=None)
    # What holds for 40 replications need not hold for all: a bad one may not have occurred.
    share = row(found, "on_time_share", "same_day", "again")
    assert -share["ci_low"] == pytest.approx(share["ci_high"])
    assert 0.05 < share["ci_high"] < 0.15


def test_a_share_differs_by_no_more_than_everything(base: sim.Scenario) -> None:
    one = sim.vary(base, overrides=["alone"])
    found = sim.compare({"two": base, "one": one}, replications=2, confidence=0.9999, seed=4)
    said = row(found, "on_time_share", "same_day", "one")
    assert -1 <= said["ci_low"] < -0.9
    assert 0.9 < said["ci_high"] <= 1


def test_one_replication_proves_nothing(base: sim.Scenario) -> None:
    found = sim.compare({"two": base, "one": sim.vary(base, overrides=["alone"])}, replications=1)
    assert (found.table["proven"] == 0).all()
    assert comparison_data(found)["differences"][0]["ci_low"] is None


def test_what_only_one_has_is_listed(base: sim.Scenario) -> None:
    other = sim.vary(
        base,
        settings=[
            OTHER.format("same_day", "form"),
            OTHER.format("slow", "paper"),
            "pools.other={}",
            "staff.others={serves: [other], count: 1, hours: day}",
            "case_types.form.steps.handle.pool=other",
        ],
    )
    found = sim.compare({"a": base, "b": other}, replications=2)
    assert [(u.kind, u.name, u.found_in, u.missing_in) for u in found.unmatched] == [
        ("limit", "same_day", "a", "b"),  # of other cases: not the same limit
        ("limit", "same_day", "b", "a"),
        ("limit", "slow", "b", "a"),
        ("pool", "other", "b", "a"),
    ]
    assert set(found.table["of"]) == {"clerk"}


def test_an_altered_limit_is_compared_and_told(base: sim.Scenario) -> None:
    one = sim.vary(base, overrides=["alone"])
    other = sim.vary(one, settings=["limits.same_day.limit=9 wd"])
    found = sim.compare({"a": one, "b": other}, replications=40)
    assert [(a.limit, a.term, a.reference, a.value) for a in found.altered] == [
        ("same_day", "days", 1, 9)
    ]
    assert row(found, "on_time_share", "same_day", "b")["proven"] == 1
    assert row(found, "p90", "same_day", "b")["difference"] == 0


def test_open_cases_are_marked(base: sim.Scenario) -> None:
    short = sim.vary(
        base, overrides=["alone"], settings=["period.run_out=0 cd", "limits.same_day.limit=30 wd"]
    )
    found = sim.compare({"a": base, "b": short}, replications=2)
    for measure in ("on_time_share", "p50", "p90"):
        assert row(found, measure, "same_day", "b")["open_cases"]
    assert not sim.compare({"a": base, "b": base}, replications=2).table["open_cases"].any()


def test_the_same_bytes_from_a_store(base: sim.Scenario, tmp_path: Path) -> None:
    both = {"two": base, "one": sim.vary(base, overrides=["alone"])}
    texts = {
        to_json(comparison_data(sim.compare(both, **how)))
        for how in ({}, {"store": tmp_path / "s"}, {"store": tmp_path / "s"})
    }
    assert len(texts) == 1


def test_python_mistakes(base: sim.Scenario) -> None:
    with pytest.raises(ValueError, match="two scenarios"):
        sim.compare({"a": base})
    with pytest.raises(ValueError, match="confidence"):
        sim.compare({"a": base, "b": base}, confidence=95)


# --- the command -----------------------------------------------------------------------------


def test_the_command(tmp_path: Path) -> None:
    file = write(tmp_path)
    code, out, err = command("compare", file, "--variant", "one clerk: alone", "-n", 12)
    assert (code, err) == (0, "")
    assert "same_day: one clerk is worse by" in out
    assert "Clerks" in out
    code, out, _ = command("compare", file, "--variant", "一人: alone", "-n", 12, "--lang", "zh")
    assert code == 0
    assert "same_day：一人低了" in out


@pytest.mark.parametrize("text", [":", ";;", "two clerks:", " "])
def test_a_variant_without_a_change_is_refused(text: str, tmp_path: Path) -> None:
    code, out, err = command("compare", write(tmp_path), "--variant", text, "-n", 2)
    assert (code, out) == (2, "")
    assert "changes nothing: give PATH=VALUE" in err


def test_a_variant_of_several_changes(tmp_path: Path) -> None:
    text = 'tight: alone; limits.same_day.target_share=0.5; hours.day.week.sat="9:00-12:00"'
    code, out, _ = command("compare", write(tmp_path), "--variant", text, "-n", 2, "--json")
    assert code == 0
    assert [each["id"] for each in json.loads(out)["scenarios"]][1] == "tight"
    code, out, _ = command("compare", write(tmp_path), "--variant", "alone", "-n", 2, "--json")
    assert json.loads(out)["scenarios"][1]["id"] == "alone"


def test_it_is_written(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a"), write(tmp_path, "b")
    given = ("compare", a, b, "-n", 2, "--out", tmp_path / "out", "--format", "csv")
    assert command(*given)[0] == 0
    table = pd.read_csv(tmp_path / "out" / "differences.csv")
    assert (table["difference"] == 0).all()
    summary, manifest = (
        json.loads((tmp_path / "out" / f"{name}.json").read_text("utf-8"))
        for name in ("summary", "manifest")
    )
    assert summary["reference"] == str(a)
    assert list(manifest["scenarios"]) == [str(a), str(b)]
    code, _, err = command(*given)
    assert code == 2
    assert "give --overwrite" in err


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    file = write(tmp_path)
    code, out, err = command(
        "compare", file, "nowhere",
        "--variant", "a: nobody; staff.clerk.count=3; staff.clerks.count=x",
        "--variant", "a: alone",
    )  # fmt: skip
    assert (code, out) == (2, "")
    told = (
        "'a' is named twice",
        "nowhere",
        "--with nobody: ",
        "no 'clerk' here",
        "'x': must be a whole",
    )
    for each in told:
        assert each in err
    assert len(err.splitlines()) == len(told)
    assert "nothing to compare with" in command("compare", file)[2]
    assert "--confidence" in command("compare", file, file, "--confidence", 95)[2]


def test_an_interruption_tells_how_to_go_on(tmp_path: Path, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.compare", interrupted)
    given = ("compare", write(tmp_path), "--variant", "alone", "--store", tmp_path / "store")
    code, _, err = command(*given)
    assert code == 130
    assert "goes on" not in err, "nothing is finished"
    (tmp_path / "store").mkdir()
    code, _, err = command(*given)
    assert code == 130
    assert "the same command goes on" in err


def test_a_colon_in_a_value_names_no_variant() -> None:
    """`--variant`: only a colon before the first `=` ends a name."""
    hours = "hours.day.week.mon-fri=8:30-17:00"
    assert _parts(hours) == (hours, [], [hours])
    assert _parts(f"longer: {hours}; alone") == ("longer", ["alone"], [hours])
    assert _parts("alone; staff.clerks.count=3")[1:] == (["alone"], ["staff.clerks.count=3"])


def test_runs_of_other_replications_are_not_compared(base: sim.Scenario) -> None:
    """As many as the other, but not the same ones: chance would not cancel out."""
    first, later = (run_all([base], replications=2, seed=1, first=number)[0] for number in (0, 2))
    with pytest.raises(ValueError, match="not on the same seed and replications"):
        compare_results({"a": first, "b": later})
    other = run_all([base], replications=2, seed=2)[0]
    with pytest.raises(ValueError, match="not on the same seed and replications"):
        compare_results({"a": first, "b": other})


def test_each_quantile_of_days_is_on_the_clock_of_the_reference(base: sim.Scenario) -> None:
    """Days of different clocks are no difference: the other's own clock decides only its share."""
    other = sim.vary(
        base, settings=["limits.same_day.clock=calendar_days", "limits.same_day.limit=1 cd"]
    )
    found = sim.compare({"a": base, "b": other}, replications=3)
    for measure in ("p50", "p90"):
        assert row(found, measure, "same_day", "b")["difference"] == 0
