"""The house has one way through: a room imports only rooms before it, and imports stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SIM = Path(__file__).resolve().parents[2] / "sim"

ROOMS = [
    "arrays", "streams", "calendars", "scenario", "process", "limits", "demand", "supply",
    "engine", "clocks", "measures", "experiments", "report", "cli",
]  # fmt: skip
"""In the order of flow. The contract is the wall itself: whoever fills it may know it."""
WALL = "sim.engine.contract"


def imports_of(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def room_of(module: str) -> str:
    return module.split(".")[1]


FILES = sorted(file for file in SIM.rglob("*.py") if file.parent != SIM or file.stem in ROOMS)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(SIM).as_posix())
def test_a_room_imports_only_rooms_before_it(file: Path) -> None:
    room = file.stem if file.parent == SIM else file.relative_to(SIM).parts[0]
    if room == "_library":
        return
    for module in imports_of(file):
        if module == WALL or not module.startswith("sim."):
            continue
        other = room_of(module)
        assert ROOMS.index(other) <= ROOMS.index(room), f"{room} must not know {other}: {module}"


def test_every_room_is_in_the_flow() -> None:
    rooms = {path.name for path in SIM.iterdir() if (path / "__init__.py").exists()}
    rooms |= {path.stem for path in SIM.glob("*.py") if path.stem != "__init__"}
    assert rooms - {"_library"} == set(ROOMS)


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import sim", ("numpy", "pandas", "simpy", "scipy", "pydantic", "typer")),
        ("import sim.cli", ("numpy", "pandas", "simpy", "scipy", "pydantic", "matplotlib")),
        ("import sim.scenario", ("pandas", "simpy", "scipy", "matplotlib")),
        ("import sim.experiments", ("pandas", "simpy", "scipy", "matplotlib")),
        ("import sim; sim.figures", ("pandas", "simpy", "scipy", "matplotlib", "fontTools")),
    ],
)
def test_heavy_libraries_are_loaded_only_where_they_are_used(statement, heavy) -> None:
    code = f"{statement}\nimport sys\nprint([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
