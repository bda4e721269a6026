"""Scenario files and data files at random: each is read, or refused with a message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from ruamel.yaml import YAML

from sim.records.opened import register_from
from sim.replications.model import Model
from sim.scenario import ReadError, ScenarioError, load
from sim.scenario.files import reading
from tests.build.attacks import (
    attacks,
    fault_of,
    garbled,
    kept,
    mutated,
    nodes,
    smaller_lines,
    smaller_tree,
)
from tests.build.backlogs import HAND
from tests.build.bad_files import MATTERS, STEPS
from tests.build.commands import SMALL
from tests.build.random_scenarios import scenarios

pytestmark = pytest.mark.campaign
TEXTS = (HAND, STEPS, MATTERS, SMALL.replace("COUNT", "2"))
BACKLOG = """\
case,case_type,submitted,accepted_on,done,under_way,paused_wd,kind
c1,project,2021-09-01 10:00,2021-09-03,A,,2,x
c2,project,2021-09-14,,,,,
c3,network,2021-09-20 09:30,,a,b=2021-09-22 11:00,,
"""
LOG = "when,zone\n2024-01-03 09:30,north\n2024/1/4 10:00,south\n2024-01-05T11:00,north\n"
REGISTER = """\
申报号,项目代码,事项名称,责任单位,申请时间,受理时间,补正时间,补正完成时间,办结时间,办件状态,经办人
A-1,P1,用地规划许可,自然资源局,2023-03-01 09:00,2023-03-01 10:00,,,2023-03-09 15:00,准予许可,王
A-2,P1,工程许可,自然资源局,2023-03-02,2023/3/8,2023-03-02 10:00,2023-03-08,2023年3月9日,不予,李
A-3,P2,施工许可,住建局,45000.5,2023-03-10,,,,审核中,
"""


def build(file: Path) -> None:
    Model(load(file))


def trees() -> list[Any]:
    """Return scenarios as trees: the texts above, and random ones, the smallest of many."""
    yaml = YAML(typ="safe", pure=True)
    found: list[Any] = []

    @seed(1)
    @settings(max_examples=80, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(scenarios())
    def note(tree: Any) -> None:
        found.append(tree)

    note()
    texts = [json.dumps(tree, default=str) for tree in [*map(yaml.load, TEXTS), *found]]
    return [json.loads(text) for text in sorted(texts, key=len)[:30]]


def test_scenario_files_of_other_keys_and_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each 50th is written and parsed as a file; the others are given as its nodes."""
    all_trees = trees()
    file = tmp_path / "attack.yaml"
    file.touch()
    parsed = reading._composed

    def fault(tree: Any, composed: Callable[..., object]) -> str | None:
        monkeypatch.setattr(reading, "_composed", composed)
        return fault_of(lambda: build(file), ScenarioError)

    def fault_of_text(tree: Any) -> str | None:
        file.write_text(json.dumps(tree, ensure_ascii=False, default=str), encoding="utf-8")
        return fault(tree, parsed)

    def fault_of_nodes(tree: Any) -> str | None:
        return fault(tree, lambda *_: nodes(tree))

    for number, (name, rng) in enumerate(attacks("scenario trees")):
        tree = mutated(rng, all_trees[rng.integers(len(all_trees))], all_trees)
        fails = fault_of_nodes if number % 50 else fault_of_text
        if (found := fails(tree)) is not None:
            small = smaller_tree(
                tree, lambda fewer, fails=fails, found=found: fails(fewer) == found
            )
            path = kept(name, json.dumps(small, ensure_ascii=False, indent=1).encode(), ".yaml")
            pytest.fail(f"{name}: {found} from {path}")


def test_scenario_files_that_are_garbled(tmp_path: Path) -> None:
    file = tmp_path / "attack.yaml"

    def fault(content: bytes) -> str | None:
        file.write_bytes(content)
        return fault_of(lambda: build(file), ScenarioError)

    for name, rng in attacks("scenario texts"):
        content = garbled(rng, TEXTS[rng.integers(len(TEXTS))].encode())
        if (found := fault(content)) is not None:
            small = smaller_lines(content, lambda fewer, found=found: fault(fewer) == found)
            pytest.fail(f"{name}: {found} from {kept(name, small, '.yaml')}")


@pytest.fixture
def readers(tmp_path: Path):
    """Kind of data file → its content, its ending, and what reads it."""
    (tmp_path / "backlog.yaml").write_text(HAND + "backlog: {file: data.csv}\n", encoding="utf-8")
    replay = STEPS.replace("every: {exponential: 4 h}", "replay: {file: data.csv, time: when}")
    (tmp_path / "replay.yaml").write_text(replay, encoding="utf-8")
    return {
        "backlog": (BACKLOG, lambda: build(tmp_path / "backlog.yaml")),
        "log": (LOG, lambda: build(tmp_path / "replay.yaml")),
        "register": (REGISTER, lambda: register_from([tmp_path / "data.csv"])),
    }


def test_data_files_that_are_garbled(tmp_path: Path, readers) -> None:
    file = tmp_path / "data.csv"

    def fault(kind: str, content: bytes) -> str | None:
        file.write_bytes(content)
        return fault_of(readers[kind][1], ScenarioError, ReadError)

    for kind, (text, _) in readers.items():  # as written, each is read: the attacks get far
        file.write_text(text, encoding="utf-8")
        readers[kind][1]()
    for name, rng in attacks("data files"):
        kind = list(readers)[rng.integers(len(readers))]
        encoding = ("utf-8", "utf-8", "gb18030", "utf-16")[rng.integers(4)]
        content = garbled(rng, readers[kind][0].encode(encoding))
        if (found := fault(kind, content)) is not None:
            small = smaller_lines(
                content, lambda fewer, k=kind, found=found: fault(k, fewer) == found
            )
            pytest.fail(f"{name}: {found} from the {kind} {kept(name, small, '.csv')}")
