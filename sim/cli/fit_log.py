"""`sim fit` of an event log that tells nothing of approvals: a network of steps."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.cli.messages import fail, written
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.fit_options import FitOptions
    from sim.logs.choice import Choice
    from sim.logs.event_log import EventLog
    from sim.records.register import Register
    from sim.report.language import Language
    from sim.report.logs.report import HeldOut

LOGS: Final = 10
"""Simulated logs that are held against the part held out, as in published comparisons."""


def without_anatomy(register: Register) -> bool:
    """Whether a register holds activities of a log, or steps, and no state of approvals."""
    events = register.events
    timed = events["at"].notna().to_numpy()
    states = events["state"].to_numpy()[timed] > 0
    activities = bool((events["activity"].astype(str) != "")[timed].any())
    return not states.any() and (activities or len(register.steps) > 0)


def fit_log(
    register: Register, what: list[Path], options: FitOptions, until: dt.date | None
) -> None:
    """Fit a network to the register's events; show it, and write what is asked for."""
    from sim.logs.choice import against, choose
    from sim.logs.document import save_network
    from sim.logs.event_log import log_of
    from sim.report.logs.report import HeldOut

    if options.base is not None:
        fail(
            tr(
                "--base: this log has no receipt, acceptance or decision of approvals, so nothing "
                "of it can be laid over a scenario; leave it out"
            )
        )
    _tell_passed_over(register)
    log = _until(log_of(register), until)
    name = options.name or what[0].name
    held_out = None
    if options.hold_out is None:
        choice = choose(log, name)
    else:
        before, after = _parts(log, options.hold_out)
        choice = choose(before, name)
        held_out = HeldOut(before, after, against(choice.network, after, LOGS))
        log = before
    _show(choice, log, held_out, options)
    if options.out is not None:
        save_network(choice.network, options.out)
        written(options.out, options.lang)


def _tell_passed_over(register: Register) -> None:
    """Say on standard error how many events are neither the begin nor the end of an activity."""
    from sim.logs.event_log import ENDS, STARTS

    words = register.events["lifecycle"].astype(str).str.lower()
    other = words[~words.isin(ENDS | STARTS)]
    if 0 < len(other) < len(words):
        told = tr(
            "events passed over, neither begin nor end of an activity: {count:,} ({words})",
            count=len(other),
            words=", ".join(sorted(other.unique())[:8]),
        )
        print(told, file=sys.stderr)


def _until(log: EventLog, until: dt.date | None) -> EventLog:
    """Return the cases that had ended by the end of a date."""
    import numpy as np

    if until is None:
        return log
    end = int(np.datetime64(until + dt.timedelta(days=1), "ms").astype(np.int64))
    kept = log.last_end < end
    if not kept.any():
        fail(tr("--to: no case had ended by {until}", until=until))
    return log.of_cases(kept)


def _parts(log: EventLog, share: float) -> tuple[EventLog, EventLog]:
    from sim.logs.event_log import part_before_and_after

    before, after = part_before_and_after(log, share)
    if not len(before) or not len(after):
        fail(
            tr(
                "--hold-out: of {count:,} cases, none began after the rest had ended; give another "
                "share, or leave it out",
                count=len(log.cases),
            )
        )
    return before, after


def _show(choice: Choice, log: EventLog, held_out: HeldOut | None, options: FitOptions) -> None:
    from sim.report.logs.report import network_data, network_report, network_topics
    from sim.report.logs.words import WORDS

    def report(language: Language) -> Any:
        return network_report(choice, log, language, held_out)

    if options.as_json:
        from sim.report.plain_data import plain, to_json

        sys.stdout.write(to_json(plain(network_data(choice, log, held_out))))
    else:
        from sim.report.terminal import show

        show(report(options.lang))
    if options.report is not None:
        from sim.report.page import Document, page_of_document, write_page

        page = page_of_document(Document(WORDS["question"], report, network_topics), options.lang)
        write_page(options.report, page, overwrite=options.overwrite)
        written(options.report, options.lang)
