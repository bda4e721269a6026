"""A city with every kind of draw, and the draws of its cases by what they are for."""

from __future__ import annotations

from tests.build.stories import Story

CITY = """
name: Streams
period: {start: 2021-01-01, window: {from: 2021-01-01, to: 2021-02-28}, run_out: 90 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
  meeting: {week: {tue: "14:00-17:00"}}
departments:
  da: {counter: counter_a}
  db: {counter: counter_b}
pools: {window: {}, counter_a: {}, counter_b: {}, officers: {}, zonal: {per: zone}, meeting: {}}
staff:
  window: {serves: [window], count: 2, hours: office, closing: finish}
  counters: {serves: [counter_a, counter_b], count: 2, hours: office}
  officers: {serves: [officers], count: 3, hours: office, absence: 0.1}
  zonal: {serves: [zonal], count: {east: 1, west: 2}, hours: office, absence: 0.05}
  slots: {serves: [meeting], count: 2, hours: meeting}
case_types:
  project:
    arrivals: {yearly: {volume: 600, day_to_day_cv: 0.6}}
    attributes:
      zone: {shares: {east: 0.4, west: 0.6}}
      kind: {shares: {x: 0.3, y: 0.7}}
    window:
      pool: window
      transfer_out: {uniform: {low: 0.1 wd, high: 1 wd}}
      transfer_back: {uniform: {low: 0.1 wd, high: 1 wd}}
    trip: {lognormal: {median: 1 wd, p90: 3 wd}}
    stages: {one: {lead: da}, two: {lead: db}}
    matter_defaults:
      intake: {exponential: 20 min}
      check: {exponential: 20 min}
      delivery: 5 min
      correction: {probability: 0.3, again: 0.2, turnaround: {exponential: 2 wd}, withdrawal: 0.1}
    matters:
      A:
        department: da
        stage: one
        review: {handle: {pool: officers, work: {gamma: {mean: 1 h, cv: 0.5}}}}
        co_review: {other: {pool: zonal, work: {exponential: 1 h}}}
        meeting: {pool: meeting, work: {uniform: {low: 10 min, high: 30 min}}}
        review_correction: {probability: 0.3, turnaround: {exponential: 10 h}}
        special: {expert: {probability: 0.4, delay: {exponential: 2 wd}}}
        refusal: {at_acceptance: 0.05, at_decision: 0.05}
        decision: {pool: officers, work: {exponential: 20 min}}
      B:
        department: db
        stage: one
        if: {kind: y}
        decision: {pool: officers, work: {exponential: 20 min}}
      C:
        department: db
        stage: two
        requires: [A]
        review: {handle: {pool: zonal, work: {exponential: 1 h}}}
        decision: {pool: officers, work: {exponential: 20 min}}
  network:
    arrivals: {every: {exponential: 5 h}}
    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}
    steps:
      a: {pool: officers, work: {exponential: 10 min}}
      b: {after: [a], pool: zonal, work: {exponential: 10 min}, probability: 0.5}
      c:
        after: [a, b]
        pool: officers
        work: {exponential: 10 min}
        rework: {probability: 0.3, via: {w: {delay: {exponential: 1 wd}}}, redo: [a]}
limits:
  all: {case_type: project, limit: 20 wd}
"""


def draws(text_or_story: Story, case_types=("project", "network")) -> dict[tuple[str, int], tuple]:
    """Return (case type, number within it) → arrival, attributes, outcome, amounts by step."""
    story = text_or_story
    demand, process = story.demand, story.model.process
    values = demand.attribute_values
    found, numbers = {}, dict.fromkeys(process.case_types, 0)
    names = [node.name for node in story.nodes]
    first = demand.workload.first_item
    for case, kind in enumerate(demand.case_type):
        name = process.case_types[kind]
        attributes = {
            each: values[each][codes[case]] if codes[case] >= 0 else None
            for each, codes in demand.attributes.items()
        }
        amounts = {
            names[item]: int(demand.workload.amount[item])
            for item in range(first[case], first[case + 1])
        }
        arrival = int(demand.workload.arrival_s[case])
        if name in case_types:
            outcome = int(demand.outcome[case])
            found[name, numbers[name]] = (arrival, attributes, outcome, amounts)
        numbers[name] += 1
    return found
