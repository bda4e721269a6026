"""Limits by the year: what is known of an undecided limit, and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.experiments import Result
from sim.measures.years import YEARS_FOR_LOWER_END, Probability, Years, is_year
from sim.report.blocks import Block, Column, Line, number, table_of
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import percent, percent_range
from sim.report.run.words import say


def known_by_year(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield for each undecided limit how many simulated years kept the target."""
    for limit in result.verdicts:
        years = result.years_of[limit.limit.name]
        if limit.verdict != "undecided" or years.number < 2:
            continue
        lowest, highest = map(percent, years.range)
        alike = "known_alike" if lowest == highest else "known_between"
        text = say(
            "known_by_year" if is_year(result.periods) else "known_by_window",
            labels.language,
            limit=labels.limit(limit.limit.name),
            kept=_kept(years, labels.language),
            years=years.number,
            days=_window_days(result),
            target=percent(years.target, None),
            shares=say(alike, labels.language, lowest=lowest, highest=highest),
        )
        yield Line(text, "notice")


def _kept(years: Years, language: Language) -> str:
    """Return the number of years that kept the target: two numbers if open cases decide."""
    if years.kept == years.kept_at_best:
        return str(years.kept)
    return say("range", language, low=years.kept, high=years.kept_at_best)


def _window_days(result: Result) -> int:
    return sum(period.days for period in result.periods)


def years_blocks(result: Result, labels: Labels) -> Iterator[Block]:
    """Yield each limit by the year; nothing with one year, which tells no more than the verdict."""
    language = labels.language
    rows = [(name, years) for name, years in result.years_of.items() if years.number > 1]
    if not rows:
        return
    stated = {limit.name: limit.confidence for limit in result.resolved_limits}
    levels = {stated[name] for name, _ in rows}  # of all looks together, as in other tables
    interval = say("interval", language)
    if len(levels) == 1:
        interval = f"{percent(levels.pop(), None)} {interval}"
    title = "years_title" if is_year(result.periods) else "windows_title"
    yield table_of(
        rows,
        [
            (Column(say("promise", language)), lambda row: labels.limit(row[0])),
            (
                Column(say("years_kept", language)),
                lambda row: say(
                    "kept_of", language, kept=_kept(row[1], language), years=row[1].number
                ),
            ),
            (number(say("keeps", language)), lambda row: percent(row[1].keeps.value)),
            (number(interval), lambda row: _range(row[1].keeps)),
            (number(say("worst_in_20", language)), lambda row: percent(row[1].worst.value)),
            (number(interval, spare=True), lambda row: _range(row[1].worst)),
            (number(say("fails_twice", language)), lambda row: percent(row[1].fails_twice.value)),
            (number(interval, spare=True), lambda row: _range(row[1].fails_twice)),
        ],
        say(title, language, days=_window_days(result)),
    )
    yield Line(say("years_note", language), "faint")
    made, least = result.replications, YEARS_FOR_LOWER_END
    if made < least:
        yield Line(say("few_years", language, made=made, least=least), "faint")


def _range(probability: Probability) -> str:
    if math.isnan(probability.value):
        return "–"
    return percent_range(probability.low, probability.high)
