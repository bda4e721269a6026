"""The glossary has every word that a report or a scenario of this field uses."""

import re
from typing import get_args

import pytest

from docs.generate import ROOT
from sim.limits import PRESETS
from sim.report.words import WORDS
from sim.scenario.schema.matters import Matter
from sim.scenario.schema.model import Handling

PAGE = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]


def used_for(code: str) -> list[list[str]]:
    return [row for row in ROWS if re.search(rf"`(?:\w+: )?{code}`", row[4])]


@pytest.mark.parametrize("lever", Handling.__annotations__)
def test_every_lever_has_a_row(lever: str) -> None:
    assert used_for(lever)


@pytest.mark.parametrize(
    "form", get_args(get_args(Matter.model_fields["delegation"].annotation)[0])
)
def test_every_form_of_delegation_has_a_row(form: str) -> None:
    assert used_for(form)


@pytest.mark.parametrize("clock", PRESETS)
def test_every_clock_has_a_row_with_the_word_of_the_reports(clock: str) -> None:
    assert PRESETS[clock].label[1] in {row[1] for row in used_for(clock)}


@pytest.mark.parametrize("word", ["holds", "fails", "undecided"])
def test_every_verdict_has_a_row_with_the_words_of_the_reports(word: str) -> None:
    english, chinese = WORDS[word]
    assert [row[1] for row in ROWS if row[0] == english.lower()] == [chinese]


def test_rows_are_in_alphabetical_order_and_whole() -> None:
    terms = [re.sub(r"[^a-z ]", " ", row[0].lower()) for row in ROWS]
    assert terms == sorted(terms)
    assert all(len(row) == 5 and row[1] and row[2] for row in ROWS)
