"""The command line: thin. Every command is a function of the package, with messages around it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from sim.experiments import Keep, Result
    from sim.scenario import Scenario

EXIT_LIMIT_BROKEN = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Does a city keep its promised approval times? Simulate it. 审批时限守得住吗?模拟一下。",
)


class Language(StrEnum):
    """Language of the report."""

    en = "en"
    zh = "zh"


class EngineName(StrEnum):
    """Which engine simulates."""

    compiled = "compiled"
    simpy = "simpy"


class Format(StrEnum):
    """Format of tables."""

    parquet = "parquet"
    csv = "csv"


ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A scenario file, or the name of a library scenario: yingkou/base."
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value: staff.planners.count=5."),
]
WithOption = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="Apply a named override of the scenario."),
]
SPEED = "How it is computed (the results are the same)"
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        metavar="N",
        help="Processes; default: one, or one for each core where it pays.",
        rich_help_panel=SPEED,
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Work on the workers of a Dask scheduler: tcp://10.0.0.1:8786.",
        rich_help_panel=SPEED,
    ),
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep finished replications here: the same command goes on where it was interrupted.",
        rich_help_panel=SPEED,
    ),
]
EngineOption = Annotated[
    EngineName | None,
    typer.Option(
        envvar="SIM_ENGINE",
        help="The fast engine, or the readable reference; default: compiled.",
        rich_help_panel=SPEED,
    ),
]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the report.")]


@app.command()
def run(
    scenario: ScenarioArgument,
    replications: Annotated[
        int | None,
        typer.Option("--replications", "-n", min=1, help="How many; default: the scenario's."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, max=2**63 - 1, help="Seed of all random numbers; default: the scenario's."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="decided|PRECISION",
            help="Replicate until every verdict is decided, or every on-time share is known to "
            "±PRECISION (0.01 is one point).",
        ),
    ] = None,
    max_replications: Annotated[
        int, typer.Option(min=2, help="Where a run with --until ends at the latest.")
    ] = 1000,
    window: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Measure the cases that arrive on these dates."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", metavar="ATTRIBUTE", help="Also results and a ranking by attribute: zone."
        ),
    ] = None,
    set_: SetOption = None,
    with_: WithOption = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write tables, summary and manifest here.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="Of the tables.")] = Format.parquet,
    overwrite: Annotated[bool, typer.Option(help="Replace what is in DIR.")] = False,
    all_items: Annotated[
        bool, typer.Option(help="Write the steps of all replications, not of the first alone.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 unless every limit holds.")
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Tell the life of one case instead.")
    ] = False,
    case: Annotated[
        int | None, typer.Option(help="Which case --trace tells; default: the first measured.")
    ] = None,
    lang: LanguageOption = Language.en,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    engine: EngineOption = None,
) -> None:
    """Simulate a scenario and say whether every promise holds."""
    with _messages():
        loaded = _load(
            scenario, with_, [*(set_ or []), *_window_settings(window), *_by_settings(by)]
        )
        if trace or case is not None:
            _trace(loaded, seed, case, lang)
            return
        _refuse_early(out, overwrite)
        if until is not None and replications is not None:
            _fail("--until and --replications: give one of them; --max-replications ends --until")
        from sim.experiments import run as simulate

        keep: Keep = "summary" if out is None else ("items" if all_items else "cases")
        _announce_compilation()
        with _progress() as progress:
            result = simulate(
                loaded,
                replications=replications,
                seed=seed,
                until=_until(until),
                max_replications=max_replications,
                keep=keep,
                progress=progress,
                engine=None if engine is None else engine.value,
                jobs=jobs,
                cluster=cluster,
                store=store,
            )
        _print_result(result, json_, lang)
        if out is not None:
            from sim.report.files import write_result

            write_result(result, out, format_.value, overwrite=overwrite)
            print(f"Written to {out}", file=sys.stderr)
        if result.interrupted:
            _tell_how_to_go_on(store)
            raise typer.Exit(EXIT_INTERRUPTED)
        if not all(each.ok for each in result.checks) or (check and not result.all_hold):
            raise typer.Exit(EXIT_LIMIT_BROKEN)


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Scenario files or library names.")
    ],
    set_: SetOption = None,
    with_: WithOption = None,
) -> None:
    """Check scenario files, and list everything that is wrong."""
    from sim.scenario import ScenarioError

    failed = False
    for file in files:
        try:
            _usable(file, with_, set_)
        except ScenarioError as error:
            failed = True
            for problem in error.problems:
                print(problem, file=sys.stderr)
        else:
            print(f"{file}: ok")
    if failed:
        raise typer.Exit(EXIT_BAD_INPUT)


@app.command()
def show(
    scenario: ScenarioArgument,
    set_: SetOption = None,
    with_: WithOption = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The parameters alone, as a Markdown page.")
    ] = False,
    lang: LanguageOption = Language.en,
) -> None:
    """Show the process of a scenario, and every parameter with its source."""
    with _messages():
        loaded = _load(scenario, with_, set_)
        from sim.report.describe import parameters_markdown, scenario_text

        if markdown:
            sys.stdout.write(parameters_markdown(loaded))
            return
        from sim.report.text import show as print_text

        print_text(scenario_text(loaded, lang.value))


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    import json

    from sim.scenario import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command(name="list")
def list_() -> None:
    """List the scenarios of the library."""
    from sim.scenario import library_names

    for name in library_names():
        print(name)


def main() -> None:
    """Run the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        raise SystemExit(0) from None


