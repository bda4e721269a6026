"""Steps that exclude each other: each case takes exactly one of a choice."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.replications.model import Model
from sim.report.run.notes import scenario_notes
from tests.build.backlogs import written
from tests.build.stories import scenario

CASES = 2000
ROADS = """
name: Roads
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-12-31}, run_out: 10 cd}
hours: {always: 24x7}
pools: {a: {}, b: {}, c: {}}
staff: {all: {serves: [a, b, c], count: 9, hours: always}}
case_types:
  t:
    arrivals: {every: {gap: 4 h, limit: 2000}}
    steps:
      a: {pool: a, work: 1 h}
      b: {pool: b, work: 1 h}
      c: {pool: c, work: 1 h}
      end: {after: [a, b, c], delay: 1 h}
    one_of: {road: {a: 0.2, b: 0.3, c: 0.5}}
"""


def taken(*more: str, seed: int = 1) -> dict[str, np.ndarray]:
    """Return step → [cases] whether the case takes it."""
    model = Model(scenario(ROADS, *more))
    demand = model.demand.draw(seed, 0)
    nodes = model.process.nodes
    result = {node.name: np.zeros(CASES, bool) for node in nodes}
    for number, node in enumerate(nodes):
        result[node.name][demand.case[demand.node == number]] = True
    return result


def one_of(text: str) -> str:
    return f"case_types: {{t: {{one_of: {{road: {text}}}}}}}"


def test_every_case_takes_exactly_one():
    steps = taken()
    assert (steps["a"].astype(int) + steps["b"] + steps["c"] == 1).all()
    assert steps["end"].all()
    for name, share in (("a", 0.2), ("b", 0.3), ("c", 0.5)):
        # binomial: three standard deviations, sqrt(p (1 - p) / 2000), are at most 0.034
        assert steps[name].mean() == pytest.approx(
            share, abs=3 * (share * (1 - share) / CASES) ** 0.5
        )


def test_none_is_the_share_of_cases_that_take_no_step():
    steps = taken(one_of("{c: 0.1, none: 0.4}"))
    count = steps["a"].astype(int) + steps["b"] + steps["c"]
    assert set(count.tolist()) == {0, 1}
    assert (count == 0).mean() == pytest.approx(0.4, abs=0.033)


def test_a_share_of_zero_and_one():
    steps = taken(one_of("{a: 0, b: 0, c: 1}"))
    assert steps["c"].all()
    assert not (steps["a"] | steps["b"]).any()


def test_shares_with_a_rounding_error_leave_no_gap():
    """0.06 + 0.57 + 0.37 is 0.9999999999999999 in floating point."""
    graph = Model(scenario(ROADS, one_of("{a: 0.06, b: 0.57, c: 0.37}"))).process.graphs[0]
    intervals = sorted((gate.low, gate.high) for node in graph.nodes for gate in node.gates)
    assert intervals[0][0] == 0.0
    assert intervals[-1][1] == 1.0
    assert [high for _, high in intervals[:-1]] == [low for low, _ in intervals[1:]]


def test_other_shares_move_only_the_cases_between_them():
    """Common random numbers: a larger share of a takes cases of b, and leaves the rest alone."""
    few, many = taken(), taken(one_of("{a: 0.25, b: 0.25}"))
    assert (few["a"] <= many["a"]).all()
    assert (few["c"] == many["c"]).all()
    assert many["a"].sum() > few["a"].sum()


def test_the_order_in_the_file_has_no_meaning():
    turned = ROADS.replace("{a: 0.2, b: 0.3, c: 0.5}", "{c: 0.5, a: 0.2, b: 0.3}")
    assert scenario(turned).sha256() == scenario(ROADS).sha256()
    first, second = (
        Model(scenario(ROADS)).demand.draw(1, 0),
        Model(scenario(turned)).demand.draw(1, 0),
    )
    assert first.node.tolist() == second.node.tolist()


def test_a_choice_changes_no_other_draw():
    work = "case_types: {t: {steps: {end: {delay: {exponential: 1 h}}}}}"
    with_it, without = (
        Model(scenario(ROADS, work, more)).demand.draw(1, 0)
        for more in ("about: as it is", "case_types: {t: {one_of: {road: null}}}")
    )
    last = [
        demand.workload.amount[demand.node == demand.node.max()] for demand in (with_it, without)
    ]
    assert last[0].tolist() == last[1].tolist()


def test_a_choice_may_depend_on_an_attribute():
    """Only cases with the attribute choose; the others take none."""
    attribute = "attributes: {kind: {shares: {x: 0.5, y: 0.5}}}"
    steps = ", ".join(f"{name}: {{if: {{kind: x}}}}" for name in "abc")
    found = taken(f"case_types: {{t: {{{attribute}, steps: {{{steps}}}}}}}")
    count = found["a"].astype(int) + found["b"] + found["c"]
    assert set(count.tolist()) == {0, 1}
    assert (count == 1).mean() == pytest.approx(0.5, abs=0.034)


def test_both_engines_and_all_checks():
    loaded = scenario(ROADS)
    results = [sim.run(loaded, replications=1, engine=engine) for engine in ("compiled", "simpy")]
    ends = [result.items["end"].tolist() for result in results]
    assert ends[0] == ends[1]
    assert not results[0].failed_checks


def test_an_open_case_stays_on_its_road(tmp_path):
    """A case that has done c, or waits in b, has chosen; also where the share is 0."""
    rows = "case,case_type,submitted,done,under_way\n" + "".join(
        f"{number},t,2023-12-31,{done},{under_way}\n"
        for number, (done, under_way) in enumerate(
            [("c", ""), ("", "b=2023-12-31 23:30"), ("", "")] * 40
        )
    )
    delay = "case_types: {t: {steps: {b: {pool: null, work: null, delay: 1 h}}}}"
    for shares in ("{}", "{a: 1, b: 0, c: 0}"):
        model = Model(written(tmp_path, rows, ROADS, delay, one_of(shares)))
        demand = model.demand.draw(1, 0)
        names = [node.name for node in model.process.nodes]
        carried = demand.backlog["t"]
        for case, name in zip(carried.case.tolist(), carried.name, strict=True):
            left = [names[node] for node in demand.node[demand.case == case]]
            kind = int(name) % 3
            if kind < 2:
                assert left == [["end"], ["b", "end"]][kind], (name, shares)
            else:
                assert len(left) == 2


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        (one_of("{c: 0.4}"), r"one_of\.road: the shares must add up to 1, not 0\.9; .*'none'"),
        (one_of("{c: null, x: 0.5}"), r"one_of\.road\.x.*no 'x' here; "),
        (one_of("{c: 50 %}"), r"one_of\.road\.c.*write 0\.5 for 50 %"),
        (
            "case_types: {t: {one_of: {way: {c: 0.5, none: 0.5}}}}",
            r"one_of\.way\.c: 'c' is in the choice 'road' already",
        ),
        (
            "case_types: {t: {steps: {c: {probability: 0.5}}}}",
            r"steps\.c\.probability: leave it out: one_of\.road",
        ),
        (one_of("{a: null, b: null, c: 1}"), r"one_of\.road: a choice is between two steps"),
        (
            "case_types: {t: {attributes: {k: {shares: {x: 1}}}, steps: {a: {if: {k: x}}}}}",
            r"one_of\.road: the steps a, b, c must have the same 'if'",
        ),
    ],
)
def test_a_choice_that_cannot_be(more, rule):
    with pytest.raises(sim.ScenarioError, match=rule):
        scenario(ROADS, more)


def chances(text: str) -> list[str]:
    """Return the notes on the steps with these probabilities, without a choice."""
    steps = f"case_types: {{t: {{one_of: {{road: null}}, steps: {text}}}}}"
    return scenario_notes(scenario(ROADS, steps), "en")


def test_chances_that_look_like_a_choice_are_noted():
    (note,) = chances("{a: {probability: 0.3}, b: {probability: 0.7}}")
    # 0.3 · 0.7 of the cases take both, and as many none
    assert "case_types.t: the probabilities of a, b add up to 1" in note
    assert "21 % of the cases take all of them, 21 % none" in note
    assert "'one_of'" in note


@pytest.mark.parametrize(
    "text",
    [
        "{a: {probability: 0.3}, b: {probability: 0.6}}",  # no choice
        "{a: {probability: 0.3}, b: {probability: 0.7, after: [a]}}",  # one after the other
        "{a: {probability: 1}, b: {probability: 0}}",  # certain
    ],
)
def test_other_chances_are_not_noted(text):
    assert not chances(text)


def test_an_open_case_has_not_taken_two_steps_of_a_choice(tmp_path):
    rows = "case,case_type,submitted,done\n1,t,2023-12-31,b;a\n2,t,2023-12-31,a\n"
    with pytest.raises(sim.ScenarioError) as error:
        Model(written(tmp_path, rows, ROADS))
    assert [str(problem) for problem in error.value.problems] == [
        "open.csv:2: done: 'b': a case takes one step of the choice 'road', not a as well"
    ]
