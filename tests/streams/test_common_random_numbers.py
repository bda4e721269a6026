"""Common random numbers by construction: what a stream is for decides its numbers, nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sim.replications.model import Model
from sim.scenario import ScenarioError, load
from sim.streams import Stream, Streams, stable_hash, whole_name
from tests.build.backlogs import GENERATED, generated
from tests.build.city import CITY, draws
from tests.build.same import assert_same
from tests.build.stories import run, scenario


@pytest.fixture(scope="module")
def base() -> dict[tuple[str, int], tuple]:
    return draws(run(CITY))


def test_the_base_has_something_to_compare(base):
    steps = {name for _, _, _, amounts in base.values() for name in amounts}
    assert {"one/correction", "A/review_correction", "A/special/expert", "c/w"} <= steps
    assert len({outcome for _, _, outcome, _ in base.values()}) == 4
    assert len(base) > 300


# --- what must change nothing --------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "staff: {officers: {count: 9}}",
        "staff: {zonal: {count: 1, absence: 0.5}}",
        "staff: {window: {hours: meeting, speed: 0.5, share: 0.5, closing: pause}}",
        "hours: {office: {week: {mon-fri: '10:00-11:00'}}}",
        "pools: {officers: {rule: earliest_due}, window: {rule: escalate}}",
        "limits: {all: {limit: 3 wd, clock: gross_span}}",
        "limits: {all: null}",
        "case_types: {project: {priority: 3}, network: {priority: -3}}",
        "run: {replications: 99, seed: 99}",
    ],
)
def test_staff_hours_rules_and_limits_change_no_draw(base, change):
    assert draws(run(CITY, change)) == base


def test_another_case_type_changes_no_draw(base):
    more = """
    case_types:
      another:
        arrivals: {yearly: {volume: 300}}
        attributes: {zone: {shares: {north: 0.5, west: 0.5}}, age: {shares: {old: 1.0}}}
        steps: {a: {pool: officers, work: {exponential: 10 min}}}
    """
    # the attributes of others have one value more, or are there: None for these cases
    found = draws(run(CITY, more, "staff: {zonal: {count: {north: 1}}}"))
    for _, attributes, _, _ in found.values():
        assert attributes.pop("age") is None
    assert found == base


def test_another_attribute_changes_no_draw(base):
    more = "case_types: {project: {attributes: {age: {shares: {old: 0.5, new: 0.5}}}}}"
    found = draws(run(CITY, more))
    for _, attributes, _, _ in found.values():
        attributes.pop("age")
    assert found == base


def test_another_step_changes_no_draw_of_others(base):
    more = "case_types: {network: {steps: {z: {pool: officers, work: {exponential: 1 h}}}}}"
    found = draws(run(CITY, more))
    for (name, _), (_, _, _, amounts) in found.items():
        assert (amounts.pop("z", None) is not None) == (name == "network")
    assert found == base


def test_another_matter_changes_no_draw_of_others(base):
    more = """
    case_types:
      project:
        stages: {zero: {lead: da}}
        matters:
          Z:
            department: da
            stage: zero
            decision: {pool: officers, work: {exponential: 1 h}}
    """
    found = draws(run(CITY, more))
    assert found.keys() == base.keys()
    for key, (arrival, attributes, outcome, amounts) in found.items():
        theirs = {n: a for n, a in amounts.items() if not n.startswith(("zero/", "Z/"))}
        before = base[key]
        assert (arrival, attributes) == before[:2]
        assert theirs == before[3]
        if outcome != before[2]:  # withdrawn from Z alone
            assert any(name.startswith("zero/correction") for name in amounts)


LEVERS = [
    {"one_window": False},
    {"parallel_approval": False},
    {"pre_review": True},
    {"joint_meeting": True},
    {"one_window": False, "parallel_approval": False},
]


@pytest.mark.parametrize("levers", LEVERS)
def test_a_lever_changes_no_draw_that_it_does_not_touch(levers):
    """By the name of the stream: what is drawn for each (term, case) is the same."""
    words = ", ".join(f"{name}: {str(value).lower()}" for name, value in levers.items())
    # without stops, so that every case goes through every step of its course
    on, off = (_by_stream(text) for text in ("{}", f"{{{words}}}"))
    shared = on.keys() & off.keys()
    assert {"project/A/check", "project/A/correction", "project/C/review/handle"} <= shared
    assert {"project/A/review_correction", "project/A/special/expert", "network/c/w"} <= shared
    changed = {name for name in shared if not np.array_equal(on[name], off[name])}
    # before a meeting a co-review is a preparation: half the effort of the same draw
    expected = {"project/A/co_review/other"} if "joint_meeting" in levers else set()
    assert changed == expected


def _by_stream(handling: str) -> dict[str, np.ndarray]:
    model = Model(scenario(CITY, f"handling: {handling}"))
    streams = Streams(1, 0)
    samples = {}
    for source in model.demand._types:
        for node in source.graph.nodes:
            for term in node.terms:
                samples[term.stream] = source.sampler_of(term)(streams(term.stream), 50)
    return samples


@pytest.mark.parametrize("levers", LEVERS)
def test_a_lever_leaves_cases_outcomes_and_own_steps_as_they_were(base, levers):
    words = ", ".join(f"{name}: {str(value).lower()}" for name, value in levers.items())
    found = draws(run(CITY, f"handling: {{{words}}}"))
    assert found.keys() == base.keys()
    for key, (arrival, attributes, _, amounts) in found.items():
        assert (arrival, attributes) == base[key][:2]
        for name in amounts.keys() & base[key][3].keys():
            if "co_review" not in name and name.startswith(("A/", "B/", "C/", "a", "b", "c")):
                assert amounts[name] == base[key][3][name], name


def test_rounds_are_the_same_under_every_handling():
    """At own counters A and B are sent back as often as in the one notice for both."""
    text = "case_types: {project: {matter_defaults: {correction: {withdrawal: 0.0}}}}"
    calm = "case_types: {project: {matters: {A: {refusal: null}}}}"
    one, own = (
        draws(run(CITY, text, calm, f"handling: {{one_window: {on}}}"), ("project",))
        for on in ("true", "false")
    )
    for key, (_, attributes, _, amounts) in own.items():
        rounds = {
            matter: sum(name.startswith(f"{matter}/correction") for name in amounts)
            for matter in ("A", "B")
        }
        assert attributes["kind"] == "y" or rounds["B"] == 0
        together = sum(name.startswith("one/correction") for name in one[key][3])
        assert together == max(rounds.values())
        if together:  # the notice is answered when the slower correction is ready
            each = [amounts.get(f"{matter}/correction", 0) for matter in ("A", "B")]
            assert one[key][3]["one/correction"] == max(each)


# --- order in the file ---------------------------------------------------------------------------


def reversed_keys(text: str) -> str:
    """Write case types, pools, staff, departments, hours, attributes and shares backwards."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    tree = yaml.load(text)
    for key in ("case_types", "pools", "staff", "departments", "hours"):
        tree[key] = dict(reversed(tree[key].items()))
    for case_type in tree["case_types"].values():
        attributes = dict(reversed(case_type["attributes"].items()))
        case_type["attributes"] = attributes
        for name, spec in attributes.items():
            attributes[name] = {"shares": dict(reversed(spec["shares"].items()))}
    out = StringIO()
    plain = YAML(typ="safe", pure=True)
    plain.sort_base_mapping_type_on_output = False
    plain.dump(tree, out)
    return out.getvalue()