# --- behind the commands -------------------------------------------------------------------------


def _load(scenario: str, with_: list[str] | None, set_: list[str] | None) -> Scenario:
    from sim.scenario import load

    return load(scenario, overrides=with_ or (), settings=set_ or ())


def _usable(file: str, with_: list[str] | None, set_: list[str] | None) -> None:
    """Load a scenario and build everything short of running it."""
    loaded = _load(file, with_, set_)
    from sim.experiments import Model

    Model(loaded).demand.draw(loaded.run.seed, 0)


def _window_settings(window: str | None) -> list[str]:
    if window is None:
        return []
    first, dots, last = window.partition("..")
    if not dots or not first.strip() or not last.strip():
        _fail(f"--window: '{window}': must be FROM..TO, such as 2021-03-01..2021-06-30")
    return [f"period.window={{from: {first.strip()}, to: {last.strip()}}}"]


def _by_settings(by: list[str] | None) -> list[str]:
    import json

    return [] if by is None else [f"report.by={json.dumps(by, ensure_ascii=False)}"]


def _until(text: str | None) -> Literal["decided"] | float | None:
    if text is None:
        return None
    if text == "decided":
        return "decided"
    try:
        precision = float(text)
    except ValueError:
        precision = 0.0
    if not 0 < precision < 0.5:
        _fail(f"--until: '{text}': must be 'decided', or a precision above 0 and below 0.5")
    return precision


def _refuse_early(out: Path | None, overwrite: bool) -> None:
    """Say before the work, not after it, that the result could not be written."""
    if out is None:
        return
    try:
        above = next(each for each in (out, *out.absolute().parents) if each.exists())
    except OSError as error:
        _fail(f"--out: {error.strerror}: {out}")
    if not out.exists():
        if not above.is_dir():
            _fail(f"--out: {above} is a file, not a folder")
        if not os.access(above, os.W_OK):
            _fail(f"--out: {above} cannot be written to")
        return
    if not out.is_dir():
        _fail(f"--out: {out} is a file, not a folder")
    if any(out.iterdir()) and not overwrite:
        _fail(f"--out: {out} is not empty; give --overwrite to replace what is there")


def _trace(loaded: Scenario, seed: int | None, case: int | None, lang: Language) -> None:
    from sim.experiments import Model
    from sim.report.life import case_life
    from sim.report.text import show as print_text

    used = loaded.run.seed if seed is None else seed
    print_text(case_life(Model(loaded), used, case, lang.value))


def _print_result(result: Result, as_json: bool, lang: Language) -> None:
    if as_json:
        from sim.report.data import result_data, to_json

        sys.stdout.write(to_json(result_data(result)))
        return
    from sim.report.text import result_text
    from sim.report.text import show as print_text

    print_text(result_text(result, lang.value))


def _announce_compilation() -> None:
    """Say it if something has to be compiled first, to someone who is looking."""
    if not sys.stderr.isatty():
        return
    from sim.engine.compilation import announce

    announce(lambda: print("Compiling for this machine, once: some seconds …", file=sys.stderr))


def _tell_how_to_go_on(store: Path | None) -> None:
    if store is not None:
        print(f"Finished replications are in {store}; the same command goes on.", file=sys.stderr)
    else:
        print("With --store DIR, the same command could go on from here.", file=sys.stderr)


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None] | None]:
    """Show a progress bar on standard error, if someone is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Replications", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _messages() -> Iterator[None]:
    """Turn what a user can mend into a message and exit code 2."""
    from sim.scenario import ScenarioError

    try:
        yield
    except ScenarioError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(EXIT_BAD_INPUT) from None
    except BrokenPipeError:
        raise  # no mistake: see `main`
    except OSError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        print("Interrupted before the first replication was finished.", file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(EXIT_BAD_INPUT)
