"""Workers and schedulers that are lost at random: told soon, and the work kept."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import sim
from sim.experiments.archive import packed
from sim.replications.workers import LOST_S, ClusterError
from tests.build.attacks import attacks
from tests.build.cluster import local_cluster
from tests.build.commands import write_small

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore")]
REPLICATIONS = 60
TOLD_WITHIN_S = LOST_S + 10
LOST = {"a worker": (0,), "all workers": (0, 1), "the scheduler": (2,), "everything": (0, 1, 2)}


def test_cluster_losses(tmp_path: Path) -> None:
    scenario = sim.load(write_small(tmp_path, 2))
    expected = packed(sim.run(scenario, replications=REPLICATIONS, seed=5, keep="summary"))
    for name, rng in attacks("cluster losses"):
        lost, at = list(LOST)[rng.integers(len(LOST))], int(rng.integers(1, REPLICATIONS // 2))
        store, killed = tmp_path / name.rpartition(" ")[2], []
        with local_cluster() as (address, processes):

            def kill(
                done: int, planned: int | None, at=at, lost=lost, of=processes, killed=killed
            ) -> None:
                if done == at:
                    killed.append(time.monotonic())
                    for number in LOST[lost]:
                        of[number].kill()

            def run(scenario=scenario, store=store, **how: object) -> bytes:
                return packed(
                    sim.run(
                        scenario, replications=REPLICATIONS, seed=5, keep="summary", store=store,
                        **how,
                    )
                )  # fmt: skip

            try:
                found = run(cluster=address, progress=kill)
            except ClusterError as error:
                took_s = time.monotonic() - killed[0]
                assert lost != "a worker", f"{name}: {lost}: {error}"
                assert took_s < TOLD_WITHIN_S, f"{name}: {lost}: told after {took_s:.0f} s"
                assert len(list(store.rglob("*.summary.json.z"))) >= at, f"{name}: {lost}"
                found = run()
        assert found == expected, f"{name}: {lost} at {at}: other bytes"
