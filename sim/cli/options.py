"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.replications.execution import How, Progress
    from sim.scenario import Scenario


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
ReplicationsOption = Annotated[
    int | None,
    typer.Option("--replications", "-n", min=1, help="How many; default: the scenario's."),
]
SeedOption = Annotated[
    int | None,
    typer.Option(min=0, max=2**63 - 1, help="Seed of all random numbers; default: the scenario's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
OutOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write tables, summary and manifest here.")
]
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Of the tables; default: parquet.")
]
OverwriteOption = Annotated[bool, typer.Option(help="Replace what --out and --report name.")]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Also write an HTML page that needs no network.")
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


def _language(text: str) -> Language:
    if text in {"cn", "chinese", "zh-cn", "zh_CN"}:
        raise typer.BadParameter(f"'{text}': did you mean 'zh'?")
    if text not in set(Language):
        raise typer.BadParameter(f"'{text}': must be en or zh")
    return Language(text)


LanguageOption = Annotated[
    Language,
    typer.Option("--lang", parser=_language, metavar="en|zh", help="Language of the report."),
]


def how_of(
    jobs: int | None,
    cluster: str | None,
    store: Path | None,
    engine: EngineName | None,
    tell: Progress | None,
) -> How:
    """Return the keywords that say how replications are computed."""
    return {
        "jobs": jobs,
        "cluster": cluster,
        "store": store,
        "engine": None if engine is None else engine.value,
        "progress": tell,
    }


def load(scenario: str, with_: list[str] | None, set_: list[str] | None) -> Scenario:
    """Load a scenario with its changes; see `sim.load`."""
    from sim.scenario import load

    return load(scenario, overrides=with_ or (), settings=set_ or ())
