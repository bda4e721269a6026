"""The command that repeats a result."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.cli.options import options_beside_the_result

if TYPE_CHECKING:
    import typer


def reproducing_command(
    context: typer.Context, seed: int, replications: int, *, goes_on: bool = False
) -> str:
    """Return the command under way, such that it gives the same numbers after a change of defaults.

    Seed and replications of the result are added if the command left them to the scenario;
    `goes_on` tells that they were as many as it took to decide.
    """
    given = dict(_given(context))
    name = context.command.callback.__name__.replace("_", "-") if context.command.callback else ""
    groups = [parent.info_name for parent in _groups(context)]
    words = ["sim", *map(str, groups), name]
    words += [word for option in given.values() for word in option]
    options = {parameter.name for parameter in context.command.params}
    if "replications" in options - given.keys():
        if "until" in given or goes_on:
            words += [] if "until" in given else ["--until", "decided"]
            if "max_replications" not in given:
                words += ["--max-replications", str(context.params["max_replications"])]
        else:
            words += ["--replications", str(replications)]
    if "seed" in options - given.keys():
        words += ["--seed", str(seed)]
    return shlex.join(words)


def _groups(context: typer.Context) -> list[Any]:
    """Return the groups in which the command stands, the outermost first, without the program."""
    groups: list[Any] = []
    parent = context.parent
    while parent is not None and parent.parent is not None:
        groups.insert(0, parent)
        parent = parent.parent
    return groups


def _given(context: typer.Context) -> Iterator[tuple[str, list[str]]]:
    """Yield the given parameters that change the result, with their words.

    Arguments come first.
    """
    command = context.command
    beside = options_beside_the_result(command.callback) if command.callback else set()
    for kind in ("argument", "option"):
        for parameter in command.params:
            name = str(parameter.name)
            source = context.get_parameter_source(name)
            is_given = source is not None and source.name == "COMMANDLINE"
            if parameter.param_type_name == kind and is_given and name not in beside:
                option = max(parameter.opts, key=len) if kind == "option" else None
                yield name, list(_words(option, context.params[name]))


def _words(option: str | None, given: Any) -> Iterator[str]:
    for value in given if isinstance(given, list | tuple) else [given]:
        if option is not None:
            yield option
        if not isinstance(value, bool):
            yield str(value)
