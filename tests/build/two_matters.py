"""Two matters whose days are worked out by hand, and one that nobody has.

Around the clock, every day counts. Three cases come at midnight and are accepted two minutes later.
One officer reviews A for 20 hours, another B for 30 hours, first come, first served; a decision
takes a minute. So A is decided on day 0, 1 and 2, B on day 1, 2 and 3.
"""

TWO = """
name: Two matters
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours: {always: 24x7}
departments: {da: {}, db: {}}
pools: {window: {}, a: {}, b: {}, signing: {}}
staff:
  window: {serves: [window], count: 9, hours: always}
  a: {serves: [a], count: 1, hours: always}
  b: {serves: [b], count: 1, hours: always}
  signing: {serves: [signing], count: 9, hours: always}
case_types:
  project:
    arrivals: {at: [0 min, 0 min, 0 min]}
    attributes: {kind: {shares: {plain: 1.0, rare: 0.0}}}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {one: {lead: da, budget: 3 wd}}
    matter_defaults: {stage: one, intake: 1 min, check: 1 min, delivery: 1 min}
    matters:
      A:
        department: da
        promised: 1 wd
        review: {handle: {pool: a, work: 20 h}}
        decision: {pool: signing, work: 1 min}
      B:
        department: db
        promised: 1 wd
        statutory: 2 wd
        review: {handle: {pool: b, work: 30 h}}
        decision: {pool: signing, work: 1 min}
      C:
        department: db
        if: {kind: rare}
        promised: 1 wd
        decision: {pool: signing, work: 1 min}
limits:
  whole: {case_type: project, limit: 3 wd}
  only_a: {case_type: project, scope: {matters: [A]}, limit: 3 wd}
"""
