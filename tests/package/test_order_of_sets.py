"""No loop follows the order of a set: it differs from one process to the next."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim

ORDER_IS_LOST = {"sorted", "set", "frozenset", "sum", "any", "all", "min", "max", "len", "Counter"}
ORDER_IS_KEPT = {"list", "tuple", "enumerate", "iter", "next"}
ORDER_DECIDES_TIES = {"sorted", "min", "max"}
"""With a key: what it holds equal stays in its order."""
SETS = (ast.Set, ast.SetComp)
OPERATORS = (ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor)


def is_set(node: ast.expr) -> bool:
    """Tell whether an expression is a set by its form."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, OPERATORS):
        return any(is_set(side) or of_keys(side) for side in (node.left, node.right))
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return isinstance(node, SETS) or (called and node.func.id in {"set", "frozenset"})


def of_keys(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "keys"
    )


def loops(tree: ast.AST):
    """Yield the expressions whose order counts: of loops, lists, tuples, and what is unpacked."""
    lost = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in ORDER_IS_LOST | {"union", "update", "intersection", "difference"}:
                lost |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            yield node.iter
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            if id(node) not in lost:
                yield from (part.iter for part in node.generators)
        elif isinstance(node, ast.Starred):
            yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ORDER_IS_KEPT:
            yield from node.args[:1]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ORDER_DECIDES_TIES:
            yield from node.args[:1] if any(word.arg == "key" for word in node.keywords) else ()


def found(text: str) -> list[int]:
    """Return the lines in which the order of a set counts."""
    return [node.lineno for node in loops(ast.parse(text)) if is_set(node)]


def test_no_loop_follows_the_order_of_a_set():
    folder = Path(sim.__file__).parent
    lines = {
        str(file.relative_to(folder)): numbers
        for file in sorted(folder.rglob("*.py"))
        if (numbers := found(file.read_text(encoding="utf-8")))
    }
    assert lines == {}, "write sorted(…), or loop over what has an order"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("for a in x.keys() - y: pass", True),
        ("b = [a for a in {1, 2}]", True),
        ("b = [*known, *(x.keys() & y)]", True),
        ("b = tuple(set(x))", True),
        ("for a in sorted(x.keys() - y): pass", False),
        ("b = max(set(x), key=x.count)", True),
        ("b = max(set(x))", False),
        ("b = any(a for a in set(x))", False),
        ("b = {a for a in set(x)}", False),
        ("for a in x: pass", False),
    ],
)
def test_what_is_found(text, is_found):
    assert bool(found(text)) == is_found
