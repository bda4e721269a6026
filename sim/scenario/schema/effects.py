"""Variants of a case: further streams of arrivals, and what an attribute changes in the course."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.arrivals import Arrivals
from sim.scenario.schema.base import (
    Block,
    Condition,
    Factor,
    MatterName,
    Name,
    PoolName,
    Probability,
    Word,
)
from sim.scenario.schema.distributions import Distribution, Work
from sim.scenario.schema.marks import RefersTo

KINDS_OF_WORK: Final = ("intake", "check", "review", "decision", "delivery")
"""Steps whose effort an effect may change; `review` is also opinions and meetings."""


class MoreArrivals(Arrivals):
    """A further stream of arrivals of a case type, with draws of its own."""

    attributes: Annotated[Mapping[Name, Word], RefersTo("attributes")] = {}
    """Attribute → the value that all its cases have; the others are drawn by their shares."""


class Inspection(Block):
    """An inspection after the decision (事后监管): on no clock, but it uses staff."""

    matter: MatterName
    """The matter after whose decision it comes."""
    probability: Probability = 1.0
    """That the case is picked (双随机: at random)."""
    after: Distribution
    """How long after the decision."""
    pool: PoolName
    """The pool that inspects."""
    work: Work
    """Its effort."""


class Effect(Block):
    """What an attribute of a case changes in its course; several effects multiply.

    No draw changes its stream: the same numbers are scaled, or not used.
    """

    when: Annotated[Condition, Field(min_length=1)] = Field(alias="if")
    """Only for cases with these attribute values."""
    correction: Factor = 1.0
    """Factor on the probability of correction, before acceptance and in the review (at most 1 in
    the end)."""
    work: Mapping[Annotated[str, RefersTo("work")], Factor] = {}
    """Kind of step (`intake`, `check`, `review`, `decision`, `delivery`) or matter → factor on its
    effort; for a matter, on all work up to its delivery."""
    skip: tuple[MatterName, ...] = ()
    """Matters that do not take place."""
    inspection: Inspection | None = None
    """An inspection after the decision of a matter."""

    @model_validator(mode="after")
    def _changes_something(self) -> Effect:
        if self.correction == 1 and not self.work and not self.skip and self.inspection is None:
            rule = "changes nothing: give correction, work, skip or inspection"
            raise PydanticCustomError("effect", "{text}", {"text": rule})
        return self
