"""Outputs that a page shows are those that the commands print."""

from pathlib import Path

import pytest

from docs.build import stale_outputs
from docs.generate import ROOT, outputs
from docs.generate.outputs import Part, with_outputs

PAGE = """
```yaml
# clerk.yaml
extends: textbook/mm1
name: One clerk
```

<!-- output of: sim check clerk.yaml -->

```text
clerk.yaml: was ok
```

```text
not an output
```
"""


def test_an_output_is_renewed_and_everything_else_stays(tmp_path: Path) -> None:
    now = with_outputs(PAGE, tmp_path, tmp_path / "store")
    assert now == PAGE.replace("was ok", "ok")
    assert with_outputs(now, tmp_path, tmp_path / "store") == now


def test_a_part_of_an_output() -> None:
    output = "title\n\nPromise  Verdict  \nfirst\nsecond\n"
    assert Part.parse("from: Promise | lines: 2").of(output) == "Promise  Verdict\nfirst\n"
    assert Part.parse("lines: 1").of(output) == "title\n"
    assert Part.parse(None).of(output) == "title\n\nPromise  Verdict\nfirst\nsecond\n"


def test_a_part_that_is_no_longer_printed_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no line begins with 'Promises'"):
        Part.parse("from: Promises").of("Promise\n")
    with pytest.raises(ValueError, match="unknown in a marker: lnes"):
        Part.parse("lnes: 3")


def test_a_command_of_several_blocks_runs_once_until_a_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(outputs, "output_of", lambda command, store: ran.append(command) or "ok\n")
    block = PAGE.partition("<!--")[1] + PAGE.partition("<!--")[2]
    with_outputs(PAGE + block, tmp_path, tmp_path)
    assert len(ran) == 1
    with_outputs(PAGE + PAGE, tmp_path, tmp_path)
    assert len(ran) == 3


@pytest.mark.slow
def test_outputs_are_up_to_date() -> None:
    """Renew with: python -m docs.build."""
    assert [page.relative_to(ROOT) for page, _ in stale_outputs()] == []
