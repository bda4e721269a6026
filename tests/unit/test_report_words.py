"""The words of reports: numbers have the right form beside them, and questions their own words."""

from __future__ import annotations

import pytest

import sim
from sim.report.words import WORDS, Vocabulary, phrase
from sim.results.finding import Finding

OPEN = ("{count:case is|cases are} open, {late:,} late", "{count} 件在办,{late} 件超期")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1 case is open, 2 late"),
        (0, "0 cases are open, 2 late"),
        (1200, "1,200 cases are open"),
    ],
)
def test_a_number_chooses_the_form_of_its_words(count: int, text: str) -> None:
    assert phrase(OPEN, "en", count=count, late=2).startswith(text)
    assert phrase(OPEN, "zh", count=count, late=2) == f"{count} 件在办,2 件超期"


def test_a_question_says_its_own_word_before_the_common_one() -> None:
    say = Vocabulary({"late": ("behind", "落后")})
    assert say("late", "en") == "behind"
    assert say("holds", "zh") == WORDS["holds"][1]


def test_every_kind_of_result_can_be_reported() -> None:
    from sim.report.kinds import KINDS

    assert set(KINDS) == set(Finding.__subclasses__())
    assert all(all(kind.question) for kind in KINDS.values())
    drawn = {of for of, kind in KINDS.items() if kind.figures}
    assert set(KINDS) - drawn == {sim.Judged, sim.Forecast}, "recorded cases are told in tables"
