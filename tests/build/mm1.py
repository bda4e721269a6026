"""A scenario whose breaking load is known exactly: M/M/1 with a promise."""

from __future__ import annotations

import math

from scipy.optimize import brentq

MM1 = """
name: M/M/1 with a promise
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-03-01, to: 2025-12-31}, run_out: 60 cd}
hours: {always: 24x7}
pools: {counter: {}}
staff: {clerk: {serves: [counter], count: 1, hours: always}}
case_types:
  request:
    arrivals: {every: {exponential: 12 h}}
    steps: {serve: {pool: counter, work: {exponential: 6 h}}}
limits: {promise: {case_type: request, limit: 1 wd, clock: gross_span, target_share: 0.9}}
"""
ARRIVALS, SERVICES, DAYS, TARGET = 2.0, 4.0, 1, 0.9
"""A day, as in the scenario; the promise."""


def late_share(theta: float) -> float:
    return math.exp(-theta * (DAYS + 1)) * math.expm1(theta) / theta


EXACT = (SERVICES - brentq(lambda theta: late_share(theta) - (1 - TARGET), 0.01, 10)) / ARRIVALS
