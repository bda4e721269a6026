"""Damaged stores and results: what is damaged is made again, or refused, and never read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from numpy.random import Generator

import sim
from sim.experiments.archive import packed
from sim.storage.table_files import TableFormat
from tests.build.attacks import attacks, garbled
from tests.build.commands import write_small

pytestmark = pytest.mark.campaign
REPLICATIONS = 4
FORMS: tuple[TableFormat, ...] = ("parquet", "csv")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    return sim.load(write_small(tmp_path_factory.mktemp("scenario"), 2))


def content(scenario: sim.Scenario, store: Path) -> tuple[bytes, bytes, bytes]:
    """Return a run as bytes: its result and its tables."""
    result = sim.run(scenario, replications=REPLICATIONS, seed=5, keep="items", store=store, jobs=1)
    return packed(result), *(
        table.to_csv(index=False).encode() for table in (result.cases, result.items)
    )


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def damages(rng: Generator, folder: Path) -> Iterator[str]:
    """Damage one to three files of a folder; yield what was done."""
    for _ in range(int(rng.integers(1, 4))):
        all_files = files(folder)
        if not all_files:
            return
        one, other = (all_files[n] for n in rng.integers(0, len(all_files), 2))
        kind, old = int(rng.integers(7)), one.read_bytes()
        if kind == 0:
            bit = int(rng.integers(8 * len(old))) if old else 0
            flipped = bytearray(old or b"\0")
            flipped[bit // 8] ^= 1 << bit % 8
            one.write_bytes(flipped)
        elif kind == 1:
            one.write_bytes(old[: rng.integers(len(old) + 1)])
        elif kind == 2:
            one.write_bytes(other.read_bytes())
        elif kind == 3:
            one.unlink()
        elif kind == 4:
            one.write_bytes(old + other.read_bytes()[:40])
        elif kind == 5:
            one.write_bytes(bytes(len(old)))
        else:
            one.write_bytes(garbled(rng, old))
        yield f"{('bit', 'cut', 'swap', 'gone', 'longer', 'zeros', 'garbled')[kind]} {one.name}"


def test_damaged_stores(scenario: sim.Scenario, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    expected = content(scenario, whole)
    for name, rng in attacks("damaged stores"):
        store = tmp_path / "store"
        shutil.copytree(whole, store)
        done = list(damages(rng, store))
        assert content(scenario, store) == expected, f"{name}: {done}"
        shutil.rmtree(store)


def read(folder: Path) -> tuple[bytes, bytes, bytes]:
    """Return a result that was saved as bytes: itself and its tables."""
    result = sim.read(folder)
    return packed(result), *(
        table.to_csv(index=False).encode() for table in (result.cases, result.items)
    )


def test_damaged_results(scenario: sim.Scenario, tmp_path: Path) -> None:
    run = sim.run(scenario, replications=REPLICATIONS, seed=5, keep="items", jobs=1)
    refused = 0
    for name, rng in attacks("damaged results"):
        form = FORMS[rng.integers(2)]
        whole, folder = tmp_path / form, tmp_path / "result"
        if not whole.exists():
            run.save(whole, tables=form)
        shutil.copytree(whole, folder)
        done = list(damages(rng, folder))
        try:
            assert read(folder) == read(whole), f"{name}: {done}"
        except (sim.ReadError, ValueError):  # ValueError: a table is not the one that was written
            refused += 1
        shutil.rmtree(folder)
    print(f"{refused} of them were refused")
