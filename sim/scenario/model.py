"""The scenario: everything that a simulation depends on, except the seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.base import CaseTypeName, Flag, Model, Name, Text
from sim.scenario.matters import CaseType
from sim.scenario.provenance import Provenance
from sim.scenario.quantities import Duration
from sim.scenario.staffing import Department, Pool, Staff
from sim.scenario.timing import Calendar, Hours, Period

Share = Annotated[float, Strict(), Field(gt=0, lt=1, allow_inf_nan=False)]


class Handling(Model):
    """How the authorities work: one switch for each lever of the reform (model page §4)."""

    one_window: Flag = True
    """One-window intake 一窗受理: one general window accepts, checks and delivers for all matters
    of a stage. Off: each matter has its department's counter."""
    parallel_approval: Flag = True
    """Parallel approval 并联审批: only true dependencies order the matters. Off: one after
    another in the listed order."""
    pre_review: Flag = False
    """With parallel approval: matters are reviewed before what they require is decided, and
    decided when that arrives."""
    joint_meeting: Flag = False
    """With parallel approval: joint review meetings where matters name one."""
    integrated_startup: Flag = True
    """Integrated start-up 企业开办集成: one form, the rest in parallel once the licence is
    issued. Off: everything applied for one by one."""


class Scope(Model):
    """What a limit covers; everything if nothing is named."""

    stages: tuple[Annotated[str, Strict()], ...] = ()
    """All matters of these stages."""
    matters: tuple[Annotated[str, Strict()], ...] = ()
    """These matters."""


class Limit(Model):
    """A promise: so many working days, kept for a target share of the cases."""

    label: Text = Text()
    """Its name."""
    case_type: CaseTypeName
    """The cases it holds for."""
    scope: Scope = Scope()
    """The part of the case it covers."""
    limit: Duration
    """The promise, in wd (or in cd, with the clock `calendar_days`)."""
    clock: Literal["statutory", "promised", "net_approval", "gross_span", "calendar_days"] = (
        "promised"
    )
    """The clock that decides."""
    target_share: Share = 0.95
    """The share of cases that must keep it."""
    confidence: Share = 0.95
    """Confidence of the verdict."""

    @model_validator(mode="after")
    def _unit(self) -> Limit:
        unit = "cd" if self.clock == "calendar_days" else "wd"
        if self.limit.unit != unit or not self.limit.is_legal_period:
            raise PydanticCustomError(
                "limit",
                "a limit on the clock '{clock}' is a whole number of {unit}",
                {"clock": self.clock, "unit": unit, "at": "limit"},
            )
        return self


class RunDefaults(Model):
    """What a run uses unless told otherwise."""

    replications: Annotated[int, Strict(), Field(ge=1, le=1_000_000)] = 20
    """Number of replications."""
    seed: Annotated[int, Strict(), Field(ge=0, le=2**63 - 1)] = 1
    """Seed of all random streams."""


class Scenario(Model):
    """One frozen scenario."""

    name: Text
    """Its name."""
    about: Text = Text()
    """What it is about."""
    calendar: Calendar = Calendar()
    """Working days."""
    period: Period
    """What is simulated and measured."""
    hours: Mapping[Name, Hours]
    """Duty hours by name."""
    departments: Mapping[Name, Department] = {}
    """Departments by name."""
    pools: Mapping[Name, Pool]
    """Pools by name."""
    staff: Mapping[Name, Staff]
    """Roster groups by name."""
    case_types: Mapping[Name, CaseType] = Field(min_length=1)
    """Case types by name."""
    handling: Handling = Handling()
    """The levers."""
    limits: Mapping[Name, Limit] = {}
    """The promises by name."""
    run: RunDefaults = RunDefaults()
    """Defaults of a run."""

    _provenance: Provenance = PrivateAttr(default_factory=Provenance)

    @property
    def provenance(self) -> Provenance:
        """What is known of the files that the scenario was read from."""
        return self._provenance

    def with_provenance(self, provenance: Provenance) -> Scenario:
        """Return the same scenario, with what is known of its files."""
        known = self.model_copy()
        known._provenance = provenance
        return known

    def sha256(self) -> str:
        """Return a hash of everything that the results depend on, except the seed.

        The order in which pools, staff or case types are written does not matter; where order has
        a meaning (reviews, serial order) it counts. Data files count by their content.
        """
        content = _canonical(self.model_dump(mode="json", by_alias=True), ())
        files = {name: _file_sha256(path) for name, path in self.provenance.data_files.items()}
        text = json.dumps([content, files], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


_ORDERED = frozenset({"review", "via", "matters"})


def _canonical(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        items = [[key, _canonical(child, (*path, key))] for key, child in value.items()]
        return items if path and path[-1] in _ORDERED else sorted(items)
    if isinstance(value, list):
        return [_canonical(child, path) for child in value]
    return value


def _file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
