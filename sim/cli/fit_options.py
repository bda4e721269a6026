"""The options of `sim fit`, of a register and of an event log alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import LanguageOption, MapOption
from sim.cli.records_read import TimeZoneOption


@dataclass(frozen=True, kw_only=True)
class FitOptions:
    """What is fitted."""

    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the scenario to this file."),
    ] = None
    base: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="A scenario that the fitted one extends: what the records do not tell is taken "
            "from it.",
        ),
    ] = None
    name: Annotated[
        str | None, typer.Option(help="Name of the scenario; default: that of the records.")
    ] = None
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Use nothing later than this date."),
    ] = None
    hold_out: Annotated[
        float | None,
        typer.Option(
            "--hold-out",
            metavar="SHARE",
            min=0.01,
            max=0.9,
            help="Of a log without receipt, acceptance and decision: fit to what came before "
            "this last share of the events, and compare with it.",
        ),
    ] = None
    infer: Annotated[
        bool,
        typer.Option(
            "--infer",
            help="Infer by simulation how long work takes that no stamp shows; takes half a "
            "minute to many minutes.",
        ),
    ] = False
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulations of --infer.")] = 1
    country: Annotated[str, typer.Option(help="Whose working days count.")] = "CN"
    mapping: MapOption = None
    time_zone: TimeZoneOption = None
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Also write an HTML page.")
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what --out and --report name.")
    ] = False
    lang: LanguageOption = "en"
