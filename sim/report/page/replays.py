"""Replays on a page: in the chapter of a run, and in a chapter of their own."""

from __future__ import annotations

from dataclasses import replace

from sim.experiments.replay.replay import Replay, replay
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.page.model import Chapter, Edition, Facts, Moving, Section
from sim.report.page.words import section
from sim.report.replay.film import Film
from sim.report.replay.words import say
from sim.results.run import Result


def replay_section(result: Result, chapter: str, language: Language) -> Section:
    """Return the section of a run in which it is replayed; without content if no case came."""
    return _section(replay(result), chapter, language)


def edition_of_replay(shown: Replay, language: Language) -> Edition:
    """Return a replay in one language, as a page of one chapter."""
    part = replace(_section(shown, "r1", language), open=True)
    scenario = shown.model.scenario
    title = Labels.choose(scenario.name, language)
    read = Facts(((say("read_colours", language), say("read_colours_text", language)),))
    chapter = Chapter(
        name="r1",
        kind=say("question", language),
        title=title,
        under=(),
        lead=(),
        rests_on="",
        sections=(part,),
    )
    return Edition(language, title, (chapter,), section("reading", language, read))


def _section(shown: Replay, chapter: str, language: Language) -> Section:
    film = Film(shown)
    model = shown.model
    labels = Labels(model.scenario, language)
    content = Moving(
        name=chapter,
        data=film.data,
        labels=film.labels(language),
        lines=film.told(language),
        types=tuple(labels.case_type(case_type) for case_type in model.process.case_types),
        say=say,
    )
    return section("replay", language, *([content] if len(shown.case) else []))
