"""Handing in again has draws of its own: its probability, gap and cap change no other draw."""

from __future__ import annotations

import pytest

from tests.build.city import CITY, draws
from tests.build.stories import run

AGAIN = "/resubmission/"
"""In the name of a step: it belongs to an application after the first one, or leads to one."""


def city(again: str) -> dict[tuple[str, int], tuple]:
    refusal = f"refusal: {{at_acceptance: 0.05, at_decision: 0.3, resubmission: {again}}}"
    return draws(run(CITY, f"case_types: {{project: {{matters: {{A: {{{refusal}}}}}}}}}"))


@pytest.fixture(scope="module")
def often() -> dict[tuple[str, int], tuple]:
    return city("{probability: 0.8, after: {exponential: 5 wd}}")


def test_there_is_something_to_compare(often):
    steps = {name for _, _, _, amounts in often.values() for name in amounts if AGAIN in name}
    assert {"A/resubmission/2", "A/resubmission/2/decision", "one/resubmission/2/A"} <= steps
    assert "A/resubmission/3/decision" in steps


def test_never_is_as_if_it_had_not_been_written(often):
    never = city("{probability: 0.0, after: 1 wd}")
    assert never == city("null")
    assert never != often


@pytest.mark.parametrize(
    "other",
    [
        "{probability: 0.3, after: {exponential: 5 wd}}",
        "{probability: 0.8, after: 1 cd}",
        "{probability: 0.8, after: {exponential: 5 wd}, withdrawn: 0.1}",
        "{probability: 0.8, after: {exponential: 5 wd}, max_times: 1}",
        "null",
    ],
)
def test_first_applications_stay_as_they_are(often, other):
    changed = city(other)
    assert changed != often
    assert changed.keys() == often.keys()
    for key, (arrival, attributes, _, amounts) in changed.items():
        assert often[key][:2] == (arrival, attributes)
        known = often[key][3]
        for name in amounts.keys() & known.keys():
            assert amounts[name] == known[name] or AGAIN in name


def test_whatever_both_have_is_the_same_draw(often):
    """Who hands in again at a smaller share does so at a larger one, with the same draws."""
    seldom = city("{probability: 0.3, after: {exponential: 5 wd}}")
    fewer = 0
    for key, (_, _, _, amounts) in seldom.items():
        more = often[key][3]
        assert amounts.items() <= more.items()
        fewer += len(amounts) < len(more)
    assert fewer > 10


def test_a_larger_cap_only_adds_applications():
    one, three = (
        city(f"{{probability: 0.9, after: {{exponential: 5 wd}}, max_times: {most}}}")
        for most in (1, 3)
    )
    for key, (_, _, _, amounts) in one.items():
        assert amounts.items() <= three[key][3].items()
    again = {name for _, _, _, amounts in three.values() for name in amounts if AGAIN in name}
    assert any(name.startswith("A/resubmission/4") for name in again)
