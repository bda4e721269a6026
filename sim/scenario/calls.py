"""Calls of public functions: what they do not know is refused, with what comes nearest."""

from __future__ import annotations

import builtins
import inspect
import operator
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, wraps
from typing import Any, Literal, ParamSpec, TypeVar

from sim.scenario.errors import nearest
from sim.scenario.schema.marks import variants
from sim.scenario.schema.model import Scenario
from sim.translation import tr

P = ParamSpec("P")
T = TypeVar("T")


def checked_call(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function refuse an unknown keyword, a word that is no choice, and another type.

    Keywords are those of the signature and of a `TypedDict` behind its ``**``. Choices are those of
    a parameter annotated with `Literal`; whole numbers are wanted by parameters annotated with
    `int`, scenarios by those annotated with `Scenario`. `TypeError` is raised for a keyword, a
    number or a scenario, `ValueError` for a choice.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        _check(function, args, kwargs)
        return function(*args, **kwargs)

    return call


def _check(function: Callable[..., Any], args: tuple[Any, ...], given: Mapping[str, Any]) -> None:
    known = _parameters(function)
    for name in given:
        if name not in known:
            hint = nearest(name, known)
            raise TypeError(
                tr(
                    "{function}() has no keyword '{name}'{hint}",
                    function=function.__name__,
                    name=name,
                    hint=hint,
                )
            )
    for name, value in {**dict(zip(known, args, strict=False)), **given}.items():
        kinds = [kind for kind, _ in variants(known[name])]
        words = [
            word
            for kind in kinds
            if typing.get_origin(kind) is Literal
            for word in typing.get_args(kind)
        ]
        if words and isinstance(value, str) and value not in words:
            raise ValueError(
                tr(
                    "no {name} '{value}'; there are: {map}",
                    name=name,
                    value=value,
                    map=", ".join(map(str, words)),
                )
            )
        if int in kinds and float not in kinds and not _fits(value, kinds):
            raise TypeError(
                tr("{name} must be a whole number, not {value!r}", name=name, value=value)
            )
        _refuse_others(name, value, kinds)


def _refuse_others(name: str, value: Any, kinds: list[Any]) -> None:
    """Refuse what is no scenario, or no mapping of names to scenarios, where one is wanted."""
    if value is None and type(None) in kinds:
        return
    wanted = [kind for kind in kinds if kind is not type(None)]
    if wanted == [Scenario] and not isinstance(value, Scenario):
        raise TypeError(tr("needs a Scenario; use sim.load({value!r})", value=value))
    if wanted == [Mapping[str, Scenario]]:
        if not isinstance(value, Mapping):
            rule = tr("must be a mapping of names to scenarios, such as")
            raise TypeError(
                tr(
                    "{name} {rule} {{'now': sim.load(…), 'then': sim.load(…)}}",
                    name=name,
                    rule=rule,
                )
            )
        for one in value.values():
            _refuse_others(name, one, [Scenario])


def _fits(value: Any, kinds: list[Any]) -> bool:
    """Whether a value is a whole number, or of another of the kinds."""
    if isinstance(value, bool):
        return bool in kinds
    with suppress(TypeError):
        return operator.index(value) is not None
    others = [kind for kind in kinds if isinstance(kind, type)]
    return isinstance(value, tuple(others))


@lru_cache
def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the keywords of a function, in their order, each with its type."""
    hints = typing.get_type_hints(function, localns=_Names(inspect.unwrap(function).__globals__))
    known: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        hint = hints.get(parameter.name, Any)
        if parameter.kind is parameter.VAR_KEYWORD:  # **how: Unpack[Execution]
            known |= typing.get_type_hints(typing.get_args(hint)[0])
        else:
            known[parameter.name] = hint
    return known


class _Names(dict[str, Any]):
    """The names of a module; those that it imports for type checkers only stand for anything."""

    def __missing__(self, name: str) -> Any:
        return getattr(builtins, name, Any)
