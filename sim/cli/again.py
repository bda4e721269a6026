"""The command that makes a result again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import typer

BESIDE_THE_RESULT: Final = frozenset(
    {
        *("json_", "out", "format_", "overwrite", "report", "lang", "all_items", "check"),
        *("jobs", "cluster", "store", "engine"),
    }
)
"""Options that say where a result goes, in which language, or how it is computed."""


def command_again(context: typer.Context, seed: int, replications: int) -> str:
    """Return the command under way as one that gives the same numbers whatever the defaults become.

    Parameters
    ----------
    seed, replications
        Of the result: written out where the command left them to the scenario.
    """
    given = dict(_given(context))
    words = ["sim", str(context.info_name), *(word for each in given.values() for word in each)]
    options = {parameter.name for parameter in context.command.params}
    if "replications" in options - given.keys() and "until" not in given:
        words += ["--replications", str(replications)]
    if "seed" not in given:
        words += ["--seed", str(seed)]
    return shlex.join(words)


def _given(context: typer.Context) -> Iterator[tuple[str, list[str]]]:
    """Yield the parameters that stand on the command line, arguments first, with their words."""
    for kind in ("argument", "option"):
        for parameter in context.command.params:
            name = str(parameter.name)
            source = context.get_parameter_source(name)
            told = source is not None and source.name == "COMMANDLINE"
            if parameter.param_type_name == kind and told and name not in BESIDE_THE_RESULT:
                option = max(parameter.opts, key=len) if kind == "option" else None
                yield name, list(_words(option, context.params[name]))


def _words(option: str | None, value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list | tuple) else [value]:
        if option is not None:
            yield option
        if not isinstance(each, bool):
            yield str(each.value if isinstance(each, Enum) else each)
