"""The house has one way through: a room imports only rooms before it, and imports stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sim.limits import PRESETS

SIM = Path(__file__).resolve().parents[2] / "sim"

QUESTIONS = (
    "scenario", "records", "compare", "load_curve", "reforms", "staffing", "promise", "sensitivity",
    "sweep", "judge", "fit", "logs", "forecast", "validate", "what_if",
)  # fmt: skip
ROOMS = {
    "sim": (
        "translation", "arrays", "atomic_write", "bounds", "encodings", "exit_codes",
        "machine_code", "spreadsheets", "variates", "streams",
        "calendars", "scenario", "process", "limits", "demand", "supply", "engine", "clocks",
        "measures", "storage", "records", "fitting", "logs", "replications", "results",
        "experiments", "report", ("live", "cli"), "__main__",
    ),
    "sim.scenario": (
        "display", "errors", "frozen", "origin", "schema", "calls", "preset_clocks", "run_out",
        "answers", "files", "mistakes", "load", "ranges", "snapshot",
    ),
    "sim.experiments": (
        "run", "case_life", "replay", "compare", "load_curve", "reforms", "staffing", "promise",
        "sensitivity", "sweep", "judge", "forecast", "validate", "what_if", "archive",
    ),
    "sim.report": (
        "language", "words", "blocks", "numbers", "clocks", "labels", "paths",
        "lines", "plain_data", "terminal", "assumptions", "drawing", "case_life",
        "replay", "run", QUESTIONS, "kinds", "columns", "workbook", "figures", "files", "page",
        "notebook",
    ),
}  # fmt: skip
"""Room → the rooms and files in it, in the order of flow; those of a tuple know none of it."""
WALL = "sim.engine.contract"
"""The contract is the wall itself: whoever fills it may know it."""
LONGEST = 60
"""Lines of a function, with its signature and docstring."""
MACHINE_CODE = "kernel.py"
"""Name of the files with functions that Numba compiles."""


def module_of(file: Path) -> str:
    parts = file.relative_to(SIM.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in sorted(SIM.rglob("*.py"))}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> frozenset[str]:
    """Return the modules of `sim` that a module names, wherever in its text."""
    named = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            named |= {full if full in MODULES else node.module for full in names.values()}
        elif isinstance(node, ast.Import):
            named.update(alias.name for alias in node.names)
    return frozenset(name for name in named if name.startswith("sim."))


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.FunctionDef):
                yield module, node


def part_of(module: str, room: str) -> str | None:
    """Return the part of a room in which a module stands; None: in none of them."""
    inside = module.removeprefix(f"{room}.")
    return None if inside == module else inside.split(".")[0]


# --- one way ---------------------------------------------------------------------------------


def places_in(room: str) -> dict[str, int]:
    """Return part of the room → its place in the flow."""
    return {
        part: place
        for place, entry in enumerate(ROOMS[room])
        for part in ((entry,) if isinstance(entry, str) else entry)
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_part_of_a_room_is_in_the_flow(room: str) -> None:
    parts = {part for module in MODULES if (part := part_of(module, room))}
    assert parts == set(places_in(room))


@pytest.mark.parametrize("room", ROOMS)
def test_a_part_of_a_room_imports_only_parts_before_it(room: str) -> None:
    places = places_in(room)
    wrong = []
    for module in MODULES:
        part = part_of(module, room)
        for other in imports_of(module) - {WALL} if part in places else ():
            known = part_of(other, room)
            if known in places and known != part and places[known] >= places[part]:
                wrong.append(f"{module} must not know {other}")
            if other == room:
                wrong.append(f"{module} must not ask at the front door of its own room")
    assert not wrong, "\n".join(sorted(wrong))


def test_no_files_import_each_other_in_a_circle() -> None:
    """The front doors of rooms are left out: they name what the rooms hold."""
    files = {name for name, file in MODULES.items() if file.name != "__init__.py"}
    circles = []
    while True:
        try:
            TopologicalSorter({name: imports_of(name) & files for name in files}).prepare()
        except CycleError as error:
            circles.append(" → ".join(error.args[1]))
            files -= set(error.args[1])
        else:
            break
    assert not circles, "\n".join(circles)


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import sim", ("numpy", "pandas", "simpy", "scipy", "pydantic", "typer")),
        ("import sim.cli", ("numpy", "pandas", "simpy", "scipy", "pydantic", "matplotlib")),
        ("import sim.scenario", ("pandas", "simpy", "scipy", "matplotlib")),
        (  # as `sim check` does
            "import sim; sim.Model(sim.load('textbook/mm1')).demand.draw(1, 0, compiled=False)",
            ("numba", "pandas", "simpy", "scipy", "matplotlib"),
        ),
        ("import sim.experiments", ("pandas", "simpy", "scipy", "matplotlib")),
        ("import sim; sim.what_if", ("ipywidgets", "pandas", "scipy", "matplotlib")),
        ("import sim; sim.figures", ("pandas", "simpy", "scipy", "matplotlib", "fontTools")),
        (
            "import sim; sim.run(sim.load('textbook/mm1'), replications=1, keep='summary')",
            ("pandas",),
        ),
    ],
)
def test_heavy_libraries_are_loaded_only_where_they_are_used(statement, heavy) -> None:
    code = f"{statement}\nimport sys\nprint([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# --- what stands in a room -------------------------------------------------------------------


def test_no_function_is_long_but_in_machine_code() -> None:
    long = [
        f"{module}.{function.name}: {lines} lines"
        for module, function in functions()
        if MODULES[module].name != MACHINE_CODE
        and (lines := function.end_lineno - function.lineno + 1) > LONGEST
    ]
    assert not long, "\n".join(long)


def test_nobody_asks_a_clock_by_its_name() -> None:
    """What a clock does stands in its row of `PRESETS`."""
    asked = [
        f"{module}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Compare | ast.MatchValue)
        and any(isinstance(x, ast.Constant) and x.value in PRESETS for x in ast.walk(node))
    ]
    assert not asked, "\n".join(asked)


def test_a_preset_clock_is_named_only_where_it_is_defined() -> None:
    """`statutory`, `promised` and `calendar_days` are words of other things, too."""
    names = set(PRESETS) - {"statutory", "promised", "calendar_days"}
    named = {
        module
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Constant) and node.value in names
    }
    # The second chooses the clock of case types without a limit.
    assert named == {"sim.scenario.preset_clocks", "sim.limits.clocks"}


def test_no_test_imports_another() -> None:
    """What tests share stands in `tests/build`; `tests/mutation` is a program, not a test."""
    tests = SIM.parent / "tests"
    for file in set(tests.rglob("*.py")) - set((tests / "mutation").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
                assert node.module.startswith("tests.build"), f"{file}: {node.module}"
