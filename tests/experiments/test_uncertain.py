"""Runs that draw their inputs anew: what is drawn, where doubt comes from, and who may compute."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.replications.inputs import drawn, in_doubt
from sim.scenario import at_values

# One case every ten days, and a clerk: whether it is kept depends on the work alone, 16 h at most.
EXACT = """
name: {en: Nothing but doubt, zh: 只有输入不定}
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-03-31}, run_out: 90 cd}
run: {seed: 1}
hours: {day: {week: {daily: "9:00-17:00"}}}
pools: {desk: {}}
staff: {clerks: {serves: [desk], count: 1, hours: day}}
case_types:
  paper:
    arrivals: {at: [9 h, 249 h, 489 h, 729 h, 969 h, 1209 h, 1449 h, 1689 h]}
    steps:
      handle: {pool: desk, work: {value: 10 h, source: assumed, range: [10 h, 22 h]}}
limits:
  soon: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.6}
"""
OFFICE = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 90 cd}
run: {seed: 3}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {desk: {}}
staff: {clerks: {serves: [desk], count: {value: 2, source: assumed, range: [1, 4]}, hours: day}}
case_types:
  paper:
    arrivals: {yearly: {volume: {value: 3500, source: assumed, range: [2500, 5500]}}}
    steps: {handle: {pool: desk, work: {exponential: 1 h}}}
limits:
  same_day:
    case_type: paper
    limit: {value: 1 wd, source: assumed, range: [1 wd, 3 wd]}
    clock: gross_span
    target_share: 0.9
"""
VOLUME = "case_types.paper.arrivals.yearly.volume"


def loaded(folder: Path, text: str) -> sim.Scenario:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return sim.load(file)


def test_a_promise_that_hangs_on_one_input_by_hand(tmp_path: Path) -> None:
    """From 10 to 22 h, most likely 10: P(work <= 16 h) = 1 - (6 / 12) ** 2 = 3 / 4."""
    result = sim.run(loaded(tmp_path, EXACT), uncertain=True, replications=200, keep="summary")
    found = result.doubts["soon"]
    work = result.drawn_inputs["value"].to_numpy()
    assert found.kept.value == np.mean(work <= 16)
    assert found.kept.low < 0.75 < found.kept.high
    assert found.parts.from_inputs.value == 1  # nothing else varies
    assert found.verdict == "undecided"
    assert result.verdicts[0].verdict == "undecided"


def test_a_replication_is_that_of_its_inputs(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, OFFICE)
    result = sim.run(scenario, uncertain=True, replications=3, keep="summary")
    for number in range(3):
        varied = at_values(scenario, drawn(in_doubt(scenario), 3, number))
        alone = sim.run(varied, replications=number + 1, seed=3, keep="summary").summaries[number]
        assert (
            result.summaries[number].tallies["same_day"].keys() == alone.tallies["same_day"].keys()
        )
        for clock, tally in alone.tallies["same_day"].items():
            drawn_tally = result.summaries[number].tallies["same_day"][clock]
            assert (drawn_tally.on_time, drawn_tally.late) == (tally.on_time, tally.late)
            assert np.array_equal(drawn_tally.ended_days, tally.ended_days)


def test_what_is_drawn_depends_on_seed_number_and_name_alone(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, OFFICE)
    other = loaded(tmp_path, OFFICE.replace("{value: 2, source: assumed, range: [1, 4]}", "2"))
    of = {f.path: v for f, v in drawn(in_doubt(scenario), 3, 7).items()}
    assert set(of) == {"staff.clerks.count", VOLUME}  # a limit is no input
    assert {f.path: v for f, v in drawn(in_doubt(other), 3, 7).items()} == {VOLUME: of[VOLUME]}
    assert of != {f.path: v for f, v in drawn(in_doubt(scenario), 3, 8).items()}
    assert of != {f.path: v for f, v in drawn(in_doubt(scenario), 4, 7).items()}


def test_who_computes_changes_nothing(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, OFFICE)
    first = sim.run(scenario, uncertain=True, replications=4, jobs=1)
    sim.run(scenario, uncertain=True, replications=2, store=tmp_path / "store")
    for how in ({"jobs": 2}, {"engine": "simpy"}, {"store": tmp_path / "store"}):
        other = sim.run(scenario, uncertain=True, replications=4, **how)
        for name, table in first.tables.items():
            pd.testing.assert_frame_equal(table, other.tables[name])


