"""Commands whose help and whose errors are in the language of the user.

Help texts stand in English where an option is declared; they are looked up in the catalogue when a
command is made. Typer's own sentences are known by their form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from sim.translation import language, noted, speaking, tr

_SENTENCES: Final = noted(
    (
        "Invalid value for {option}: {rule}",
        "Invalid value: {rule}",
        "Value error, {rule}",
        "Missing argument {name}.",
        "Missing option {name}.",
        "Missing command.",
        "No such option: {option} (Possible options: {options})",
        "No such option: {option}",
        "No such command {command}. Did you mean {names}?",
        "No such command {command}.",
        "Got unexpected extra argument(s) ({arguments})",
        "Option {option} requires an argument.",
        "Option {option} does not take a value.",
        "Input should be a valid integer, unable to parse string as an integer",
        "Input should be a valid number, unable to parse string as a number",
        "Input should be greater than or equal to {bound}",
        "Input should be less than or equal to {bound}",
        "{value} is not one of {choices}.",
    )
)
"""What Typer says of a wrong command line; the first form that fits counts."""
_USAGE_ERROR: Final[Any] = typer.BadParameter.__base__
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def in_own_language(sentence: str) -> str:
    """Return a sentence of Typer in the language of the user; as it is if its form is not known."""
    for form in _SENTENCES:
        if found := _pattern(form).fullmatch(sentence):
            values = found.groupdict()
            if "rule" in values:
                values["rule"] = in_own_language(values["rule"])
            return tr(form, **values) if values else tr(form)
    return sentence


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(form)), re.DOTALL)


@contextmanager
def _own_errors() -> Iterator[None]:
    """Let errors of the command line be told in the language of the user."""
    try:
        yield
    except _USAGE_ERROR as error:
        told = error.format_message()
        own = in_own_language(told)
        if own == told or language() == "en":
            raise
        raise _USAGE_ERROR(own, error.ctx) from error


@contextmanager
def _folded() -> Iterator[None]:
    """Let the tables of a help fold words that are longer than a column."""
    shown: Any = import_module("typer.rich_utils")

    table, columns = shown.Table, shown.Columns

    class Folding(table):  # type: ignore[misc, valid-type]
        def add_row(self, *cells: Any, **options: Any) -> None:
            super().add_row(*cells, **options)
            _fold(self)

    class FoldingColumns(columns):  # type: ignore[misc, valid-type]
        def __rich_console__(self, *how: Any) -> Iterator[Any]:
            for inner in super().__rich_console__(*how):
                _fold(inner)
                yield inner

    vars(shown).update(Table=Folding, Columns=FoldingColumns)
    try:
        yield
    finally:
        vars(shown).update(Table=table, Columns=columns)


def _fold(table: Any) -> None:
    for column in getattr(table, "columns", ()):
        column.overflow = "fold"


class _Spoken:
    """What commands and groups share."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _put(self, ("help", "short_help", "options_metavar", "subcommand_metavar"))
        for parameter in getattr(self, "params", ()):
            _put(parameter, ("help", "rich_help_panel"))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help; Chinese, which has no blanks, is folded and not cut off."""
        with _folded() if language() != "en" else nullcontext():
            super().format_help(ctx, formatter)  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that shows how the command is called."""
        pieces: Sequence[str] = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=tr("Usage: "))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        _put(option, ("help",))
        return option

    def invoke(self, ctx: Any) -> Any:
        """Run the command in the language that its option names."""
        with speaking(ctx.params.get("lang", language())):
            return super().invoke(ctx)  # type: ignore[misc]

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the command line."""
        with _own_errors():
            return super().make_context(*arguments, **options)  # type: ignore[misc]


class Command(_Spoken, TyperCommand):
    """A command."""


class Group(_Spoken, TyperGroup):
    """A group of commands."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named."""
        with _own_errors():
            return super().resolve_command(ctx, args)


def _put(of: Any, names: Sequence[str]) -> None:
    for name in names:
        text = getattr(of, name, None)
        if isinstance(text, str) and text:
            setattr(of, name, tr(text))
