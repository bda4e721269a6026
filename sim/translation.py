"""Messages in the language of the user: `tr` says one, and `noted` marks one that is said later.

English is the text in the code; Chinese stands in the catalogue `sim/locale`, which is read when
the first message is said in Chinese. `python -m docs.catalogue` renews the catalogue.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, get_args

if TYPE_CHECKING:
    from gettext import NullTranslations

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
VARIABLE: Final = "SIM_LANG"
"""Environment variable with the language; processes that are started get it, too."""
DOMAIN: Final = "sim"
FOLDER: Final = Path(__file__).with_name("locale")
_LOCALE: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables with the user's locale; the first that is set counts."""

_chosen: list[Language] = []
"""Languages chosen within this process; the last counts."""

Text = TypeVar("Text", bound="str | Sequence[str]")


def tr(message: str, /, **values: object) -> str:
    """Return a message in the language of the user, with values filled in as `str.format` does.

    A message without values is returned as it stands, braces and all. What is not in the catalogue
    stays English.
    """
    text = message
    if message and language() != "en":
        text = _catalogue(language()).gettext(message)
    return text.format(**values) if values else text


def noted(message: Text) -> Text:
    """Return messages as they are: they belong in the catalogue, and `tr` says them later."""
    return message


OF_OTHERS: Final = noted(
    (
        "month must be in 1..12",
        "day is out of range for month",
        "hour must be in 0..23",
        "minute must be in 0..59",
        "No such file or directory",
        "Permission denied",
        "Is a directory",
        "Not a directory",
        "File name too long",
        "No space left on device",
        "Read-only file system",
    )
)
"""What Python and the system say of dates and files; whoever passes it on gives it to `tr`."""


def language() -> Language:
    """Return the language: the one chosen, that of SIM_LANG, that of the locale, or English."""
    if _chosen:
        return _chosen[-1]
    named = os.environ.get(VARIABLE)
    return as_language(named) or "en" if named else _of_locale()


def as_language(text: str) -> Language | None:
    """Return the language of this name, such as ``zh`` or ``zh_CN.UTF-8``; None for others."""
    code = text.lower().replace("-", "_").partition(".")[0].partition("_")[0]
    return next((known for known in LANGUAGES if known == code), None)


def choose(wanted: Language) -> None:
    """Speak this language from now on, in this process and those that it starts."""
    os.environ[VARIABLE] = wanted
    _chosen[:] = [wanted]


def choose_of(arguments: Sequence[str]) -> None:
    """Choose the language that a command line names, before any of it is read otherwise."""
    for option, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = option.partition("=")
        if option == "--":
            return
        if name == "--lang" and (known := as_language(value if equals else following)):
            choose(known)


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    """Speak this language within the `with` block, in this process."""
    _chosen.append(wanted)
    try:
        yield
    finally:
        _chosen.pop()


def _of_locale() -> Language:
    for name in _LOCALE:
        if named := os.environ.get(name):
            return as_language(named.partition(":")[0]) or "en"
    return as_language(_of_windows()) or "en" if sys.platform == "win32" else "en"


def _of_windows() -> str:
    """Return the language of the surface of Windows, such as ``zh_CN``; empty if unknown."""
    import ctypes
    import locale

    number = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    return locale.windows_locale.get(number, "")


@cache
def _catalogue(wanted: Language) -> NullTranslations:
    import gettext

    return gettext.translation(DOMAIN, FOLDER, [wanted])
