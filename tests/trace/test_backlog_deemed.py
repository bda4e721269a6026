"""Open cases whose papers were not checked in time: by law they count as accepted since receipt.

China, autumn 2021: **Sat 18 Sep works**, Sun 19 to Tue 21 off, **Sun 26 Sep works**, Fri 1 to Thu
7 Oct off, **Sat 9 Oct works**. The simulation begins on Thu 23 Sep. The papers of stage `one` came
on Mon 13 Sep: (13, 22] = 14, 15, 16, 17, 18, 22 = 6 working days without an answer, more than five.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.clocks import Counting, read_clocks
from sim.limits import Scope
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.scenario import Scenario, ScenarioError
from tests.build.backlogs import HAND, as_csv, written
from tests.build.dues import with_dues

PAPERS = {"case": "c", "case_type": "project", "submitted": "2021-09-13"}
LATE = PAPERS | {"accepted_on": "2021-09-13", "deemed": "one=2021-09-13"}
BY_DUE_DAY = """
pools: {handlers: {rule: earliest_due}}
clocks: {as_accepted: {deemed_acceptance: false}}
limits: {recorded: {case_type: project, limit: 20 wd, clock: as_accepted}}
"""

# Of every case: publicity of 7 days to the 30th, signed on Fri 8 Oct 16:00-16:30; B received
# 16:30-17:00, checked Sat 9 Oct 9:00-9:30, decided 9:30-10:30. The promised clock then adds 8 and
# 9 Oct, and the 23rd if it ran that morning; the statutory one the 23rd, 24, 26 to 30 Sep, 8 and 9
# Oct, which are 9. A clock without pauses that does not follow deemed acceptance counts from the
# acceptance alone.
CASES = {
    # Checked on the 23rd 9:00-9:30, reviewed to 11:30. Accepted on the 23rd: (23, 9] = 8.
    "check waits": (LATE | {"done": "one/intake"}, "09:30", (6 + 9, 6 + 3, 8), (14, 14)),
    # Told on the 22nd; corrected by the 23rd 10:00, checked again to 10:15, reviewed to 13:15. By
    # law this correction comes after the acceptance: the promised clock pauses for it from the 22nd
    # to the 23rd, which does not count; the statutory one does not.
    "correction under way": (
        LATE | {"done": "one/intake;one/check", "under_way": "one/correction=2021-09-22 10:00"},
        "10:15",
        (6 + 9, 6 + 2, 8),
        (14 + 1, 14 + 1),
    ),
    # Accepted on the 22nd, too late: the clock runs since the 13th all the same. (22, 9] = 9.
    "accepted too late": (
        LATE | {"accepted": "one=2021-09-22"},
        "09:00",
        (6 + 9, 6 + 3, 9),
        (14, 14),
    ),
    # The same where nobody knows when: as if it had been on the 13th, not as it was submitted.
    "accepted some day": (
        PAPERS | {"submitted": "2021-09-10", "accepted": "one", "deemed": "one=2021-09-13"},
        "09:00",
        (6 + 9, 6 + 3, 6 + 9),
        (14, 14),
    ),
}


def scenario(folder, row: dict[str, str], *texts: str) -> Scenario:
    return written(folder, as_csv([row]), HAND, *texts)


@pytest.mark.parametrize("name", CASES)
def test_clocks_run_since_the_receipt(name, tmp_path) -> None:
    row, reviewed_from, days, dues = CASES[name]
    model = Model(scenario(tmp_path, row, BY_DUE_DAY))
    start = dt.datetime(2021, 9, 23)
    read = {}
    for engine in ("compiled", "simpy"):
        done = model.replicate(1, 0, engine=engine)
        nodes = [model.process.nodes[node].name for node in done.demand.node.tolist()]
        at = dict(zip(nodes, done.schedule.start.tolist(), strict=True))
        begun = start + dt.timedelta(seconds=at["A/review/handle"])
        assert str(begun) == f"2021-09-23 {reviewed_from}:00"
        limits = [of for of in read_limits(model.scenario, done) if of.name == "recorded"]
        clocks = limits[0].readings.clocks
        read[engine] = {key: int(one.value[0]) for key, one in clocks.items()}
        told = (read[engine][name] for name in ("statutory", "promised", "as_accepted"))
        assert tuple(told) == days
    assert read["compiled"] == read["simpy"]
    _, kept = with_dues(model)
    review = nodes.index("A/review/handle")
    assert (kept.at_ready[review], kept.at_end[review]) == dues


def test_due_days_count_a_correction_as_their_clock_does(tmp_path) -> None:
    """The applicant has the papers from the 22nd to Sun 26 Sep, three working days.

    The statutory clock goes on: 6 days are used, and all days from the 23rd on count. The promised
    one stands still until the 26th, N = 3 of the days from the 23rd.
    """
    row = CASES["correction under way"][0]
    slow = "case_types: {project: {matters: {A: {correction: {turnaround: {constant: 3 wd}}}}}}"
    for clock, due in (("statutory", 20 - 6), ("promised", 20 - 6 + 3)):
        limit = f"limits: {{all: {{clock: {clock}}}}}"
        model = Model(scenario(tmp_path, row, BY_DUE_DAY, slow, limit))
        done, kept = with_dues(model)
        nodes = [model.process.nodes[node].name for node in done.demand.node.tolist()]
        review = nodes.index("A/review/handle")
        assert str(dt.timedelta(seconds=int(done.schedule.ready[review]))) == "3 days, 10:15:00"
        assert kept.at_ready[review] == due


def test_a_matter_has_the_days_of_its_own_papers(tmp_path) -> None:
    """A limit on stage two alone starts with the acceptance of its papers, as ever."""
    two = "limits: {two: {case_type: project, limit: 9 wd, scope: {stages: [two]}}}"
    row = CASES["check waits"][0]
    model = Model(scenario(tmp_path, row, two))
    done = model.replicate(1, 0)
    clocks = read_clocks(done, Scope("project", ("B",)), Counting.of(model.scenario, done)).clocks
    assert int(clocks["promised"].value[0]) == 0  # accepted and decided on 9 Oct
    assert model.demand.draw(1, 0).deemed.sum() == 1  # the check that is left of stage one


def test_who_ignores_deemed_acceptance_waits_for_the_acceptance(tmp_path) -> None:
    ignored = "handling: {ignore_deemed_acceptance: true}"
    row = PAPERS | {"done": "one/intake"}
    model = Model(scenario(tmp_path, row, ignored))
    done = model.replicate(1, 0)
    clocks = read_clocks(done, Scope("project"), Counting.of(model.scenario, done)).clocks
    assert int(clocks["promised"].value[0]) == 2  # accepted on the 23rd; 8 and 9 Oct
    with pytest.raises(ScenarioError, match="ignores deemed acceptance"):
        Model(scenario(tmp_path, LATE | {"done": "one/intake"}, ignored))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"deemed": "one"}, "on which date"),
        ({"deemed": "three=2021-09-13"}, "no such part"),
        ({"deemed": "one=2021-09-15", "accepted_on": "2021-09-15"}, "only 4 working days"),
        ({"deemed": "one=2021-09-12"}, "before the submission"),
        ({"deemed": ""}, "'accepted', 'deemed' and 'done' name nothing"),
        ({"accepted_on": "2021-09-14"}, "started on 2021-09-13"),
    ],
)
def test_what_makes_no_sense_is_told(change, told, tmp_path) -> None:
    with pytest.raises(ScenarioError, match=told):
        Model(scenario(tmp_path, LATE | {"done": "one/intake"} | change))


def test_papers_that_were_handed_in_together_are_late_together(tmp_path) -> None:
    """Another matter of the stage came with the same papers; the row names one of them."""
    other = "{stage: one, department: land, decision: {pool: handlers, work: 1 h}}"
    more = f"case_types: {{project: {{matters: {{X: {other}}}}}}}"
    row = LATE | {"done": "one/intake", "deemed": "A=2021-09-13"}
    demand = Model(scenario(tmp_path, row, more)).demand.draw(1, 0)
    (carried,) = demand.backlog.values()
    day = dict(zip(carried.matters, carried.deemed[0].tolist(), strict=True))
    assert (day["A"], day["X"], day["B"]) == (-10, -10, 1)
    assert np.count_nonzero(demand.deemed) == 1
