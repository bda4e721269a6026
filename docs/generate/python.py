"""The reference of the package: what `import sim` offers, with signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pydantic import BaseModel

import sim
from docs.generate.docstrings import attributes, docstring
from docs.generate.markdown import code, page, plain, table
from sim.experiments import Execution
from sim.results.finding import RowTable

INTRODUCTION = """
What `import sim` offers. Everything else may change from one version to the next. Tables are
[pandas](https://pandas.pydata.org) data frames; [their columns](tables.md).
"""
WIDTH = 88


def python_page() -> str:
    """Return the page: functions first, then classes, each in the order of `sim.__all__`."""
    offered = [(name, getattr(sim, name)) for name in sim.__all__]
    functions = [_function(name, each) for name, each in offered if inspect.isfunction(each)]
    classes = [_class(name, each) for name, each in offered if inspect.isclass(each)]
    modules = [_module(name, each) for name, each in offered if inspect.ismodule(each)]
    sections = [*functions, *classes, _class("Execution", Execution), *modules]
    return page("The Python package", INTRODUCTION, sections)


def _function(name: str, function: Any) -> str:
    parts = [
        f"## {code(f'sim.{name}')}",
        f"```text\n{_signature(name, function)}\n```",
        docstring(inspect.getdoc(function)),
    ]
    return "\n\n".join(parts)


def _signature(name: str, function: Any) -> str:
    """Return the signature as it stands in the code, a parameter a line where it is long."""
    signature = inspect.signature(function)
    shown = f"{name}{signature}".replace("'", "")
    if len(shown) <= WIDTH:
        return shown
    result = f" -> {signature.return_annotation}" if signature.return_annotation else ""
    lines, keyword = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            keyword = True
            lines.append("    *,")
        lines.append(f"    {parameter},".replace("'", ""))
    return "\n".join([f"{name}(", *lines, f"){result}"])


def _class(name: str, cls: type) -> str:
    parts = [f"## {code(f'sim.{name}')}" if name in sim.__all__ else f"## {code(name)}"]
    parts.append(docstring(inspect.getdoc(cls)))
    if issubclass(cls, BaseModel):
        parts.append("Its fields are [the keys of the scenario file](scenario.md).")
        rows = list(_properties(cls))
    else:
        rows = [*_fields(cls), *_properties(cls)]
    if rows:
        parts.append(table(("attribute", "is", "meaning"), rows))
    methods = list(_methods(cls))
    if methods:
        parts.append(table(("method", "does"), methods))
    return "\n\n".join(parts)


def _module(name: str, module: Any) -> str:
    """Return what a module offers, a line each."""
    offered = [(each, getattr(module, each)) for each in module.__all__]
    rows = [
        (_called(each, what), plain(inspect.getdoc(what)).partition("\n\n")[0])
        for each, what in offered
    ]
    about = docstring(inspect.getdoc(module))
    return "\n\n".join([f"## {code(f'sim.{name}')}", about, table(("name", "does"), rows)])


def _called(name: str, what: Any) -> str:
    if not inspect.isfunction(what):
        return code(name)
    parameters = inspect.signature(what).parameters.values()
    shown = [
        f"{each.name}=…" if each.default is not each.empty else each.name for each in parameters
    ]
    return code(f"{name}({', '.join(shown)})")


def _fields(cls: type) -> Iterator[tuple[str, str, str]]:
    """Yield the annotated fields of a class, each with the docstring below it."""
    for name, kind, meaning in attributes(cls):
        if not name.startswith("_") and not kind.startswith("ClassVar"):
            yield code(name), code(kind.replace("'", "")), plain(meaning)


def _properties(cls: type) -> Iterator[tuple[str, str, str]]:
    for name, member in vars(cls).items():
        function = {property: "fget", cached_property: "func"}.get(type(member))
        if isinstance(member, RowTable) and not name.startswith("_"):
            yield (
                code(name),
                code("pd.DataFrame"),
                plain(inspect.getdoc(member.rows)).partition("\n\n")[0],
            )
        if function and not name.startswith("_"):
            getter = getattr(member, function)
            kind = str(inspect.signature(getter).return_annotation).replace("'", "")
            yield code(name), code(kind), plain(inspect.getdoc(getter)).partition("\n\n")[0]


def _methods(cls: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(cls).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            parameters = list(inspect.signature(member).parameters.values())[1:]
            shown = ", ".join(str(each).replace("'", "") for each in parameters)
            yield code(f"{name}({shown})"), plain(inspect.getdoc(member)).partition("\n\n")[0]
