"""The reference of the command line, from the functions that Typer makes commands of."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any, Literal

import typer.models

from docs.generate.markdown import code, page, plain, table
from sim.cli import app

INTRODUCTION = """
Every command of `sim`, with its arguments and options. `sim COMMAND --help` prints the same. How to
use them: [how-to pages](../index.md#how-to). Exit codes: 0 done · 1 a limit fails or is undecided
(with `--check`), or a self-check failed · 2 bad input · 70 a fault of
the program · 130 interrupted.
"""
KINDS = {int: "N", float: "NUMBER", str: "TEXT"}


def commands_page() -> str:
    """Return the page: one section for each command, in the order of `sim --help`."""
    commands = list(_registered())
    top = app.registered_callback
    shared = [] if top is None or top.callback is None else [("", top.callback)]
    return page(
        "The commands", INTRODUCTION, (_section(name, call) for name, call in shared + commands)
    )


def _registered() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the name and function of each command; those of a group come after its name."""
    groups = [(f"{group.name} ", group.typer_instance) for group in app.registered_groups]
    for before, program in (("", app), *groups):
        for info in program.registered_commands if program is not None else ():
            if not info.hidden and info.callback is not None:
                yield (
                    before + (info.name or info.callback.__name__.replace("_", "-")),
                    info.callback,
                )


def _section(name: str, call: Callable[..., Any]) -> str:
    hints = typing.get_type_hints(call, include_extras=True)
    parameters = [
        (parameter, *_described(hints[parameter.name]))
        for parameter in inspect.signature(call).parameters.values()
        if typing.get_origin(hints[parameter.name]) is typing.Annotated
    ]
    arguments = [each for each in parameters if isinstance(each[2], typer.models.ArgumentInfo)]
    options = [each for each in parameters if isinstance(each[2], typer.models.OptionInfo)]
    called = " ".join(["sim", *([name] if name else []), *(_metavar(*each) for each in arguments)])
    parts = [f"## {code(' '.join(['sim', name]).strip())}", plain(inspect.getdoc(call))]
    parts.append(f"```text\n{called}{' [OPTIONS]' if options else ''}\n```")
    if arguments:
        told = [(code(_metavar(*each)), each[2].help or "") for each in arguments]
        parts.append(table(("argument", "meaning"), told))
    panels = dict.fromkeys(each[2].rich_help_panel for each in options)
    for panel in panels:
        rows = [_option(*each) for each in options if each[2].rich_help_panel == panel]
        parts += [f"{panel}:"] if panel else []
        parts.append(table(("option", "default", "meaning"), rows))
    return "\n\n".join(parts)


def _described(hint: Any) -> tuple[Any, Any]:
    """Return the type of a parameter without its None, and what Typer is told about it."""
    kind, information = typing.get_args(hint)[:2]
    if typing.get_origin(kind) in {list, Literal}:
        return kind, information
    choices = [each for each in typing.get_args(kind) if each is not type(None)]
    return (choices[0] if choices else kind), information


def _metavar(parameter: inspect.Parameter, kind: Any, information: Any) -> str:
    if information.metavar:
        return str(information.metavar)
    if typing.get_origin(kind) is Literal:
        return "|".join(typing.get_args(kind))
    return KINDS.get(kind, parameter.name.upper())


def _option(parameter: inspect.Parameter, kind: Any, information: Any) -> tuple[str, str, str]:
    # In `Annotated`, the first name given to `typer.Option` stands where the default would.
    declared = [information.default, *(information.param_decls or ())]
    names = [each for each in declared if isinstance(each, str)]
    names = names or [f"--{parameter.name.rstrip('_').replace('_', '-')}"]
    shown = ", ".join(code(name) for name in names)
    if kind is not bool:
        shown += f" {code(_metavar(parameter, kind, information))}"
    help_ = [information.help or ""]
    if typing.get_origin(kind) is list:
        help_.append("May be given several times.")
    if information.envvar:
        help_.append(f"Environment variable: {code(information.envvar)}.")
    return shown, _default(parameter.default), " ".join(help_) + _bounds(information)


def _default(value: Any) -> str:
    if value is None or value is False or value is inspect.Parameter.empty:
        return ""
    return code(value)


def _bounds(information: Any) -> str:
    low, high = information.min, information.max
    if high is not None and high < 2**32:
        return f" From {low:g} to {high:g}."
    return "" if low is None else f" At least {low:g}."
