"""Limits under the doubt about their inputs, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.experiments import Result
from sim.measures.doubt import Doubt
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.numbers import percent
from sim.report.run.words import say


def doubt_lines(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield what was drawn, and for each limit how often it is kept, and where doubt comes from."""
    language = labels.language
    if not result.inputs:
        return
    yield Line(say("doubt_drawn", language, inputs=len(result.inputs)))
    for limit in result.verdicts:
        doubt = result.doubts[limit.name]
        if math.isnan(doubt.kept.value):
            continue
        text = say(
            "doubt_kept",
            language,
            limit=labels.limit(limit.name),
            verdict=say(f"doubt_{doubt.verdict}", language),
            draws=doubt.draws,
            share=percent(doubt.kept.value),
            low=percent(doubt.kept.low),
            high=percent(doubt.kept.high),
            target=percent(limit.limit.target_share, None),
        )
        yield Line(f"{text} {_parts(doubt, labels)}", "notice")


def _parts(doubt: Doubt, labels: Labels) -> str:
    of = doubt.parts.from_inputs
    if math.isnan(of.value):
        return say("doubt_none", labels.language)
    return say(
        "doubt_parts",
        labels.language,
        inputs=percent(of.value, 0),
        low=percent(of.low, 0),
        high=percent(of.high, 0),
        by_inputs=f"{100 * doubt.parts.sd_inputs:.1f}",
        by_chance=f"{100 * doubt.parts.sd_chance:.1f}",
    )
