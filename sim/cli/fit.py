"""`sim fit`: from a city's records to a scenario of that city."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.fit_log import fit_log, without_anatomy
from sim.cli.fit_options import FitOptions
from sim.cli.messages import fail, messages, progress, written
from sim.cli.options import RecordsArgument, date_of, with_options
from sim.cli.records_read import records_of
from sim.translation import tr

if TYPE_CHECKING:
    from sim.fitting.fitted import Fitted
    from sim.report.language import Language


@with_options
def fit(
    what: RecordsArgument,
    options: FitOptions,
) -> None:
    """Make the scenario of a city from its records; every value with its source and range.

    `sim fit register -o my-city.yaml`

    What the records do not tell is marked as assumed, and listed.

    `sim fit log.xes.gz -o network.yaml --hold-out 0.2`

    An event log that tells nothing of approvals becomes a network of steps, which sim records
    simulate takes.
    """
    until = date_of("--to", options.to)
    _refuse_writing(options)
    if options.infer and options.base is not None:
        fail(tr("--infer: with --base the work is that of the base; leave one of the two out"))
    with messages():
        import sim
        from sim.calendars import UnknownCountryError
        from sim.calendars.national import check_country

        try:
            check_country(options.country)
        except UnknownCountryError as error:
            fail(f"--country: {error}")
        base = None if options.base is None else sim.load(options.base)
        register = records_of(what, options.mapping, options.time_zone)
        if without_anatomy(register):
            if options.infer:
                fail(tr("--infer: needs records with states of approvals; this is an event log"))
            fit_log(register, what, options, until)
            return
        if options.hold_out is not None:
            fail(
                tr(
                    "--hold-out: these records have states of approvals; sim validate RECORDS "
                    "--from DATE compares a part with what came before it"
                )
            )
        name = options.name or tr("Fitted to {stem}", stem=what[0].stem or what[0].name)
        with progress() as bar:
            fitted = sim.fit(
                register, base, name=name, until=until, country=options.country,
                infer=options.infer, seed=options.seed, progress=bar,
            )  # fmt: skip
        _show(fitted, options)


def _refuse_writing(options: FitOptions) -> None:
    """Fail before the work if what it finds could not be written."""
    from sim.report.page import page_refusal

    if options.out is not None:
        if options.out.is_dir():
            fail(tr("--out: {out} is a folder; name a file such as my-city.yaml", out=options.out))
        if options.out.exists() and not options.overwrite:
            fail(tr("--out: {out} exists; give --overwrite to replace it", out=options.out))
        if not options.out.parent.is_dir():
            fail(tr("--out: {parent} is no folder", parent=options.out.parent))
    if options.report is not None:
        refused = page_refusal(options.report, overwrite=options.overwrite)
        if refused is not None:
            fail(f"--report: {refused}")


def _show(fitted: Fitted, options: FitOptions) -> None:
    from sim.report.fit.report import fit_data, fit_report

    if options.as_json:
        from sim.report.plain_data import plain, to_json

        sys.stdout.write(to_json(plain(fit_data(fitted))))
    else:
        from sim.report.terminal import show

        show(fit_report(fitted, options.lang))
    if options.out is not None:
        fitted.save(options.out)
        written(options.out, options.lang)
    if options.report is not None:
        _write_page(fitted, options.report, options)


def _write_page(fitted: Fitted, file: Path, options: FitOptions) -> None:
    from sim.report.fit.report import fit_report, fit_topics
    from sim.report.fit.words import WORDS
    from sim.report.page import Document, page_of_document, write_page

    def report(language: Language) -> Any:
        return fit_report(fitted, language)

    document = Document(WORDS["question"], report, fit_topics)
    write_page(file, page_of_document(document, options.lang), overwrite=options.overwrite)
    written(file, options.lang)
