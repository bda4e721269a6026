"""The page on responses: its rows are the variants that are measured, and count what they say."""

import numpy as np

from docs.generate.responses import BEGIN, END, PAGE, VARIANTS, Measured, draw, found, verdict


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
    told = found(rows, rows[-1])
    line = next(row for row in told.splitlines() if row.startswith(f"| {others[0]}"))
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells[1].startswith("50.0 % (")
    assert cells[2].startswith("50.0 % (")
    assert cells[3:5] == ["1", "60.0 %"]
    assert cells[-2:] == ["10 h (20 h)", "5 h"]
    assert "2 of 4 years are bad" in told


def years(bad: int, good: int) -> Measured:
    return Measured("`all` four", np.array([0.7] * bad + [0.99] * good), 0, 0, 0)


def test_one_bad_year_in_200_is_told_as_far_as_it_is_proven() -> None:
    # Clopper and Pearson at 95 %: none of 1,000 is below 0.37 %; 30 of 1,000 are above 2.0 %.
    assert "0 of 1,000 years are bad: 0.00 % (0.00 % – 0.37 %" in verdict(years(0, 1000))
    assert "no more than one year in 200" in verdict(years(0, 1000))
    assert "do not suffice" in verdict(years(30, 970))
    assert "takes more years to prove" in verdict(years(1, 199))


def test_the_figure_has_a_line_for_each_variant() -> None:
    drawn = draw([years(1, 3), Measured("`help`", np.array([0.5, 1.0]), 0, 0, 0)])
    lines = {line.get_label(): line for line in drawn.axes[0].get_lines()}
    assert lines["all four"].get_xydata().tolist() == [[70, 25], [99, 50], [99, 75], [99, 100]]
    assert lines["help"].get_xydata().tolist() == [[50, 50], [100, 100]]
