"""Time of each owner, with and without a department, stands in the row of the right party."""

from __future__ import annotations

import pytest

import sim
from sim.measures.days import by_department
from sim.process.graph import Owner
from sim.report.labels import Labels
from sim.report.run.notes import scenario_notes
from tests.build.stories import run, scenario

OWNERS = ("authority", "applicant", "third_party", "special", "publicity")

POST = """
name: Post
calendar: {country: weekdays}
period: {start: 2024-03-04, window: 2024-03-04, run_out: 30 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
departments: {hall: {label: {en: Hall, zh: 大厅}}}
pools: {desk: {department: hall}, shelf: {label: {en: Shelf, zh: 架}}}
staff: {s: {serves: [desk, shelf], count: 1, hours: office}}
case_types:
  c:
    arrivals: {at: [2024-03-04 09:00:00]}
    steps:
      w: {pool: desk, work: 1 h}
      post: {after: [w], delay: {constant: 5 wd}}
      x: {after: [post], pool: desk, work: 1 h}
limits: {three: {case_type: c, limit: 3 wd, clock: gross_span}}
"""


def accounts(*more: str) -> dict[str, float]:
    """Return account → working days of the late case on its critical branch."""
    result = sim.run(scenario(POST, *more), replications=1)
    return {name: round(days, 3) for name, days in result.late_days("three", "department").items()}


@pytest.mark.parametrize("owner", OWNERS)
def test_a_delay_without_a_department_is_its_owners(owner):
    """Monday 9-10 work, then five working days on the way until Monday 10:00, then 10-11 work."""
    found = accounts(f"case_types: {{c: {{steps: {{post: {{owner: {owner}}}}}}}}}")
    assert found == {f"owner:{owner}": 5, "hall": round(2 / 24, 3)}


@pytest.mark.parametrize("owner", [owner for owner in OWNERS if owner != "applicant"])
def test_a_delay_with_a_department_is_the_departments(owner):
    more = f"case_types: {{c: {{steps: {{post: {{owner: {owner}, department: hall}}}}}}}}"
    assert accounts(more) == {"hall": round(5 + 2 / 24, 3)}


def test_a_step_on_the_way_back_may_name_a_department_too():
    rework = "{probability: 1, max_rounds: 1, via: {back: {delay: {constant: 1 wd}, DEPARTMENT}}}"
    steps = f"case_types: {{c: {{steps: {{x: {{rework: {rework}}}}}}}}}"
    # to and fro: 5 wd of post; 1 wd back; 3 h of work at the desk
    unnamed, named = "note: none given", "department: hall"
    work = round(3 / 24, 3)
    assert accounts(steps.replace("DEPARTMENT", unnamed)) == {"owner:authority": 6, "hall": work}
    back = accounts(steps.replace("DEPARTMENT", named))
    assert back == {"owner:authority": 5, "hall": round(1 + 3 / 24, 3)}


def test_work_without_a_department_is_its_pools():
    more = "case_types: {c: {steps: {post: {delay: null, pool: shelf, work: 40 h}}}}"
    result = sim.run(scenario(POST, more), replications=1)
    names = list(result.late_days("three", "department"))
    assert names == ["shelf", "hall"]
    assert [Labels(result.scenario, "zh").department(name) for name in names] == ["架", "大厅"]


def test_every_owner_has_a_row_with_a_name_of_its_own():
    labels = [Labels(scenario(POST), language) for language in ("en", "zh")]
    names = {by for owner in Owner for by in [_account(owner)]}
    assert names == {f"owner:{owner}" for owner in OWNERS}
    for shown in labels:
        assert len({shown.department(name) for name in names}) == len(OWNERS)
    assert labels[0].department("owner:authority") == "Authority, no department named"
    assert labels[1].department("owner:applicant") == "申请人"


def _account(owner: Owner) -> str:
    """Return the account of a delay that is changed to this owner."""
    from dataclasses import replace

    from sim.process.table import Process

    process = run(POST).model.process
    nodes = tuple(replace(node, owner=owner, department="") for node in process.graphs[0].nodes)
    graph = replace(process.graphs[0], nodes=nodes)
    ((name,),) = by_department(Process((graph,))).names
    return name


@pytest.mark.parametrize("name", ["project", "startup"])
def test_in_matters_only_the_applicants_time_has_no_department(name):
    process = sim.Model(sim.load("yingkou/levers")).process
    graph = next(graph for graph in process.graphs if graph.case_type == name)
    of_applicant = {Owner.APPLICANT, Owner.DEFERRED}
    assert {node.owner for node in graph.nodes if not node.department} <= of_applicant


def test_a_department_goes_with_a_delay_that_is_not_the_applicants():
    for steps, rule in (
        ("{w: {department: hall}}", "steps.w.department.*for a delay.*pool"),
        ("{post: {department: hal}}", "steps.post.department.*'hal'.*did you mean 'hall'"),
        ("{post: {owner: applicant, department: hall}}", "department.*no department's"),
    ):
        with pytest.raises(sim.ScenarioError, match=rule):
            scenario(POST, f"case_types: {{c: {{steps: {steps}}}}}")


def test_a_delay_of_the_authority_without_a_department_is_noted():
    (note,) = scenario_notes(scenario(POST), "en")
    assert "case_types.c: the authority's delays post name no department" in note
    for more in (
        "case_types: {c: {steps: {post: {department: hall}}}}",
        "case_types: {c: {steps: {post: {owner: third_party}}}}",
        "case_types: {c: {steps: {post: {delay: 0 min}}}}",
        "departments: null\npools: {desk: {department: null}}",
    ):
        assert not scenario_notes(scenario(POST, more), "en"), more