def test_a_store_tells_ranges_apart(tmp_path: Path) -> None:
    wide, narrow = (
        loaded(tmp_path, OFFICE.replace("[2500, 5500]", ends))
        for ends in ("[2500, 5500]", "[3400, 3600]")
    )
    assert wide.sha256() == narrow.sha256()
    store = tmp_path / "store"
    for scenario in (wide, narrow):
        kept = sim.run(scenario, uncertain=True, replications=2, store=store)
        plain = sim.run(scenario, uncertain=True, replications=2)
        pd.testing.assert_frame_equal(kept.drawn_inputs, plain.drawn_inputs)
        pd.testing.assert_frame_equal(kept.limits, plain.limits)
    sim.run(wide, replications=2, store=store)
    assert len(list(store.iterdir())) == 3


def test_a_result_is_read_again(tmp_path: Path) -> None:
    result = sim.run(loaded(tmp_path, OFFICE), uncertain=True, replications=3)
    result.save(tmp_path / "out")
    again = sim.read(tmp_path / "out")
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name], check_dtype=False)
    assert again.doubts == result.doubts


def test_events_are_those_of_the_drawn_inputs(tmp_path: Path) -> None:
    result = sim.run(loaded(tmp_path, OFFICE), uncertain=True, replications=2)
    table = result.cases
    for number in (0, 1):
        cases = len(result.events(number).cases.case)
        assert cases >= len(table[table["replication"] == number]) > 0


def test_ranges_that_clash_are_told(tmp_path: Path) -> None:
    text = OFFICE.replace(
        "    steps:",
        "    attributes: {kind: {shares: "
        "{plain: {value: 0.7, source: assumed, range: [0.5, 0.9]}, odd: 0.3}}}\n    steps:",
    )
    with pytest.raises(sim.ScenarioError, match="draw 0 of the inputs gives values that do not go"):
        sim.run(loaded(tmp_path, text), uncertain=True, replications=2)


def test_what_is_refused(tmp_path: Path) -> None:
    plain = loaded(tmp_path, EXACT.replace(", range: [10 h, 22 h]", ""))
    with pytest.raises(sim.ScenarioError, match="no input has a range"):
        sim.run(plain, uncertain=True, replications=2)
    with pytest.raises(ValueError, match="give replications, not until"):
        sim.run(loaded(tmp_path, EXACT), uncertain=True, until="decided")


# --- the command ---------------------------------------------------------------------------------


def invoke(*words: object):
    return CliRunner().invoke(app, ["run", *map(str, words)], catch_exceptions=False)


def test_text_in_two_languages(tmp_path: Path) -> None:
    loaded(tmp_path, OFFICE)
    file = tmp_path / "scenario.yaml"
    english = " ".join(invoke(file, "--uncertain", "-n", 4).stdout.split())
    assert "Each replication drew 2 inputs anew from its range" in english
    assert "undecided under that doubt. Of 4 draws of the inputs" in english
    assert "comes from the inputs" in english
    assert "would decide" not in english
    chinese = invoke(file, "--uncertain", "-n", 4, "--lang", "zh").stdout
    assert "重新抽取 2 项输入" in chinese


def test_data_and_what_the_command_refuses(tmp_path: Path) -> None:
    loaded(tmp_path, OFFICE)
    file = tmp_path / "scenario.yaml"
    data = json.loads(invoke(file, "--uncertain", "-n", 4, "--json").stdout)
    (row,) = data["doubt"]
    assert row["limit"] == "same_day"
    assert row["kept_low"] <= row["kept"] <= row["kept_high"]
    assert {each["path"] for each in data["inputs"]} == {"staff.clerks.count", VOLUME}
    assert json.loads(invoke(file, "-n", 4, "--json").stdout)["doubt"] == []
    refused = invoke(file, "--uncertain", "--until", "decided")
    assert refused.exit_code == 2
    assert "give -n" in refused.stderr


def test_what_a_result_rests_on_stands_at_its_head(tmp_path: Path) -> None:
    loaded(tmp_path, OFFICE)
    text = " ".join(invoke(tmp_path / "scenario.yaml", "-n", 2).stdout.split())
    head = text[: text.index("Promise")]
    assert "3 assumed and" in head
    assert "(3 of these with a range)" in head
