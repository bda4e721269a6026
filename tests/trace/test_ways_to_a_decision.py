"""Delegation and commitment for some cases only, and the green lane: minutes by hand.

The matters of `three_matters`, around the clock. Cases are of kind x unless a test says otherwise.
"""

import numpy as np
import pytest

from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.stories import run, scenario
from tests.build.three_matters import LEVERS, PARALLEL_WINDOW, handling, matters

KIND_Y = "case_types: {project: {attributes: {kind: {shares: {x: 0.0, y: 1.0}}}}}"
HALVES = """
case_types:
  project:
    arrivals: {at: [0 min, 1000 min, 2000 min, 3000 min, 4000 min, 5000 min, 6000 min, 7000 min]}
    attributes: {kind: {shares: {x: 0.5, y: 0.5}}}
"""

# --- delegation for some zones -------------------------------------------------------------------

DEVOLVED = matters(A="delegation: {devolved: {pool: officers, effort: 2.0, if: {kind: x}}}")
ZONES = handling(delegation="devolved")


def test_who_has_the_power_decides_without_papers_on_their_way():
    times = run(LEVERS, DEVOLVED, ZONES).minutes()
    assert times["A/devolved/review/handle"] == (23, 143)  # no transfer, twice as long
    assert times["A/devolved/decision"] == (143, 153)
    assert "A/transfer_out" not in times
    assert "A/transfer_back" not in times
    assert times["B/decision"] == PARALLEL_WINDOW["B/decision"]
    assert times["two/intake"] == (153, 183)
    assert times["one/delivery"] == (163, 165)  # B is back at 163


def test_the_department_decides_the_others():
    assert run(LEVERS, KIND_Y, DEVOLVED, ZONES).minutes() == PARALLEL_WINDOW


def test_a_condition_that_all_meet_is_none():
    everybody = matters(
        A="delegation: {devolved: {pool: officers, effort: 2.0, if: {kind: [x, y]}}}"
    )
    without = matters(A="delegation: {devolved: {pool: officers, effort: 2.0}}")
    assert run(LEVERS, everybody, ZONES).table() == run(LEVERS, without, ZONES).table()


GROUPS = "case_types: {project: {attributes: {kind: {groups: {high: [x], all: [x, y]}}}}}"
"""The tiers of zones, such as those to which a power is devolved."""
HIGH = matters(A="delegation: {devolved: {pool: officers, effort: 2.0, if: {kind: high}}}")


def test_a_group_stands_for_its_values():
    one, other = scenario(LEVERS, GROUPS, HIGH, ZONES), scenario(LEVERS, GROUPS, DEVOLVED, ZONES)
    ways = [of.case_types["project"].matters["A"].delegation["devolved"] for of in (one, other)]
    assert ways[0].when == {"kind": ("x",)}
    assert ways[1].when == {"kind": "x"}
    assert run(LEVERS, GROUPS, HIGH, ZONES).table() == run(LEVERS, DEVOLVED, ZONES).table()


def test_who_rises_has_the_powers_of_the_tier():
    """One change of the tier, and none of the rule, gives y the power."""
    risen = "case_types: {project: {attributes: {kind: {groups: {high: [x, y]}}}}}"
    assert run(LEVERS, KIND_Y, GROUPS, HIGH, ZONES).minutes() == PARALLEL_WINDOW
    times = run(LEVERS, KIND_Y, GROUPS, HIGH, ZONES, risen).minutes()
    assert times["A/decision"] == (143, 153)


def test_groups_stand_in_the_conditions_of_limits_and_beside_values():
    limit = "limits: {l: {case_type: project, limit: 1 wd, if: {kind: [y, high]}}}"
    assert scenario(LEVERS, GROUPS, limit).limits["l"].when == {"kind": ("y", "x")}
    every, both = (
        run(LEVERS, GROUPS, matters(A=f"if: {{kind: {of}}}")) for of in ("all", "[x, y]")
    )
    assert every.table() == both.table()


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ("{high: [z]}", "'z' has no share"),
        ("{x: [x]}", "'x' is a value itself"),
        ("{high: []}", "'high' has no values"),
        ("{high: x}", "must be a list"),
    ],
)
def test_wrong_groups_are_told(groups, words):
    with pytest.raises(ScenarioError, match=words):
        scenario(LEVERS, GROUPS.replace("{high: [x], all: [x, y]}", groups))


def test_each_case_goes_the_way_of_its_kind():
    """No draw of the others changes, and each goes exactly one way."""
    off, on = run(LEVERS, HALVES, DEVOLVED), run(LEVERS, HALVES, DEVOLVED, ZONES)
    kind = on.demand.attributes["kind"]
    assert set(kind.tolist()) == {0, 1}
    for case, code in enumerate(kind.tolist()):
        names = on.items(case)
        assert ("A/devolved/decision" in names) == (code == 0)
        assert ("A/decision" in names) == (code == 1)
        if code == 1:
            assert on.table(case) == off.table(case)


def test_the_others_wait_for_the_review_of_a_delegation_with_errors():
    errors = matters(
        A="delegation: {devolved: {pool: officers, error: 1.0, if: {kind: x}}}",
    )
    times = run(LEVERS, errors, ZONES).minutes()
    assert times["A/devolved/review/handle/again"] == (83, 143)
    assert run(LEVERS, KIND_Y, errors, ZONES).minutes() == PARALLEL_WINDOW


