"""The textbook scenarios whose every time is known: from file to schedule, to the second.

Numbers of the first seven: the test suites of Ciw and simmer named in the scenario files (facts
only), as collected in `deterministic_cases.json`. `staff_changes` and `replay` are worked out by
hand, in the tables at the head of their files.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from ruamel.yaml import YAML

from sim.clocks import History
from sim.engine.checks import verify
from sim.engine.contract import OPEN
from sim.measures.pools import PoolActivity
from sim.replications.model import Model
from sim.scenario import library_folder, library_names, load

FILES = [name for name in library_names() if name.startswith("textbook/")]

MON, TUE, WED, THU, FRI, NEXT_MON = (day * 24 * 60 for day in (0, 1, 2, 3, 4, 7))
"""Minutes from the first Monday of the scenario."""


@dataclass(frozen=True)
class Run:
    model: Model
    replication: History

    def times(self, case: int, step: str) -> tuple[int, int, int] | None:
        """Return (ready, start, end) of a case's step in seconds; None where it has no such."""
        demand, schedule = self.replication.demand, self.replication.schedule
        names = [self.model.process.nodes[node].name for node in demand.node]
        for item in range(*demand.workload.first_item[case : case + 2]):
            if names[item] == step:
                return tuple(
                    int(column[item]) for column in (schedule.ready, schedule.start, schedule.end)
                )
        return None


def run(name: str) -> Run:
    model = Model(load(f"textbook/{name}"))
    result = model.replicate(seed=1, number=0)
    assert verify(result.demand.workload, result.supply, result.schedule, result.horizon_s) == []
    return Run(model, result)


def seconds(*hours: float) -> list[int]:
    return [round(hour * 3600) for hour in hours]


def at(day: int, hour: int, minute: int = 0) -> int:
    return (day + hour * 60 + minute) * 60


def test_a_shift_pauses_and_resumes() -> None:
    s = run("shift_pause").replication.schedule
    assert s.ready.tolist() == s.start.tolist() == seconds(1)
    assert s.end.tolist() == seconds(15)


def test_a_shift_splits_the_third_case() -> None:
    s = run("shift_split").replication.schedule
    assert s.ready.tolist() == seconds(7, 14, 21, 28)
    assert s.start.tolist() == seconds(7, 14, 21, 30)
    assert s.end.tolist() == seconds(11, 18, 30, 34)


def test_committee_slots() -> None:
    s = run("committee_slots").replication.schedule
    assert s.ready.tolist() == seconds(0.3, 0.5, 0.7, 1.2, 1.3, 1.8, 2.6, 2.7, 3.1)
    assert s.start.tolist() == seconds(1, 1, 1, 2, 2, 3, 3, 3, 4)
    assert s.end.tolist() == seconds(1.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5, 3.5, 4.5)


def test_first_come_first_served() -> None:
    s = run("first_come").replication.schedule
    assert s.ready.tolist() == seconds(*range(1, 10))
    assert s.end[s.end <= 9 * 3600].tolist() == seconds(2.5, 4, 5.5, 7, 8.5)
    assert s.end[5:].tolist() == seconds(10, 11.5, 13, 14.5)


def test_utilisation() -> None:
    done = run("utilisation")
    r = done.replication
    assert r.schedule.start.tolist() == seconds(2, 5)
    assert r.schedule.end.tolist() == seconds(3, 11)
    pools = PoolActivity.of(
        r.demand.workload, r.supply, r.schedule, *done.model.window_s
    ).measures()
    assert pools.utilisation.tolist() == [0.5]


def test_the_join_waits_for_the_last() -> None:
    done = run("and_join")
    assert done.replication.schedule.end.tolist() == seconds(1, 2, 3, 3.5)
    assert done.times(0, "conclusion") == tuple(seconds(3, 3, 3.5))


def test_the_urgent_case_overtakes() -> None:
    s = run("priority_overtakes").replication.schedule
    assert s.ready.tolist() == seconds(0, 0, 1)
    assert s.end.tolist() == seconds(2, 6, 4)


