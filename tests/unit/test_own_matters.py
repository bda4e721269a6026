"""Matters of one's own: taking one away or adding one is one entry, and what names it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario import ScenarioError

MINE = """
extends: yingkou/base
case_types:
  project:
    matters:
      {matters}
"""
WATER = """取水许可:
        department: water
        stage: assessment
        requires: [FIL]
        decision: {pool: hydrologists, work: 20 min}"""


def read(folder: Path, matters: str, more: str = "") -> sim.Scenario:
    file = folder / "mine.yaml"
    file.write_text(MINE.format(matters=matters) + more, encoding="utf-8")
    return sim.load(file)


def order(scenario: sim.Scenario) -> tuple[str, ...]:
    return scenario.case_types["project"].serial_order


def test_what_required_a_matter_requires_what_it_required(tmp_path):
    base = sim.load("yingkou/base").case_types["project"].matters
    assert base["CAD"].requires == ("LUP",)
    assert "CAD" in base["CP"].requires
    mine = read(tmp_path, "CAD: null")
    project = mine.case_types["project"]
    assert "CAD" not in project.matters
    kept = [name for name in base["CP"].requires if name != "CAD"]
    assert set(project.matters["CP"].requires) == {*kept, "LUP"}
    assert "CAD" not in order(mine)
    for limit in mine.limits.values():
        assert "CAD" not in limit.scope.matters
    assert set(mine.limits["project_30"].scope.matters) == {
        *sim.load("yingkou/base").limits["project_30"].scope.matters
    } - {"CAD"}


def test_a_chain_that_goes_leaves_its_beginning(tmp_path):
    """LUP requires FIL, DES requires LUP, PUB requires DES: without LUP and DES, PUB needs FIL."""
    for matters in ("LUP: null\n      DES: null", "DES: null\n      LUP: null"):
        mine = read(tmp_path, matters).case_types["project"].matters
        assert mine["PUB"].requires == ("FIL",)


def test_a_new_matter_gets_a_place_in_the_serial_order(tmp_path):
    assert order(read(tmp_path, WATER))[:3] == ("FIL", "取水许可", "EIA")
    first = WATER.replace("requires: [FIL]", "requires: []")
    assert order(read(tmp_path, first))[:4] == ("FIL", "EIA", "WSC", "取水许可")
    needed = f"{first}\n      FIL: {{requires: [取水许可]}}"
    assert order(read(tmp_path, needed))[:2] == ("取水许可", "FIL")


def test_one_matter_in_place_of_another(tmp_path):
    mine = read(tmp_path, f"CAD: null\n      {WATER}")
    assert {"取水许可"} == set(order(mine)) - set(order(sim.load("yingkou/base")))
    assert sim.run(mine, replications=1).failed_checks == ()


def test_what_the_layer_itself_states_holds_and_is_told(tmp_path):
    stated = "    serial_order: [CP, CAD]\nlimits: {project_30: {scope: {matters: [CAD, CP]}}}\n"
    with pytest.raises(ScenarioError) as told:
        read(tmp_path, "CAD: null", stated)
    text = str(told.value)
    assert text.count("'CAD' is taken away in line 6; leave it out") == 2
    assert "mine.yaml:7: case_types.project.serial_order" in text


def test_a_list_in_which_nothing_is_left_is_told_once_where_the_matters_go(tmp_path):
    with pytest.raises(ScenarioError) as told:
        read(tmp_path, "\n      ".join(f"{name}: null" for name in ("REG", "SEAL")) + "\n")
    assert "no" in str(told.value)  # these are matters of another case type: nothing to remove
    own = MINE.replace("project", "startup").format(
        matters="{REG: null, SEAL: null, TAX: null, SI: null, HPF: null}"
    )
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        sim.load(tmp_path / "own.yaml")
    (line,) = [line for line in str(told.value).splitlines() if "scope" in line]
    assert "own.yaml:5: limits.startup_2.scope.matters: no matter is left in it" in line


def test_changes_upon_changes_follow_too(tmp_path):
    base = sim.load("yingkou/base")
    without = sim.vary(base, {"case_types.project.matters.CAD": None})
    assert "CAD" not in order(without)
    again = sim.vary(without, {"staff.planners.count": 5})
    assert order(again) == order(without)
    file = tmp_path / "two.yaml"
    read(tmp_path, "CAD: null")
    file.write_text("extends: mine.yaml\ncase_types: {project: {matters: {FIRE: null}}}\n")
    assert set(order(base)) - set(order(sim.load(file))) == {"CAD", "FIRE"}


def test_overrides_of_a_base_file_lose_the_matter_too(tmp_path):
    (tmp_path / "base.yaml").write_text(
        "extends: yingkou/base\noverrides:\n  quick: {case_types: {project: {matters: "
        "{CAD: {promised: 3 wd}, FIRE: {promised: 3 wd, requires: [CAD]}}}}}\n"
    )
    (tmp_path / "own.yaml").write_text(
        "extends: base.yaml\ncase_types: {project: {matters: {CAD: null}}}\n"
    )
    quick = sim.load(tmp_path / "own.yaml", overrides=["quick"]).case_types["project"].matters
    assert "CAD" not in quick
    assert quick["FIRE"].requires == ("LUP",)


def test_a_stored_result_knows_the_matters(tmp_path):
    result = sim.run(read(tmp_path, f"CAD: null\n      {WATER}"), replications=1)
    result.save(tmp_path / "kept")
    assert order(sim.read(tmp_path / "kept").scenario) == order(result.scenario)


def test_a_long_chain_of_matters_goes_as_soon_as_a_short_one(tmp_path):
    """Each requires the two before it: who follows every way through them never ends."""
    chain = "".join(
        f"{indent}M{n}: {{department: water, stage: assessment, requires: [{requires}], "
        "decision: {pool: hydrologists, work: 20 min}}\n"
        for n, requires, indent in (
            (n, f"M{n - 1}, M{n - 2}" if n > 1 else "FIL", " " * 6 if n else "") for n in range(60)
        )
    )
    last = WATER.replace("[FIL]", "[M59, M58]").replace("取水许可", "      取水许可")
    (tmp_path / "chain.yaml").write_text(MINE.format(matters=chain + last), encoding="utf-8")
    none = "\n      ".join(f"M{n}: null" for n in range(60))
    mine = tmp_path / "mine.yaml"
    mine.write_text(MINE.replace("yingkou/base", "chain.yaml").format(matters=none), "utf-8")
    assert sim.load(mine).case_types["project"].matters["取水许可"].requires == ("FIL",)


def test_names_that_are_no_text_are_told_and_not_followed(tmp_path):
    with pytest.raises(ScenarioError, match="serial_order"):
        read(tmp_path, WATER, "    serial_order: [{a: 1}, [FIL]]\n")
    below = tmp_path / "below.yaml"
    below.write_text(
        "extends: yingkou/base\ncase_types: {project: {serial_order: [{a: 1}, LUP]}}\n", "utf-8"
    )
    for matters in (WATER, "LUP: null"):
        mine = tmp_path / "mine.yaml"
        mine.write_text(MINE.replace("yingkou/base", "below.yaml").format(matters=matters), "utf-8")
        with pytest.raises(ScenarioError, match="serial_order"):
            sim.load(mine)


def test_so_many_defaults_for_so_many_matters_are_refused(tmp_path):
    matters = "\n      ".join(f"M{n}: {{}}" for n in range(900))
    defaults = "".join(f"      d{n}: 1\n" for n in range(150))
    with pytest.raises(ScenarioError, match="too much for so many matters"):
        read(tmp_path, matters, "    matter_defaults:\n" + defaults)
