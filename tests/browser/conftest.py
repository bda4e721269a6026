"""A Chromium to look at pages with, and the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.report.page import Named, page_of

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "SIM_REQUIRE_BROWSER"
"""If set, a missing browser is a failure."""


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = f"no Chromium is installed: none of {', '.join(NAMES)} is on the path"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{reason}, and {REQUIRED} is set")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict[str, Path]:
    """Write a report of one run, of eleven zones, and of two runs with their comparison."""
    runs = {
        name: sim.run(sim.load(f"yingkou/{name}"), replications=2, keep="summary")
        for name in ("base", "lean", "zones")
    }
    named = {name: Named(name, run, f"sim run yingkou/{name}") for name, run in runs.items()}
    folder = tmp_path_factory.mktemp("pages")
    texts = {
        "base": page_of([named["base"]]),
        "zones": page_of([named["zones"]], "zh"),
        "comparison": page_of([named["base"], named["lean"]]),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}
