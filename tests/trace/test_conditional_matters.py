"""A limit on a conditional matter binds the cases that have it, though one window serves them all.

Three cases come at midnight, around the clock; one window receives and checks all matters of the
stage. Two cases are plain; the third is special and has the matter C, which takes 5 days.
"""

from sim.experiments import run as simulate
from tests.build.stories import scenario

STAGE = """
name: One conditional matter
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours: {always: 24x7}
departments: {da: {}}
pools: {window: {}, desk: {}}
staff:
  window: {serves: [window], count: 9, hours: always}
  desk: {serves: [desk], count: 9, hours: always}
case_types:
  project:
    arrivals: {at: [0 min, 0 min]}
    more_arrivals: {special: {at: [0 min], attributes: {kind: special}}}
    attributes: {kind: {shares: {plain: 1.0, special: 0.0}}}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {one: {lead: da}, extra: {lead: da}}
    matter_defaults: {department: da, intake: 1 min, check: 1 min, delivery: 1 min}
    matters:
      A: {stage: one, decision: {pool: desk, work: 1 min}}
      C:
        stage: one
        if: {kind: special}
        special: {hearing: {delay: 5 cd, probability: 1.0}}
        decision: {pool: desk, work: 1 min}
      D: {stage: extra, if: {kind: special}, decision: {pool: desk, work: 1 min}}
handling: {one_window: true, parallel_approval: true}
limits:
  every: {case_type: project, limit: 3 wd, clock: gross_span}
  only_c: {case_type: project, scope: {matters: [C]}, limit: 3 wd, clock: gross_span}
  with_a: {case_type: project, scope: {matters: [A, C]}, limit: 9 wd, clock: gross_span}
  extra: {case_type: project, scope: {stages: [extra]}, limit: 3 wd, clock: gross_span}
"""


def judged(*texts):
    """Return limit → (measured, on time, late, no decision)."""
    result = simulate(scenario(STAGE, *texts), replications=2)
    return {
        limit.name: tuple(
            count // 2 for count in (limit.measured, limit.on_time, limit.late, limit.no_decision)
        )
        for limit in result.verdicts
    }


def test_cases_without_the_matter_are_not_on_time_for_it():
    # C is decided on day 5 and late; before, the two plain cases counted as on time beside it.
    assert judged() == {
        "every": (3, 2, 1, 0),
        "only_c": (1, 0, 1, 0),
        "with_a": (3, 3, 0, 0),
        "extra": (1, 1, 0, 0),
    }


def test_a_refused_case_has_no_decision_there():
    """All are refused at the check of stage one: whether they would come to C is left open."""
    refused = "case_types: {project: {matters: {A: {refusal: {at_acceptance: 1.0}}}}}"
    found = judged(refused)
    assert found["only_c"] == found["with_a"] == (3, 0, 0, 3)
    assert found["extra"] == (1, 1, 0, 0)  # D goes its own way
