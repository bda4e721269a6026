"""The generated pages say what the program does, and are up to date."""

import pytest

from docs.generate import PAGES, ROOT
from docs.generate.columns import TABLES
from docs.generate.tables import COMMANDS, written_columns


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """Regenerate with: python -m docs.build."""
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name]()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_column_of_every_table_is_told(command: str) -> None:
    told = {name: list(columns) for name, (_, columns) in TABLES[command].items()}
    written = written_columns(command)
    assert written == {name: told[name] for name in sorted(told)}


def test_all_commands_that_write_tables_are_told() -> None:
    assert set(COMMANDS) == set(TABLES)
