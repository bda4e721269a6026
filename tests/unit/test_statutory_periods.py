"""A limit of the law says what it counts from, and in which days."""

import pytest

import sim
from sim.scenario import json_schema
from tests.build.stories import scenario

EIA = "case_types.project.matters.EIA"


def period(written: str):
    loaded = sim.load("yingkou/base", settings=[f"{EIA}.statutory={written}"])
    found = loaded.case_types["project"].matters["EIA"].statutory
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "limit", "start"),
    [
        ("20 wd", "20 wd", "acceptance"),
        ("30 cd", "30 cd", "acceptance"),
        ("{limit: 30 cd, from: receipt}", "30 cd", "receipt"),
        ('{value: 22 wd, source: "law: an older reading"}', "22 wd", "acceptance"),
    ],
)
def test_a_bare_number_of_days_counts_from_acceptance(written, limit, start):
    found = period(written)
    assert (str(found.limit), found.start) == (limit, start)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("3 h", "a period of the law is a whole number of wd or cd, such as '20 wd'"),
        ("1.5 wd", "a period of the law is a whole number of wd or cd"),
        ("20", "must be a whole number of wd (or cd), such as '30 wd'"),
        ("{limit: 7 cd, from: reciept}", "must be 'acceptance' or 'receipt'"),
        ("{limit: 7 cd, form: receipt}", "unknown key; did you mean 'from'?"),
    ],
)
def test_anything_else_is_refused_with_its_place(written, told):
    with pytest.raises(sim.ScenarioError) as refused:
        period(written)
    assert told in str(refused.value)
    assert f"{EIA}.statutory" in str(refused.value)


def test_the_file_format_knows_both_forms():
    import jsonschema  # takes seconds to load

    matter = {"$ref": "#/$defs/Matter", "$defs": json_schema()["$defs"]}
    for written in ("20 wd", {"limit": "7 cd", "from": "receipt"}, {"value": "20 wd"}):
        jsonschema.validate({"statutory": written}, matter)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"statutory": {"limit": "7 cd", "from": "decision"}}, matter)


def test_the_library_counts_as_its_laws_say():
    """Construction Law art. 8, EIA Law art. 22; all others from acceptance, in working days."""
    project = sim.load("yingkou/base").case_types["project"].matters
    stated = {name: m.statutory for name, m in project.items() if m.statutory is not None}
    from_receipt = {name: str(of.limit) for name, of in stated.items() if of.start == "receipt"}
    assert from_receipt == {"EIA": "30 cd", "CP": "7 cd"}
    assert {of.limit.unit for name, of in stated.items() if name not in from_receipt} == {"wd"}


def test_a_variant_may_state_the_other_form():
    text = """
    extends: yingkou/base
    case_types: {project: {matters: {CP: {statutory: 5 wd}, LUP: {statutory: {limit: 9 cd}}}}}
    """
    matters = scenario(text).case_types["project"].matters
    assert (str(matters["CP"].statutory.limit), matters["CP"].statutory.start) == (
        "5 wd",
        "acceptance",
    )
    assert str(matters["LUP"].statutory.limit) == "9 cd"