def test_order_in_the_file_changes_nothing():
    text = reversed_keys(CITY)
    assert text.index("network:") < text.index("project:")
    assert text.index("slots:") < text.index("counters:")
    one, other = run(CITY), run(text)
    for part in ("demand", "supply", "schedule"):
        assert_same(getattr(one.replication, part), getattr(other.replication, part), part)
    assert one.model.process.graphs == other.model.process.graphs


# --- horizon, window, replications ---------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "period: {run_out: 400 cd}",
        "period: {window: {from: 2021-01-01, to: 2021-06-30}}",
        "period: {window: {from: 2021-02-01, to: 2022-01-31}}",
    ],
)
@pytest.mark.parametrize("batch", ["", "batch: {low: 2, high: 5}"])
def test_a_longer_horizon_keeps_the_earlier_cases(change, batch):
    text = f"case_types: {{project: {{arrivals: {{yearly: {{{batch}}}}}}}}}"
    before, after = (draws(run(CITY, text, more)) for more in ("note: as it is", change))
    for name in ("project", "network"):
        short = [value for (kind, _), value in before.items() if kind == name]
        long = [value for (kind, _), value in after.items() if kind == name]
        assert len(short) < len(long)
        assert short == long[: len(short)]


def test_a_replication_does_not_depend_on_the_others():
    model = Model(scenario(CITY))
    model.replicate(1, 0)
    model.replicate(2, 5)
    later = model.replicate(1, 3)
    alone = Model(scenario(CITY)).replicate(1, 3)
    for part in ("demand", "supply", "schedule"):
        assert_same(getattr(later, part), getattr(alone, part), part)
    other = model.replicate(1, 4)
    assert not np.array_equal(later.demand.workload.arrival_s, other.demand.workload.arrival_s)
    seeded = model.replicate(2, 3)
    assert not np.array_equal(later.demand.workload.arrival_s, seeded.demand.workload.arrival_s)


