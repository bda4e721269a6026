"""Options that commands share: declared once, as a dataclass."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from sim.cli import app
from sim.cli.options import BESIDE_THE_RESULT, options_beside_the_result, with_options

SIMULATING = ("run", "compare", "reforms", "sweep", "load-curve", "staff", "promise", "sensitivity")


@dataclass(frozen=True, kw_only=True)
class Sizes:
    context: typer.Context
    widths: Annotated[list[int] | None, typer.Option("--width", "-w", help="Of a board.")] = None
    fast: Annotated[bool, typer.Option("--fast"), BESIDE_THE_RESULT] = False


@dataclass(frozen=True, kw_only=True)
class LongSizes(Sizes):
    widths: Annotated[list[int] | None, typer.Option("--width", "-w", help="In metres.")] = None


def program(sizes: type[Sizes]) -> typer.Typer:
    made = typer.Typer()

    @made.command()
    @with_options
    def saw(wood: str, sizes: sizes, *, twice: bool = False) -> None:  # type: ignore[valid-type]
        """Saw boards."""
        print(sizes.context.info_name, wood, sizes.widths, sizes.fast, twice)

    return made


def test_fields_are_options_and_the_command_gets_the_object() -> None:
    def output(*words: str) -> str:
        return CliRunner().invoke(program(Sizes), [*words], catch_exceptions=False).stdout

    assert output("oak") == "saw oak None False False\n"
    assert output("oak", "-w", "3", "--width", "4", "--fast", "--twice") == (
        "saw oak [3, 4] True True\n"
    )
    assert "Saw boards." in output("--help")
    assert "Of a board." in output("--help")


def test_a_subclass_tells_an_option_otherwise() -> None:
    shown = CliRunner().invoke(program(LongSizes), ["--help"]).stdout
    assert "In metres." in shown
    assert "Of a board." not in shown


def test_an_option_beside_the_result_is_known_by_its_mark() -> None:
    (command,) = program(Sizes).registered_commands
    assert options_beside_the_result(command.callback) == {"fast"}


@pytest.mark.parametrize("command", SIMULATING)
def test_every_command_that_simulates_has_the_common_options(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
    for option in ("--set", "--replications", "-n", "--json", "--out", "--lang", "-j", "--engine"):
        assert f" {option} " in shown
