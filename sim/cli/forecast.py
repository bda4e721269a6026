"""`sim forecast`: which open cases will be late, and what would save them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import (
    BESIDE_THE_RESULT,
    Common,
    MapOption,
    NamesOption,
    RecordsArgument,
    ScenarioArgument,
    date_of,
    names_of,
    with_options,
)
from sim.cli.records_read import TimeZoneOption, records_of
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.experiments import Forecast


@dataclass(frozen=True, kw_only=True)
class ForecastOptions:
    """The options of `sim forecast` alone."""

    date: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="What was recorded up to the end of this date is known; default: the last event.",
        ),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Last date of the load of pools; default: eight weeks later."
        ),
    ] = None
    no_arrivals: Annotated[
        bool, typer.Option("--no-arrivals", help="Let no further case come in.")
    ] = False
    no_measures: Annotated[
        bool, typer.Option("--no-measures", help="Do not try what would save the cases at risk.")
    ] = False
    names: NamesOption = None
    mapping: MapOption = None
    time_zone: TimeZoneOption = None
    list_file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Also write the ranked list as .xlsx or .csv."),
        BESIDE_THE_RESULT,
    ] = None


@with_options
def forecast(
    scenario: ScenarioArgument,
    records: RecordsArgument,
    options: ForecastOptions,
    common: Common,
) -> None:
    """Forecast the open cases of a city's records: which will be late, and what would save them.

    `sim forecast my_city.yaml register --report monday.html`

    `sim forecast my_city.yaml register --date 2024-03-29 --list monday.xlsx`

    The simulation begins where the records say that each open case stands. Next month it is the
    same command on the next export.
    """
    date, to = date_of("--date", options.date), date_of("--to", options.to)
    if common.store is not None:
        fail(tr("--store: a forecast keeps no replications; leave it out"))
    _refuse_list(options.list_file, overwrite=common.overwrite)

    def experiment(keywords: Keywords) -> Forecast:
        loaded = common.load(scenario)
        register = records_of(records, options.mapping, options.time_zone)
        names = names_of(options.names, loaded, register)
        result = sim.forecast(
            loaded,
            register,
            date=date,
            to=to,
            names=names,
            arrivals=not options.no_arrivals,
            measures=not options.no_measures,
            **keywords,
        )
        if options.list_file is not None:
            from sim.storage.table_files import write_list

            write_list(result.tables["forecast"], options.list_file)
        return result

    answer(experiment, common)


def _refuse_list(file: Path | None, *, overwrite: bool) -> None:
    """Fail before the work if the list could not be written."""
    if file is None:
        return
    if file.suffix.lower() not in {".xlsx", ".csv"}:
        fail(tr("--list: {file}: must end in .xlsx or .csv", file=file))
    if not file.absolute().parent.is_dir():
        fail(tr("--list: {parent}: there is no such folder", parent=file.parent))
    if file.exists() and not overwrite:
        fail(tr("--list: {file} exists; give --overwrite to replace it", file=file))
