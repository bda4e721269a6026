"""Cases handed in again (退件重报): each limit by both rules, whichever of them decides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.experiments import Result
from sim.measures.resubmissions import ResubmissionJudgement
from sim.report.blocks import Column, Line, Part, number, table_of
from sim.report.labels import Labels
from sim.report.lines import unit_of
from sim.report.numbers import percent, rounded


def resubmission_parts(result: Result, labels: Labels) -> Iterator[Part]:
    """Yield the limits by both rules, if a case of any was handed in again."""
    judged = [limit for limit in result.resubmissions_judged if limit.cases]
    if not judged:
        return
    say = labels.say
    table = table_of(
        judged,
        [
            (Column(say("promise")), lambda limit: labels.limit(limit.limit.name)),
            (number(say("handed_in")), _handed_in),
            (number(say("apart_share")), lambda limit: percent(limit.apart.share)),
            (number(say("together_share")), lambda limit: percent(limit.together.share)),
            (number(say("apart_days")), lambda limit: _days(limit.apart_days)),
            (number(say("together_days")), lambda limit: _days(limit.together_days)),
            (Column("", meaning=say("unit")), lambda limit: unit_of(limit.apart, labels.language)),
            (Column(say("rule")), lambda limit: say(f"rule_{limit.limit.scope.per}")),
        ],
        say("resubmission_title"),
    )
    yield Part((table, *_other_verdicts(judged, labels)))


def _handed_in(limit: ResubmissionJudgement) -> str:
    return f"{limit.cases:,} ({percent(limit.cases / limit.apart.measured)})"


def _days(days: float) -> str:
    return "" if math.isnan(days) else rounded(days, 1)


def _other_verdicts(judged: Sequence[ResubmissionJudgement], labels: Labels) -> Iterator[Line]:
    """Yield a sentence for each limit whose verdict the other rule would change."""
    for limit in judged:
        goes_on = limit.limit.scope.per == "case"
        own, other = limit.apart.verdict, limit.together.verdict
        if own != other:
            text = labels.say(
                "if_clock_began_anew" if goes_on else "if_clock_went_on",
                limit=labels.limit(limit.limit.name),
                own=labels.say(other if goes_on else own),
                other=labels.say(own if goes_on else other),
            )
            yield Line(text, "notice")
