"""Messages on standard error: progress, mistakes, interruptions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from sim import exit_codes
from sim.translation import speaking, tr

if TYPE_CHECKING:
    from rich.progress import Progress

    from sim.translation import Language


class Bar:
    """A progress bar on standard error, and what it says beside."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def __call__(self, done: int, total: int | None) -> None:
        """Show the number done and the number planned, if known."""
        self._bar.update(self._task, completed=done, total=total)

    def say(self, text: str) -> None:
        """Show a text beside the bar."""
        self._bar.update(self._task, description=text)


@contextmanager
def progress() -> Iterator[Bar | None]:
    """Show a progress bar if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    said = TextColumn("{task.description}", markup=False)
    columns = (tr("Replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), said)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar)


def written(place: Path, language: Language, more: str = "") -> None:
    """Say on standard error which file or folder was written, and `more` behind it."""
    with speaking(language):
        print(tr("Written to {place}", place=place) + more, file=sys.stderr)


@contextmanager
def messages(store: Path | None = None) -> Iterator[None]:
    """Turn the user's mistakes into messages and exit code 2.

    After an interruption, exit with 130; with a store, say that it holds the finished replications.
    """
    from sim.scenario import ReadError, ScenarioError

    try:
        yield
    except ScenarioError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(exit_codes.BAD_INPUT) from None
    except BrokenPipeError:
        raise  # not a mistake: see `sim.__main__`
    except (OSError, ReadError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        print(tr("Interrupted before there was anything to show."), file=sys.stderr)
        if store is None or store.exists():
            tell_how_to_go_on(store)
        raise typer.Exit(exit_codes.INTERRUPTED) from None


def fail(message: str) -> NoReturn:
    """Print a message, and exit with code 2."""
    print(message, file=sys.stderr)
    raise typer.Exit(exit_codes.BAD_INPUT)


def announce_compilation() -> None:
    """Announce on a terminal that the engine must be compiled first, if it must."""
    if not sys.stderr.isatty():
        return
    from sim.machine_code import announce

    line = tr("Compiling for this machine; only the first run takes these seconds …")
    announce(lambda: print(line, file=sys.stderr))


def tell_how_to_go_on(store: Path | None) -> None:
    """Print, after an interruption, how the same command can continue."""
    line = tr("With --store DIR, the same command would go on where it was interrupted.")
    if store is not None:
        line = tr("Finished replications are in {store}; the same command goes on.", store=store)
    print(line, file=sys.stderr)
