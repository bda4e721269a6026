"""Limits and clocks: their definitions, before any draw.

The policy sets limits but not the clock that measures them, so there are several, and every limit
names the clock that decides (model page §8; `domain.md` §1.3).
"""

from sim.limits.clocks import (
    PRESETS,
    STATE_ITEM,
    STATE_ITEM_SPAN,
    STATE_PROJECT,
    STATE_SPAN,
    STATE_STAGE,
    STATE_STAGE_OPEN,
    WHOLE_TIME,
    ClockRule,
    Counts,
    Level,
    clock_rules,
    never_exceeds,
)
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
    "PRESETS",
    "STATE_ITEM",
    "STATE_ITEM_SPAN",
    "STATE_PROJECT",
    "STATE_SPAN",
    "STATE_STAGE",
    "STATE_STAGE_OPEN",
    "WHOLE_TIME",
    "ClockRule",
    "Counts",
    "DueClock",
    "Level",
    "Per",
    "ResolvedLimit",
    "Scope",
    "clock_rules",
    "due_clocks",
    "governing_limits",
    "never_exceeds",
    "resolved_limits",
]
