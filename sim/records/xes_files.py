"""Event logs in XES (IEEE 1849), read trace by trace; nothing outside the file is looked up.

The rows come out as tools write them to CSV: one an event, with `case:` before the attributes of
its trace. Attributes inside attributes, and those of the log, are passed over.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path
from typing import Any, Final

from sim.records.text_files import NOT_UNPACKED, unpacked
from sim.scenario import Problem, ScenarioError
from sim.translation import tr

VALUES: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
"""Elements that hold one value."""
MOST_KEYS: Final = 500
"""Attributes of one trace or event."""


def xes_traces(path: Path, file: str) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Yield the attributes of each trace, and those of its events.

    ScenarioError if the file is damaged, or holds what only an attack would: an entity, a text of
    more than 10 MB, or far more than its packed size allows.
    """
    from lxml import etree

    try:
        with unpacked(path, file) as raw:
            reader = etree.iterparse(
                raw, events=("start", "end"), resolve_entities=False, no_network=True,
                huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            yield from _traces(reader, file)
    except etree.XMLSyntaxError as error:
        rule = tr("is no XES log that can be read: its XML is cut short or damaged here")
        raise ScenarioError([Problem(rule, file, error.lineno)]) from None
    except (EOFError, zlib.error, LZMAError, OSError):
        raise ScenarioError([Problem(tr(NOT_UNPACKED), file)]) from None


def _traces(reader: Any, file: str) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    root = None
    outside: dict[str, str] = {}  # of events that stand in no trace
    for happening, element in reader:
        if root is None:
            root = element
            doctype = element.getroottree().docinfo
            if doctype.doctype:
                rule = tr("has a document type, which no XES log has; remove the DOCTYPE")
                raise ScenarioError([Problem(rule, file, 1)])
            if _name(element) != "log":
                rule = tr(
                    "is no XES log: its root is <{name}>, not <log>", name=_name(element)[:60]
                )
                raise ScenarioError([Problem(rule, file, 1)])
        if happening == "start":
            continue
        parent = element.getparent()
        if parent is not root:
            continue
        if _name(element) == "trace":
            events = [_attributes(child, file) for child in element if _name(child) == "event"]
            yield _attributes(element, file), events
        elif _name(element) == "event":
            yield outside, [_attributes(element, file)]
        element.clear()
        while element.getprevious() is not None:
            del root[0]


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attributes(element: Any, file: str) -> dict[str, str]:
    found = {
        key: child.get("value", "")
        for child in element
        if _name(child) in VALUES and (key := child.get("key"))
    }
    if len(found) > MOST_KEYS:
        rule = tr(
            "has {count:,} attributes at one place; at most {most_keys}",
            count=len(found),
            most_keys=MOST_KEYS,
        )
        raise ScenarioError([Problem(rule, file, element.sourceline)])
    return found
