"""A first file for a new city: it extends a scenario, and lists what is usually changed first.

Every value is that of the extended scenario, and is commented out with ``#``. The file changes
nothing as written, nor with every ``#`` removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.report.labels import Labels
from sim.report.words import SWITCHES
from sim.scenario import Scenario, Text

HEAD: Final = """\
## What is different in {name}; everything else is as in {base}.
## {name}与 {base} 不同之处;其余一律沿用后者。
##
## A line that begins with one # shows what {base} says. Take the # away, there and
## at the heading of its block, and change the value. Then:
## 一个 # 开头的行是 {base} 的现值。去掉该行及所在小节标题行的 #,再改数值。然后:
##
##   sim check {file}      what is wrong with it · 检查错误
##   sim run {file}        does every promise hold? · 承诺守得住吗
##   sim show {base}       every number and its source · 全部参数及来源
"""
PARTS: Final = {
    "case_types": (
        "Cases a year, by type. A volume that you measured may carry its source:",
        "各类办件的年办件量。实测的数可注明来源:",
        '{value: 260, source: "measured: our system, 2024"}',
    ),
    "staff": ("Officers in each group.", "各岗位人数。"),
    "limits": (
        "The promises: days, the share that must keep them (0.95 is 95 %), a name to match.",
        "承诺:天数、须按时办结的比例(0.95 即 95 %)、名称;改了天数,名称也要改。",
    ),
    "hours": ("Hours on duty.", "值班时间。"),
    "handling": ("The levers of the reform: what is on.", "改革举措:已启用的为 true。"),
}
DELEGATION_ZH: Final = "下放 / 授权 / 委托 / 派驻"
_BARE: Final = re.compile(r"[^\W\d][\w-]*")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def template(scenario: Scenario, base: str, name: str, file: str) -> str:
    """Return the text of a file that extends a scenario, named as `base`, for the city `name`."""
    blocks = (block(scenario) for block in (_volumes, _staff, _limits, _hours, _levers))
    said = {"name": _line(name), "base": _line(base), "file": _line(file)}
    lines = [
        HEAD.format(**said),
        f"extends: {_quoted(base)}",
        f"name: {{en: {_quoted(name)}, zh: {_quoted(name)}}}",
    ]
    for key, block in zip(PARTS, blocks, strict=True):
        entries = [f"# {line}" for line in block]
        if entries:
            lines += ["", *(f"## {part}" for part in PARTS[key]), f"# {key}:", *entries]
    return "\n".join(lines) + "\n"


def _volumes(scenario: Scenario) -> Iterator[str]:
    for name, spec in scenario.case_types.items():
        yearly = spec.arrivals.yearly
        if yearly is not None and yearly.volume is not None:
            value = f"{{arrivals: {{yearly: {{volume: {_number(yearly.volume)}}}}}}}"
            yield _entry(name, value, spec.label)


def _staff(scenario: Scenario) -> Iterator[str]:
    english, chinese = Labels(scenario, "en"), Labels(scenario, "zh")
    for name, group in scenario.staff.items():
        count = group.count if isinstance(group.count, int) else _mapping(group.count)
        en, zh = (labels.officer(f"{name}/").removesuffix("/") for labels in (english, chinese))
        yield _entry(name, f"{{count: {count}}}", Text(en=en, zh=zh))


def _limits(scenario: Scenario) -> Iterator[str]:
    for name, limit in scenario.limits.items():
        said = {key: text for key, text in limit.label.model_dump().items() if text}
        parts = [f"limit: {limit.limit}", f"target_share: {_number(limit.target_share)}"]
        parts += [f"label: {_mapping(said)}"] if said else []
        yield _entry(name, f"{{{', '.join(parts)}}}")


def _hours(scenario: Scenario) -> Iterator[str]:
    for name, hours in scenario.hours.items():
        if hours.week:
            yield _entry(name, f"{{week: {_mapping(hours.week)}}}")


def _levers(scenario: Scenario) -> Iterator[str]:
    for name, value in scenario.handling.model_dump(exclude={"source", "note"}).items():
        en, zh = SWITCHES.get(name) or (name, DELEGATION_ZH)
        yield _entry(name, json.dumps(value), Text(en=en, zh=zh))


def _entry(name: str, value: str, label: Text | None = None) -> str:
    """Write one entry, followed by its labels in both languages."""
    called = "" if label is None else " ".join(dict.fromkeys(filter(None, (label.en, label.zh))))
    entry = f"  {_key(name)}: {value}"
    return f"{entry}   # {_line(called)}" if called else entry


def _mapping(values: Mapping[str, Any]) -> str:
    pairs = (f"{_key(key)}: {json.dumps(v, ensure_ascii=False)}" for key, v in values.items())
    return f"{{{', '.join(pairs)}}}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) and name.lower() not in _WORDS else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _line(text: str) -> str:
    """Return a text on one line, so that it stays within its comment."""
    return " ".join("".join(glyph if glyph.isprintable() else " " for glyph in text).split())
