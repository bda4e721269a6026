"""Cells of a city's workbook: from what a person wrote to a plain value of a scenario file.

Digits of full width, thousands separators, units and percent signs are understood, as are numbers
that are stored as text.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.files.form_words import (
    HEADINGS,
    NAMED,
    SOURCE_WORDS,
    SOURCES,
    Tongue,
    plain,
    told,
)
from sim.scenario.schema.quantities import SECONDS, Duration

if TYPE_CHECKING:
    from sim.scenario.files.form import Input

MOST_NAMES: Final = 12
"""Names that a message lists."""
LONGEST_TEXT: Final = 200
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"(?<=\d)[,' ](?=\d{3}(?!\d))")
_COUNTED: Final = re.compile(
    r"(?:人次|名|人|位|个|件|宗|户|家|officers?|cases?)?(?:/年|/月|每年|a year)?$"
)
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*0{1,2}:00(?::00)?)?")
_UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("个工作日", "工作日", "工作天", "wd", "workingdays", "workingday"), "wd"),
    **dict.fromkeys(("个自然日", "自然日", "日历日", "cd", "calendardays", "calendarday"), "cd"),
    **dict.fromkeys(("个小时", "小时", "时", "h", "hours", "hour", "hrs"), "h"),
    **dict.fromkeys(("分钟", "分", "min", "mins", "minutes", "minute"), "min"),
    **dict.fromkeys(("秒钟", "秒", "s", "seconds", "second"), "s"),
    **dict.fromkeys(("个天", "天", "日", "d", "days", "day"), "?"),
}
_YES: Final = frozenset(("是", "yes", "y", "true", "1", "有", "开", "√", "✓", "启用", "办理", "on"))
_NO: Final = frozenset(("否", "no", "n", "false", "0", "无", "关", "×", "x", "不", "停用", "off"))
_CLOSED: Final = frozenset(("休", "休息", "不上班", "关闭", "无", "closed", "放假", "否"))
_DASH: Final = re.compile(r"\s*(?:[-‐-―−~〜至到])+\s*")
_BETWEEN: Final = re.compile(r"[\s,;、和]+")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_AFTER_KIND: Final = re.compile(r"^[\s:,\uff1a\uff0c]+")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 110_000
"""Excel's numbers of days in 1954 and in 2201."""


class CellError(ValueError):
    """A cell cannot be used; its text says what to write."""


def value_of(text: str, asked: Input, tongue: Tongue) -> Any:
    """Return the plain value of a cell that is not empty; `CellError` if it has none."""
    return _READERS[asked.kind](text, asked, tongue)


def number_of(text: str, tongue: Tongue, like: str = "12") -> float:
    """Return a number, however it is written; `CellError` for anything else."""
    meant = unicodedata.normalize("NFKC", text).strip()
    if is_date(meant):
        raise CellError(told("a_date", tongue, like=like))
    meant = _THOUSANDS.sub("", _COUNTED.sub("", meant).strip())
    times = 10_000 if meant.endswith("万") else 1
    meant = meant.removesuffix("万").strip().replace("−", "-").replace(",", ".")
    if not _NUMBER.fullmatch(meant) or len(meant) > 40:
        raise CellError(told("not_a_number", tongue, like=like))
    return float(Decimal(meant) * times)


def is_date(text: str) -> bool:
    """Whether a text is a date, as a cell that is formatted as one holds it."""
    return bool(_DATE.match(text)) or bool(re.match(r"\d{4}-\d\d-\d\d", text))


def _count(text: str, _: Input, tongue: Tongue) -> Any:
    number = _not_negative(number_of(text, tongue), tongue)
    if not number.is_integer():
        raise CellError(told("whole", tongue, share=HEADINGS["share"][tongue]))
    return int(number)


def _amount(text: str, _: Input, tongue: Tongue) -> Any:
    return _plain_number(_not_negative(number_of(text, tongue), tongue))


def _not_negative(number: float, tongue: Tongue) -> float:
    if number < 0:
        raise CellError(told("negative", tongue))
    return number


