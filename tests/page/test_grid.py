"""Tables for the page: sort keys, signs beside colours, what is left out."""

import pytest

from sim.report.blocks import Cell, Column, Table
from sim.report.page.grid import grid, sort_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1,234,567", "1234567"),
        ("98.8 %", "98.8"),
        ("× 1.25", "1.25"),
        ("+0.5 (-0.1 to +1.1)", "+0.5"),
        ("-3 wd", "-3"),
        ("−3 wd", "-3"),
        ("258+", "258"),
        ("697.2 h", "697.2"),
        ("–", None),
        ("·", None),
        ("", None),
        ("about 3", None),
    ],
)
def test_a_number_is_found_at_the_beginning(text, key):
    assert sort_key(text) == key


def test_a_table_for_the_page():
    columns = (Column("name"), Column("", number=True, meaning="share"), Column("bar", drawn=True))
    rows = (
        ("a", Cell("5 %", "good"), "██"),
        ("a", Cell("7 % ✓", "holds"), "█"),
        (Cell("all", order=3), "12 %", ""),
    )
    found = grid(Table(columns, rows, grouped=True, total=True, strong=frozenset({1})))
    assert [(each.text, each.shown, each.number) for each in found.headings] == [
        ("name", True, False),
        ("share", False, True),
    ]
    assert [row[0].again for row in found.rows] == [False, True, False]
    assert [row[1].sign for row in found.rows] == ["▲", "", ""], "a sign is not told twice"
    assert [row[1].key for row in found.rows] == ["5", "7", "12"]
    assert [row[0].key for row in found.rows] == [None, None, "3"]
    assert (found.total, found.strong) == (2, {1})
