"""`sim validate`: whether a scenario explains months that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, MapOption, NamesOption, date_of, names_of, with_options
from sim.cli.records_read import TimeZoneOption, records_of
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.experiments import Validation


@dataclass(frozen=True, kw_only=True)
class ValidateOptions:
    """The options of `sim validate` alone."""

    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DATE",
            help="The first date that is compared; what was recorded before it is known.",
        ),
    ]
    to: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="The last date that is compared; default: the records' end."
        ),
    ] = None
    arrivals: Annotated[
        Literal["drawn", "replay"],
        typer.Option(help="Later cases come as the scenario says, or as they are recorded."),
    ] = "drawn"
    level: Annotated[
        float,
        typer.Option(min=0.5, max=0.99, help="Level of the prediction interval of each number."),
    ] = 0.8
    uncertain: Annotated[
        bool | None,
        typer.Option(
            "--uncertain/--certain",
            help="Draw the inputs with a range anew for each replication, or take them as known; "
            "default: drawn if the scenario is fitted here.",
        ),
    ] = None
    country: Annotated[
        str, typer.Option(help="Whose working days count, if the scenario is fitted here.")
    ] = "CN"
    names: NamesOption = None
    mapping: MapOption = None
    time_zone: TimeZoneOption = None
    check: Annotated[
        bool, typer.Option("--check", help="Exit with code 1 unless the scenario fits.")
    ] = False


@with_options
def validate(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[SCENARIO] RECORDS…",
            help="A scenario, if one is to be tried; then a folder that sim records read, or sim "
            "run --events, wrote; or files.",
        ),
    ],
    options: ValidateOptions,
    common: Common,
) -> None:
    """Compare recorded months with what a scenario makes of them that has not seen them.

    `sim validate register --from 2023-01-01 --report validation.html`

    `sim validate my_city.yaml register --from 2023-01-01 --arrivals replay`

    Without SCENARIO, one is fitted to what was recorded before the date.
    """
    start, to = date_of("--from", options.start), date_of("--to", options.to)
    assert start is not None
    if common.store is not None:
        fail(tr("--store: a validation keeps no replications; leave it out"))
    scenario, records = _parted(what)
    if scenario is None:
        _refuse_changes(options, common)

    def experiment(keywords: Keywords) -> Validation:
        from sim.calendars import UnknownCountryError
        from sim.calendars.national import check_country

        try:
            check_country(options.country)
        except UnknownCountryError as error:
            fail(f"--country: {error}")
        _refuse_few(common.replications)
        loaded = None if scenario is None else common.load(scenario)
        register = records_of(records, options.mapping, options.time_zone)
        names = None if loaded is None else names_of(options.names, loaded, register)
        return sim.validate(
            register,
            loaded,
            start=start,
            to=to,
            arrivals=options.arrivals,
            level=options.level,
            uncertain=options.uncertain,
            names=names,
            country=options.country,
            **keywords,
        )

    answer(experiment, common, passes=lambda result: result.fits or not options.check)


def _refuse_few(replications: int | None) -> None:
    from sim.experiments.validate.validate import LEAST

    if replications is not None and replications < LEAST:
        fail(
            tr(
                "--replications: {count} are too few to tell anything; give {least} or more",
                count=replications,
                least=LEAST,
            )
        )


def _parted(what: list[str]) -> tuple[str | None, list[Path]]:
    """Return the scenario, if the first word names one, and the records."""
    first = Path(what[0])
    is_file = first.suffix.lower() in {".yaml", ".yml"}
    if not is_file and (first.exists() or len(what) == 1):
        return None, [Path(word) for word in what]
    if len(what) == 1:
        fail(tr("{first} is a scenario; name the records after it", first=first))
    return what[0], [Path(word) for word in what[1:]]


def _refuse_changes(options: ValidateOptions, common: Common) -> None:
    """Fail if options are for a scenario that is not given."""
    for option, given in (
        ("--set", common.settings),
        ("--with", common.overrides),
        ("--names", options.names),
    ):
        if given:
            fail(
                tr(
                    "{option} changes a scenario: name one before the records, such as "
                    "one of sim fit",
                    option=option,
                )
            )
