"""Random edits of a workbook for a city: each cell that is filled in is exactly that override."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.files.form_words import NAMED
from sim.scenario.origin import KeyPath
from tests.build.forms import Book, base

_, FORM = base()
CELLS = sorted(
    (part.name, row.code, column)
    for part in FORM.parts.values()
    for row in part.rows
    for column, asked in row.inputs.items()
    if asked.kind in {"count", "amount", "percent", "duration", "switch"} and column != "handled"
    and part.name not in {"shares", "months"}
)  # fmt: skip


def written(kind: str, unit: str, number: int, way: int) -> tuple[str, object]:
    """Return a cell, in one of several ways to write it, and the value that it means."""
    if kind == "percent":
        share = number % 101
        return (f"{share}%", f"{share / 100!r}", f"{share}％")[way], share / 100
    if kind == "switch":
        on = bool(number % 2)
        return (("是", "yes", "√") if on else ("否", "no", "×"))[way], on
    text = (str(number), f"{number:,}", str(number).translate(WIDE))[way]
    if kind == "duration":
        return (text, f"{text}{NAMED[unit][1]}", f"{text} {unit}")[way], f"{number} {unit}"
    return text, number


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@settings(max_examples=15, deadline=None)
@given(
    edits=st.dictionaries(
        st.sampled_from(CELLS), st.tuples(st.integers(1, 9999), st.integers(0, 2)), max_size=6
    ),
    language=st.sampled_from(["en", "zh"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_each_edit_is_exactly_that_override(edits, language, seed) -> None:
    book = Book(language)
    expected: dict[KeyPath, object] = {}
    for (part, code, column), (number, way) in edits.items():
        asked = next(r for r in FORM.parts[part].rows if r.code == code).inputs[column]
        text, value = written(asked.kind, asked.unit, number, way)
        book.write(part, code, column, text)
        expected[asked.path] = value
    order = np.random.default_rng(seed)
    for name in list(book.sheets)[1:]:  # rows below the heading, and columns, in any order
        rows = book.sheets[name]
        width = max(map(len, rows.values()))
        columns = order.permutation(width)
        full = {number: [*cells, *[""] * (width - len(cells))] for number, cells in rows.items()}
        mixed = [full[number] for number in order.permutation(list(full)[1:])]
        book.sheets[name] = {
            number: [cells[at] for at in columns]
            for number, cells in enumerate([full[1], *mixed], 1)
        }
    changes = book.changes()
    assert changes.problems == []
    found = {path: changes.get(path) for path in changes.places if path not in {(), ("name",)}}
    assert found == expected


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=15, deadline=None)
@given(
    texts=st.dictionaries(
        st.tuples(st.sampled_from(sorted(FORM.parts)), st.integers(1, 30), st.integers(0, 14)),
        st.text(max_size=12)
        | st.sampled_from(["=1+1", "#REF!", "1e309", "９" * 50, "-", "2021-02-30"]),
        max_size=25,
    )
)
def test_whatever_stands_in_a_workbook_no_reader_breaks(language, texts) -> None:
    book = Book(language)
    for (part, number, at), text in texts.items():
        cells = book.sheets[book.sheet(part)].setdefault(number, [])
        cells += [""] * (at + 1 - len(cells))
        cells[at] = text
    changes = book.changes()
    assert all(problem.rule and problem.file for problem in changes.problems)
