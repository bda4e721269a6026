"""The generated pages say what the program does, and are up to date."""

import pytest

from docs.generate import PAGES, ROOT
from docs.generate.tables import COMMANDS, FINDINGS, columns_of, written_columns
from sim.results.finding import Finding


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """Regenerate with: python -m docs.build."""
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name]()


@pytest.mark.parametrize("command", FINDINGS)
def test_every_column_of_every_table_is_told(command: str) -> None:
    written: dict[str, list[str]] = {}
    for line in (line for line in COMMANDS if line.startswith(command)):
        written |= written_columns(line)
    declared = {
        name: [column for column, _ in columns_of(row)]
        for name, row in FINDINGS[command].row_types.items()
    }
    assert written == {name: declared[name] for name in sorted(declared)}


@pytest.mark.parametrize("command", FINDINGS)
def test_every_column_has_a_meaning(command: str) -> None:
    for row in FINDINGS[command].row_types.values():
        assert all(meaning.endswith((".", "…")) for _, meaning in columns_of(row))


def test_all_findings_are_told() -> None:
    assert set(FINDINGS.values()) == set(Finding.__subclasses__())
