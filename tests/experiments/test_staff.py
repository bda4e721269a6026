"""The fewest officers: against exact tables, against all plans, and what a user may ask for."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.staffing.capacity_bounds import completed, floors_of, keeps_up, lowest
from sim.experiments.staffing.requirements import Counts, Requirement, requirements_of
from sim.experiments.staffing.search import Search, cost_of
from sim.experiments.staffing.teams import Team, all_teams, manned, settings, staffed
from sim.experiments.staffing.trials import Trials
from sim.limits import PRESETS, resolved_limits
from sim.measures.days import Category, not_counted
from sim.replications.model import Model
from sim.report.labels import Labels
from sim.report.staffing.report import posts, staff_data
from sim.report.staffing.words import say

OFFICE = """
name: Two desks and a runner
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-11}, run_out: 30 cd}
run: {seed: 2} # a cheaper plan comes close
hours: {office: {week: {mon-sun: "9:00-17:00"}}}
pools: {window: {}, review: {}, sign: {}}
staff:
  clerks: {serves: [window], count: 2, hours: office}
  reviewers: {serves: [review], count: 4, hours: office}
  runners: {serves: [window, sign], count: 2, hours: office, speed: 0.9}
case_types:
  permit:
    arrivals: {every: {exponential: 1 h}}
    steps:
      receive: {pool: window, work: {exponential: 20 min}}
      review: {pool: review, work: {exponential: 1 h}, after: [receive]}
      notice: {delay: {legal: 1 wd}, after: [review]}
      sign: {pool: sign, work: {constant: 10 min}, after: [notice]}