# --- commitment by an attribute -------------------------------------------------------------------

COMMITS = """
case_types:
  project:
    matters:
      A:
        commitment:
          if: {kind: x}
          work: 3 min
          verification: {pool: officers, work: 40 min, after: {constant: 1 wd}}
handling: {commitment: true}
"""


def test_who_commits_himself_is_decided_at_once_and_verified_later():
    times = run(LEVERS, COMMITS).minutes()
    assert times["A/commitment"] == (30, 33)
    assert "A/review/handle" not in times
    # the office's work comes later: a day after the decision
    assert times["A/commitment/verification/due"] == (33, 33 + 1440)
    assert times["A/commitment/verification"] == (1473, 1513)
    assert times["two/intake"] == (33, 63)


def test_who_does_not_is_reviewed_in_full():
    assert run(LEVERS, KIND_Y, COMMITS).minutes() == PARALLEL_WINDOW


def test_a_commitment_within_a_delegation_goes_to_the_pool_of_its_way():
    times = run(LEVERS, DEVOLVED, COMMITS, "handling: {delegation: devolved}").minutes()
    assert times["A/devolved/commitment"] == (23, 29)  # 3 minutes, twice as long


# --- first place in the queues --------------------------------------------------------------------

LANE = """
pools: {officers: {rule: priority}}
staff: {officers: {count: 1}}
case_types:
  project:
    arrivals: {at: [0 min, 1 min]}
    more_arrivals: {key: {at: [2 min], attributes: {kind: y}}}
    effects: [{if: {kind: y}, priority: -1}]
    matters: {B: null, C: null}
    stages: {two: null}
"""


def test_who_goes_first_is_begun_before_those_who_wait_but_not_before_what_is_begun():
    # accepted 11 minutes after each arrival, 7 minutes on their way: reviews ready at 18, 19, 20
    story = run(LEVERS, LANE)
    reviews = [story.minutes(case)["A/review/handle"] for case in range(3)]
    decided = [story.minutes(case)["A/decision"] for case in range(3)]
    # the first is in hand at 18; then the key project, review and decision; then the rest by time
    assert reviews[0] == (18, 78)
    assert (reviews[2], decided[2]) == ((78, 138), (138, 143))
    assert (reviews[1], decided[0]) == ((143, 203), (203, 208))
    assert decided[1] == (208, 213)


def test_in_a_queue_that_goes_by_time_it_changes_nothing():
    lane, none = (
        run(LEVERS, LANE, "pools: {officers: {rule: fifo}}", effect)
        for effect in ("name: with", "case_types: {project: {effects: []}}")
    )
    assert [lane.table(case) for case in range(3)] == [none.table(case) for case in range(3)]


def test_first_place_is_a_gain_for_some_and_a_price_for_others():
    """One officer: the work done is the same, so what the key project gains the others lose."""
    lane = run(LEVERS, LANE)
    plain = run(LEVERS, LANE, "case_types: {project: {effects: []}}")
    waits = [
        np.array([story.minutes(case)["A/review/handle"][0] for case in range(3)])
        for story in (lane, plain)
    ]
    assert waits[0][2] < waits[1][2]
    assert waits[0][:2].sum() > waits[1][:2].sum()


def test_both_engines_follow_the_class_of_the_case():
    model = Model(scenario(LEVERS, LANE))
    one, other = (model.replicate(1, 0, engine=engine).schedule for engine in ("compiled", "simpy"))
    assert np.array_equal(one.start, other.start)
    assert np.array_equal(one.end, other.end)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            matters(A="delegation: {devolved: {pool: officers, if: {kind: x, kin: y}}}"),
            "names a single attribute",
        ),
        (matters(A="delegation: {devolved: {pool: officers, if: {kind: z}}}"), "no 'z' here"),
        (
            COMMITS.replace("if: {kind: x}", "if: {kind: x}\n          taken_by: 0.5"),
            "give 'if' or",
        ),
        ("case_types: {project: {effects: [{if: {kind: x}, priority: 0}]}}", "changes nothing"),
    ],
)
def test_what_is_refused(text, words):
    with pytest.raises(ScenarioError, match=words):
        scenario(LEVERS, text)


def test_a_pool_of_the_zones_needs_officers_where_the_power_is():
    zones = """
    pools: {zone: {per: kind}}
    staff: {zone: {serves: [zone], count: {x: 1}, hours: always}}
    case_types:
      project:
        attributes: {kind: {shares: {x: 0.5, y: 0.5}}}
        matters: {A: {delegation: {devolved: {pool: zone, if: {kind: VALUES}}}}}
    handling: {delegation: devolved}
    """
    assert run(LEVERS, zones.replace("VALUES", "x"))
    with pytest.raises(ScenarioError, match="no officer serves it for y"):
        scenario(LEVERS, zones.replace("VALUES", "[x, y]"))
    elsewhere = "case_types: {project: {matters: {B: {review: {handle: {pool: zone, work: 1 h}}}}}}"
    with pytest.raises(ScenarioError, match="no officer serves it for y"):
        scenario(LEVERS, zones.replace("VALUES", "x"), elsewhere)
