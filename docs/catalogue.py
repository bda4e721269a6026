"""Renew the catalogue of messages: python -m docs.catalogue; with --check, only look at it.

The messages are those that the code gives to `tr` and `noted`, the help of all commands, the
headings of Typer, and the sources and notes of the scenarios in the library. New ones are put into
`sim/locale/zh/LC_MESSAGES/sim.po`, to be translated there; those that are gone are taken out. The
compiled catalogue beside it is what the program reads.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from ruamel.yaml import YAML

from sim.translation import DOMAIN, FOLDER

ROOT = Path(__file__).resolve().parents[1]

PO = FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
TYPED = re.compile(r"--[a-z-]+|`[^`]+`|[a-z]+(?:_[a-z]+)+|\d{3,}")
"""What a message tells the user to type, and long numbers: they are the same in Chinese."""
HALF_WIDTH = ",;:!?()"
"""Signs that Chinese text has in full width."""
CLOSING = "\u201d\uff09"
"""Chinese signs that end a word; beside them, too, a stop is of full width."""


def main() -> int:
    """Renew the catalogue, and list what is not translated; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.catalogue", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    catalogue = renewed()
    if not options.check:
        PO.write_bytes(as_po(catalogue))
        MO.write_bytes(as_mo(catalogue))
    problems = list(faults(catalogue))
    print("\n".join(problems))
    print(f"{len(catalogue)} messages, {len(problems)} to be looked at")
    return 1 if problems else 0


def renewed() -> Catalog:
    """Return the catalogue with the messages of today."""
    before = read_po(io.BytesIO(PO.read_bytes()), locale="zh") if PO.exists() else Catalog("zh")
    catalogue = Catalog("zh", project="approval-sim", fuzzy=False)
    catalogue.header_comment = "# Messages of the program in Chinese; see docs/catalogue.py."
    for text, flags, places in sorted(messages(), key=lambda found: (found[2], found[0])):
        known = before.get(text)
        said = known.string if known is not None and not known.fuzzy else ""
        catalogue.add(text, said, flags=flags, locations=[(place, None) for place in places])
    return catalogue


def messages() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield every message once, with its flags and the files that have it."""
    found: dict[str, tuple[bool, set[str]]] = {}
    for file in sorted((ROOT / "sim").rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        for text, has_values in in_code(file):
            formed, places = found.get(text, (False, set()))
            found[text] = formed or has_values, places | {place}
    for text in [*helps(), *of_typer()]:
        found.setdefault(text, (False, {"--help"}))
    for file in sorted((ROOT / "scenarios").rglob("*.yaml")):
        for text in of_library(YAML(typ="safe").load(file)):
            found.setdefault(text, (False, set()))[1].add("scenarios")
    for text, (formed, places) in found.items():
        yield text, ["python-brace-format"] if formed else [], sorted(places)


def in_code(file: Path) -> Iterator[tuple[str, bool]]:
    """Yield the messages that a file gives to `tr` and `noted`, and whether values are put in."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            if node.func.id == "tr" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), bool(node.keywords)
            elif node.func.id == "noted":
                for text in ast.walk(node.args[0]):
                    if isinstance(text, ast.Constant):
                        yield str(text.value), bool(fields_of(str(text.value)))


def helps() -> Iterator[str]:
    """Yield the help of every command and option, and what stands for them in a usage line."""
    from typer.main import get_command

    from sim.cli import app
    from sim.translation import speaking

    with speaking("en"):
        commands = [get_command(app)]
    for command in commands:
        commands.extend(getattr(command, "commands", {}).values())
        yield from filter(None, (command.help, command.options_metavar))
        yield from filter(None, [getattr(command, "subcommand_metavar", None)])
        for parameter in command.params:
            for name in ("help", "rich_help_panel"):
                text = getattr(parameter, name, None)
                if isinstance(text, str) and text:
                    yield text
    yield "Show this message and exit."


def of_typer() -> Iterator[str]:
    """Yield the headings and remarks that Typer asks gettext for when it shows a help."""
    import typer.rich_utils

    file = Path(typer.rich_utils.__file__)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield ast.literal_eval(node.args[0])


def of_library(tree: object) -> Iterator[str]:
    """Yield the sources and notes of values in a scenario file."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in {"source", "note"} and isinstance(value, str):
                yield value
            else:
                yield from of_library(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from of_library(value)


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with each message: no Chinese, other places, signs of half width."""
    for message in catalogue:
        if message.id:
            yield from (f"{message.id!r}: {wrong}" for wrong in wrong_with(message))


def wrong_with(message: Message) -> Iterator[str]:
    """Yield what is wrong with one message."""
    english, chinese = str(message.id), str(message.string)
    if not chinese.strip():
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is fuzzy"
    if "python-brace-format" in message.flags and fields_of(english) != fields_of(chinese):
        yield f"has other places: {chinese}"
    if lost := set(TYPED.findall(english)) - set(TYPED.findall(chinese)):
        yield f"has no {sorted(lost)[0]}: {chinese}"
    if beside := half_width(chinese):
        yield f"'{beside}' is of half width: {chinese}"


def fields_of(text: str) -> list[str]:
    """Return the places of a message for values, sorted; none if it cannot have any."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return []
    return sorted(f"{name}!{conversion}:{form}" for _, name, form, conversion in parts if name)


def half_width(text: str) -> str:
    """Return the first sign of half width that stands beside a Chinese character; else nothing."""
    for before, sign, after in zip(f" {text[:-1]}", text, f"{text[1:]} ", strict=True):
        chinese = _is_han(before) or before in CLOSING
        if sign in HALF_WIDTH and (chinese or (_is_han(after) and sign != ":")):
            return sign
    return ""


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as the text in which it is translated."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, omit_header=True, include_lineno=False)
    header = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header + file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the catalogue as the program reads it."""
    compiled = Catalog("zh", project="approval-sim", fuzzy=False)
    for message in catalogue:
        if message.id and message.string:
            compiled.add(message.id, message.string)
    compiled.creation_date = compiled.revision_date = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    file = io.BytesIO()
    write_mo(file, compiled)
    return file.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
