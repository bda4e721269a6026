"""The page on responses: its rows are the variants that are measured, and count what they say."""

import numpy as np

from docs.generate.responses import BEGIN, END, PAGE, VARIANTS, Measured, found


def test_the_page_has_a_row_for_each_variant() -> None:
    measured = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert [row.split(" | ")[0] for row in measured.splitlines() if row.startswith("| ")][2:] == [
        f"| {name}" for name in VARIANTS
    ]


def test_years_that_were_bad_and_are_good_are_counted_one_by_one() -> None:
    # Of four years two are bad in base; with the response one of them is good, and another is bad.
    base, *others = VARIANTS
    rows = [Measured(base, np.array([0.5, 0.7, 0.9, 1.0]), 0, 0, 0)]
    rows += [Measured(name, np.array([0.9, 0.6, 0.7, 1.0]), 10, 20, 5) for name in others]
    told = found(rows)
    line = next(row for row in told.splitlines() if row.startswith(f"| {others[0]}"))
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells[1].startswith("50.0% (")
    assert cells[2].startswith("50.0% (")
    assert cells[3:5] == ["1", "60.0%"]
    assert cells[-2:] == ["10 h (20 h)", "5 h"]
    assert "2 of 4 years are bad" in told
