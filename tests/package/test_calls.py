"""Public functions refuse what they do not know, and say what comes nearest."""

from __future__ import annotations

import inspect
import typing
from typing import Any

import numpy as np
import pytest

import sim
from sim.report import figures
from sim.scenario.calls import _parameters, checked_call
from tests.build.results import office

FUNCTIONS = {name: getattr(sim, name) for name in sim.__all__}
FUNCTIONS = {name: one for name, one in FUNCTIONS.items() if inspect.isfunction(one)}
DRAWN = [name for name in figures.__all__ if name not in {"ReportFigure", "plates", "to_svg"}]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_names_the_nearest_keyword(name):
    function = FUNCTIONS[name]
    keyword = next(reversed(_parameters(inspect.unwrap(function))))
    mistyped = keyword[:-1] + "_" + keyword[-1]
    rule = rf"{name}\(\) has no keyword '{mistyped}'; did you mean '{keyword}'"
    with pytest.raises(TypeError, match=rule):
        function(**{mistyped: None})


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "plot"])
def test_every_figure_names_the_nearest_keyword_and_its_languages(name):
    function = getattr(sim.figures, name)
    with pytest.raises(TypeError, match=r"has no keyword 'langauge'; did you mean 'language'\?"):
        function(None, langauge="en")
    with pytest.raises(ValueError, match="no language 'fr'; there are: en, zh"):
        function(None, language="fr")


def test_no_public_function_takes_just_any_keyword():
    """Only `plot` does, and hands them to a function that checks them."""
    for name, function in FUNCTIONS.items():
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                assert "Unpack[Execution]" in str(parameter.annotation), name


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(office(), replications=1)


@pytest.mark.parametrize(
    ("given", "error", "rule"),
    [
        ({"replication": 2}, TypeError, "no keyword 'replication'; did you mean 'replications'"),
        ({"jbos": 2}, TypeError, "no keyword 'jbos'; did you mean 'jobs'"),
        ({"keep": "case"}, ValueError, "no keep 'case'; there are: limits, summary, cases, items"),
        ({"engine": "simpi"}, ValueError, "no engine 'simpi'; there are: compiled, simpy"),
        ({"until": "decide"}, ValueError, "no until 'decide'; there are: decided"),
        ({"until": 0}, ValueError, "a precision lies between 0 and 0.5"),
        ({"until": True}, ValueError, "a precision lies between 0 and 0.5"),
        ({"replications": 2.5}, TypeError, "replications must be a whole number, not 2.5"),
        ({"replications": True}, TypeError, "replications must be a whole number, not True"),
        ({"replications": 0}, ValueError, "replications: 0: must be at least 1"),
        ({"replications": 1, "seed": -1}, ValueError, "a seed is not below 0: -1"),
        ({"replications": 4, "jobs": 0}, ValueError, "jobs: 0: must be at least 1"),
        ({"until": "decided", "max_replications": 0}, ValueError, "max_replications: 0: must be"),
    ],
)
def test_a_run_refuses(given: dict[str, Any], error: type[Exception], rule: str):
    with pytest.raises(error, match=rule):
        sim.run(office(), **given)


def test_numbers_of_numpy_are_numbers():
    assert sim.run(office(), replications=np.int64(1)).replications == 1
    assert sim.vary(office(), {"staff.clerks.count": np.int64(3)}).staff["clerks"].count == 3


def test_parts_of_a_result_are_told_by_name(result):
    for call, rule in (
        (lambda: result.plot("pols"), "no figure 'pols' of a Result; there are: on_time"),
        (lambda: result.plot("on_time", limt=1), "no keyword 'limt'"),
        (
            lambda: result.plot("days_used", by="pool"),
            "no by 'pool'; there are: department, matter",
        ),
        (lambda: result.late_days("two_days", by="pool"), "no by 'pool'; there are: category"),
        (lambda: result.late_days("days"), "no limit 'days'; there are: two_days"),
        (lambda: result.records("limts"), "no table 'limts'; there are: limits"),
        (lambda: sim.rnu, "no attribute 'rnu'; did you mean 'run'"),
        (lambda: sim.figures.tornados, "no attribute 'tornados'; did you mean 'tornado'"),
    ):
        with pytest.raises((AttributeError, TypeError, ValueError), match=rule):
            call()


def test_overrides_are_names_and_settings_are_values(tmp_path):
    for given, rule in (
        ({"overrides": {"staff.clerks.count": 3}}, "go into settings={path: value}"),
        ({"overrides": [3]}, r"overrides holds 3, which is no text; write overrides=\['name'\]"),
        ({"settings": [("staff.clerks.count", 3)]}, "which is no text; write settings={'path'"),
        ({"settings": "staff.clerks.count=3"}, "settings must be a list of texts"),
    ):
        with pytest.raises(TypeError, match=rule):
            sim.vary(office(), **given)
    with pytest.raises(sim.ScenarioError, match="staf: unknown key; did you mean 'staff'"):
        sim.vary(office(), {"staf.clerks.count": 3})


def test_the_signature_stays_as_written():
    def plain(scenario: int, *, seed: int | None = None) -> int:
        return scenario

    checked = checked_call(plain)
    assert inspect.signature(checked) == inspect.signature(plain)
    assert typing.get_type_hints(checked) == typing.get_type_hints(plain)
    assert checked(3) == 3
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'scenario'"):
        checked()  # type: ignore[call-arg]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_that_takes_scenarios_says_how_to_get_one(name):
    parameters = _parameters(inspect.unwrap(FUNCTIONS[name]))
    for parameter, kind in parameters.items():
        if kind in (sim.Scenario, sim.Scenario | None):
            with pytest.raises(TypeError, match=r"needs a Scenario; use sim.load\('my-city'\)"):
                FUNCTIONS[name](**{parameter: "my-city"})


@pytest.mark.parametrize(
    ("given", "rule"),
    [([office()], "a mapping of names"), ({"now": "x"}, r"needs a Scenario; use sim.load\('x'\)")],
)
def test_scenarios_to_compare_have_names(given, rule):
    with pytest.raises(TypeError, match=rule):
        sim.compare(given)
