"""The live what-if as a page of Voilà: nothing cut, nothing said, nothing asked elsewhere."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import sim
from tests.build.looks import CUT, STICKING_OUT

pytestmark = pytest.mark.slow

REPLICATIONS = 6
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
READY_S = 120
"""Seconds in which the server answers, and a page is there; machine code may have to compile."""
CELLS = {
    "empty": "0",
    **{
        language: "import sim\n"
        f"sim.what_if(sim.load('yingkou/base'), replications={REPLICATIONS}, language='{language}')"
        for language in ("en", "zh")
    },
}
MOVED = {"en": "Planning reviewers: 4 → 3", "zh": "规划审查：4 → 3"}
TAKE_ALONG = {"en": "Take it along", "zh": "带走设置"}


@dataclass
class Seen:
    """A page, what it said on the console, and what it asked for elsewhere."""

    page: object
    said: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    folder = tmp_path_factory.mktemp("voila")
    for name, code in CELLS.items():
        notebook = new_notebook(cells=[new_code_cell(code)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{name}.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}"]
    with (folder / "log").open("w") as log:
        voila = subprocess.Popen(
            [*command, "--Voila.ip=127.0.0.1"], stdout=log, stderr=log, cwd=Path.cwd()
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            yield address
        finally:
            voila.terminate()
            voila.wait(timeout=20)


def wait_for(address: str) -> None:
    end = time.monotonic() + READY_S
    while True:
        try:
            urllib.request.urlopen(f"{address}/voila/static/voila.js", timeout=5).close()
            return
        except OSError as error:
            if getattr(error, "code", None) is not None:
                return  # it answers, if only that there is no such file
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def opened(browser, server: str, name: str) -> Seen:
    seen = Seen(browser.new_page(viewport={"width": 1280, "height": 900}))
    seen.page.on("console", lambda message: seen.said.add(plain(message.type, message.text)))
    seen.page.on("pageerror", lambda error: seen.said.add(plain("pageerror", str(error))))
    seen.page.on("request", lambda request: seen.asked.add(request.url))
    seen.page.goto(f"{server}/voila/render/{name}.ipynb", timeout=1000 * READY_S)
    return seen


def plain(kind: str, text: str) -> str:
    """Return a message without what differs from page to page, such as the name of a kernel."""
    return f"{kind}: {re.sub(r'[0-9a-f]{8}-[0-9a-f-]+', '…', text)}"


@pytest.fixture(scope="module")
def of_voila(browser, server) -> Seen:
    """Return what a page with nothing of ours says, and asks for."""
    seen = opened(browser, server, "empty")
    seen.page.wait_for_selector(".jp-OutputArea-output", timeout=1000 * READY_S)
    seen.page.wait_for_load_state("networkidle")
    return seen


def said_by_us(seen: Seen, of_voila: Seen) -> set[str]:
    """Return messages that the empty page has not; that Voilà is still executing is none."""
    return {each for each in seen.said - of_voila.said if not re.match("(debug|log|info): ", each)}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_answers_and_fits(language, browser, server, of_voila, tmp_path):
    seen = opened(browser, server, language)
    page = seen.page
    page.wait_for_selector(".sim-what-if .noUi-handle", timeout=1000 * READY_S)
    group = page.get_by_text({"en": "▸ Limits", "zh": "▸ 时限"}[language])
    group.focus()
    group.press("Enter")  # folds are buttons
    slider = page.get_by_text({"en": "Planning reviewers", "zh": "规划审查"}[language], exact=True)
    handle = page.locator(".widget-slider", has=slider).locator(".noUi-handle")
    handle.focus()
    handle.press("ArrowLeft")
    page.wait_for_selector(f".changes:has-text('{MOVED[language]}')", timeout=1000 * READY_S)
    verdict = {"en": "Verdict:", "zh": "结论："}[language]
    page.wait_for_selector(f".sim-answer :text('{verdict}')", timeout=1000 * READY_S)
    page.get_by_role("button", name=TAKE_ALONG[language]).press("Enter")
    link = page.locator(".sim-what-if a[download]")
    back = page.get_by_role("button", name={"en": "Back to the start", "zh": "恢复原状"}[language])
    for size in SIZES.values():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        link.scroll_into_view_if_needed()
        assert back.bounding_box()["height"] > 20
        width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        assert width <= room
        assert page.evaluate(STICKING_OUT) == []
        assert page.evaluate(CUT, ".sim-what-if") == []
        if language == "zh":
            told = page.locator(".sim-answer").inner_text()
            assert re.findall("[A-Za-z]{2,}", told) == []
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "tried.yaml")
    assert sim.load(tmp_path / "tried.yaml").staff["planners"].count == 3
    back.press("Enter")
    start = {"en": "Nothing has been changed yet", "zh": "尚未改动"}[language]
    page.wait_for_selector(f".changes:has-text('{start}')", timeout=1000 * READY_S)
    assert said_by_us(seen, of_voila) == set()
    elsewhere = {url for url in seen.asked if not url.startswith((server, "data:", "blob:"))}
    assert elsewhere <= of_voila.asked, "what Voilà's own page asks for, and no more"
    page.close()
