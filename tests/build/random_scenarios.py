"""Random small scenarios that use every feature, as Hypothesis strategies.

They are written to files and loaded as a user's would be. February 2021 holds the Spring Festival.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.scenario import Scenario, load

POOLS = ("window", "p", "q", "zonal", "meeting", "counter_a", "counter_b")
LEVERS = (
    "one_window",
    "parallel_approval",
    "pre_review",
    "joint_meeting",
    "integrated_startup",
)
FEBRUARY = [dt.date(2021, 2, day) for day in range(1, 29)]
"""February 2021, from index 0; the Spring Festival is from 11 to 17 February."""

probabilities = st.sampled_from([0.0, 0.2, 0.5, 1.0])
condition = st.sampled_from([{}, {}, {}, {"zone": "east"}, {"zone": ["east", "west"]}])
times = st.sampled_from(
    [
        "0 min",
        "1 s",
        "30 min",
        "9 h",
        {"exponential": "1 h"},
        {"gamma": {"mean": "2 h", "cv": 1.5}},
        {"lognormal": {"median": "0.3 h", "p90": "3 h"}},
        {"pert": {"low": "0 h", "mode": "0.2 h", "high": "4 h"}},
        {"constant": "90 min", "scale": 0.3},
    ]
)
delays = st.one_of(
    times,
    st.sampled_from(
        ["0 wd", "1 wd", "3 cd", "0.5 wd", {"constant": "1 cd"}, {"exponential": "1 wd"}]
    ),
)


def named(value: st.SearchStrategy[Any], names: str, most: int) -> st.SearchStrategy[Any]:
    some = [names[:n] for n in range(most + 1)]
    return st.sampled_from(some).flatmap(
        lambda given: st.fixed_dictionaries(dict.fromkeys(given, value))
    )


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


pools = st.sampled_from(["p", "q", "zonal"])
task = st.builds(lambda pool, work, when: {"pool": pool, "work": work, "if": when},
                 pools, times, condition)  # fmt: skip


def correction(turnaround: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"probability": probabilities, "turnaround": turnaround},
        optional={
            "again": probabilities,
            "max_rounds": st.integers(1, 2),
            "redo": st.sampled_from([0.0, 0.5, 2.0]),
            "withdrawal": probabilities,
        },
    )


again = st.fixed_dictionaries(
    {"probability": probabilities, "after": delays, "max_times": st.integers(1, 2)},
    optional={"withdrawn": probabilities},
)
special = st.one_of(
    st.fixed_dictionaries({"delay": delays, "probability": probabilities, "if": condition}),
    st.fixed_dictionaries({"pool": pools, "work": times, "probability": probabilities}),
)


@st.composite
def matter(draw: st.DrawFn, earlier: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "department": draw(st.sampled_from(["da", "db"])),
        "stage": draw(st.sampled_from(["one", "two"])),
        "requires": draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else [],
        "if": draw(condition),
        "at_window": draw(st.sampled_from([True, True, False])),
        "intake": draw(times),
        "check": draw(times),
        "decision": draw(task),
    }
    result |= draw(
        optional(
            correction=correction(st.sampled_from(["0 min", "2 h", {"exponential": "10 h"}])),
            special=named(special, "xy", 2),
            publicity=delays,
            refusal=optional(
                at_acceptance=probabilities, at_decision=probabilities, resubmission=again
            ),
            delivery=times,
            pre_review=st.booleans(),
            third_party=st.booleans(),
        )
    )
    if draw(st.booleans()):
        result["review"] = {"first": draw(task)} | draw(named(task, "yz", 2))
        result |= draw(
            optional(
                co_review=named(task, "vw", 2),
                review_correction=correction(delays),
                meeting=st.fixed_dictionaries({"pool": st.just("meeting"), "work": times}),
            )
        )
    return result


@st.composite
def step(draw: st.DrawFn, earlier: list[str]) -> dict[str, Any]:
    def one() -> dict[str, Any]:
        if draw(st.booleans()):
            return {"pool": draw(pools), "work": draw(times)}
        owner = draw(st.sampled_from(["authority", "applicant", "special", "publicity"]))
        return {"delay": draw(delays), "owner": owner}

    result = one() | {
        "after": draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else [],
        "if": draw(condition),
        "probability": draw(probabilities),
    }
    if draw(st.booleans()):
        result["rework"] = {
            "probability": draw(probabilities),
            "max_rounds": draw(st.integers(1, 2)),
            "via": {name: one() for name in draw(st.sampled_from([[], ["v"], ["v", "w"]]))},
            "redo": draw(st.lists(st.sampled_from(earlier), max_size=2)) if earlier else [],
        }
    return result


arrivals = st.one_of(
    st.fixed_dictionaries(
        {"volume": st.sampled_from([0, 200, 900])},
        optional={
            "day_to_day_cv": st.sampled_from([0.0, 1.0]),
            "batch": st.just({"low": 1, "high": 4}),
            "holidays": st.sampled_from(["closed", "open"]),
        },
    ).map(lambda spec: {"yearly": spec}),
    st.sampled_from([{"exponential": "5 h"}, "7 h"]).map(lambda gap: {"every": gap}),
    st.just({"at": ["0 s", "0 s", "1 h", "30 h"]}),
)


@st.composite
def case_type(draw: st.DrawFn) -> dict[str, Any]:
    result: dict[str, Any] = {
        "arrivals": draw(arrivals),
        "attributes": {"zone": {"shares": {"east": 0.3, "west": 0.7}}},
        "priority": draw(st.integers(-1, 1)),
        "levers": draw(st.sampled_from(["project", "startup"])),
    }
    parts: dict[str, Any] = {}
    kind = draw(st.sampled_from(["matters", "steps"]))
    for name in "ABCD"[: draw(st.integers(1, 4))]:
        parts[name] = draw((matter if kind == "matters" else step)(list(parts)))
    if kind == "matters":
        ways = {"transfer_out": draw(delays), "transfer_back": draw(delays)}
        result |= {
            "window": {"pool": "window"} | ways,
            "trip": draw(delays),
            "stages": {"one": {"lead": "da"}, "two": {"lead": "db"}},
        }
    return result | {kind: parts}


def tasks(part: Any) -> Iterator[dict[str, Any]]:
    """Yield the work of the pools p and q in a part of a scenario."""
    if isinstance(part, dict):
        if part.get("pool") in ("p", "q") and "work" in part:
            yield part
        for inner in part.values():
            yield from tasks(inner)


team = st.one_of(
    st.builds(lambda n: {"with": {"site": n}}, st.integers(1, 2)),
    st.just({"with": ["site"]}),
    st.just({"pool": "site", "officers": 2}),
)
"""What makes a task one of several officers; the pool `site` has officers of its own."""


hours = st.sampled_from(
    [
        "24x7",
        {"week": {"mon-fri": "8:30-11:30 13:00-17:00"}},
        {"week": {"tue": "14:00-15:00"}, "holidays": "open"},
        {"week": {"daily": "0:00-7:59 8:00-24:00"}},
        {"week": {"sat-mon": "23:00-24:00"}, "holidays": "open"},
        {"intervals": [{"from": dt.datetime(2021, 2, 9, 10), "to": dt.datetime(2021, 2, 10, 10)}]},
    ]
)
staff_options = optional(
    closing=st.sampled_from(["pause", "finish"]),
    share=st.sampled_from([0.3, 1.0]),
    speed=st.sampled_from([0.7, 3.0]),
    absence=st.sampled_from([0.0, 0.4, 1.0]),
    leave=st.just([{"dates": {"from": FEBRUARY[7], "to": FEBRUARY[8]}, "officers": 1}]),
    until=st.just(FEBRUARY[9]),
)


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    staff = {
        f"only_{pool}": {"serves": [pool], "count": 1, "hours": "h0"} | draw(staff_options)
        for pool in POOLS
    }
    staff["zones"] = {"serves": ["zonal"], "count": {"east": 1, "west": 2}, "hours": "h1"}
    shared = draw(st.lists(st.sampled_from(POOLS), min_size=1, max_size=4, unique=True))
    staff["shared"] = {"serves": shared, "count": 2, "hours": "h1"} | draw(staff_options)
    rule = st.sampled_from(["fifo", "priority", "earliest_due", "escalate"])
    pool_table: dict[str, Any] = {name: {"rule": draw(rule)} for name in POOLS}
    pool_table["zonal"]["per"] = "zone"
    clock = st.sampled_from(
        ["statutory", "promised", "net_approval", "gross_span", "calendar_days"]
    ).map(lambda name: {"clock": name, "limit": "5 cd" if name == "calendar_days" else "5 wd"})
    types = {name: draw(case_type()) for name in ("t", "s", "r")[: draw(st.integers(1, 3))]}
    if draw(st.sampled_from([False, False, True])):
        pool_table["site"] = {"rule": draw(rule)}
        staff["site"] = {"serves": ["site"], "count": 2, "hours": "h0"} | draw(staff_options)
        for one in tasks(types):
            one.update(draw(st.one_of(st.just({}), team)))
    return {
        "name": "Random",
        "calendar": {"country": "CN", "count_start_day": draw(st.booleans())},
        "period": {
            "start": FEBRUARY[4],
            "window": {"from": FEBRUARY[5], "to": FEBRUARY[19]},
            "run_out": f"{draw(st.sampled_from([0, 20]))} cd",
        },
        "hours": {"h0": draw(hours), "h1": draw(hours)},
        "departments": {"da": {"counter": "counter_a"}, "db": {"counter": "counter_b"}},
        "pools": pool_table,
        "staff": staff,
        "case_types": types,
        "handling": {name: draw(st.booleans()) for name in LEVERS},
        "limits": {f"limit_{name}": {"case_type": name} | draw(clock) for name in types},
    }


def loaded(tree: dict[str, Any]) -> Scenario:
    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.yaml"
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(tree, file)
        return load(path)