def _plain_number(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 10**15 else number


def _percent(text: str, _: Input, tongue: Tongue) -> Any:
    meant = unicodedata.normalize("NFKC", text).strip()
    signed = meant.endswith("%")
    number = number_of(meant.removesuffix("%"), tongue, "30%")
    share = float(Decimal(repr(number)) / 100) if signed else number
    if not 0 <= share <= 1:
        like = f"{number:g}%" if 0 <= number <= 100 else "30%"
        raise CellError(told("percent", tongue, like=like))
    return share


def _duration(text: str, asked: Input, tongue: Tongue) -> Any:
    number, unit = _timed(text, asked, tongue)
    return f"{_digits(number)} {unit}"


def _timed(text: str, asked: Input, tongue: Tongue) -> tuple[float, str]:
    """Return a number and its unit, that of the row if the cell has none."""
    meant = unicodedata.normalize("NFKC", text).strip()
    like = f"{NAMED[asked.unit][tongue]}"
    match = re.fullmatch(r"(.*?\d\.?)\s*([^\d.]*)", meant, re.DOTALL)
    word = plain(match[2]) if match and not is_date(meant) else ""
    if word and word not in _UNITS:
        raise CellError(told("not_a_time", tongue, unit=like, like=_like(asked, tongue)))
    number = number_of(match[1] if match and word else meant, tongue, _like(asked, tongue))
    unit = _UNITS[word] if word else asked.unit
    if unit == "?":
        raise CellError(told("which_days", tongue, number=_digits(number)))
    return _not_negative(number, tongue), unit


def _like(asked: Input, tongue: Tongue) -> str:
    known = Duration.parse(asked.base) if asked.base else Duration(3, asked.unit)
    return f"{_digits(known.value)} {NAMED[known.unit][tongue]}"


def _scale(text: str, asked: Input, tongue: Tongue) -> Any:
    """Return the factor on a distribution that gives its usual time this value."""
    number, unit = _timed(text, asked, tongue)
    in_days = {"wd", "cd"}
    if unit != asked.unit and not in_days.isdisjoint((unit, asked.unit)):
        raise CellError(told("other_unit", tongue, unit=NAMED[asked.unit][tongue]))
    if number <= 0:
        raise CellError(told("above_zero", tongue))
    return float(f"{number * SECONDS[unit] / asked.unscaled_s:.10g}")


def _digits(number: float) -> str:
    """Write a number without an exponent, as units need it."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _hours(text: str, _: Input, tongue: Tongue) -> Any:
    meant = unicodedata.normalize("NFKC", text).strip()
    if _CONTROL.sub("", meant).casefold() in _CLOSED:
        return "closed"
    return " ".join(filter(None, _BETWEEN.split(_DASH.sub("-", meant))))


def _date(text: str, _: Input, tongue: Tongue) -> Any:
    meant = unicodedata.normalize("NFKC", text).strip()
    match = _DATE.fullmatch(meant) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", meant)
    try:
        if match is not None:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        serial = float(meant)
    except ValueError:
        serial = 0.0
    if _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))
    raise CellError(told("not_a_date", tongue))


def _switch(text: str, _: Input, tongue: Tongue) -> Any:
    word = plain(text)
    if word in _YES | _NO:
        return word in _YES
    raise CellError(told("yes_or_no", tongue))


def _choice(text: str, asked: Input, tongue: Tongue) -> Any:
    return chosen(text, asked.options, tongue)


def chosen(text: str, options: Mapping[str, Any], tongue: Tongue) -> Any:
    """Return the code of the option that a text names: by its code, or its label in a language."""
    for code, labels in options.items():
        if plain(text) in {plain(code), *map(plain, labels)}:
            return code
    names = (labels[tongue] for labels in options.values())
    raise CellError(told("no_such", tongue, hint=hint_of(text, names, tongue)))


def hint_of(text: str, names: Iterable[str], tongue: Tongue) -> str:
    """Return what a name may mean: the nearest one, or those that there are."""
    known = list(dict.fromkeys(filter(None, names)))
    near = difflib.get_close_matches(text.strip()[:80], known, n=1, cutoff=0.5)
    if near:
        return told("did_you_mean", tongue, name=near[0])
    if not known:
        return ""
    mark = "、" if tongue else ", "
    more = f"{mark}…" if len(known) > MOST_NAMES else ""
    return told("valid", tongue, names=mark.join(known[:MOST_NAMES]) + more)


def _text(text: str, _: Input, tongue: Tongue) -> Any:
    return label_of(text, tongue)


def label_of(text: str, tongue: Tongue) -> str:
    """Return a text in one line; `CellError` if it holds control characters."""
    if _CONTROL.search(text.replace("\n", " ").replace("\t", " ")):
        raise CellError(told("control", tongue))
    return " ".join(text.split())[:LONGEST_TEXT]


def source_of(text: str, tongue: Tongue) -> str:
    """Return the source of a value as a scenario file writes it."""
    words = label_of(text, tongue)
    first = re.match(r"[A-Za-z]+", words)
    if first and first[0].lower() in SOURCES:
        return first[0].lower() + words[first.end() :]
    for word, kind in SOURCE_WORDS.items():
        if words.startswith(word):
            rest = _AFTER_KIND.sub("", words.removeprefix(word))
            return f"{kind}: {rest}" if rest else kind
    kinds = [pair[tongue] for pair in SOURCES.values()]
    raise CellError(told("no_source", tongue, kinds=("、" if tongue else ", ").join(kinds)))


_READERS: Final[Mapping[str, Callable[[str, Any, Tongue], Any]]] = {
    **{"count": _count, "amount": _amount, "percent": _percent, "duration": _duration},
    **{"scale": _scale, "hours": _hours, "date": _date, "switch": _switch, "choice": _choice},
    **{"text": _text},
}
