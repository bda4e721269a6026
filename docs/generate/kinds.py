"""What a field of a scenario model may hold, in words."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.schema import base, clocks, distributions, quantities

Links = Mapping[type[BaseModel], str]

SHORT: Final[Links] = {base.Text: "text, or `{en: …, zh: …}`"}
"""Models that need no section of their own."""

ALIASES: Final[tuple[tuple[Any, str], ...]] = (
    (base.Name, "name"),
    (base.PoolName, "name of a pool"),
    (base.HoursName, "name of hours"),
    (base.DepartmentName, "name of a department"),
    (base.CaseTypeName, "name of a case type"),
    (base.SourceText, "text"),
    (base.MatterName, "name of a matter"),
    (base.StageName, "name of a stage"),
    (base.StepName, "name of a step"),
    (base.FileName, "name of a file"),
    (base.FilesName, "name of a folder or a file"),
    (base.Date, "date: `2021-03-01`"),
    (base.DateTime, "date and time: `2021-03-01 08:30:00`"),
    (quantities.Days, "whole days: `30 wd`"),
    (quantities.Allowed, "whole days: `30 wd`; or hours: `4 h`"),
    (clocks.ClockName, "name of a clock"),
    (distributions.Work, "[distribution](#distribution) in s, min or h"),
)
"""Types with a name, and what they mean to people."""

PLAIN: Final = {
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    str: "text",
    dt.date: "date",
    Any: "anything",
}


def kind(hint: Any, links: Links) -> str:
    """Return what a type allows, with its bounds and links to the sections of models."""
    for alias, words in ALIASES:
        if hint == alias:
            return words
    if isinstance(hint, type) and issubclass(hint, quantities.Duration):
        return "time"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return SHORT.get(hint) or links[hint]
    return PLAIN[hint] if hint in PLAIN else _composed(hint, links)


def _composed(hint: Any, links: Links) -> str:
    """Return the same of a type that is made of others."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(f"`{each}`" for each in arguments)
    if origin is typing.Annotated:
        return kind(arguments[0], links) + _bounds(arguments[1:])
    told = [kind(each, links) for each in arguments if each not in {type(None), Ellipsis}]
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(told)
    if origin is tuple:
        number = "list of" if Ellipsis in arguments else f"{len(arguments)} values"
        return f"{number}: {told[0]}"
    return " → ".join(told)


def _bounds(metadata: tuple[Any, ...]) -> str:
    """Return the bounds that a type states: " (0 … 1)"."""
    limits: dict[str, float] = {}
    for each in metadata:
        for rule in each.metadata if isinstance(each, FieldInfo) else [each]:
            given = (name for name in ("gt", "ge", "lt", "le") if hasattr(rule, name))
            limits |= {name: getattr(rule, name) for name in given}
    if not limits:
        return ""
    low = f"above {limits['gt']:,g}" if "gt" in limits else f"from {limits.get('ge', 0):,g}"
    if "lt" in limits:
        return f" {low}, below {limits['lt']:,g}"
    return f" {low}" + (f" to {limits['le']:,.10g}" if "le" in limits else "")


def models_in(hint: Any, below: str = "") -> Iterator[tuple[type[BaseModel], str]]:
    """Yield the models that a type leads to, with the path from its key: `.NAME`, `[ ]`."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        if hint not in SHORT:
            yield hint, below
        return
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        yield from models_in(arguments[0], below)
    elif origin in {typing.Union, types.UnionType}:
        for each in arguments:
            yield from models_in(each, below)
    elif origin is tuple:
        yield from models_in(arguments[0], f"{below}[ ]")
    elif len(arguments) == 2:
        yield from models_in(arguments[1], f"{below}.NAME")
