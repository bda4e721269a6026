"""The command that makes a result again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import click
from click.core import ParameterSource

BESIDE_THE_RESULT: Final = frozenset(
    {
        *("json_", "out", "format_", "overwrite", "report", "lang", "all_items", "check"),
        *("jobs", "cluster", "store", "engine"),
    }
)
"""Options that say where a result goes, in which language, or how it is computed."""


def command_again(seed: int, replications: int) -> str:
    """Return the command under way as one that gives the same numbers whatever the defaults become.

    Parameters
    ----------
    seed, replications
        Of the result: written out where the command left them to the scenario.
    """
    context = click.get_current_context()
    given = dict(_given(context))
    words = ["sim", str(context.info_name), *(word for each in given.values() for word in each)]
    options = {parameter.name for parameter in context.command.params}
    if "replications" in options - given.keys() and "until" not in given:
        words += ["--replications", str(replications)]
    if "seed" not in given:
        words += ["--seed", str(seed)]
    return shlex.join(words)


def _given(context: click.Context) -> Iterator[tuple[str, list[str]]]:
    """Yield the parameters that stand on the command line, arguments first, with their words."""
    parameters = sorted(context.command.params, key=lambda each: isinstance(each, click.Option))
    for parameter in parameters:
        name = str(parameter.name)
        source = context.get_parameter_source(name)
        if source is ParameterSource.COMMANDLINE and name not in BESIDE_THE_RESULT:
            yield name, list(_words(parameter, context.params[name]))


def _words(parameter: click.Parameter, value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list | tuple) else [value]:
        if isinstance(parameter, click.Option):
            yield max(parameter.opts, key=len)
        if not isinstance(each, bool):
            yield str(each.value if isinstance(each, Enum) else each)
