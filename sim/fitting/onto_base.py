"""A fit laid over another scenario: what was measured replaces its values, the rest stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.fitting.fitted import Remark
from sim.scenario import CaseType, Scenario

_OF_MATTER: Final = ("promised", "correction", "review_correction", "publicity", "special")
_WAYS: Final = ("every", "at", "replay")


def onto(base: Scenario, tree: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a fitted tree that replace values of a scenario.

    These are dates, arrivals, shares of attributes, and for each matter the corrections, special
    procedures, publicity, negative ends and promised days. Staff, hours and work stay those of the
    base: its pools need not be those of the records.
    """
    found: dict[str, Any] = {"name": tree["name"], "period": tree["period"], "case_types": {}}
    for key, fitted in tree["case_types"].items():
        own = base.case_types.get(key)
        if own is not None and own.matters:
            found["case_types"][key] = _case_type(own, fitted)
    return found


def _case_type(own: CaseType, fitted: dict[str, Any]) -> dict[str, Any]:
    arrivals: dict[str, Any] = dict(fitted["arrivals"])
    arrivals |= {way: None for way in _WAYS if getattr(own.arrivals, way) is not None}
    yearly = own.arrivals.yearly
    if yearly is not None:
        taken: dict[str, Any] = {"stock": None} if yearly.stock is not None else {}
        if yearly.growth:
            taken["growth"] = 0.0
        if yearly.surges:
            taken["surges"] = []
        arrivals["yearly"] = {**arrivals["yearly"], **taken}
    common = fitted.get("matter_defaults", {}).get("correction", {})
    found: dict[str, Any] = {"arrivals": arrivals}
    attributes = dict(_attributes(own, fitted))
    if attributes:
        found["attributes"] = attributes
    matters = {
        name: part
        for name, matter in fitted["matters"].items()
        if name in own.matters and (part := _matter(own, name, matter, common))
    }
    return {**found, "matters": matters} if matters else found


def _attributes(own: CaseType, fitted: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, part in fitted.get("attributes", {}).items():
        known = own.attributes.get(name)
        if known is not None and set(known.shares) >= set(part["shares"].value):
            yield name, part


def _matter(
    own: CaseType, name: str, fitted: dict[str, Any], common: dict[str, Any]
) -> dict[str, Any]:
    spec = own.matters[name]
    found: dict[str, Any] = {key: fitted[key] for key in _OF_MATTER if key in fitted}
    if "correction" in found:
        found["correction"] = {**common, **found["correction"]}
    if not spec.review:
        found.pop("review_correction", None)
    if "refusal" in fitted:
        found["refusal"] = fitted["refusal"]
    return found


def left_to_base(base: Scenario, tree: dict[str, Any]) -> Iterator[Remark]:
    """Yield what was recorded and is not in the base."""
    for key, fitted in tree["case_types"].items():
        own = base.case_types.get(key)
        if own is None:
            yield Remark("unknown_type", key)
            continue
        for name in fitted["matters"]:
            if name not in own.matters:
                yield Remark("unknown_matter", name)
