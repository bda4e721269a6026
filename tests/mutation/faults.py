"""Small faults in a source file: each is one change of a few characters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OPERATORS = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "/", ast.Mod: "*",
    ast.BitAnd: "|", ast.BitOr: "&", ast.Pow: "*",
}  # fmt: skip
NAMES = {
    "max": "min", "min": "max", "any": "all", "all": "any", "maximum": "minimum",
    "minimum": "maximum", "floor": "ceil", "ceil": "floor", "argmin": "argmax", "argmax": "argmin",
    "first": "last", "cumsum": "array", "left": "right", "right": "left",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One change of a file, and the function in which it is."""

    file: str
    line: int
    function: tuple[str, int]
    """Name and first line, as a code object has them; ("", 0) outside of functions."""
    start: int
    end: int
    """Bytes of the file that are replaced."""
    old: str
    new: str

    def applied(self, source: bytes) -> bytes:
        """Return the file with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.old!r} → {self.new!r}"


def faults_in(file: Path, name: str) -> Iterator[Fault]:
    """Yield the faults that can be planted in a file; annotations and messages are left alone."""
    source = file.read_bytes()
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))

    def place(node: ast.AST, *, end: bool = False) -> int:
        line = node.end_lineno if end else node.lineno  # type: ignore[attr-defined]
        column = node.end_col_offset if end else node.col_offset  # type: ignore[attr-defined]
        return begins[line - 1] + column

    def fault(start: int, end: int, line: int, new: str, function: tuple[str, int]) -> Fault:
        return Fault(name, line, function, start, end, source[start:end].decode(), new)

    for node, function in _visited(ast.parse(source), ("", 0)):
        for start, end, new in _changes(node, source, place):
            if source[start:end].decode().strip() != new.strip():
                yield fault(start, end, node.lineno, new, function)  # type: ignore[attr-defined]


def _visited(node: ast.AST, function: tuple[str, int]) -> Iterator[tuple[ast.AST, tuple[str, int]]]:
    """Yield every node of the program with its function; not annotations, raises, docstrings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_comment"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Raise | ast.JoinedStr):
                continue
            own = function
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                own = child.name, min([child.lineno, *(d.lineno for d in child.decorator_list)])
            yield child, own
            yield from _visited(child, own)


def _changes(node: ast.AST, source: bytes, place: object) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, replacement) of the changes of one node."""
    at = place  # a function: node → place in the file
    assert callable(at)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        start, end = at(node.left, end=True), at(node.comparators[0])
        if b"(" not in source[start:end] and b")" not in source[start:end]:
            yield start, end, f" {COMPARISONS[type(node.ops[0])]} "
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        start, end = at(node.left, end=True), at(node.right)
        if b"(" not in source[start:end] and b")" not in source[start:end]:
            yield start, end, f" {OPERATORS[type(node.op)]} "
    elif isinstance(node, ast.BoolOp):
        for one, other in zip(node.values, node.values[1:], strict=False):
            start, end = at(one, end=True), at(other)
            if b"(" not in source[start:end] and b")" not in source[start:end]:
                yield start, end, " or " if isinstance(node.op, ast.And) else " and "
        yield at(node.values[0]), at(node.values[0], end=True), str(isinstance(node.op, ast.And))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield at(node), at(node.operand), ""
    elif isinstance(node, ast.IfExp | ast.If | ast.While):
        test = node.test
        yield at(test), at(test, end=True), f"(not ({_text(source, at, test)}))"
    elif isinstance(node, ast.Constant) and type(node.value) in {int, float, bool}:
        value = node.value
        new = str(not value) if isinstance(value, bool) else repr(value + 1)
        yield at(node), at(node, end=True), new
    elif isinstance(node, ast.Call):
        called = node.func
        word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if word in NAMES:
            end = at(called, end=True)
            yield end - len(word), end, NAMES[word]
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        start, end = at(node.target, end=True), at(node.value)
        if b"(" not in source[start:end]:
            yield start, end, f" {OPERATORS[type(node.op)]}= "


def _text(source: bytes, at: object, node: ast.AST) -> str:
    assert callable(at)
    return source[at(node) : at(node, end=True)].decode()
