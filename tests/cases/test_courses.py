"""The course of a case: choices between steps, applications that are handed in again."""

from tests.build.commands import command
from tests.build.situations import file_of, once


def test_two_probabilities_that_look_like_a_choice_are_noted():
    """30 % simple, 70 % full, each drawn by itself: 21 % take both, 21 % none."""
    taken = branches("exclusive-choice")
    assert {frozenset(), frozenset({"simple", "full"})} <= set(taken)
    _, out, _ = command("run", file_of("exclusive-choice"), "-n", "1")
    (note,) = (line for line in out.splitlines() if line.startswith("Note: case_types.c"))
    assert "21 % of the cases take all of them, 21 % none" in note
    assert "one_of" in note


def test_a_choice_between_steps():
    alone = [f"case_types.c.steps.{name}.probability=1" for name in ("simple", "full")]
    choice = "case_types.c.one_of={route: {simple: 0.3, full: 0.7}}"
    taken = branches("exclusive-choice", *alone, choice)
    assert set(taken) == {frozenset({"simple"}), frozenset({"full"})}
    simple = taken.count(frozenset({"simple"})) / len(taken)
    assert abs(simple - 0.3) < 3.3 * (0.3 * 0.7 / len(taken)) ** 0.5


def branches(name, *settings):
    """Return the branches that each case took."""
    items = once(name, *settings).items
    steps = items.assign(step=items["step"].astype(str)).groupby("case")["step"]
    return [frozenset(of_case) - {"end"} for _, of_case in steps]
