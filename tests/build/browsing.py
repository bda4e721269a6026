"""How pages are opened in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

SIZES = {"desk": (1280, 900), "phone": (390, 844), "small phone": (360, 640)}
LANGUAGES = ("en", "zh-CN")


@contextmanager
def opened(browser, file, size=(1280, 900), *, folded=False) -> Iterator[object]:
    """Open a page; fail if it says anything on the console, or asks for anything but itself."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    said, asked = [], []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    if not folded:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    yield page
    page.close()
    assert said == [], said
    assert asked == [file.as_uri()], asked
