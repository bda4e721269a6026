"""Who works: departments, pools, and the roster groups that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from sim.scenario.schema.base import (
    Block,
    Date,
    DepartmentName,
    HoursName,
    PoolName,
    Probability,
    Text,
    Word,
    require,
)
from sim.scenario.schema.timing import DateRange

Officers = Annotated[int, Strict(), Field(ge=0, le=10_000)]


class Department(Block):
    """A department, an agency, or another body that takes part."""

    label: Text = Text()
    """Its name."""
    counter: PoolName | None = None
    """The pool of its own counter, used where one-window intake is off."""


class Pool(Block):
    """A queue of work, served by officers."""

    label: Text = Text()
    """Its name."""
    department: DepartmentName | None = None
    """The department to which its officers belong."""
    per: Word | None = None
    """An attribute: one pool for each of its values, e.g. `zone`; a case goes to its own."""
    rule: Literal["fifo", "priority", "earliest_due", "escalate"] = "fifo"
    """The order in which the queue is served."""
    escalate_below_wd: Annotated[int, Strict(), Field(ge=0, le=1000)] = 3
    """For `escalate`: cases with fewer working days left go first."""


class Leave(Block):
    """Planned leave of some officers of a group."""

    dates: DateRange
    """Dates of the leave, both ends included."""
    officers: Officers
    """Number of officers on leave, counted from the last of the roster."""


class Staff(Block):
    """A roster group: officers who are alike."""

    label: Text = Text()
    """Its name."""
    serves: tuple[PoolName, ...] = Field(min_length=1)
    """The pools they serve; several for cross-trained staff."""
    count: Officers | Mapping[str, Officers]
    """Number of officers. Where the pools exist per attribute value, one number is a roving group
    that serves all values; a mapping value → number is a group for each value."""
    hours: HoursName
    """Duty hours of the officers."""
    first_day: Date | None = Field(default=None, alias="from")
    """First day of duty."""
    last_day: Date | None = Field(default=None, alias="until")
    """Last day of duty; an item then in hand is still finished."""
    leave: tuple[Leave, ...] = ()
    """Planned leave."""
    absence: Probability = 0.0
    """Probability that an officer is absent on a working day, independently."""
    share: Annotated[float, Strict(), Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    """Share of their time for this work: an item takes 1/share as long."""
    speed: Annotated[float, Strict(), Field(ge=0.001, le=1000, allow_inf_nan=False)] = 1.0
    """Work done per unit of time."""
    closing: Literal["pause", "finish"] = "pause"
    """What happens to the item in hand at closing time: `pause` leaves it until the next duty,
    `finish` completes it first, as at counters."""

    @model_validator(mode="after")
    def _dates(self) -> Staff:
        ordered = not (self.first_day and self.last_day) or self.first_day <= self.last_day
        require(ordered, "'from' must not lie after 'until'", at="until")
        once = len(set(self.serves)) == len(self.serves)
        require(once, "a pool is named twice", at="serves")
        return self
