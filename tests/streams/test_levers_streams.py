"""No lever of the policy changes a draw that it does not touch.

`levers.yaml` is base with what the levers need, every one off: the same cases, item by item. With a
lever on, whatever is drawn under a name that both have is the same draw. The levers tested are all
that `levers.yaml` names, and it must name every lever of `handling`: what is stated below of single
levers are the exceptions.
"""

from __future__ import annotations

from functools import cache
from typing import get_args

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.demand.course import CaseDraws
from sim.process.graph import Node
from sim.replications.model import Model
from sim.scenario import load
from sim.scenario.files.library import library_folder
from sim.scenario.schema.model import Handling
from sim.streams import Streams
from tests.build.city import draws
from tests.build.stories import Story

SHORT = (
    "period.start=2021-01-04",
    "period.window={from: 2021-03-01, to: 2021-04-30}",
    "period.run_out=120 cd",  # one for all levers: a longer one would add cases
)
FILE = library_folder() / "yingkou" / "levers.yaml"
LEVERS = tuple(YAML(typ="safe").load(FILE.read_text("utf-8"))["overrides"])
CASE_TYPES = ("project", "startup")
VISIT = {"QSS/verification", "QSS/rectification", "QSS/verification/2"}


@cache
def model(name: str = "yingkou/levers", *lever: str) -> Model:
    return Model(load(name, overrides=lever, settings=SHORT))


@cache
def story(name: str = "yingkou/levers", *lever: str) -> Story:
    of = model(name, *lever)
    return Story(of, of.replicate(1, 0))


def cases(*lever: str, name: str = "yingkou/levers"):
    return draws(story(name, *lever), CASE_TYPES)


def test_every_lever_of_the_program_is_among_them():
    off = load("yingkou/levers").handling
    alone: dict[str, set[object]] = {lever: set() for lever in Handling.__annotations__}
    for name in LEVERS:
        on = load("yingkou/levers", overrides=(name,)).handling
        changed = {each for each in alone if getattr(on, each) != getattr(off, each)}
        if len(changed) == 1:
            lever = changed.pop()
            alone[lever].add(getattr(on, lever))
    assert [lever for lever, values in alone.items() if not values] == []
    forms = set(get_args(Handling.model_fields["delegation"].annotation))
    assert alone["delegation"] | {"none"} == forms


def test_all_off_is_base():
    """But for the one step that base does not have: the visit that build-first would move."""
    base = cases(name="yingkou/base")
    assert len(base) > 500
    off = cases()
    assert sum(any("QSS/verif" in step for step in each[3]) for each in off.values()) > 50
    without = {
        key: (*rest, {name: a for name, a in amounts.items() if name not in VISIT})
        for key, (*rest, amounts) in off.items()
    }
    assert without == base
    gone = "case_types.project.matters.QSS.verification=null"
    none = Model(load("yingkou/levers", settings=(*SHORT, gone))).replicate(1, 0)
    assert np.array_equal(none.schedule.end, story("yingkou/base").replication.schedule.end)


@pytest.mark.parametrize("lever", ["ignore_deemed_acceptance", "extension"])
def test_some_levers_change_how_clocks_and_limits_are_read_and_nothing_else(lever):
    off, on = story().replication, story("yingkou/levers", lever).replication
    assert np.array_equal(on.demand.workload.amount, off.demand.workload.amount)
    assert np.array_equal(on.schedule.end, off.schedule.end)


# --- by the name of the stream -------------------------------------------------------------------


class _Recorder(CaseDraws):
    """Notes what each stream gave."""

    def note(self, graph) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {}
        for node in graph.nodes:
            self.takes_place(node)
            for stop in node.stops:
                self.uniform(stop.stream)
                self.holds(stop.gates)
            for term in node.terms:
                found[term.stream] = self.sampler_of(term)(self.streams(term.stream), self.n)
        return found | self._uniform


