"""Renew what the documentation has from the program: python -m docs.build.

Reference pages are written anew, and so is every block that shows the output of a command.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from docs.generate import PAGES, ROOT
from docs.generate.outputs import pages_with_outputs, with_outputs


def main() -> int:
    """Renew, or only check; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.build", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a page is out of date"
    )
    parser.add_argument("--references", action="store_true", help="pass over outputs of commands")
    options = parser.parse_args()
    stale = list(renewed_pages(outputs=not options.references))
    for page, text in stale:
        print(f"{page.relative_to(ROOT)}: {'out of date' if options.check else 'renewed'}")
        if not options.check:
            page.write_text(text, encoding="utf-8")
    return 1 if options.check and stale else 0


def renewed_pages(*, outputs: bool = True) -> Iterator[tuple[Path, str]]:
    """Yield each page that is out of date, and what it should say."""
    for name, write in PAGES.items():
        page = ROOT / name
        before = page.read_text(encoding="utf-8") if page.exists() else ""
        now = write()
        if now != before:
            yield page, now
    if outputs:
        yield from stale_outputs()


def stale_outputs() -> Iterator[tuple[Path, str]]:
    """Yield each page with an output that is out of date, and what it should say."""
    with tempfile.TemporaryDirectory() as store:
        for page in pages_with_outputs(ROOT):
            before = page.read_text(encoding="utf-8")
            with tempfile.TemporaryDirectory() as folder:
                now = with_outputs(before, Path(folder), Path(store))
            if now != before:
                yield page, now


if __name__ == "__main__":
    raise SystemExit(main())
