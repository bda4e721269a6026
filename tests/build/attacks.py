"""Attacks with random input, for as long as asked; what fails is made small and kept.

`SIM_CAMPAIGN_S`: seconds of each campaign; `SIM_CAMPAIGN_N`: attacks of each, at most.
`SIM_CAMPAIGN_SEED`: of all random input; printed, and told by each failure, with the number of the
attack. `SIM_CAMPAIGN_FROM`: the first number. `SIM_CAMPAIGN_KEEP`: the folder of failing input.
"""

from __future__ import annotations

import copy
import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.streams import stable_hash

SECONDS = float(os.environ.get("SIM_CAMPAIGN_S", "60"))
MOST = float(os.environ.get("SIM_CAMPAIGN_N", "inf"))
SEED = int(os.environ.get("SIM_CAMPAIGN_SEED", secrets.randbelow(10**9)))
FROM = int(os.environ.get("SIM_CAMPAIGN_FROM", "0"))
KEPT = Path(os.environ.get("SIM_CAMPAIGN_KEEP", "build/campaigns"))
LONGEST_S = 10.0
"""Processor time of one attack on a reader: more is a hang."""


class HangError(Exception):
    """An attack took longer than it may."""


def attacks(campaign: str) -> Iterator[tuple[str, Generator]]:
    """Yield the name of each attack, and its random numbers, until the time is over."""
    begun, spent, number = time.monotonic(), time.process_time(), FROM
    while number == FROM or goes_on(number - FROM, begun):
        seed = [SEED, stable_hash(campaign) % 2**32, number]
        yield f"{campaign}, seed {SEED}, attack {number}", np.random.default_rng(seed)
        number += 1
    took_s, spent_s = time.monotonic() - begun, time.process_time() - spent
    times = f"{took_s:.0f} s, {spent_s:.0f} s of this processor"
    print(f"{campaign}: {number - FROM} attacks, seed {SEED}, {times}")


def goes_on(done: int, begun: float) -> bool:
    """Tell whether a campaign that began then is to go on."""
    return done < MOST and time.monotonic() - begun < SECONDS


@contextmanager
def at_most(seconds: float = LONGEST_S) -> Iterator[None]:
    """Raise `HangError` after so much processor time; it may come a little later."""

    def hang(number: int, frame: Any) -> None:
        raise HangError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, hang)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault_of(attack: Callable[[], object], *allowed: type[Exception]) -> str | None:
    """Return what an attack found: the kind of an exception that no user should see, or None."""
    try:
        with at_most():
            attack()
    except allowed:
        return None
    except Exception as error:  # whatever it is, it is the finding
        return type(error).__name__
    return None


def kept(name: str, content: bytes, ending: str) -> Path:
    """Keep failing input; return its path."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / (name.replace(", ", "-").replace(" ", "_") + ending)
    path.write_bytes(content)
    return path.resolve()


def smaller_lines(content: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Return the content with as few lines as still fail."""
    lines = content.splitlines(keepends=True)
    size = max(1, len(lines) // 2)
    while size:
        first = 0
        while first < len(lines):
            fewer = lines[:first] + lines[first + size :]
            if fails(b"".join(fewer)):
                lines = fewer
            else:
                first += size
        size //= 2
    return b"".join(lines)


def smaller_tree(tree: Any, fails: Callable[[Any], bool]) -> Any:
    """Return the tree with as few keys and list items as still fail."""
    again = True
    while again:
        again = False
        for path in sorted(places(tree), key=len):
            try:
                fewer = without(tree, path)
            except (KeyError, IndexError, TypeError):  # gone with what it was in
                continue
            if fails(fewer):
                tree, again = fewer, True
    return tree


def places(tree: Any) -> list[tuple[Any, ...]]:
    """Return the path of every value of a tree of mappings and lists."""
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    else:
        return []
    return [(key, *rest) for key, value in items for rest in ((), *places(value))]


def value_at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def changed(tree: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """Return a copy in which `change` was called with the holder of a value and its key."""
    tree = copy.deepcopy(tree)
    change(value_at(tree, path[:-1]), path[-1])
    return tree


def without(tree: Any, path: tuple[Any, ...]) -> Any:
    return changed(tree, path, lambda holder, key: holder.pop(key))


HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 1e308, -1e-308, 10**18, 2**63, 2**70),
    *(float("nan"), float("inf"), "", " ", "0", "-1", "1e400", "nan", "true", "~", "=1+1"),
    *("a=b", "a.b", "../../etc/passwd", "\x00", "名称", "\u202e", "é" * 300),
    *("1 wd", "-1 wd", "0 wd", "1e9 wd", "5 cd", "2 h", "3 min", "1 h 30"),
    *("24x7", "office", "9:00-8:00", "mon-fri"),
    *("2024-01-01", "2024-02-30", "0000-00-00", "9999-12-31"),
    *([], {}, [[]], [1], {"": ""}, {"constant": "1 h"}, {"exponential": "0 h"}),
    *({"value": 1, "source": "x"}, {"if": {"zone": "x"}}, {"low": 2, "high": 1}),
    {"from": "2024-01-02", "to": "2024-01-01"},
)
"""Values that are wrong nearly everywhere, or at the edge of what may be."""


