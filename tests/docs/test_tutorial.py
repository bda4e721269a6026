"""What the tutorial says of a report stands in the report."""

import re

import pytest

from docs.generate import ROOT


@pytest.mark.parametrize("name", ["docs/tutorial/tutorial.md", "docs/tutorial/tutorial.zh.md"])
def test_the_numbers_explained_line_by_line_are_those_of_the_output(name: str) -> None:
    """The output itself is checked in test_outputs.py."""
    page = (ROOT / name).read_text(encoding="utf-8")
    output = page.partition("<!-- output of: sim run yingkou/base")[2].partition("```\n\n")[0]
    table = page.partition("|---|---|")[2].partition("\n\n")[0]
    explained = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    numbers = [number for cell in explained for number in re.findall(r"\d[\d,.-]*", cell)]
    assert len(numbers) >= 12
    assert [number for number in numbers if number not in output] == []
