"""The live what-if without a browser: its controls, its answers, its file, its widgets."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

import sim
from sim.experiments.what_if.controls import (
    GROUPS,
    Choice,
    Number,
    Panel,
    beside,
    panel_of,
    settings_of,
    step_over,
    value_of,
)
from sim.experiments.what_if.document import as_options
from sim.experiments.what_if.workbench import LOOKS, MOST_KEPT, START, TRIED, Workbench
from sim.replications.workers import Task
from sim.report.what_if.labels import Spoken
from sim.translation import speaking
from tests.build.results import OFFICE

LAST = LOOKS[0] + 2
MORE = """
handling: {one_window: true}
overrides:
  slow: {staff: {clerks: {count: 1}}}
"""
MORE_CASES = {"case_types.paper.arrivals.factor": 1.5, "staff.clerks.count": 3}
PATH = re.compile(r"[a-z]+(?:_[a-z]+)+|[a-z]+\.[a-z]+")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("what-if") / "office.yaml"
    file.write_text(OFFICE + MORE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def office(file) -> sim.Scenario:
    return sim.load(file)


@pytest.fixture(scope="module")
def bench(office) -> Workbench:
    return Workbench(office, LAST, seed=3)


@pytest.fixture(scope="module")
def base() -> sim.Scenario:
    return sim.load("yingkou/base")


def number(panel: Panel, key: str) -> tuple[float, ...]:
    control = panel[key]
    assert isinstance(control, Number)
    return control.low, control.start, control.high, control.step


# --- controls --------------------------------------------------------------------------------


def test_numbers_have_the_ends_of_their_ranges_or_those_of_the_rule(office):
    panel = panel_of(office, {"sign": 0.9, "desk": 0.5})
    assert [control.key for control in panel.shown] == [
        *("case_types.paper.arrivals.factor", "staff.leaders.count", "staff.clerks.count"),
        *("limits.two_days.limit", "limits.two_days.target_share"),
    ], "the busiest first; no lever acts on steps"
    assert [control.key for control in panel.more] == ["case_types.paper.arrivals.yearly.volume"]
    assert number(panel, "case_types.paper.arrivals.factor") == (0.5, 1.0, 2.0, 0.05)
    assert number(panel, "staff.clerks.count") == (1, 2, 4, 1), "its range"
    assert number(panel, "limits.two_days.limit") == (1, 2, 4, 1), "from 1 to twice as many"
    assert number(panel, "limits.two_days.target_share") == (0.5, 0.9, 0.99, 0.01)


def test_recorded_arrivals_can_only_be_thinned():
    panel = panel_of(sim.load("textbook/replay"), {})
    (load,) = (each for each in panel.shown if each.group == "load")
    assert number(panel, load.key)[:3] == (0.5, 1.0, 1.0)


def test_teams_of_one_group_stand_by_their_own_load_and_no_limit_is_told():
    replay = sim.load("textbook/replay")
    (pool,) = replay.staff["surveyors"].serves
    panel = panel_of(replay, {f"{pool}[north]": 0.2, f"{pool}[south]": 0.9})
    teams = [each.key for each in panel.shown if each.group == "staff"]
    assert teams.index("staff.surveyors.count.south") == 0
    assert teams.index("staff.surveyors.count.north") == 1
    shown = sim.what_if(replay, replications=2)
    assert "limit" in shown._view._limits.value


def test_levers_are_those_that_act(base):
    def levers(scenario: sim.Scenario) -> list[str]:
        shown = panel_of(scenario, {}).shown
        return [each.key.removeprefix("handling.") for each in shown if each.group == "handling"]

    assert levers(base) == [
        *("one_window", "parallel_approval", "pre_review", "joint_meeting", "integrated_startup"),
        *("online_share", "ignore_deemed_acceptance"),
    ]
    further = sim.load("yingkou/levers")
    assert {"commitment", "tacit_consent", "delegation"} <= {*levers(further)} - {*levers(base)}
    forms = panel_of(further, {})["handling.delegation"]
    assert isinstance(forms, Choice)
    assert forms.choices == ("none", "authorised", "devolved", "entrusted", "stationed")


def test_every_number_with_a_range_can_be_set_and_none_twice(base):
    panel = panel_of(base, {})
    keys = [control.key for control in (*panel.shown, *panel.more)]
    assert len(set(keys)) == len(keys)
    ranged = {factor.path for factor in sim.scenario.factors_of(base)}
    assert ranged <= set(keys)
    values = {key: panel[key].high for key in ranged if not key.endswith("max_rounds")}
    changed = sim.vary(base, settings_of(panel, values))
    assert changed.staff["planners"].count == 6
    assert changed.case_types["project"].arrivals.yearly.volume == 350
    trip = changed.case_types["project"].trip
    assert trip.scale == 2.5, "a distribution is moved as a whole: the median from 2 wd to 5"
    order = [GROUPS.index(control.group) for control in panel.shown]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("low", "value", "high", "step"),
    [(0.35, 0.5, 0.75, 0.02), (0.0, 0.5, 1.0, 0.05), (8, 12, 18, 0.5), (0.0, 1 / 3, 1.0, 1 / 200)],
)
def test_steps_are_round_and_meet_value_and_ends(low, value, high, step):
    found = step_over(low, value, high)
    assert found == pytest.approx(step if step != 0.02 else 0.01)
    if value != 1 / 3:
        for each in (value, high):
            assert (each - low) / found == pytest.approx(round((each - low) / found))


def test_values_beside_are_within_the_ends(office):
    panel = panel_of(office, {})
    assert beside(panel["staff.clerks.count"], 4) == (3,)
    assert beside(panel["case_types.paper.arrivals.factor"], 1.0) == (0.95, 1.05)
    assert settings_of(panel, {"limits.two_days.target_share": 0.7 + 0.1}) == {
        "limits.two_days.target_share": 0.8
    }, "what a slider adds up is rounded"


def test_what_a_control_cannot_take_is_refused(office):
    panel = panel_of(office, {})
    assert value_of(panel["limits.two_days.limit"], "3 wd") == 3.0
    for key, wrong, rule in (
        ("limits.two_days.limit", "3 cd", "must be a number from 1 to 4"),
        ("limits.two_days.limit", 9, "must be a number from 1 to 4"),
        ("staff.clerks.count", True, "must be a number from 1 to 4"),
    ):
        with pytest.raises(ValueError, match=rule):
            value_of(panel[key], wrong)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_labels_are_words_and_tell_controls_apart(language, base):
    attribute = "special_fire"  # base gives it no label
    panel = panel_of(base, {})
    spoken = Spoken(base, language)
    labels = spoken.unique([*panel.shown, *panel.more])
    assert len(set(labels.values())) == len(labels)
    for label in labels.values():
        assert not PATH.search(label.replace(attribute, "").replace("special fire", "")), label
        if language == "zh":
            assert not re.search(r"[a-z]{2,}|[,:;?!()]", label.replace(attribute, "")), label
    assert (
        labels["staff.planners.count"] == {"en": "Planning reviewers", "zh": "规划审查"}[language]
    )


# --- answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{"staff.clerks.count": 1}, MORE_CASES])
def test_answers_are_those_of_a_comparison_whatever_came_between(settings, office):
    bench = Workbench(office, LAST, seed=3)
    made = list(bench.answers(settings))
    answers = [each for each in made if each is not None]
    assert [each.replications for each in answers] == [LOOKS[0], LAST]
    assert made.count(None) == 2 * LAST, "one pause after each replication"
    known = {START: office, TRIED: sim.vary(office, settings)}
    for answer in answers:
        expected = sim.compare(known, replications=answer.replications, seed=3)
        assert answer.differences == expected.differences
    (again,) = bench.answers(settings)
    assert again is not None, "nothing is made twice, and no early answer given again"
    assert again.differences == answers[-1].differences


@pytest.mark.parametrize("settings", [{"staff.clerks.count": 3}, MORE_CASES])
def test_what_settings_leave_alone_is_shared_and_changes_no_number(settings, office, bench):
    start, run = bench._start.task.model, bench._run(settings)
    run.make_one()
    model, staff_alone = run.task.model, "staff.clerks.count" in settings and len(settings) == 1
    assert (model.process is start.process) == staff_alone
    assert model.supply._known.items() >= start.supply._known.items(), "duty is worked out once"
    fresh = Task(sim.Model(sim.vary(office, settings)), 3, "limits").replicate(0).summary
    made = run.summaries[0]
    assert made.pools.mean_wait_h == pytest.approx(fresh.pools.mean_wait_h, nan_ok=True)
    assert made.case_types["paper"].states == fresh.case_types["paper"].states


def test_whoever_asks_no_further_keeps_what_was_made(bench):
    settings = {"case_types.paper.arrivals.factor": 1.5}
    bench.first()
    steps = bench.answers(settings)
    next(steps)
    steps.close()
    assert len(bench._run(settings).summaries) == 1


def test_only_so_many_variants_are_kept(office):
    bench = Workbench(office, 2, seed=3)
    for count in range(MOST_KEPT + 3):
        bench._run({"limits.two_days.target_share": 0.5 + count / 100})
    assert len(bench._runs) == MOST_KEPT


# --- the widgets, and what is taken along ------------------------------------------------------


@pytest.fixture
def shown(office) -> sim.WhatIf:
    return sim.what_if(office, replications=LAST)


def control(shown: sim.WhatIf, key: str):
    return shown._view._controls[key]


def test_moving_a_control_is_a_setting(shown, office):
    assert shown.settings == {}
    control(shown, "staff.clerks.count").value = 3
    control(shown, "limits.two_days.limit").value = 3
    assert shown.settings == {"staff.clerks.count": 3, "limits.two_days.limit": "3 wd"}
    assert control(shown, "staff.clerks.count").description == "Desks – was 2"
    assert shown.scenario == sim.vary(office, shown.settings)
    assert repr(shown) == f"WhatIf({shown.settings!r})"
    shown._reset()
    assert shown.settings == {}
    assert control(shown, "staff.clerks.count").value == 2
    assert control(shown, "staff.clerks.count").description == "Desks"


def test_a_control_can_be_added_by_its_label(shown):
    key = "case_types.paper.arrivals.yearly.volume"
    assert key not in shown._view._controls
    field = shown._view._adding
    field.value = "no such number"
    assert "choose one of the list" in shown._view._notice.value
    field.value = field.options[0]
    assert (field.value, shown._view._notice.value) == ("", "")
    control(shown, key).value = 3000
    assert shown.settings == {key: 3000}


def test_the_answer_tells_what_changed_with_its_interval(shown):
    shown.set({"staff.clerks.count": 1})
    answer = shown.answer()
    assert shown.comparison is answer
    share = next(each for each in answer.differences if each.measure == "on_time_share")
    text = re.sub("<[^>]+>", " ", shown._view._limits.value)
    assert f"{100 * share.difference.low:+.1f} to {100 * share.difference.high:+.1f}" in text
    assert "Desks: 2 → 1" in shown._view._status.value
    assert "Verdict:" in text


def test_early_answers_prove_nothing(shown):
    shown.set({"staff.clerks.count": 1})
    shown._show(next(filter(None, shown._workbench.answers(shown.settings))))
    assert "more is being computed" in shown._view._status.value
    assert "proven" not in shown._view._limits.value
    assert "Verdict" not in shown._view._limits.value


def test_in_chinese_nothing_is_english(office):
    shown = sim.what_if(office, replications=LAST, language="zh")
    shown.set({"staff.clerks.count": 1, "limits.two_days.limit": 3})
    shown.answer()
    shown._view._turn_over()
    view = shown._view
    texts = [view._status.value, view._limits.value, view._pools.value, view._adding.placeholder]
    told = re.sub(r"<[^>]+>|sim\.compare|&nbsp;", " ", " ".join(texts))
    assert re.findall("[A-Za-z]{2,}", told) == []
    assert re.findall(r"[\u4e00-\u9fff][,:;?!(]", told) == []
    assert "窗口：2 → 1" in view._status.value


async def until_still(shown: sim.WhatIf) -> None:
    while shown._task is not None and not shown._task.done():
        await asyncio.sleep(0.01)


def test_in_a_notebook_the_newest_settings_are_answered(office):
    async def moved() -> sim.WhatIf:
        shown = sim.what_if(office, replications=LAST)
        for count in (4, 1, 3):
            control(shown, "staff.clerks.count").value = count
        await until_still(shown)
        return shown

    shown = asyncio.run(moved())
    assert shown.comparison.replications == LAST
    assert shown.comparison.scenarios[TRIED].staff["clerks"].count == 3
    runs = {key: len(run.summaries) for key, run in shown._workbench._runs.items()}
    assert "[('staff.clerks.count', 1)]" not in runs, "what was passed by costs nothing"
    assert runs["[('staff.clerks.count', 3)]"] == LAST
    assert runs["[('staff.clerks.count', 4)]"] == LOOKS[0], "what may come next is made ready"


def test_a_move_ends_what_was_computed_for_earlier_settings(office):
    async def moved() -> sim.WhatIf:
        shown = sim.what_if(office, replications=LOOKS[1] + 2)
        await until_still(shown)
        control(shown, "staff.clerks.count").value = 1
        while shown.comparison.scenarios[TRIED].staff["clerks"].count != 1:
            await asyncio.sleep(0)
        control(shown, "staff.clerks.count").value = 3
        await until_still(shown)
        return shown

    shown = asyncio.run(moved())
    assert LOOKS[0] <= len(shown._workbench._run({"staff.clerks.count": 1}).summaries) < LOOKS[1]
    assert shown.comparison.scenarios[TRIED].staff["clerks"].count == 3
    assert shown.comparison.replications == LOOKS[1] + 2


@pytest.mark.parametrize("error", [sim.ScenarioError([]), MemoryError("full <b>")])
def test_what_goes_wrong_is_told_and_the_next_move_works(error, office, monkeypatch):
    async def moved() -> tuple[str, sim.WhatIf]:
        shown = sim.what_if(office, replications=2)
        await until_still(shown)
        with monkeypatch.context() as patched:
            patched.setattr(shown._workbench, "variant", lambda settings: raised(error))
            control(shown, "staff.clerks.count").value = 4  # not beside: not made ready
            await until_still(shown)
        told = shown._view._status.value
        assert shown.comparison is None
        control(shown, "staff.clerks.count").value = 3
        await until_still(shown)
        return told, shown

    told, shown = asyncio.run(moved())
    assert "role='alert'" in told
    assert "Traceback" not in told
    assert "<b>" not in told
    assert shown.comparison.scenarios[TRIED].staff["clerks"].count == 3


def raised(error: Exception):
    raise error


def test_settings_that_do_not_go_together_are_told_in_the_language(base):
    """Without one-window intake, a department without a counter of its own is a mistake."""
    lacking = sim.vary(base, {"departments.housing.counter": None})
    panel = panel_of(lacking, {})
    settings = settings_of(panel, {"handling.one_window": False})
    with speaking("zh"), pytest.raises(sim.ScenarioError, match=r"[\u4e00-\u9fff]"):
        sim.vary(lacking, settings)


def test_a_file_of_the_settings_is_the_same_scenario(file, tmp_path):
    varied = sim.vary(sim.load(file, overrides=["slow"]), {"period.run_out": "60 cd"})
    shown = sim.what_if(varied, replications=2)
    shown.set({"limits.two_days.limit": 3, "case_types.paper.arrivals.yearly.volume": 3000})
    saved = shown.save(tmp_path / "tried.yaml")
    loaded = sim.load(saved)
    assert (
        loaded.name.en == "A small office: Within two days: limit: 2 → 3; cases a year: 3800 → 3000"
    )
    assert loaded.model_dump(exclude={"name"}) == shown.scenario.model_dump(exclude={"name"})
    known = {each.path: each.source.text for each in loaded.provenance.parameters()}
    assert known["limits", "two_days", "limit"] == "assumed: tried in the live what-if"
    assert "overrides" not in saved.read_text("utf-8")
    with pytest.raises(FileExistsError, match="give another name"):
        shown.save(saved)


def test_the_settings_can_be_taken_along(shown, office):
    assert shown._view._forms.value == ""
    shown._view._turn_over()
    assert "Nothing has been changed yet" in shown._view._forms.value
    shown.set({"limits.two_days.limit": 3})
    shown.answer()
    forms = shown._view._forms.value
    assert "--set &#x27;limits.two_days.limit=3 wd&#x27;" in forms
    assert re.search(r"href='data:application/yaml;base64,[\w+/=]+'", forms)
    assert "http" not in forms
    assert sim.vary(office, as_options(shown.settings)).sha256() == shown.scenario.sha256()


def test_what_is_not_there_is_named(shown):
    for values, rule in (
        ({"staff.clerk.count": 1}, r"nothing to set at 'staff.clerk.count'; did you mean"),
        ({"staff.clerks.count": 9}, "staff.clerks.count: 9: must be a number from 1 to 4"),
    ):
        with pytest.raises(ValueError, match=rule):
            shown.set(values)
    assert shown.settings == {}


def test_labels_from_a_file_are_harmless(tmp_path):
    bad = "<img src=x onerror=alert(1)>"
    text = OFFICE.replace("Desks", bad).replace("Within two days", bad)
    (tmp_path / "bad.yaml").write_text(text.replace("A small office", bad), encoding="utf-8")
    shown = sim.what_if(sim.load(tmp_path / "bad.yaml"), replications=2)
    shown.set({"staff.clerks.count": 1})
    shown._view._turn_over()
    shown.answer()
    view = shown._view
    for html in (view._status, view._limits, view._pools, view._forms, view.root.children[0]):
        assert "<img" not in html.value


def test_without_the_package_it_says_what_to_install(office, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ImportError, match=r"pip install 'approval-sim\[notebook\]'$"):
        sim.what_if(office)


@pytest.mark.parametrize(
    ("given", "rule"),
    [({"replications": 1}, "at least 2 replications"), ({"confidence": 1}, "between 0 and 1")],
)
def test_what_cannot_be_answered_is_refused(given, rule, office):
    with pytest.raises(ValueError, match=rule):
        sim.what_if(office, **given)


def test_a_notebook_shows_the_widgets(shown):
    bundle = shown._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