# --- the streams themselves ----------------------------------------------------------------------


def test_stable_hash_golden():
    """Golden: BLAKE2b-64, little endian. A change of these numbers changes every result."""
    assert stable_hash("") == 0xB4B2797457A0A6E4
    assert stable_hash("project/DES/review/handle") == 0xBDA1656B0D07DF92
    assert stable_hash("企业开办/登记") == 0x6D0CE4DF2F166A2E


def test_streams_golden():
    """Golden: the first numbers of one stream. A change of these changes every result."""
    for compiled in (False, True):
        stream = Streams(7, 3, compiled=compiled)("project/A/check")
        assert (stream.uniform(3) * 2**52).tolist() == [
            562823945021226.5,
            4127112956486615.5,
            1466274428933671.5,
        ]


BIG = (0, 1, 2**32 - 1, 2**32, 2**33, 2**63 - 1, 2**70, 2**130 + 5)


def test_streams_differ_by_seed_replication_and_name():
    first = {
        (seed, replication, name, of): Streams(seed, replication, of)(name).uniform(1)[0]
        for seed in BIG
        for replication in (0, 1, 2)
        for name in ("", "a", "b", "a/b", "企业")
        for of in ("", "more")
    }
    assert len(set(first.values())) == len(first)
    again = Streams(1, 2)
    assert again("a").uniform(1)[0] == first[1, 2, "a", ""] == again("a").uniform(1)[0]
    assert again.of_more("more")("a").uniform(1)[0] == first[1, 2, "a", "more"]


def test_under_no_seed_two_names_have_the_same_key():
    """What a large seed adds to the keys is the same for all names."""
    one, other = stable_hash("a"), stable_hash("b")
    for seed in BIG:
        keys = [Streams(seed, 0)(name).address[:2] for name in "ab"]
        low, high = (a ^ b for a, b in zip(*keys, strict=True))
        assert low | high << 32 == one ^ other


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (0, -1), (0, 2**32)])
def test_numbers_without_an_address_are_refused(seed, replication):
    with pytest.raises(ValueError, match=r"is not below 0|32 bits"):
        Streams(seed, replication)


# --- no two names with the same numbers ----------------------------------------------------------


def test_two_names_with_the_same_numbers_are_refused_when_the_scenario_is_built(monkeypatch):
    usual = stable_hash

    def clash(name: str) -> int:
        return usual("project/A/check" if name == "network/c/w" else name)

    monkeypatch.setattr("sim.streams.stable_hash", clash)
    with pytest.raises(ScenarioError, match="would draw the same random numbers") as error:
        Model(scenario(CITY))
    assert all(f"'{name}'" in str(error.value) for name in ("project/A/check", "network/c/w"))


def test_so_are_those_of_staff(monkeypatch):
    usual = stable_hash

    def clash(name: str) -> int:
        return usual("project/A/check" if name.startswith("staff/") else name)

    monkeypatch.setattr("sim.streams.stable_hash", clash)
    model = Model(scenario(CITY))
    with pytest.raises(ScenarioError, match="staff/"):
        _ = model.supply


def test_every_name_that_is_drawn_is_among_those_compared(monkeypatch, tmp_path):
    drawn = set()
    usual = Streams.__call__

    def noted(self: Streams, name: str) -> Stream:
        drawn.add(whole_name(self.of, name))
        return usual(self, name)

    monkeypatch.setattr(Streams, "__call__", noted)
    everything = load(
        "yingkou/levers", overrides=("everything",), settings=("period.run_out=1 cd",)
    )
    absent = "staff: {zonal: {count: 1, absence: 0.5}}"
    for loaded in (scenario(CITY, absent), generated(tmp_path, GENERATED), everything):
        drawn.clear()
        model = Model(loaded)
        model.replicate(1, 0)
        known = {*model.demand.stream_names(), *model.supply.stream_names()}
        assert len(drawn) > 5
        assert {name for name in drawn - known if "/again/" not in name} == set()
