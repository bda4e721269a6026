"""Pages and blocks of the documentation that are made from the program itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs.generate.commands import commands_page
from docs.generate.parameters import parameters_page
from docs.generate.python import python_page
from docs.generate.scenario import scenario_page
from docs.generate.tables import tables_page

ROOT: Final = Path(__file__).resolve().parents[2]

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/reference/parameters.md": parameters_page,
    "docs/reference/scenario.md": scenario_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/python.md": python_page,
    "docs/reference/tables.md": tables_page,
}
"""Page → what writes it."""
