"""`sim records`: a city's own records, read, looked through and judged."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from sim import exit_codes
from sim.cli.command_line import reproducing_command
from sim.cli.event_logs import simulate
from sim.cli.messages import announce_compilation, fail, messages, written
from sim.cli.options import (
    BESIDE_THE_RESULT,
    Changes,
    LanguageOption,
    MapOption,
    RecordsArgument,
    date_of,
    with_options,
)
from sim.cli.records_read import TimeZoneOption, records_of, zone_of
from sim.cli.spoken import Command, Group
from sim.translation import language, tr

if TYPE_CHECKING:
    import numpy as np

    from sim.experiments import Judged
    from sim.records.auditing import Audit, Duty
    from sim.records.reading import Reading
    from sim.report.language import Language

EXAMPLE: Final = "yingkou/base"
"""Scenario whose simulated year is the example."""

records = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="A city's own records: read, look through and judge them. 办件数据。",
)


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How records are read and looked through."""

    mapping: MapOption = None
    officers: Annotated[
        Literal["hashed", "named", "none"],
        typer.Option(
            help="Keep officers as keyed hashes, by their names, or not at all. Names of "
            "applicants are always hashed."
        ),
    ] = "hashed"
    time_zone: TimeZoneOption = None
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The time to which open items count; default: the last event."
        ),
    ] = None
    country: Annotated[
        str, typer.Option(help="Whose working days the stamps of officers are held against.")
    ] = "CN"
    hours: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DAYS HOURS",
            help='When officers work, such as "mon-fri 8:30-12:00 13:30-17:30"; default: '
            "mon-fri 8:00-18:00.",
        ),
    ] = None

    def now(self) -> np.datetime64 | None:
        """Return the time to which open items count; fail if it is none."""
        import numpy as np

        if self.as_of is None:
            return None
        import pyarrow as pa

        from sim.records.stamps import read_stamps

        read = read_stamps(pa.chunked_array([[self.as_of]]))
        if not read.given[0]:
            fail(
                tr(
                    "--as-of: '{as_of}': must be a time such as 2024-03-01 or 2024-03-01 17:00",
                    as_of=self.as_of,
                )
            )
        end_of_day = np.timedelta64(86_399, "s") if read.day_only[0] else np.timedelta64(0, "s")
        return read.at[0] + end_of_day  # type: ignore[no-any-return]

    def duty(self) -> Duty:
        """Return when officers are expected to work; fail if the hours cannot be read."""
        from sim.calendars import HoursError, UnknownCountryError, parse_week
        from sim.calendars.national import check_country
        from sim.records.auditing import Duty

        try:
            check_country(self.country)
        except UnknownCountryError as error:
            fail(f"--country: {error}")
        if self.hours is None:
            return Duty(country=self.country)
        pairs = [text.partition(" ")[::2] for text in self.hours]
        try:
            parse_week(dict(pairs))
        except HoursError as error:
            fail("\n".join(f"--hours: {place}: {rule}" for place, rule in error.slips))
        return Duty(country=self.country, hours=tuple(pairs))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How the audit is shown and kept."""

    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Write the register, the mapping and the audit."
        ),
    ] = None
    table_format: Annotated[
        Literal["parquet", "csv"], typer.Option("--format", help="Format of the tables in DIR.")
    ] = "parquet"
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write the audit as an HTML page."),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what DIR and FILE hold.")
    ] = False
    lang: LanguageOption = "en"


@records.command(cls=Command)
@with_options
def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="The exchange tables, spreadsheets (办件台账) or event logs of one city: CSV, "
            "XLSX, XES or Parquet, also packed (.gz); or a folder of them.",
        ),
    ],
    options: ReadOptions,
    shown: Shown,
) -> None:
    """Read a city's records, and say what is wrong or strange in them.

    `sim records read 办件台账.xlsx -o register`

    `sim records read XMJBXXB.csv XMSPSXBLXXB.csv XMSPSXBLXXXXB.csv -o register --report audit.html`

    Nothing is left out without being counted. Names of officers and applicants are replaced by
    keyed hashes.
    """
    from sim.records.auditing import audit
    from sim.records.folder import save
    from sim.records.reading import read_files

    zone, as_of, duty = zone_of(options.time_zone), options.now(), options.duty()
    _refuse_writing(shown)
    with messages():
        reading = read_files(
            files, mapping=options.mapping, officers=options.officers, zone=zone, as_of=as_of
        )
        found = audit(reading, duty=duty)
        _show(reading, found, shown)
        if shown.out is not None:
            form, overwrite = shown.table_format, shown.overwrite
            save(reading, found, shown.out, tables=form, overwrite=overwrite)
            written(shown.out, shown.lang)
        if shown.report is not None:
            _write_page(reading, found, shown.report, shown)


@dataclass(frozen=True, kw_only=True)
class JudgeOptions(Changes):
    """How recorded cases are judged."""

    context: typer.Context
    """The command under way; not an option."""
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="Its limits, clocks and calendar count: a file, or a name such as yingkou/base; "
            "default: the days promised in the records, as the state's statistics count them.",
        ),
    ] = None
    window: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Judge the cases received on these dates."),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="DATE", help="Open cases count to this date; default: the last event."
        ),
    ] = None
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", metavar="ATTRIBUTE", help="Also show results by this attribute: zone."
        ),
    ] = None
    events_only: Annotated[
        bool,
        typer.Option(
            "--events-only", help="Read clocks from the states alone, even if steps are recorded."
        ),
    ] = False
    mapping: MapOption = None
    time_zone: TimeZoneOption = None
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 unless every limit holds."),
        BESIDE_THE_RESULT,
    ] = False


@dataclass(frozen=True, kw_only=True)
class JudgedShown:
    """How what was judged is shown and kept."""

    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Write tables, summary and manifest here."),
        BESIDE_THE_RESULT,
    ] = None
    table_format: Annotated[
        Literal["parquet", "csv"],
        typer.Option("--format", help="Format of the tables in DIR."),
        BESIDE_THE_RESULT,
    ] = "parquet"
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Also write an HTML page."),
        BESIDE_THE_RESULT,
    ] = None
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object."), BESIDE_THE_RESULT
    ] = False
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace DIR and FILE."), BESIDE_THE_RESULT
    ] = False
    lang: LanguageOption = "en"


@records.command(cls=Command)
@with_options
def judge(
    what: RecordsArgument,
    options: JudgeOptions,
    shown: JudgedShown,
) -> None:
    """Judge what happened by the limits and clocks of a simulation, and as the state counts it.

    `sim records judge register`

    `sim records judge register --scenario my_city.yaml --by zone --report 2023.html`

    Without --scenario, each item is held to the days promised for it in the records.
    """
    import sim

    window, until = _dates("--window", options.window), date_of("--to", options.to)
    _refuse_writing(shown)
    with messages():
        from sim.report.kinds import kind_of

        given = None if options.scenario is None else options.load(options.scenario)
        if given is None and (options.settings or options.overrides):
            fail(tr("--set and --with change a scenario: give one with --scenario"))
        register = records_of(what, options.mapping, options.time_zone)
        judged = sim.judge(
            register,
            given,
            window=window,
            until=until,
            by=options.by or (),
            steps=not options.events_only,
        )
        if shown.as_json:
            from sim.report.plain_data import to_json

            sys.stdout.write(to_json(kind_of(judged).data(judged)))
        else:
            from sim.report.terminal import show

            show(kind_of(judged).report(judged, shown.lang))
        _keep_judged(judged, options, shown)
        if options.check and not judged.all_hold:
            raise typer.Exit(exit_codes.LIMIT_BROKEN)


def _keep_judged(judged: Judged, options: JudgeOptions, shown: JudgedShown) -> None:
    command = reproducing_command(options.context, judged.seed, judged.replications)
    overwrite = shown.overwrite
    if shown.out is not None:
        judged.save(
            shown.out,
            tables=shown.table_format,
            language=shown.lang,
            overwrite=overwrite,
            command=command,
        )
        written(shown.out, shown.lang)
    if shown.report is not None:
        judged.report(shown.report, language=shown.lang, overwrite=overwrite, command=command)
        written(shown.report, shown.lang)


def _dates(option: str, text: str | None) -> tuple[dt.date, dt.date] | None:
    if text is None:
        return None
    first, dots, last = text.partition("..")
    ends = date_of(option, first) if dots else None, date_of(option, last) if dots else None
    if ends[0] is None or ends[1] is None or ends[1] < ends[0]:
        fail(
            tr(
                "{option}: '{text}': must be FROM..TO, such as 2023-01-01..2023-12-31",
                option=option,
                text=text,
            )
        )
    return ends[0], ends[1]


def _refuse_writing(shown: Shown | JudgedShown) -> None:
    """Fail before the work if what it finds could not be written."""
    from sim.report.workbook import is_workbook, workbook_refusal
    from sim.storage.folders import refusal

    if shown.out is not None:
        workbook = is_workbook(shown.out)
        if workbook and isinstance(shown, Shown):
            fail(tr("--out: {out}: the cleaned register is a folder; give its name", out=shown.out))
        refuses = workbook_refusal if workbook else refusal
        _refuse("--out", refuses(shown.out, overwrite=shown.overwrite))
    if shown.report is not None:
        from sim.report.page import page_refusal

        _refuse("--report", page_refusal(shown.report, overwrite=shown.overwrite))


def _refuse(option: str, reason: str | None) -> None:
    if reason is not None:
        fail(f"{option}: {reason}")


def _show(reading: Reading, found: Audit, shown: Shown) -> None:
    from sim.report.records.report import audit_data, audit_report

    if shown.as_json:
        from sim.report.plain_data import plain, to_json

        sys.stdout.write(to_json(plain(audit_data(found, reading.maps))))
        return
    from sim.report.terminal import show

    show(audit_report(found, reading.maps, shown.lang))


def _write_page(reading: Reading, found: Audit, file: Path, shown: Shown) -> None:
    from sim.report.page import Document, page_of_document, write_page
    from sim.report.records.report import audit_report, audit_topics
    from sim.report.records.words import WORDS

    def report(language: Language) -> Any:
        return audit_report(found, reading.maps, language)

    document = Document(WORDS["question"], report, audit_topics)
    write_page(file, page_of_document(document, shown.lang), overwrite=shown.overwrite)
    written(file, shown.lang)


records.command(cls=Command)(simulate)


@records.command(cls=Command)
@with_options
def example(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.")],
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the city's year, and of where the faults are.")
    ] = 1,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what DIR holds.")] = False,
) -> None:
    """Write the records of an invented city to learn on, with faults that are known.

    `sim records example city`

    DIR holds the exchange tables (SPGL_….csv), a spreadsheet of the same cases (ledger.csv in GBK,
    ledger.xlsx), and planted.csv: each fault with its row and the check that must find it. The
    cases are those of a simulated year of yingkou/base.
    """
    from sim.storage.folders import refusal

    _refuse("DIR", refusal(folder, overwrite=overwrite))
    announce_compilation()
    with messages():
        from sim.records.example import write_example
        from sim.records.simulated import register_of
        from sim.replications.model import Model
        from sim.scenario import load

        model = Model(load(EXAMPLE))
        officers = [officer.name for officer in model.supply.officers]
        register = register_of(model.scenario, model.replicate(seed, 0), officers=officers)
        names = {key: one.label.zh for key, one in model.scenario.departments.items() if one.label}
        planted = write_example(register, folder, departments=names, seed=seed, overwrite=overwrite)
        written(folder, language(), tr(", with {count:,} faults", count=len(planted)))