def mutated(rng: Generator, tree: Any, others: list[Any]) -> Any:
    """Return a tree with random changes, half of the time one; parts of `others` may come in."""
    for _ in range(min(4, int(rng.geometric(0.5)))):
        at = places(tree)
        if not at:
            return tree
        tree = changed(tree, at[rng.integers(len(at))], lambda h, k: _mutate(rng, h, k, others))
    return tree


def _mutate(rng: Generator, holder: Any, key: Any, others: list[Any]) -> None:
    other = others[rng.integers(len(others))]
    elsewhere = places(other)
    value = value_at(other, elsewhere[rng.integers(len(elsewhere))])
    kind = rng.integers(7)
    if kind == 0:
        holder.pop(key)
    elif kind <= 2:
        holder[key] = HOSTILE[rng.integers(len(HOSTILE))]
    elif kind == 3:
        holder[key] = copy.deepcopy(value)
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif kind == 4:
        holder[f"{key}{'sx_'[rng.integers(3)]}"] = holder.pop(key)
    elif kind == 5:
        holder[str(HOSTILE[rng.integers(len(HOSTILE))])] = copy.deepcopy(holder[key])
    else:
        own = list(holder)
        one = own[rng.integers(len(own))]
        holder[key], holder[one] = holder[one], holder[key]


def nodes(tree: Any) -> Node:
    """Return a tree as the nodes of the JSON text of it, all in one line, without parsing that.

    Most of the time to read a scenario passes in the parser of YAML, which has attacks of its own.
    """
    if isinstance(tree, dict):
        pairs = [(nodes(str(key)), nodes(value)) for key, value in tree.items()]
        return MappingNode(_TAG + "map", pairs, _FIRST_LINE, _FIRST_LINE, flow_style=True)
    if isinstance(tree, list):
        items = [nodes(item) for item in tree]
        return SequenceNode(_TAG + "seq", items, _FIRST_LINE, _FIRST_LINE, flow_style=True)
    return _scalar(json.dumps(tree, ensure_ascii=False, default=str))


@cache
def _scalar(text: str) -> ScalarNode:
    node = YAML(typ="safe", pure=True).compose(text)
    assert isinstance(node, ScalarNode)
    return node


_TAG = "tag:yaml.org,2002:"
_FIRST_LINE = _scalar("0").start_mark

PIECES = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b",", b";", b'"', b"'", b"\n", b"\r", b"\t"),
    *(b": ", b"- ", b"&a ", b"*a", b"!!python/name:os.system ", b"{", b"]", b"-", b"#"),
    *(b"=1+1", b"1e999", b"2024-02-30", b"99999999999999999999"),
    *("年".encode(), "年".encode("gb18030")),
)
"""Bytes that mean something to a reader."""


def garbled(rng: Generator, content: bytes) -> bytes:
    """Return bytes with one to four random changes, as of slips, transfers and broken disks."""
    for _ in range(int(rng.integers(1, 5))):
        at, to = sorted(int(n) for n in rng.integers(0, len(content) + 1, 2))
        piece = PIECES[rng.integers(len(PIECES))]
        content = (
            content[:at] + piece + content[at:],
            content[:at] + piece + content[at + len(piece) :],
            content[:at] + content[min(to, at + 40) :],
            content[:at],
            content[:to] + content[at:to][:2000] + content[to:],
            content[:at] + bytes(rng.integers(0, 256, 3, dtype=np.uint8)) + content[at + 3 :],
        )[rng.integers(6)]
    return content
