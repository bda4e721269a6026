"""Clocks and shares. Days by hand."""

import pytest

from tests.build.situations import days, once, story


def on_clocks(limit, result):
    """Return the days of the one case of a limit: statutory, gross span, calendar days."""
    columns = (result.cases[f"{limit}.{clock}"].dropna() for clock in
               ("statutory", "gross_span", "calendar_days"))  # fmt: skip
    return [int(column.item()) for column in columns]


def test_many_pauses():
    """1 to 7 October 2024 are off; Sun 29 September is a make-up day, Sat 5 October a day off."""
    result = once("many-pauses")
    told = story(result)
    # begun on the 23rd, which does not count; pauses inside a day take nothing away
    assert "1 c: Mon 23 Sep 14:00 - Tue 24 Sep 16:00" in told
    assert on_clocks("same_day", result) == [1, 1, 1]
    # the clock runs again from 6 Oct 23:59:59: 8 and 9 Oct. The whole span: 30 Sep, 8, 9 Oct
    assert "2 p1: Sun 29 Sep 17:00 - Sun 6 Oct 23:59:59" in told
    assert "2 b: Tue 8 Oct 09:00 - Wed 9 Oct 10:00" in told
    assert on_clocks("over_holiday", result) == [2, 3, 10]
    assert "3 p1: Tue 1 Oct 16:30 - Sat 5 Oct 23:59:59" in told
    assert on_clocks("starts_on_holiday", result) == [2, 2, 9]
    # the authority: 24, 25, 26; then the join on the 30th, the day on which its stretch begins
    assert "0 right2: Tue 24 Sep 09:00 - Mon 30 Sep 09:00" in told
    assert "0 join: Mon 30 Sep 09:00 - 10:00" in told
    assert on_clocks("parallel", result) == [3, 6, 7]


def test_quantiles_and_shares_of_ten_known_values():
    """Ten cases with 1, 2, … 10 days. A quantile is a value that occurs."""
    result = once("percentiles")
    assert days(result, "nine") == [*range(1, 11)]
    (verdict,) = result.verdicts
    assert result.mean_days("nine", "gross_span") == pytest.approx(5.5)
    assert [quantile.days for quantile in verdict.quantiles] == [5, 9, 10, 10]
    assert verdict.share == pytest.approx(0.9)
    assert verdict.spare_days == 0  # the target of 90 % is just reached
    assert verdict.verdict == "undecided"
