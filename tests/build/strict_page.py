"""A strict reading of a page: what is not closed, not unique, or of no use to a reader is told."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
INSIDE = {
    "tr": {"thead", "tbody"}, "td": {"tr"}, "th": {"tr"}, "caption": {"table"}, "li": {"ol", "ul"},
    "dt": {"div"}, "dd": {"div"}, "figcaption": {"figure"},
}  # fmt: skip
"""Element → what it may stand in."""
NO_PARAGRAPH = {"p", "div", "table", "section", "article", "figure", "dl", "ul", "ol", "pre", "nav"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, *tags: str) -> list[Element]:
        found = [self] if not tags or self.tag in tags else []
        for each in self.children:
            if isinstance(each, Element):
                found += each.all(*tags)
        return found

    def around(self) -> list[Element]:
        return [] if self.parent is None else [self.parent, *self.parent.around()]

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


class Page(HTMLParser):
    """A page as a tree, with what is wrong with it in `problems`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.root = Element("", {}, None)
        self.here = self.root
        self.feed(text)
        self.close()
        if self.here is not self.root:
            self.problems.append(f"never closed: {self.here.tag}")
        self._look()

    # --- the tree --------------------------------------------------------------------------------

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.problems.append(f"an attribute twice: {tag} {names}")
        element = Element(tag, dict(attrs), self.here)
        if tag in NO_PARAGRAPH and any(each.tag == "p" for each in (self.here, *element.around())):
            self.problems.append(f"{tag} in a paragraph")
        if tag in INSIDE and self.here.tag not in INSIDE[tag]:
            self.problems.append(f"{tag} in {self.here.tag}")
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if not any(each.tag == "svg" for each in (self.here, *self.here.around())):
            self.problems.append(f"closed by a slash: {tag}")
        if tag not in VOID:
            self.here = self.here.parent

    def handle_endtag(self, tag):
        if self.here.tag != tag:
            self.problems.append(f"{self.here.tag} closed by {tag} at {self.getpos()}")
            return
        self.here = self.here.parent

    def handle_data(self, data):
        if self.here.tag == "tr" and data.strip():
            self.problems.append(f"text in a row: {data.strip()[:30]}")
        self.here.children.append(data)

    # --- what makes it useful --------------------------------------------------------------------

    def _look(self):
        elements = self.root.all()
        ids = Counter(each.get("id") for each in elements if "id" in each.attributes)
        self.problems += [f"id {name!r} {count} times" for name, count in ids.items() if count > 1]
        for each in elements:
            for key, value in each.attributes.items():
                if key.startswith("on"):
                    self.problems.append(f"handles events: {each.tag} {key}")
                if key in {"aria-labelledby", "aria-describedby"} and value not in ids:
                    self.problems.append(f"{key} names nobody: {value}")
                if key in {"href", "xlink:href"}:
                    if not (value or "").startswith("#"):
                        self.problems.append(f"leads elsewhere: {value}")
                    elif value[1:] not in ids:
                        self.problems.append(f"leads nowhere: {value}")
                if key == "src":
                    self.problems.append(f"loads something: {value}")
        for edition in self.editions:
            self._headings(edition)
            self._tables(edition)

    @property
    def editions(self) -> list[Element]:
        return [each for each in self.root.all("div") if each.get("class") == "edition"]

    def edition(self, language: str) -> Element:
        (found,) = (each for each in self.editions if each.get("lang").startswith(language))
        return found

    def _headings(self, edition):
        levels = [HEADINGS[each.tag] for each in edition.all(*HEADINGS)]
        if levels.count(1) != 1 or levels[0] != 1:
            self.problems.append(f"one first heading is needed: {levels}")
        for before, after in itertools.pairwise(levels):
            if after > before + 1:
                self.problems.append(f"heading {after} follows {before}")
        for each in edition.all(*HEADINGS):
            if not each.text.strip():
                self.problems.append("an empty heading")

    def _tables(self, edition):
        for table in edition.all("table"):
            captions = table.all("caption")
            if len(captions) != 1 or not captions[0].text.strip():
                self.problems.append("a table without a caption")
            rows = [list(row.all("td", "th")) for row in table.all("tr")]
            if len({len(row) for row in rows}) != 1:
                self.problems.append(f"rows of different lengths: {captions[0].text}")
            for each in table.all("th"):
                if each.get("scope") not in {"col", "row"}:
                    self.problems.append("a heading of nothing")
            for each in rows[0]:
                if not each.text.strip():
                    self.problems.append(f"a column without a name: {captions[0].text}")
        for each in edition.all():
            if each.get("role") == "img" and not (
                each.get("aria-label") or each.parent.get("aria-label")
            ):
                self.problems.append("a picture that is not told")
