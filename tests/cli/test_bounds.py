"""Counts that can only be slips are refused at once, before anything is built."""

import pytest

import sim
from tests.build.commands import command

SLIPS = [
    ("run", "yingkou/base", "-n", "1000000000000"),
    ("run", "yingkou/base", "-j", "100000"),
    ("run", "yingkou/base", "--until", "decided", "--max-replications", "1000000000000"),
    ("run", "yingkou/base", "--set", "run.replications=1000000000"),
    ("compare", "yingkou/base", "yingkou/lean", "-n", "1000000000"),
    ("staff", "yingkou/base", "-n", "1000000000"),
    ("promise", "yingkou/base", "-n", "1000000000"),
    ("load-curve", "yingkou/base", "-n", "1000000000"),
    ("reforms", "yingkou/base", "--pairs", "1000000000"),
    ("sensitivity", "yingkou/base", "--trajectories", "1000000000"),
    ("sensitivity", "yingkou/base", "--samples", "1073741824"),
    ("sensitivity", "yingkou/base", "--top", "1000000000"),
    ("sweep", "yingkou/base", "--vary", "staff.planners.count=1..1000",
     "--vary", "staff.window.count=1..1000", "--vary", "staff.counter.count=1..1000"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", SLIPS, ids=" ".join)
def test_a_slip_is_refused_at_once(arguments: tuple[str, ...]) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert any(words in err for words in ("at most", "less than", "in the range"))


@pytest.mark.parametrize(
    "call",
    [
        lambda scenario: sim.run(scenario, replications=10**12),
        lambda scenario: sim.run(scenario, until="decided", max_replications=10**12),
        lambda scenario: sim.compare({"a": scenario, "b": scenario}, replications=10**9),
        lambda scenario: sim.staff(scenario, replications=10**9),
        lambda scenario: sim.reforms(scenario, pairs=10**9),
        lambda scenario: sim.sensitivity(scenario, trajectories=10**9),
        lambda scenario: sim.sensitivity(scenario, samples=2**30),
        lambda scenario: sim.promise(scenario, replications=10**9),
        lambda scenario: sim.load_curve(scenario, replications=10**9),
        lambda scenario: sim.sweep(
            scenario, {"staff.planners.count": [1, 2]}, replications=10**9
        ),
    ],
)  # fmt: skip
def test_python_refuses_it_too(call) -> None:
    with pytest.raises(ValueError, match="at most"):
        call(sim.load("yingkou/base"))