limits:
  three_days: {case_type: permit, limit: 3 wd, clock: gross_span, target_share: 0.9}
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("staff") / "office.yaml"
    file.write_text(OFFICE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def answer(office: Path):
    return sim.staff(sim.load(office), replications=20, jobs=1)


# --- known answers ---------------------------------------------------------------------------

# Erlang C: fewest officers with a mean wait of at most 0.1 service times, and that wait.
ERLANG = {1: (3, 0.0455), 2: (4, 0.0870), 5: (8, 0.0558), 10: (13, 0.0951), 20: (24, 0.0745)}


@pytest.mark.parametrize(
    "load", [1, 2, *(pytest.param(load, marks=pytest.mark.study) for load in (5, 10, 20))]
)
def test_the_table_of_erlang(load: int) -> None:
    officers, wait = ERLANG[load]
    scenario = sim.load(
        "textbook/mm3",
        settings=[
            f"case_types.request.arrivals.every.exponential={3600 / load} s",
            "period.start=2024-01-01",
            f"period.window={{from: 2024-01-15, to: 2024-0{4 if load < 5 else 3}-30}}",
        ],
    )
    replications = 160 if load == 10 else 20  # 0.095 must be told from 0.1
    found = sim.staff(scenario, waits={"counter": 0.1}, replications=replications, seed=7)
    assert (found.outcome, found.plan, found.exhausted) == ("found", (officers,), True)
    assert found.lowest == (load,) or found.lowest == (load + 1,)
    (judged,) = found.confirmation.judged
    assert judged.low <= wait <= judged.high
    assert judged.high <= 0.1


def test_erlangs_table_is_right() -> None:
    for load, (officers, wait) in ERLANG.items():
        assert erlang_wait(load, officers) == pytest.approx(wait, abs=5e-5)
        assert erlang_wait(load, officers) <= 0.1 < erlang_wait(load, officers - 1)


def erlang_wait(load: float, officers: int) -> float:
    """Mean wait in service times; Erlang B by its recursion, then C."""
    if officers <= load:
        return float("inf")
    blocked = 1.0
    for each in range(1, officers + 1):
        blocked = load * blocked / (each + load * blocked)
    waits = officers * blocked / (officers - load * (1 - blocked))
    return waits / (officers - load)


def test_a_plan_has_one_verdict_wherever_it_is_shown(office: Path, answer) -> None:
    assert answer.outcome == "found"
    assert {judged.verdict for judged in answer.confirmation.judged} == {"holds"}
    planned = sim.vary(sim.load(office), settings=answer.settings)
    ran = sim.run(planned, replications=answer.plan_replications, seed=answer.seed)
    (point,) = [point for point in answer.points if point.plan == answer.plan]
    for judged, limit in zip(point.judged, ran.verdicts, strict=True):
        assert (judged.value, judged.low, judged.high) == (limit.share, limit.low, limit.high)
        assert judged.verdict == limit.verdict == "holds"
    cheaper = [point for point in answer.points if point.cost < answer.cost(answer.plan)]
    assert cheaper
    assert all({judged.verdict for judged in p.judged} != {"holds"} for p in cheaper)


def test_a_plan_that_only_short_intervals_prove_is_not_found(office: Path, monkeypatch) -> None:
    """With a judge for the report who is never sure, nothing is found, whatever the search says."""
    judge = Trials.judge

    def unsure(self, plan, *, for_search=False):
        judged = judge(self, plan, for_search=for_search)
        doubt = [replace(each, verdict="undecided") for each in judged]
        return judged if for_search else tuple(doubt)

    monkeypatch.setattr(Trials, "judge", unsure)
    found = sim.staff(sim.load(office), replications=4, jobs=1)
    assert found.outcome == "unconfirmed"
    assert found.plan in found.rejected


OUTSIDE = """
extends: office.yaml
departments: {bureau: {}, bank: {}}
pools: {desk: {}, teller: {}}
staff:
  tellers: {serves: [teller], count: 3, hours: office}
case_types:
  account:
    arrivals: {every: {exponential: 5 h}}
    window: {pool: desk, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {one: {lead: bureau}}
    matter_defaults: {stage: one, intake: 5 min, check: 5 min, department: bureau}
    matters:
      PERMIT: {decision: {pool: review, work: 10 min}}
      ACCOUNT: {department: bank, third_party: true, decision: {pool: teller, work: 10 min}}
limits:
  account: {case_type: account, limit: 5 wd, target_share: 0.5}
"""


def test_the_posts_that_go_are_named_and_whose_they_are(office: Path) -> None:
    (office.parent / "outside.yaml").write_text(OUTSIDE, encoding="utf-8")
    scenario = sim.load(
        office.parent / "outside.yaml", settings=["staff.clerks.serves=[window, desk]"]
    )
    result = sim.staff(scenario, replications=5, jobs=1, groups=["tellers", "reviewers"])
    outside = {row.team: row.third_party for row in result.rows("staff")}
    assert outside == {"tellers": True, "reviewers": False}
    said = [line.text for line in posts(result, Labels(scenario, "en", say))]
    changes = dict(zip((team.name for team in result.teams), result.plan, strict=True))
    assert changes["tellers"] == 1
    assert said[0].startswith("Posts that go: ")
    assert "teller 3 → 1 (a third party's, not the city's)" in said[0]


def test_no_cheaper_plan_holds(office: Path, answer) -> None:
    """Every plan of up to six officers in each group, on the search's own random numbers."""
    assert answer.outcome == "found"
    trials, floors = trials_of(office, answer)
    plans = [
        plan
        for plan in product(range(7), repeat=len(answer.teams))
        if sum(plan) <= sum(answer.plan) and keeps_up(floors, plan)
    ]
    trials.see(plans, 20)
    holding = [p for p in plans if all(each.verdict == "holds" for each in trials.size_up(p))]
    assert min(map(sum, holding)) == sum(answer.plan)
    assert answer.plan in holding


def trials_of(office: Path, answer):
    scenario = sim.load(office)
    requirements = answer.requirements
    trials = Trials(Model(scenario), answer.teams, requirements, scenario.run.seed, {})
    return trials, answer.floors


# --- the answer ------------------------------------------------------------------------------


def test_the_plan_holds_on_random_numbers_of_its_own(office: Path, answer) -> None:
    variant = sim.vary(sim.load(office), settings=answer.settings)
    result = sim.run(variant, replications=320, seed=4711, keep="summary")
    assert result.all_hold


def test_the_answer_is_the_same_however_it_is_computed(office: Path, answer, tmp_path) -> None:
    again = sim.staff(sim.load(office), replications=20, store=tmp_path, jobs=2)
    assert staff_data(again) == staff_data(answer)
    resumed = sim.staff(sim.load(office), replications=20, store=tmp_path, jobs=1)
    assert staff_data(resumed) == staff_data(answer)


def test_one_officer_fewer_does_not_do(answer) -> None:
    fewer = answer.marginal.query("at == 'plan' and by == -1")
    assert len(fewer)
    assert (fewer["verdict"] != "holds").all()
    assert answer.exhausted


def test_the_frontier_rises(answer) -> None:
    frontier = answer.frontier
    assert frontier["cost"].is_monotonic_increasing
    assert frontier["margin"].is_monotonic_increasing
    assert sum(answer.plan) in set(frontier["heads"])


def test_costs_decide_who_is_hired(office: Path) -> None:
    """A runner can stand in for a clerk: who is dearer has fewer."""
    wish = {"replications": 10, "groups": ["clerks", "runners"]}
    clerks = sim.staff(sim.load(office), cost={"clerks": 5.0}, **wish)
    runners = sim.staff(sim.load(office), cost={"runners": 5.0}, **wish)
    assert clerks.plan[0] < runners.plan[0]
    assert clerks.plan[1] > runners.plan[1]


def test_a_cap_that_is_too_low_gives_the_best_within_it(office: Path, answer) -> None:
    cap = sum(answer.plan) - 1
    capped = sim.staff(sim.load(office), replications=20, cap=cap)
    assert capped.outcome == "capped"
    assert sum(capped.plan) <= cap
    trials, floors = trials_of(office, answer)
    rivals = [
        plan
        for plan in product(range(7), repeat=len(answer.teams))
        if sum(plan) <= cap and keeps_up(floors, plan)
    ]
    trials.see([*rivals, capped.plan], 20)
    best = max(trials.judge(plan)[0].margin for plan in rivals)
    assert trials.judge(capped.plan)[0].margin == best


def test_a_cap_below_the_floors_is_impossible(office: Path) -> None:
    none = sim.staff(sim.load(office), replications=4, cap=3)
    assert (none.outcome, none.plan) == ("no_room", None)


def test_a_limit_that_staff_cannot_keep(office: Path) -> None:
    """Two dates of notice do not fit into one day, whoever works."""
    scenario = sim.load(
        office,
        settings=["limits.three_days.limit=1 wd", "case_types.permit.steps.notice.delay=2 wd"],
    )
    never = sim.staff(scenario, replications=10)
    assert (never.outcome, never.plan) == ("out_of_reach", None)
    (judged,) = never.reached
    assert judged.verdict == "fails"
    assert judged.value == 0
    late = [each for each in never.reach.accounts if each.late_only and each.kind == "matter"]
    assert max(late, key=lambda account: account.total_wd).name == "notice"


def test_what_a_clock_does_not_count() -> None:
    """The promised clock pauses for publicity and all corrections, the statutory one does not.

    It pauses for corrections before acceptance alone, so it counts some of them.
    """
    process = Model(sim.load("yingkou/base")).process
    third = {Category.THIRD_PARTY}
    assert not_counted(process, PRESETS["gross_span"]) == frozenset()
    assert not_counted(process, PRESETS["statutory"]) == third
    assert not_counted(process, PRESETS["promised"]) == third | {
        Category.CORRECTION,
        Category.EXCLUDED,
    }


def test_bounds_are_kept(office: Path) -> None:
    bound = sim.staff(sim.load(office), replications=10, least={"clerks": 3}, most={"runners": 1})
    assert bound.plan[0] >= 3
    assert bound.plan[2] <= 1


# --- floors ----------------------------------------------------------------------------------


def test_the_offered_load_by_hand(office: Path) -> None:
    """24 cases a day: 8 h of work at the window, 24 of review, 4 to sign; officers have 8 hours.

    The window needs a clerk or 10/9 runners, review 3 reviewers, and window and sign together 1.5
    officers. The load is random: ± 3 %.
    """
    scenario = sim.load(office)
    model = Model(scenario)
    teams = all_teams(scenario, model.process, model.pools, model.supply)
    floors = {floor.pools: floor for floor in floors_of(model, teams, 1, 1.0)}
    days = 42
    assert floors["review",].work_h == pytest.approx(24 * days, rel=0.03)
    assert floors["window",].work_h == pytest.approx(8 * days, rel=0.03)
    assert floors["sign", "window"].work_h == pytest.approx(12 * days, rel=0.03)
    assert dict(floors["window",].hours) == pytest.approx({0: 8 * days, 2: 7.2 * days})
    assert ("review", "window") not in floors  # nobody works in both


def test_floors_of_shared_officers() -> None:
    """Two pools of 8 hours' work; a clerk for one of them, and one who helps in both."""
    from sim.experiments.staffing.capacity_bounds import Floor

    floors = (
        Floor(("a",), 10, 0, {0: 8, 1: 8}),
        Floor(("b",), 6, 0, {1: 8}),
        Floor(("a", "b"), 16, 0, {0: 8, 1: 8}),
    )
    teams = (Team("clerk", "clerk", None, (0,), 1), Team("help", "help", None, (0, 1), 1))
    assert lowest(floors, teams) == (0, 1)
    assert not keeps_up(floors, (0, 1))
    assert not keeps_up(floors, (2, 0))
    assert keeps_up(floors, (1, 1))
    assert sum(completed(floors, teams, (0, 1))) == 2
    without_help = (teams[0], Team("help", "help", None, (0, 1), 1, most=0))
    assert completed(floors, without_help, (0, 0)) is None


def test_a_plan_below_its_floor_falls_behind_without_end(office: Path) -> None:
    """Twice the time, twice the queue: what the floor says of one reviewer too few."""
    scenario = sim.load(office)
    queues = []
    for last in ("2024-02-11", "2024-03-24"):
        longer = sim.vary(scenario, settings=[f"period.window={{from: 2024-01-08, to: {last}}}"])
        model = Model(longer)
        teams = all_teams(longer, model.process, model.pools, model.supply)
        short = staffed(longer, teams, (3, 2, 2))
        summary = sim.run(short, replications=2, keep="summary").summaries[0]
        queues.append(int(summary.pools.max_queue[model.pools.names.index("review")]))
    assert queues[1] > 1.5 * queues[0]


def test_groups_that_count_by_value() -> None:
    scenario = sim.load("yingkou/zones")
    model = Model(manned(scenario))
    teams = all_teams(scenario, model.process, model.pools, model.supply)
    by_value = [team for team in teams if team.value is not None]
    assert by_value
    plan = tuple(team.today + (team is by_value[0]) for team in teams)
    changed = staffed(scenario, teams, plan)
    group, value = by_value[0].group, by_value[0].value
    assert changed.staff[group].count[value] == scenario.staff[group].count[value] + 1
    assert sum(t.today for t in teams) + 1 == sum(
        sum(g.count.values()) if isinstance(g.count, dict) else g.count
        for g in changed.staff.values()
    )


def test_other_staff_same_demand(office: Path) -> None:
    """A model with other staff is the model of the scenario with that staff."""
    scenario = sim.load(office)
    model = Model(scenario)
    teams = all_teams(scenario, model.process, model.pools, model.supply)
    plan = (3, 5, 1)
    quick = model.restaffed(staffed(scenario, teams, plan)).replicate(1, 0)
    anew = Model(sim.load(office, settings=settings(scenario, teams, plan))).replicate(1, 0)
    assert (quick.schedule.end == anew.schedule.end).all()
    assert (quick.schedule.officer == anew.schedule.officer).all()


# --- the search, without chance --------------------------------------------------------------


def test_what_is_shown_has_the_intervals_of_a_run_and_the_search_shorter_ones(
    office: Path, answer, monkeypatch
) -> None:
    trials, _ = trials_of(office, answer)
    trials.see([answer.plan], 2)
    asked: list[bool] = []

    def judge(self, counts, confidence=None, *, for_search=False):
        asked.append(for_search)

    monkeypatch.setattr(Requirement, "judge", judge)
    trials.judge(answer.plan)
    trials.size_up(answer.plan)
    number = len(trials.requirements)
    assert asked == [False] * number + [True] * number


def test_cost_of_a_plan() -> None:
    teams = (Team("a", "a", None, (0,), 1, cost=2.0), Team("b", "b", None, (1,), 1))
    assert cost_of(teams, (2, 3)) == 7


def test_all_cheaper_plans_are_listed(office: Path, answer) -> None:
    trials, floors = trials_of(office, answer)
    search = Search(trials, floors, (9, 9, 9), 20)
    expected = [p for p in product(range(10), repeat=3) if sum(p) < 9 and keeps_up(floors, p)]
    assert search.plans_below(9) == expected


def test_a_wait_is_judged_by_its_interval() -> None:
    import numpy as np

    wait = Requirement("window", "wait", 0.5, 0.95)

    def judged(hours):
        return wait.judge(Counts(np.array(hours), np.array(hours), np.full(4, 10.0)))

    assert judged([4.0, 4.2, 3.8, 4.0]).verdict == "holds"
    assert judged([6.0, 6.2, 5.8, 6.0]).verdict == "fails"
    middle = judged([4.0, 6.0, 5.5, 4.5])
    assert middle.verdict == "undecided"
    assert middle.margin == pytest.approx(0)
    assert middle.sure_margin < 0


def test_what_is_required(office: Path) -> None:
    scenario = sim.load(office)
    found = requirements_of(resolved_limits(scenario), {"window": 0.5}, Model(scenario).pools)
    assert [(each.name, each.kind, each.target) for each in found] == [
        ("three_days", "limit", 0.9),
        ("window", "wait", 0.5),
    ]


# --- the command -----------------------------------------------------------------------------


def command(*words: str):
    return CliRunner().invoke(app, ["staff", *words], catch_exceptions=False)


def test_the_command(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = command(str(office), "-n", "10", "--json", "--out", str(out), "--format", "csv")
    assert told.exit_code == 0
    data = json.loads(told.stdout)
    assert data["outcome"] == "found"
    assert data["heads"] == sum(data["plan"].values())
    assert json.loads((out / "summary.json").read_text("utf-8")) == data
    assert {file.stem for file in out.glob("*.csv")} == {
        "staff", "verdicts", "frontier", "marginal",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report(office: Path, lang: str) -> None:
    told = command(str(office), "-n", "10", "--wait", "window=8h", "--lang", lang)
    assert told.exit_code == 0
    assert "{" not in told.stdout.replace("{from", "")
    assert ("Fewest" if lang == "en" else "最少") in told.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--group", "clerk"), "did you mean 'clerks'?"),
        (("--min", "clerks"), "must be NAME=VALUE"),
        (("--min", "clerks=two"), "must be a whole number"),
        (("--min", "clerks=5", "--max", "clerks=2"), "--min lies above --max"),
        (("--cost", "clerks=0"), "must be above 0"),
        (("--wait", "windows=5min"), "did you mean 'window'?"),
        (("--wait", "window=5"), "must be a number and a unit"),
        (("--wait", "window=1wd"), "round the clock"),
        (("--busy", "1.5"), "at most 1"),
    ],
)
def test_what_cannot_be_meant(office: Path, words, message: str) -> None:
    told = command(str(office), *words)
    assert told.exit_code == 2
    assert message in told.stderr


def test_nothing_to_keep(tmp_path: Path) -> None:
    told = command("textbook/mm3")
    assert told.exit_code == 2
    assert "nothing to keep" in told.stderr


@pytest.mark.study
def test_yingkou() -> None:
    """The plan holds on fresh random numbers, and has no more officers than today."""
    found = sim.staff(sim.load("yingkou/base"))
    assert found.outcome == "found"
    assert sum(found.plan) <= sum(found.today)
    assert not found.rejected or len(found.rejected) < 3
    variant = sim.vary(found.scenario, settings=found.settings)
    assert sim.run(variant, until="decided", seed=20, keep="summary").all_hold
