"""What was planted in a register to learn on is what the audit finds, row by row."""

from collections import Counter
from pathlib import Path

import pytest

from sim.records.auditing import CHECKS, audit
from sim.records.example import LEDGER_CSV, LEDGER_XLSX, PLANTED, write_example
from sim.records.exchange import CASES, EVENTS, ITEMS
from sim.records.planting import DATES_ALONE, Planted
from sim.records.reading import Reading, read_files
from tests.build.clean_register import clean_register


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> tuple[Path, list[Planted]]:
    folder = tmp_path_factory.mktemp("example") / "city"
    return folder, write_example(clean_register(520), folder)


def found_in(reading: Reading) -> Counter[Planted]:
    """Return each row that a check found, once for each time."""
    audited = audit(reading)
    return Counter(
        Planted(place["file"], place["row"], found.check, place["column"])
        for found in audited.found
        for place in audited.places(found, len(found))
    )


def difference(found: Counter[Planted], planted: list[Planted]) -> tuple[list, list]:
    return sorted((found - Counter(planted)).elements()), sorted(
        (Counter(planted) - found).elements()
    )


@pytest.mark.parametrize("file", [LEDGER_CSV, LEDGER_XLSX])
def test_a_spreadsheet_of_2000_rows_is_read_without_a_mapping_and_each_fault_is_told(
    example, file
) -> None:
    folder, planted = example
    reading = read_files([folder / file])
    assert len(reading.register.items) >= 2000
    own = [one for one in planted if one.file == file]
    assert difference(found_in(reading), own) == ([], [])
    checks = Counter(one.check for one in own)
    assert checks["day_only"] == DATES_ALONE
    assert len(checks) >= 24
    assert set(checks) <= set(CHECKS)


def test_both_spreadsheets_give_one_register(example) -> None:
    """Apart from seconds that a number of Excel rounds."""
    folder, _ = example
    csv, xlsx = (
        read_files([folder / file], key=b"k").register for file in (LEDGER_CSV, LEDGER_XLSX)
    )
    assert csv.items["item"].tolist() == xlsx.items["item"].tolist()
    assert csv.items["state"].tolist() == xlsx.items["state"].tolist()
    assert csv.cases["name"].tolist() == xlsx.cases["name"].tolist()
    for one, other in ((csv, xlsx), (xlsx, csv)):
        assert len(one.events) == len(other.events)
    apart = csv.events["at"].to_numpy() - xlsx.events["at"].to_numpy()
    assert abs(apart.astype(int)).max() <= 1000


def test_each_fault_of_the_exchange_tables_is_told(example) -> None:
    folder, planted = example
    reading = read_files(sorted(folder.glob("SPGL*.csv")))
    own = [one for one in planted if one.file.startswith("SPGL")]
    assert {one.file for one in own} == {f"{name}.csv" for name in (CASES, ITEMS, EVENTS)}
    assert difference(found_in(reading), own) == ([], [])
    assert len(reading.register.items) == 4 * 520


def test_the_faults_lie_beside_the_files(example) -> None:
    folder, planted = example
    lines = (folder / PLANTED).read_text("utf-8-sig").splitlines()
    assert len(lines) == len(planted) + 1


def test_the_same_seed_gives_the_same_files(example, tmp_path) -> None:
    folder, planted = example
    assert write_example(clean_register(520), tmp_path / "again") == planted
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_a_register_that_is_too_small_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="too small"):
        write_example(clean_register(20), tmp_path / "small")
    assert not (tmp_path / "small").exists()
