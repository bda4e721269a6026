"""The names of the clocks that a limit can be measured on, and the unit of each."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

DayUnit: TypeAlias = Literal["wd", "cd"]
"""Working days, or calendar days."""
WorkingDayClock: TypeAlias = Literal["statutory", "promised", "net_approval", "gross_span"]
"""Clocks that count working days."""
CalendarDayClock: TypeAlias = Literal["calendar_days"]
"""Clocks that count calendar days."""
ClockName: TypeAlias = Literal[WorkingDayClock, CalendarDayClock]
"""All clocks; `sim.limits.CLOCKS` says what each of them counts."""


def unit_of(clock: ClockName) -> DayUnit:
    """Return the unit in which a clock counts: wd, or cd."""
    return "cd" if clock in get_args(CalendarDayClock) else "wd"