@cache
def by_stream(*lever: str) -> dict[str, np.ndarray]:
    """Return what 50 cases draw from every stream of every graph."""
    n, found = 50, {}
    for source in model("yingkou/levers", *lever).demand._types:
        values = source.frame.attribute_values
        attributes = {
            name: (values[name], (np.arange(n) % len(values[name])).astype(np.int32))
            for name in values
        }
        recorder = _Recorder(Streams(1, 0), n, attributes, source.sampler_of)
        found |= recorder.note(source.graph)
    return found


DELEGATED = {
    f"project/{matter}/{step}": 1.2
    for matter in ("LUP", "CPP")
    for step in ("review/handle", "decision")
}
RESCALED = {
    **dict.fromkeys(("devolved", "authorised", "entrusted"), DELEGATED),
    "area_assessment": {f"project/EIA/{step}": 0.4 for step in ("review/handle", "decision")},
    # before a meeting a co-review is a preparation
    "joint_meeting": {
        f"project/DES/co_review/{other}": 0.5
        for other in ("housing", "civil_defence", "water", "greening")
    },
}
"""What a lever makes longer or shorter: the same draw, times a factor."""
RESCALED["everything"] = RESCALED["devolved"] | RESCALED["area_assessment"]


@pytest.mark.parametrize("lever", LEVERS)
def test_what_is_drawn_under_the_same_name_is_the_same_draw(lever):
    off, on = by_stream(), by_stream(lever)
    shared = off.keys() & on.keys()
    assert {"project/DES/check", "project/DES/rounds", "startup/REG/review/verify"} <= shared
    assert {"project/CP/refused", "project/DES/special/expert_review/held"} <= shared
    factors = RESCALED.get(lever, {})
    assert factors.keys() <= shared
    for name in shared:
        expected = off[name] * factors.get(name, 1.0)
        np.testing.assert_allclose(on[name], expected, rtol=1e-12, atol=0, err_msg=name)


ADDED = {
    "conditional": ("minor", "lapsed"),
    "commitment": ("commit", "violation", "revoked"),
    "build_first": ("verification/due",),  # and what follows it has its old name
    **dict.fromkeys(("devolved", "authorised", "entrusted"), ("again", "erroneous")),
    "assisted": ("assistance",),
    "joint_meeting": ("DES/meeting",),
    "counters": ("trip",),
    "startup_apart": ("trip",),
}
"""What is drawn with the lever alone: a part of the name of each stream."""
TOGETHER = ("conditional", "commitment", "build_first", "devolved", "assisted")
ADDED["everything"] = tuple(word for lever in TOGETHER for word in ADDED[lever])
NO_PAPERS = ("LUP/transfer", "CPP/transfer")
GONE = {
    **dict.fromkeys(("devolved", "authorised", "entrusted", "stationed"), NO_PAPERS),
    "area_assessment": ("project/WSC/",),
    # of `everything` the assessment vanishes, so that nobody commits himself to it
    "everything": ("project/WSC/", *NO_PAPERS),
    "counters": ("transfer",),
    "startup_apart": ("transfer",),
}
"""What is no longer drawn."""


@pytest.mark.parametrize("lever", LEVERS)
def test_what_a_lever_adds_and_takes_away(lever):
    off, on = by_stream(), by_stream(lever)
    for names, words in ((on.keys() - off.keys(), ADDED), (off.keys() - on.keys(), GONE)):
        assert {name for name in names if not any(w in name for w in words.get(lever, ()))} == set()


# --- case by case --------------------------------------------------------------------------------


TOUCHED = {
    # a stage's correction is as long as the slowest of what still blocks it
    "conditional": ("/correction", "/check"),
    **dict.fromkeys(("devolved", "authorised", "entrusted"), ("LUP/", "CPP/")),
    # nothing of WSC in the stage of the assessments
    "area_assessment": ("EIA/", "assessment/"),
    # fewer rounds: fewer papers of which to look at a second time
    "assisted": ("/correction", "/check/"),
    "joint_meeting": ("DES/co_review/",),
}
"""Steps that both have, and that are not the same."""
ONLINE = {"online", "everything"}
"""Half of the cases come at another hour, and so in another order."""


