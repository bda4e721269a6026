"""A case type of one step that takes a second: only arrivals matter."""

ONE_STEP = """
name: Arrivals
period: {start: 2020-01-01, window: {from: 2020-01-01, to: 2021-12-31}, run_out: 0 cd}
hours: {always: 24x7}
pools: {p: {}}
staff: {p: {serves: [p], count: 1, hours: always}}
case_types:
  t:
    arrivals: {yearly: {volume: 1000}}
    steps: {a: {pool: p, work: 1 s}}
"""
