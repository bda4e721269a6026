"""What is drawn for open cases, and that it disturbs no other draw."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest

from sim.engine.contract import NO_LIMIT
from sim.engine.deadlines import Deadlines
from sim.process.graph import Mark
from sim.replications.model import Model
from tests.build.backlogs import GENERATED, HAND, as_csv, generated, simulated, written


def test_a_backlog_changes_no_draw_of_a_case_that_arrives(tmp_path):
    without = Model(generated(tmp_path)).demand.draw(1, 0)
    with_one = Model(generated(tmp_path, GENERATED)).demand.draw(1, 0)
    cases = len(with_one.case_type) - len(without.case_type)
    assert cases == 100
    items = int(with_one.workload.first_item[cases])
    assert items > 0
    for of_cases in ("arrival_s", "limit_wd", "measured"):
        mine = getattr(with_one.workload, of_cases)[cases:]
        assert np.array_equal(mine, getattr(without.workload, of_cases))
    for of_items in ("pool", "amount", "delay_rule", "priority", "counted", "starts_clock"):
        mine = getattr(with_one.workload, of_items)[items:]
        assert np.array_equal(mine, getattr(without.workload, of_items)), of_items
    assert np.array_equal(with_one.node[items:], without.node)
    assert np.array_equal(with_one.marks[items:], without.marks)
    assert np.array_equal(with_one.outcome[cases:], without.outcome)
    links = int(with_one.workload.pred_ptr[items])
    assert np.array_equal(with_one.workload.pred[links:] - items, without.workload.pred)
    for name, codes in without.attributes.items():
        assert np.array_equal(with_one.attributes[name][cases:], codes)
    # and the engine gives them the same due days
    assert with_one.workload.due_wd is not None
    assert (without.workload.limit_wd != NO_LIMIT).any()
    dues, expected = (
        [*map(Deadlines(workload).due, workload.first_item[:-1].tolist(), repeat(0))]
        for workload in (with_one.workload, without.workload)
    )
    assert dues[cases:] == expected


def test_draws_of_the_backlog_are_not_those_of_arriving_cases(tmp_path):
    demand = Model(generated(tmp_path, GENERATED)).demand.draw(1, 0)
    name = [node.name for node in Model(generated(tmp_path)).process.nodes]
    review = np.array([name[node] == "A/review/handle" for node in demand.node])
    was_open = demand.case < 100
    mine, other = (demand.workload.amount[review & which] for which in (was_open, ~was_open))
    assert len(mine) == 60
    assert not np.array_equal(mine[: len(other)], other[: len(mine)])


def test_a_generated_backlog_has_the_groups_that_are_asked_for(tmp_path):
    model, done = simulated(generated(tmp_path, GENERATED))
    open_cases = done.demand.backlog["project"]
    group = np.array([int(name.split("-")[1]) for name in open_cases.name])
    assert np.bincount(group).tolist() == [0, 40, 30, 20]
    age = open_cases.past.count(open_cases.submitted_s // 86_400)
    assert age[group == 1].min() >= 3
    assert age[group == 1].max() <= 11  # parts of a day are cut off
    assert age[group == 3].tolist() == [2] * 20
    kind = done.demand.attributes["kind"][open_cases.case]
    assert set(kind[group == 1]) == {done.demand.attribute_values["kind"].index("x")}
    assert len(set(kind[group == 2])) == 2
    # Clocks run as long as the case is old, where it has been accepted.
    started = open_cases.started(None, by_acceptance=True, deemed=True)
    used = open_cases.used_wd("promised", started)
    assert np.array_equal(used[group != 3], age[group != 3])
    assert used[group == 3].tolist() == [0] * 20
    # A is done for those that have come to B, and B is accepted: one step is left, and delivery.
    left = np.diff(done.demand.workload.first_item)[open_cases.case]
    assert set(left[group == 2]) == {2}
    assert np.array_equal(np.diff(open_cases.submitted_s) >= 0, np.ones(89, bool))
    assert simulated(generated(tmp_path, GENERATED))[1].schedule.end.tolist() == (
        done.schedule.end.tolist()
    )
    other = model.demand.draw(1, 1).backlog["project"]
    assert not np.array_equal(other.submitted_s, open_cases.submitted_s)


@pytest.mark.parametrize("groups", ["[]", "[{count: 0, at: A, age: 1 wd}]"])
def test_a_backlog_may_be_empty(groups, tmp_path):
    none = f"backlog: {{generate: {{project: {groups}}}}}"
    _, done = simulated(generated(tmp_path, none))
    without = Model(generated(tmp_path)).replicate(1, 0)
    assert np.array_equal(done.schedule.end, without.schedule.end)


def test_what_is_known_of_corrections_is_not_left_to_chance(tmp_path):
    # Half the cases are sent back, and each time half of these again, at most three times.
    kinds = {
        "first": {"under_way": "one/correction=2021-09-22 10:00"},
        "second": {"under_way": "one/correction/2=2021-09-22 10:00"},
        "again": {"done": "one/check/2", "under_way": "one/correction/2=2021-09-22 10:00"},
        "waiting": {"done": "one/correction"},
        "in_order": {"done": "one/check;A/review/handle", "accepted": "one=2021-09-17"},
    }
    row = {"case_type": "project", "submitted": "2021-09-16"}
    rows = [row | kinds[k] | {"case": f"{k}{i}"} for k in kinds for i in range(300)]
    settings = [
        "case_types.project.matters.A.correction={probability: 0.5, again: 0.5}",
        "case_types.project.matters.A.review_correction={probability: 0.5, turnaround: 1 h}",
    ]
    model = Model(written(tmp_path, as_csv(rows), HAND, settings=settings))
    demand = model.demand.draw(1, 0)
    names = [node.name for node in model.process.nodes]
    found: dict[str, list[set[str]]] = {k: [] for k in kinds}
    for case, name in zip(
        demand.backlog["project"].case, demand.backlog["project"].name, strict=True
    ):
        first, last = demand.workload.first_item[case : case + 2]
        items = range(first, last)
        found[name.rstrip("0123456789")].append({names[demand.node[i]] for i in items})
        accepted = [names[demand.node[i]] for i in items if demand.marks[i] & Mark.ACCEPTANCE]
        assert len(accepted) == (1 if name.startswith("in_order") else 2)  # stage two; stage one
    assert all({"one/correction", "one/check/2"} <= each for each in found["first"])
    assert all("one/check" not in each for each in found["first"])
    assert all({"one/correction/2", "one/check/3"} <= each for each in found["second"])
    assert all(not {"one/correction", "one/check/2"} & each for each in found["second"])
    assert all({"one/correction/2", "one/check/3"} <= each for each in found["again"])
    assert all(not {"one/correction", "one/check/2"} & each for each in found["again"])
    assert all("one/check/2" in each and "one/correction" not in each for each in found["waiting"])
    # A review that was done without a correction was in order.
    assert not any("review" in step for step in set().union(*found["in_order"]))
    assert any("A/review_correction" in each for each in found["first"])
    for kind, further in (
        ("first", "one/correction/2"),
        ("second", "one/correction/3"),
        ("again", "one/correction/3"),
        ("waiting", "one/correction/2"),
    ):
        share = sum(further in each for each in found[kind]) / 300
        assert 0.4 < share < 0.6, kind  # 0.5 ± 3.5 standard errors of 0.029


def test_a_random_delay_under_way_is_longer_than_what_has_passed(tmp_path):
    row = {"case_type": "network", "submitted": "2021-09-20 09:00", "done": "a"}
    row |= {"under_way": "b=2021-09-20 10:00"}
    rows = [row | {"case": f"c{i}"} for i in range(400)]
    # Memoryless: of an exponential delay, what is left is as long as it was at first.
    settings = ["case_types.network.steps.b.delay={constant: null, exponential: 3 cd}"]
    demand = Model(written(tmp_path, as_csv(rows), HAND, settings=settings)).demand.draw(1, 0)
    left = demand.workload.amount[demand.workload.pool < 0]
    assert len(left) == 400
    assert (left > 0).all()
    assert 2.4 < left.mean() / 86_400 < 3.6  # 3 ± 4 standard errors of 0.15


def test_what_has_happened_can_happen(tmp_path):
    # No case is ever sent back, and no expert is ever asked; but it did happen.
    kinds = {
        "corrected": "one/correction=2021-09-22 10:00",
        "reviewed": "A/review_correction=2021-09-22 10:00",
        "examined": "A/special/expert=2021-09-22 10:00",
    }
    row = {"case_type": "project", "submitted": "2021-09-16"}
    accepted = {"accepted": "one", "accepted_on": "2021-09-17"}
    rows = [
        row | ({} if kind == "corrected" else accepted) | {"case": f"{kind}{i}", "under_way": step}
        for kind, step in kinds.items()
        for i in range(400)
    ]
    of_a = "case_types.project.matters.A"
    settings = [
        f"{of_a}.correction={{probability: 0, again: 0.5}}",
        f"{of_a}.review_correction={{probability: 0, again: 0.5, turnaround: 1 h}}",
        f"{of_a}.special={{expert: {{probability: 0, delay: {{constant: 2 wd}}}}}}",
    ]
    model = Model(written(tmp_path, as_csv(rows), HAND, settings=settings))
    demand = model.demand.draw(1, 0)
    names = np.array([node.name for node in model.process.nodes])
    steps = {
        name: set(names[demand.node[demand.case == case]])
        for case, name in zip(
            demand.backlog["project"].case, demand.backlog["project"].name, strict=True
        )
    }
    for kind, step in kinds.items():
        own = step.partition("=")[0]
        assert all(own in each for name, each in steps.items() if name.startswith(kind))
        assert not any(own in each for name, each in steps.items() if not name.startswith(kind))
    for kind, again in (("corrected", "one/correction/2"), ("reviewed", "A/review_correction/2")):
        share = sum(again in each for name, each in steps.items() if name.startswith(kind)) / 400
        assert 0.4 < share < 0.6, kind  # 0.5 ± 4 standard errors of 0.025


def test_what_a_case_may_lack_goes_with_what_is_stated(tmp_path):
    # B, which half the cases have, is accepted together with A, and done where C is.
    more = """
        case_types:
          project:
            matter_defaults: {decision: {pool: handlers, work: 1 h}}
            matters:
              B: {stage: one, if: {kind: y}}
              C: {department: water, stage: two, requires: [B]}
              D: {department: water, stage: two}
    """
    row = {"case_type": "project", "submitted": "2021-09-13", "accepted_on": "2021-09-15"}
    kinds = {"accepted": {"accepted": "A"}, "done": {"done": "A;C"}}
    rows = [row | kinds[k] | {"case": f"{k}{i}"} for k in kinds for i in range(40)]
    brought = (
        Model(written(tmp_path, as_csv(rows), HAND, more)).demand.draw(1, 0).backlog["project"]
    )
    b = brought.matters.index("B")
    has, done = ~brought.missing[:, b], np.char.startswith(brought.name, "done")
    assert 20 < has.sum() < 60
    assert set(brought.running[has, b]) == {-8}  # 15 September
    assert np.array_equal(brought.decided[:, b], has & done)
