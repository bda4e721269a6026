"""Writing a page: whole or not at all, and never over what another program wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.atomic_write import write_text
from sim.report.language import Language
from sim.report.page.model import Named
from sim.report.page.render import MARK, page_of
from sim.results.finding import Finding

HEAD_BYTES: Final = 4096
"""Bytes at the beginning of a page among which the mark of this program stands."""


def page_refusal(file: Path, *, overwrite: bool) -> str | None:
    """Say why a page may not be written to a file, or None.

    A file that is there is replaced only if it is asked for, and only if this program wrote it.
    """
    if file.is_dir():
        return f"{file} is a folder; name a file in it, such as {file / 'page.html'}"
    if not file.exists():
        return None
    if not _written_before(file):
        return f"{file} was not written by this program; give another file"
    return None if overwrite else f"{file} exists; give --overwrite to replace it"


def write_page(file: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a page.

    It is first written beside its place, then renamed, so that it is never half written.

    Raises
    ------
    FileExistsError
        If the file may not be replaced; see `page_refusal`.
    OSError
        If it cannot be written.
    """
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


def _written_before(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return MARK.encode() in opened.read(HEAD_BYTES)
    except OSError:
        return False
