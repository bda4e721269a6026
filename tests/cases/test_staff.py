"""Officers: part-time, away, several at once, half posts. Times by hand."""

from tests.build.situations import mistakes


def test_half_a_post_is_a_group_with_a_share():
    (told,) = mistakes("non-integer-staff")
    assert ":7: staff.i.count: 2.5: must be a whole number" in told
    assert "count: 2" in told
    assert "a group of its own with count: 1, share: 0.5" in told


def test_two_officers_for_one_step_are_refused():
    (told,) = mistakes("two-officers-at-once")
    assert ":12: case_types.c.steps.visit.officers: unknown key; valid:" in told