def test_staff_changes() -> None:
    done = run("staff_changes")
    s = done.replication.schedule
    expected = [
        ("regular/1", at(MON, 10), at(MON, 10), at(MON, 14)),
        ("regular/1", at(MON, 11), at(MON, 14), at(MON, 17)),
        ("evening/1", at(TUE, 15), at(TUE, 15), at(WED, 19)),
        ("evening/1", at(TUE, 16), at(WED, 19), at(WED, 22)),
        ("successors/1", at(WED, 8), at(THU, 9), at(THU, 12)),
        ("successors/2", at(THU, 9), at(THU, 9), at(THU, 12)),
        ("successors/1", at(THU, 16), at(THU, 16), at(FRI, 11)),
        ("successors/1", at(THU, 16, 30), at(THU, 16, 30), at(FRI, 14, 30)),
        ("successors/1", at(FRI, 8), at(FRI, 14, 30), at(NEXT_MON, 9, 30)),
    ]
    officers = [done.model.supply.officers[number].name for number in s.officer]
    found = zip(officers, s.ready.tolist(), s.start.tolist(), s.end.tolist(), strict=True)
    assert list(found) == expected
    parts = [done.model.supply.officers[number].name for number in s.parts.officer]
    assert list(zip(s.parts.item.tolist(), parts, s.parts.start.tolist(), strict=True)) == [
        (2, "regular/1", at(TUE, 15)),
        (2, "evening/1", at(WED, 18)),
        (7, "successors/2", at(THU, 16, 30)),
        (7, "successors/1", at(FRI, 11)),
    ]


def test_replay() -> None:
    done = run("replay")
    arrival = done.replication.demand.workload.arrival_s.tolist()
    hand_in = [(9, 0), (9, 5), (9, 5), (10, 0), (11, 30), (16, 50)]
    assert arrival == [at(MON, *time) for time in hand_in]  # A2's second row is not an arrival

    intake_ends = [(9, 10), (9, 20), (9, 30), (10, 10), (11, 40), (17, 0)]
    assert [done.times(case, "intake")[2] for case in range(6)] == [
        at(MON, *time) for time in intake_ends
    ]
    assert [done.times(case, "survey") for case in range(6)] == [
        None,
        (at(MON, 9, 20), at(MON, 9, 20), at(MON, 10, 20)),
        (at(MON, 9, 30), at(MON, 10, 20), at(MON, 11, 20)),
        None,
        None,
        (at(MON, 17), at(TUE, 9), at(TUE, 10)),  # nobody begins at closing time
    ]
    assert [done.times(case, "opinion") for case in range(6)] == [
        None,
        (at(MON, 9, 20), at(MON, 9, 20), at(MON, 11, 20)),
        (at(MON, 9, 30), at(MON, 9, 30), at(MON, 11, 30)),
        (at(MON, 10, 10), at(MON, 10, 10), at(MON, 12, 10)),
        None,
        (at(MON, 17), at(MON, 17), at(MON, 19)),
    ]
    assert [done.times(case, "decision") for case in range(6)] == [
        (at(MON, 9, 10), at(MON, 9, 10), at(MON, 9, 40)),
        (at(MON, 11, 20), at(MON, 11, 20), at(MON, 11, 50)),
        (at(MON, 11, 30), at(MON, 11, 50), at(MON, 13, 20)),
        (at(MON, 12, 10), at(MON, 13, 50), at(MON, 14, 20)),
        (at(MON, 11, 40), at(MON, 13, 20), at(MON, 13, 50)),
        (at(TUE, 10), at(TUE, 10), at(TUE, 10, 30)),
    ]


def test_replay_takes_attributes_from_the_file() -> None:
    demand = run("replay").replication.demand
    values = {
        name: [demand.attribute_values[name][code] for code in codes]
        for name, codes in demand.attributes.items()
    }
    assert values["kind"] == ["simple", "full", "full", "joint", "simple", "full"]
    assert values["zone"] == ["north", "south", "south", "north", "south", "north"]


@pytest.mark.parametrize("name", FILES)
def test_every_textbook_scenario_loads_with_each_of_its_overrides(name: str) -> None:
    raw = YAML(typ="safe").load((library_folder() / f"{name}.yaml").read_text("utf-8"))
    base = load(name)
    assert base.name.en != base.name.zh != ""
    for override in raw.get("overrides", {}):
        assert load(name, overrides=[override]).sha256() != base.sha256()


@pytest.mark.parametrize(
    "name", ["shift_pause", "committee_slots", "first_come", "priority_overtakes", "replay"]
)
def test_the_seed_does_not_matter_where_nothing_is_random(name: str) -> None:
    model = Model(load(f"textbook/{name}"))
    one, other = (model.replicate(seed, number).schedule for seed, number in [(1, 0), (2, 5)])
    assert one.end.tolist() == other.end.tolist()
    assert OPEN not in one.end.tolist()