@pytest.mark.parametrize("lever", LEVERS)
def test_cases_and_untouched_steps_stay_as_they_were(lever):
    off, on = cases(), cases(lever)
    if lever in ONLINE:
        dates = [sorted(each[0] // 86_400 for each in found.values()) for found in (off, on)]
        assert dates[0] == dates[1]
        return
    assert on.keys() == off.keys()
    same = 0
    for case, (arrival, attributes, _, amounts) in on.items():
        assert (arrival, attributes) == off[case][:2]
        for name in amounts.keys() & off[case][3].keys():
            if not any(part in name for part in TOUCHED.get(lever, ())):
                assert amounts[name] == off[case][3][name], (case, name)
                same += 1
    assert same > 3000


@pytest.mark.parametrize("lever", LEVERS)
def test_a_case_type_whose_process_the_lever_leaves_alone_has_the_very_same_cases(lever):
    """With all that is drawn for them: outcomes, and which steps they go through."""
    off, on = (model("yingkou/levers", *names).process.graphs for names in ((), (lever,)))
    for kind, (before, after) in enumerate(zip(off, on, strict=True)):
        if before == after:
            name = CASE_TYPES[kind]
            assert before.case_type == name
            one, other = (draws(story("yingkou/levers", *of), (name,)) for of in ((), (lever,)))
            assert one == other
    assert (off == on) == (lever in {"ignore_deemed_acceptance", "extension", "short_handed"})


def test_online_cases_keep_their_date_and_all_their_draws():
    """Told apart by their attributes and amounts: who comes online comes at another hour."""
    plain, online = story().replication.demand, story("yingkou/levers", "online").replication
    demand = online.demand
    channel = demand.attribute_values["channel"]
    is_online = demand.attributes["channel"] == channel.index("online")
    assert is_online.mean() == pytest.approx(0.5, abs=0.06)
    at = {}
    for name, each in (("off", plain), ("on", demand)):
        source = (story() if name == "off" else story("yingkou/levers", "online")).model
        for kind, case_type in enumerate(source.process.case_types):
            check = {"project": "filing/check", "startup": "startup/check"}[case_type]
            first = each.workload.first_item
            names = [source.process.nodes[node].name for node in each.node]
            for case in np.flatnonzero(each.case_type == kind):
                item = names.index(check, first[case], first[case + 1])
                # to the second, with the date: hardly any two cases are alike
                day = int(each.workload.arrival_s[case]) // 86_400
                zone = int(each.attributes["zone"][case])
                key = (case_type, day, zone, int(each.workload.amount[item]))
                at.setdefault(key, {}).setdefault(name, []).append(case)
    alone = [v for v in at.values() if {k: len(c) for k, c in v.items()} == {"off": 1, "on": 1}]
    assert len(alone) > 0.95 * len(plain.case_type)
    moved = 0
    for pair in alone:
        a, b = pair["off"][0], pair["on"][0]
        same_time = plain.workload.arrival_s[a] == demand.workload.arrival_s[b]
        assert same_time or is_online[b]
        moved += not same_time
    assert moved > 0.45 * len(alone)


def test_switching_all_on_and_off_again_is_base():
    settings = (
        *SHORT,
        "handling.online_share=0.0",
        "handling.delegation=none",
        *(
            f"handling.{name}=false"
            for name in [
                "conditional_acceptance",
                "commitment",
                "build_first",
                "area_assessment",
                "assisted_service",
                "tacit_consent",
                "ignore_deemed_acceptance",
            ]
        ),
    )
    again = Model(load("yingkou/levers", overrides=("everything",), settings=settings))
    assert draws(Story(again, again.replicate(1, 0)), CASE_TYPES) == cases()


def test_no_two_durations_share_a_stream():
    """A stream has one sampler: two distributions under one name would be one, unnoticed."""
    for lever in ("everything", "commitment", "conditional", "build_first"):
        for graph in model("yingkou/levers", lever).process.graphs:
            known: dict[str, object] = {}
            nodes: tuple[Node, ...] = graph.nodes
            for node in nodes:
                for term in node.terms:
                    assert known.setdefault(term.stream, term.distribution) == term.distribution
