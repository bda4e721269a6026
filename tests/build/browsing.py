"""How pages are opened in a browser, and what must not stick out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

SIZES = {"desk": (1280, 900), "phone": (390, 844), "small phone": (360, 640)}
LANGUAGES = ("en", "zh-CN")

STICKING_OUT = """() => {
  const scrolls = (each) => {
    for (let at = each.parentElement; at; at = at.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getClientRects().length && !each.closest(".unseen"))
    .filter((each) => !each.ownerSVGElement && !scrolls(each))
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.right > innerWidth + 1 || box.left < -1;
    })
    .map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`);
}"""


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
    assert said == []
    assert asked == [file.as_uri()]
