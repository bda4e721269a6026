"""Limits and clocks: their definitions, before any draw.

The policy sets limits but not the clock that measures them, so `CLOCKS` defines several, and every
limit names the clock that decides (model page §8; `domain.md` §1.3).
"""

from sim.limits.clocks import CLOCKS, NOTICE_WD, ClockRule
from sim.limits.limit import (
    DueClock,
    Per,
    ResolvedLimit,
    Scope,
    due_clocks,
    governing_limits,
    resolved_limits,
)

__all__ = [
    "CLOCKS",
    "NOTICE_WD",
    "ClockRule",
    "DueClock",
    "Per",
    "ResolvedLimit",
    "Scope",
    "due_clocks",
    "governing_limits",
    "resolved_limits",
]
