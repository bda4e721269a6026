"""The page on the policy's clauses: every clause has an effect or a reason."""

import numpy as np
import pytest

import sim
from docs.generate.clauses import BEGIN, CLAUSES, END, PAGE, Step, found, rows_of
from sim.scenario import library_names
from tests.build.stories import scenario
from tests.build.three_matters import LEVERS, handling

LIMIT = "limits: {all: {case_type: project, limit: 1 wd, label: {en: In a day}}}"


@pytest.fixture(scope="module")
def results():
    """Two replications of the three matters: at counters, and at one window."""
    run = {
        "base": scenario(LEVERS, LIMIT, handling(one_window=False)),
        "levers:window": scenario(LEVERS, LIMIT),
    }
    return {
        name: sim.run(loaded, replications=2, seed=1, progress=False)
        for name, loaded in run.items()
    }


def test_each_clause_has_scenarios_or_a_reason():
    for clause in CLAUSES:
        assert bool(clause.steps) != bool(clause.untouched)
        for step in clause.steps:
            for name in filter(None, (step.before, step.after)):
                assert f"yingkou/{name.partition(':')[0]}" in library_names()


def test_overrides_and_limits_of_the_page_exist():
    names = {name for c in CLAUSES for s in c.steps for name in (s.before, s.after) if name}
    known = {}
    for name in names:
        of, _, overrides = name.partition(":")
        known[name] = sim.load(f"yingkou/{of}", overrides=list(filter(None, overrides.split("+"))))
    for clause in CLAUSES:
        for step in clause.steps:
            for name in filter(None, (step.before, step.after)):
                assert set(step.limits) <= set(known[name].limits)


def test_the_page_has_a_row_for_each_clause():
    measured = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    texts = [row.split(" | ")[1] for row in measured.splitlines() if row.startswith("| ")][2:]
    assert [text for text in texts if text] == [clause.text for clause in CLAUSES]


def test_a_row_says_what_a_step_changes(results):
    # at counters the case ends at 77 + ... (see three_matters): the same working day either way
    ((told, label, share, promised, span),) = rows_of(
        Step("base", "levers:window", ("all",)), results.__getitem__
    )
    assert (told, label) == ("`base` → `levers` `window`", "In a day")
    assert share.startswith("+0.0 points (")
    assert "): 100.0 % (" in share
    before, after = (results[name].mean_days("all", "gross_span") for name in results)
    assert span.startswith(f"{after - before:+.1f} (")
    assert promised.endswith(")")
    ((told, _, share, _, span),) = rows_of(Step("", "base", ("all",)), results.__getitem__)
    assert (told, span) == ("`base`", f"{before:.1f}")
    assert "points" not in share


def test_a_clause_that_touches_no_time_says_why(results, monkeypatch):
    kept = [clause for clause in CLAUSES if clause.untouched]
    monkeypatch.setattr("docs.generate.clauses.CLAUSES", kept)
    told = found(results.__getitem__, 2)
    assert np.all([clause.untouched in told for clause in kept])
    assert told.count("| none |") == len(kept) > 0
