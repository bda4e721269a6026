"""Limits as cities promise them. Days by hand."""

from tests.build.situations import once


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
