"""Limits as cities promise them. Days by hand."""

from tests.build.situations import mistakes, once


def test_two_limits_by_the_kind_of_the_case():
    """Two officers, 2 h a case: 24 cases in a week. Each kind has its own limit in one queue."""
    result = once("limit-per-kind")
    kinds = result.cases["attribute.kind"].value_counts()
    by_name = {verdict.name: verdict for verdict in result.verdicts}
    assert {name: verdict.measured for name, verdict in by_name.items()} == dict(kinds)
    assert by_name["simple"].limit.days == 1
    assert by_name["complex"].limit.days == 10
    simple = result.cases[result.cases["attribute.kind"] == "simple"]
    assert simple["simple.on_time"].notna().all()
    assert simple["complex.on_time"].isna().all()


HOURS = (
    "clocks.at_work={unit: h, hours: office, start: receipt, stop: delivery, counts: everything}",
    "limits.four.clock=at_work",
    "limits.half={limit: 4 h, clock: at_work}",  # half of a day of 8 hours
)


def arriving(*instants):
    return f"case_types.c.arrivals={{at: [{', '.join(instants)}]}}"


def test_a_limit_in_hours_needs_a_clock_in_hours():
    told = mistakes("limit-in-hours")
    assert [line.split(": ")[1] for line in told] == [
        "limits.half.limit",
        "limits.four.limit",
    ]
    assert all("name a clock in hours" in line for line in told)


def test_a_limit_of_four_working_hours():
    """Ten cases on Mon 8 April at 9; two officers end two of them every hour."""
    result = once("limit-in-hours", *HOURS, arriving(*["2024-04-08 09:00:00"] * 10))
    assert sorted(result.cases["four.at_work"]) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    for verdict in result.verdicts:
        assert (verdict.on_time, verdict.late) == (8, 2)


def test_hours_pass_only_while_the_office_is_open():
    """Wed 3 April 16:30; 4 to 6 April are off, Sun 7 April works: half an hour on each."""
    result = once("limit-in-hours", *HOURS, arriving("2024-04-03 16:30:00"))
    assert result.cases["four.at_work"].tolist() == [1]
    assert result.cases["four.calendar_days"].tolist() == [4]
