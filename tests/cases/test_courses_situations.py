"""The course of a case: choices between steps, applications that are handed in again."""

from tests.build.commands import command
from tests.build.situations import file_of, once, story


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


def test_refused_and_handed_in_again_with_a_new_clock():
    """Ten working days after Mon 4 March 2024 are over on Mon 18 at its close; and so on."""
    result = once("refused-and-resubmitted", "limits.l.limit=2 wd")
    applications = (
        ("M/", "Mon 4 Mar"),
        ("M/resubmission/2/", "Tue 19 Mar"),
        ("M/resubmission/3/", "Wed 3 Apr"),
        ("M/resubmission/4/", "Thu 18 Apr"),
    )
    told = story(result)
    for prefix, day in applications:
        assert f"0 {prefix}review/handle: {day} 09:20 - 14:20" in told
        assert f"0 {prefix}decision: {day} 14:20 - 14:30" in told
    assert "0 M/resubmission/2: Mon 4 Mar 14:30 - Mon 18 Mar 23:59:59" in told
    assert "0 M/resubmission/2/intake: Tue 19 Mar 09:00 - 09:10" in told  # the queue again
    (row,) = result.resubmissions.to_dict("records")
    # decided on the day of acceptance, each time. On the clock that goes on, the night before the
    # counter opens counts as the authority's: 19 March, 3 and 18 April
    assert (row["handed_in_again"], row["times"]) == (1, 3)
    assert (row["application_days"], row["case_days"], row["hidden_days"]) == (0, 3, 3)


def test_both_clocks_of_an_application_that_is_handed_in_again_are_reported():
    file, less = file_of("refused-and-resubmitted"), ("--set", "limits.l.limit=2 wd", "-n", "80")
    _, out, _ = command("run", file, *less)
    assert "Handed in again after a refusal: the same cases by either rule" in out
    assert "each application has a new clock, hence HOLDS; if the clock went on" in out
    assert "it would be: FAILS" in out
    assert "80 cases would have been sent back, or handed in again, more often than the cap" in out
    _, out, _ = command("run", file, *less, "--set", "limits.l.per=case", "--lang", "zh")
    assert "退件重报：同一批办件按两种口径" in out
    assert "现自首次申报起连续计时，结论为守不住；若每次申报重新计时，结论为守住" in out
