"""Results as one HTML file, which is written whole or not at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.atomic_write import write_text
from sim.experiments import Comparison, Result
from sim.experiments.compare.comparison import comparable, compare_results
from sim.experiments.replay.replay import Replay
from sim.report.blocks import Line
from sim.report.language import Language, typeset
from sim.report.page.chapter import chapter_of
from sim.report.page.document import Document, edition_of
from sim.report.page.grid import SIGNS, grid
from sim.report.page.model import Chapter, Edition, Moving, Named
from sim.report.page.names import changes, titles
from sim.report.page.provenance import reading
from sim.report.page.replays import edition_of_replay
from sim.report.page.words import say
from sim.results.finding import Finding
from sim.scenario.errors import CONTROL
from sim.storage.versions import PROGRAM, version
from sim.translation import tr

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
TAGS: Final[Mapping[Language, str]] = {"en": "en", "zh": "zh-CN"}
"""Language → its code in HTML."""
MARK: Final = f'<meta name="generator" content="{PROGRAM} '
"""Marks each page of this program, near its beginning."""
PAGE_ENDINGS: Final = (".html", ".htm", "")
FRAME: Final = "border:0;width:100%;height:72rem"
"""Style of the frame of a replay in a notebook."""
HEAD_BYTES: Final = 4096
"""Number of bytes at the beginning of a page that are searched for the mark."""


def page_of(results: Sequence[Named], language: Language = "en") -> str:
    """Return results as one HTML file in both languages; the same results give the same text.

    Two or more runs with the same seed and replications are also compared. `language` is the one
    shown first. ValueError: there is no result, or two have one name.
    """
    if not results:
        raise ValueError(tr("a page needs at least one result"))
    if len({named.name for named in results}) < len(results):
        raise ValueError(tr("each result of a page needs a name of its own"))
    return _page([_edition(results, chosen) for chosen in LANGUAGES], language)


def page_of_document(document: Document, language: Language = "en") -> str:
    """Return a report that belongs to no simulation as one HTML file in both languages."""
    return _page([edition_of(document, chosen) for chosen in LANGUAGES], language)


def page_of_replay(replay: Replay, language: Language = "en") -> str:
    """Return a replay as one HTML file in both languages."""
    return _page([edition_of_replay(replay, chosen) for chosen in LANGUAGES], language)


def replay_frame(replay: Replay) -> str:
    """Return a replay as a frame for notebooks: a page of its own, which asks for nothing."""
    page = escape(page_of_replay(replay))
    return f'<iframe srcdoc="{page}" sandbox="allow-scripts" style="{FRAME}"></iframe>'


def _page(editions: Sequence[Edition], language: Language) -> str:
    """Return the page of editions; `language` is shown first."""
    moves = any(
        isinstance(content, Moving)
        for chapter in editions[0].chapters
        for section in chapter.sections
        for content in section.content
    )
    script = _text("page.js") + (_text("replay.js") if moves else "")
    values: dict[str, Any] = {
        "editions": editions,
        "first": language,
        "tags": TAGS,
        "program": PROGRAM,
        "version": version(),
        "style": _text("page.css") + (_text("replay.css") if moves else ""),
        "script": script,
        "script_hash": _hash(script),
    }
    page = _environment().get_template("page.html").render(values)
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", page)


def _titled(results: Sequence[Named], language: Language) -> Iterator[Named]:
    """Yield the results, scenarios of comparisons by their titles; then the runs compared."""
    for named in results:
        if isinstance(named.finding, Comparison):
            compared = _by_title(named.finding.results.values(), language, named.finding.confidence)
            yield replace(named, finding=compared)
        else:
            yield named
    runs = [named.finding for named in results if isinstance(named.finding, Result)]
    if len(runs) > 1 and comparable(runs):
        yield Named("", _by_title(runs, language), derived=True)


def _by_title(runs: Iterable[Result], language: Language, confidence: float = 0.95) -> Comparison:
    listed = list(runs)
    named = titles([run.scenario for run in listed], language)
    return compare_results(dict(zip(named, listed, strict=True)), confidence)


def _edition(results: Sequence[Named], language: Language) -> Edition:
    shown = list(_titled(results, language))
    chapters = tuple(
        chapter_of(named, f"r{number}", language) for number, named in enumerate(shown, start=1)
    )
    if len(chapters) == 1:
        return Edition(language, chapters[0].title, chapters, reading(shown, language))
    chapters = tuple(_told_apart(chapters, shown, language))
    title = f"{say('report', language)}: {say('several', language, count=len(results))}"
    return Edition(language, title, chapters, reading(shown, language))


def _told_apart(
    chapters: Sequence[Chapter], shown: Sequence[Named], language: Language
) -> Iterator[Chapter]:
    """Yield the chapters, each that has one scenario with how it differs from the first."""
    alone = [named.finding.scenarios.get("") for named in shown]
    reference = alone[0]
    for chapter, scenario in zip(chapters, alone, strict=True):
        if reference is None or scenario is None or scenario is reference:
            yield chapter
            continue
        changed = changes(reference, scenario, language)
        names = {"reference": chapters[0].title, "changes": changed}
        line = Line(say("differs" if changed else "differs_not", language, **names))
        yield replace(chapter, under=(*chapter.under, line), differs=line.text)


def _text(name: str) -> str:
    """Return a file of the page that is the same for all results."""
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


def _hash(script: str) -> str:
    """Return the hash that names a script in a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("sim.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "kind": lambda content: type(content).__name__,
        "grid": grid,
        "typeset": typeset,
        "drawing": lambda figure: Markup(figure.svg),  # checked when it was drawn
        "constant": Markup,  # only files of this package
    }
    environment.globals |= {"say": say, "signs": SIGNS}
    return environment


# --- writing ------------------------------------------------------------------------------------


def page_refusal(file: Path, *, overwrite: bool) -> str | None:
    """Return why a page may not be written to a file, or None.

    An existing file is replaced only on request, and only if this program wrote it.
    """
    if file.is_dir():
        return tr(
            "{file} is a folder; name a file in it, such as {example}",
            file=file,
            example=file / "page.html",
        )
    if file.exists() and not _written_before(file):
        return tr("{file} was not written by this program; give another file", file=file)
    if file.suffix.lower() not in PAGE_ENDINGS:
        page = file.with_suffix(".html")
        how = (
            tr("; open it in a browser and print it to PDF")
            if file.suffix.lower() == ".pdf"
            else ""
        )
        return tr(
            "{file}: a report is a page in HTML; write {page}{how}", file=file, page=page, how=how
        )
    return (
        None
        if overwrite or not file.exists()
        else tr("{file} exists; give --overwrite to replace it", file=file)
    )


def write_page(file: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a page; raise FileExistsError with the reason if `page_refusal` returns one."""
    reason = page_refusal(file, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, text)


def write_finding(
    finding: Finding,
    file: Path,
    language: Language,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> None:
    """Write one result as a page; see `Finding.report`."""
    page = page_of([Named(file.stem, finding, command)], language)
    write_page(file, page, overwrite=overwrite)


def write_replay(
    replay: Replay, file: Path, language: Language, *, overwrite: bool = False
) -> None:
    """Write a replay as a page; see `Replay.page`."""
    write_page(file, page_of_replay(replay, language), overwrite=overwrite)


def _written_before(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return MARK.encode() in opened.read(HEAD_BYTES)
    except OSError:
        return False
