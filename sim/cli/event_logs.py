"""`sim records simulate`: event logs from a network of steps, and their distances from a log."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.messages import fail, messages, written
from sim.cli.options import LanguageOption, MapOption, with_options
from sim.translation import tr

if TYPE_CHECKING:
    from sim.logs.event_log import EventLog
    from sim.logs.network import Network

MOST_CASES: Final = 1_000_000
MOST_LOGS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class SimulateOptions:
    """What is simulated."""

    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write a log: .xes, .csv (also .gz) or .parquet."
        ),
    ] = None
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="LOG",
            help="A recorded log: simulate as many cases from its first arrival on, and state the "
            "distances. May be given several times.",
        ),
    ] = None
    cases: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_CASES, help="Cases that arrive; default: as were recorded."),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="When the first case arrives, such as 2024-03-01T09:00; default: the end of the "
            "log that was fitted.",
        ),
    ] = None
    logs: Annotated[
        int, typer.Option(min=1, max=MOST_LOGS, help="Simulated logs that are compared.")
    ] = 10
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all random numbers.")] = 1
    mapping: MapOption = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what --out names.")] = (
        False
    )
    lang: LanguageOption = "en"


@with_options
def simulate(
    network: Annotated[
        Path, typer.Argument(metavar="NETWORK", help="A file that sim fit made of an event log.")
    ],
    options: SimulateOptions,
) -> None:
    """Simulate event logs with a network of steps that sim fit made of one.

    `sim records simulate network.yaml -o next.xes --cases 200`

    `sim records simulate network.yaml --against later.csv`
    """
    since = _instant(options.since)
    _refuse_writing(options)
    if options.against and (options.cases is not None or since is not None):
        fail(
            tr("--against: cases and the first arrival are those of the log; leave out the others")
        )
    with messages():
        from sim.logs.document import read_network
        from sim.logs.simulate import simulate as simulated
        from sim.logs.writing import write_log

        fitted = read_network(network)
        recorded = _recorded(options)
        cases, start = _extent(fitted, recorded, options.cases, since)
        log = simulated(fitted, cases, start, seed=options.seed)
        _show(fitted, log, recorded, options)
        if options.out is not None:
            write_log(log, options.out, overwrite=options.overwrite)
            written(options.out, options.lang)


def _instant(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    found = None
    with suppress(ValueError):
        found = dt.datetime.fromisoformat(text)
    if found is None or found.tzinfo is not None or not 1980 <= found.year < 2100:
        fail(
            tr(
                "--from: '{text}': must be a local time of 1980 to 2099: 2024-03-01T09:00",
                text=text,
            )
        )
    return found


def _refuse_writing(options: SimulateOptions) -> None:
    from sim.records.writing import form_of, writing_refusal

    if options.out is None:
        return
    reason = writing_refusal(options.out, overwrite=options.overwrite)
    if reason is None and form_of(options.out) == "tables":
        reason = tr("{path}: must end in .xes, .csv or .parquet", path=options.out)
    if reason is not None:
        fail(f"--out: {reason}")


def _recorded(options: SimulateOptions) -> EventLog | None:
    from sim.logs.event_log import log_of
    from sim.records.opened import register_from

    if not options.against:
        return None
    return log_of(register_from(options.against, mapping=options.mapping))


def _extent(
    network: Network, recorded: EventLog | None, cases: int | None, since: dt.datetime | None
) -> tuple[int, int]:
    """Return how many cases arrive, and the first when."""
    if recorded is not None:
        return len(recorded.cases), int(recorded.arrival[0])
    begin = since or network.origin.last
    ms = round((begin - dt.datetime(1970, 1, 1)).total_seconds() * 1000)
    return cases or network.origin.used, ms


def _show(
    network: Network, log: EventLog, recorded: EventLog | None, options: SimulateOptions
) -> None:
    from sim.logs.choice import against
    from sim.report.logs.report import (
        distances_data,
        distances_report,
        simulated_data,
        simulated_report,
    )

    if recorded is None:
        data, report = simulated_data(log), simulated_report(log, options.lang)
    else:
        rows = against(network, recorded, options.logs, seed=options.seed)
        assert options.against is not None
        name = options.against[0].name
        data = distances_data(recorded, rows)
        report = distances_report(name, recorded, rows, options.lang)
    if options.as_json:
        from sim.report.plain_data import plain, to_json

        sys.stdout.write(to_json(plain(data)))
    else:
        from sim.report.terminal import show

        show(report)
