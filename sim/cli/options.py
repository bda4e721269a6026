"""Shared options of commands, each declared once.

A new field of `Common` is a new option of every experiment.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_type_hints

import typer

from sim import bounds
from sim.cli.messages import fail, progress
from sim.translation import Language, as_language, language, tr

if TYPE_CHECKING:
    from sim.records.register import Register
    from sim.records.renaming import Renaming
    from sim.replications.execution import Execution
    from sim.scenario import Scenario

    class Keywords(Execution, total=False):
        """Keywords that every experiment takes."""

        replications: int | None
        """Replications of each scenario; None: as many as the scenario states."""
        seed: int | None
        """Seed of all random numbers; None: the scenario's."""


def _language(text: str) -> Language:
    known = as_language(text)
    if known == text:
        return known
    if known == "zh" or text in {"cn", "chinese"}:
        raise typer.BadParameter(tr("'{text}': did you mean 'zh'?", text=text))
    raise typer.BadParameter(tr("'{text}': must be en or zh", text=text))


def _wanted(context: typer.Context, named: Language) -> Language:
    """Return the language of the option; if it is not given, the language of the user."""
    source = context.get_parameter_source("lang")
    return language() if source is None or source.name == "DEFAULT" else named


SPEED: Final = "How it is computed (the results stay the same)"

BESIDE_THE_RESULT: Final = "beside the result"
"""Marks an option that changes no number of a result; `reproducing_command` leaves it out."""

ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file or workbook, or the name of a library scenario: yingkou/base.",
    ),
]
RecordsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="RECORDS…",
        help="A folder that sim records read, or sim run --events, wrote; or files.",
    ),
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="What the columns mean; default: it is guessed."),
]
NamesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Names of the records that are other names in the scenario. Written to be filled "
        "in if there is no such file.",
    ),
]
LanguageOption = Annotated[
    Language,
    typer.Option(
        "--lang",
        parser=_language,
        callback=_wanted,
        metavar="en|zh",
        show_default=False,
        help="Language; default: that of SIM_LANG, else of the system.",
    ),
    BESIDE_THE_RESULT,
]
"""Its default is never used: see `_wanted`."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Changes of a scenario."""

    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value: staff.planners.count=5."),
    ] = None
    overrides: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME", help="Apply a named override of the scenario."),
    ] = None

    def load(self, reference: str, *settings: str) -> Scenario:
        """Load a scenario with these changes, and with further settings; see `sim.load`."""
        from sim.scenario import load

        return load(
            reference, overrides=self.overrides or (), settings=[*(self.settings or ()), *settings]
        )


@dataclass(frozen=True, kw_only=True)
class Common(Changes):
    """Options of every command that simulates."""

    context: typer.Context
    """The command under way; not an option."""
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            min=1,
            max=bounds.REPLICATIONS,
            help="Number of replications; default: the scenario's, else what the question needs.",
        ),
    ] = None
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, max=2**63 - 1, help="Seed of all random numbers; default: the scenario's."
        ),
    ] = None
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object."), BESIDE_THE_RESULT
    ] = False
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write tables, summary and manifest here; FILE.xlsx: all tables as a workbook.",
        ),
        BESIDE_THE_RESULT,
    ] = None
    table_format: Annotated[
        Literal["parquet", "csv"] | None,
        typer.Option("--format", help="Format of the tables; default: parquet."),
        BESIDE_THE_RESULT,
    ] = None
    overwrite: Annotated[
        bool, typer.Option(help="Replace what --out and --report name."), BESIDE_THE_RESULT
    ] = False
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write an HTML page that needs no network."),
        BESIDE_THE_RESULT,
    ] = None
    lang: LanguageOption = "en"
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            max=bounds.PROCESSES,
            metavar="N",
            help="Processes, at most one for each core; default: one, or all that pay.",
            rich_help_panel=SPEED,
        ),
        BESIDE_THE_RESULT,
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Work on the workers of a Dask scheduler: tcp://10.0.0.1:8786.",
            rich_help_panel=SPEED,
        ),
        BESIDE_THE_RESULT,
    ] = None
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Keep finished replications here: the same command goes on where it was "
            "interrupted.",
            rich_help_panel=SPEED,
        ),
        BESIDE_THE_RESULT,
    ] = None
    engine: Annotated[
        Literal["compiled", "simpy"] | None,
        typer.Option(
            envvar="SIM_ENGINE",
            help="The fast engine, or the readable reference; default: compiled.",
            rich_help_panel=SPEED,
        ),
        BESIDE_THE_RESULT,
    ] = None

    @contextmanager
    def keywords(self) -> Iterator[Keywords]:
        """Yield the keywords of the experiment, and show its progress meanwhile."""
        with progress() as tell:
            yield {
                "replications": self.replications,
                "seed": self.seed,
                "jobs": self.jobs,
                "cluster": self.cluster,
                "store": self.store,
                "engine": self.engine,
                "progress": tell,
            }


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command declare its options as dataclasses.

    A parameter whose type is a dataclass, such as ``common: Common``, becomes one option for each
    field; Typer sees the annotations and defaults of the fields. The command gets the dataclass.
    """
    declared = inspect.signature(command, eval_str=True).parameters
    groups: dict[str, Any] = {
        name: parameter.annotation
        for name, parameter in declared.items()
        if is_dataclass(parameter.annotation)
    }
    parameters = [option for parameter in declared.values() for option in _options(parameter)]

    @wraps(command)
    def flat(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        command(**values)

    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {option.name: option.annotation for option in parameters}
    return flat


def _options(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """Yield the parameter; if its type is a dataclass, one parameter for each field."""
    kind = inspect.Parameter.KEYWORD_ONLY
    if not is_dataclass(parameter.annotation):
        yield parameter.replace(kind=kind)
        return
    hints = get_type_hints(parameter.annotation, include_extras=True)
    for field in fields(parameter.annotation):
        default = getattr(parameter.annotation, field.name, inspect.Parameter.empty)
        yield inspect.Parameter(field.name, kind, default=default, annotation=hints[field.name])


def options_beside_the_result(command: Callable[..., Any]) -> set[str]:
    """Return the names of a command's options that carry the mark `BESIDE_THE_RESULT`."""
    return {
        parameter.name
        for parameter in inspect.signature(command).parameters.values()
        if BESIDE_THE_RESULT in getattr(parameter.annotation, "__metadata__", ())
    }


def date_of(option: str, text: str | None) -> dt.date | None:
    """Return the date that an option names; fail if it is none."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        fail(tr("{option}: '{text}': must be a date such as 2023-12-31", option=option, text=text))


def names_of(file: Path | None, scenario: Scenario, register: Register) -> Renaming | None:
    """Return the names of a file; write a file to be filled in if there is none."""
    from sim.records.renaming import read_renaming, renaming_text

    if file is not None and not file.exists():
        from sim.atomic_write import write_text

        write_text(file, renaming_text(register, scenario))
        fail(
            tr(
                "--names: {file} was written; fill in what is blank, and give the command again",
                file=file,
            )
        )
    return None if file is None else read_renaming(file, scenario)
