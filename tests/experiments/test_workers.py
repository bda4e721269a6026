"""One core, several, a cluster, an interrupted run that goes on: the same bytes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiments import ClusterError, Model
from sim.replications.store import Store, pack, unpack
from sim.replications.worker_process import children_ignore_interruptions
from sim.replications.workers import LARGEST_PART, Task, WorkersLostError, _parts, replicate
from sim.report.plain_data import to_json
from sim.report.run.data import result_data
from tests.build.cluster import await_workers, local_cluster
from tests.build.commands import command
from tests.build.processes import gone_within, in_session

SCENARIO = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: 2, hours: day}}
case_types:
  paper:
    arrivals: {yearly: {volume: 2500}}
    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}
    steps: {handle: {pool: clerk, work: {exponential: 45 min}}}
limits:
  same_day: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9}
report: {by: [zone]}
"""
REPLICATIONS = 40
SIM = [sys.executable, "-c", "from sim.__main__ import main; main()"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("office") / "small.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(file: Path) -> sim.Scenario:
    return sim.load(file)


def summary(result: sim.Result) -> str:
    return to_json(result_data(result))


def run(scenario: sim.Scenario, **how) -> str:
    return summary(sim.run(scenario, replications=REPLICATIONS, seed=5, keep="summary", **how))


@pytest.fixture(scope="module")
def serial(scenario: sim.Scenario) -> str:
    return run(scenario, jobs=1)


def test_two_processes_find_the_same(scenario: sim.Scenario, serial: str) -> None:
    assert run(scenario, jobs=2) == serial
    assert run(scenario, jobs=3) == serial


def test_both_engines_find_the_same(scenario: sim.Scenario, serial: str) -> None:
    assert run(scenario, engine="simpy") == serial
    assert run(scenario, engine="compiled") == serial


def test_a_run_until_decided_does_not_depend_on_processes(scenario: sim.Scenario) -> None:
    one, two = (sim.run(scenario, until="decided", seed=5, jobs=jobs) for jobs in (1, 2))
    assert summary(one) == summary(two)


def test_tables_from_two_processes_are_the_same(scenario: sim.Scenario) -> None:
    one, two = (sim.run(scenario, replications=6, seed=5, jobs=jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(one.cases, two.cases)
    pd.testing.assert_frame_equal(one.items, two.items)


# The store.


def test_a_summary_is_read_as_it_was_written(scenario: sim.Scenario) -> None:
    written = Task(Model(scenario), 5, "summary").replicate(3).summary
    again = unpack(pack(written))
    assert pack(again) == pack(written)
    assert type(again) is type(written)
    assert again.tallies["same_day"]["promised"].ended_days.dtype.kind == "i"


def test_what_is_stored_is_not_made_again(scenario, serial, tmp_path, monkeypatch) -> None:
    sim.run(scenario, replications=15, seed=5, keep="summary", store=tmp_path / "store")
    made = []
    replicate = Task.replicate
    monkeypatch.setattr(
        Task, "replicate", lambda self, number: made.append(number) or replicate(self, number)
    )
    assert run(scenario, jobs=1, store=tmp_path / "store") == serial
    assert made == list(range(15, REPLICATIONS))
    assert run(scenario, jobs=1, store=tmp_path / "store") == serial
    assert made == list(range(15, REPLICATIONS))


def test_another_seed_or_scenario_is_another_run(scenario, file, tmp_path) -> None:
    changed = sim.load(file, settings=["staff.clerks.count=3"])
    stores = {
        Store.of(tmp_path, Task(Model(each), seed, "summary")).folder
        for each in (scenario, changed)
        for seed in (1, 2)
    }
    assert len(stores) == 4


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_file_is_made_anew(scenario, serial, tmp_path, damage) -> None:
    store = tmp_path / "store"
    run(scenario, jobs=1, store=store)
    (broken,) = store.rglob("000007.summary.json.z")
    broken.write_bytes(broken.read_bytes()[:-20] if damage is None else damage)
    assert run(scenario, jobs=1, store=store) == serial


@pytest.mark.parametrize("kept", ["summary", "cases", "items"])
def test_one_flipped_bit_is_noticed(scenario, tmp_path, kept) -> None:
    """Neither Feather nor a summary may be read with a bit of it changed."""
    task = Task(Model(scenario), 5, "cases")
    store = Store.of(tmp_path, task)
    store.save(0, task.replicate(0))
    (file,) = tmp_path.rglob(f"000000.{kept}.*")
    whole = file.read_bytes()
    for place in [0, 31, 32, *range(40, len(whole), len(whole) // 50), len(whole) - 1]:
        broken = bytearray(whole)
        broken[place] ^= 1 << place % 8
        file.write_bytes(broken)
        assert store.load(task, 0) is None
    file.write_bytes(whole)
    assert store.load(task, 0) is not None


def test_a_file_in_the_place_of_another_is_not_read(scenario, file, tmp_path) -> None:
    task = Task(Model(scenario), 5, "cases")
    store, other = Store.of(tmp_path, task), Store.of(tmp_path / "other", task)
    for number in range(2):
        store.save(number, task.replicate(number))
        other.save(number, task.replicate(number))
    names = {path.name for path in store.folder.iterdir()}
    for name in ("summary.json.z", "cases.feather"):
        zero, one = store.folder / f"000000.{name}", store.folder / f"000001.{name}"
        zero.write_bytes(one.read_bytes())
        assert store.load(task, 0) is None
        zero.write_bytes((other.folder / zero.name).read_bytes())  # the same run, elsewhere
        assert store.load(task, 0) is not None
    assert {path.name for path in store.folder.iterdir()} == names
    seed = Task(task.model, 6, "cases")
    (tmp_path / "another").mkdir()
    another = Store.of(tmp_path / "another", seed)
    store.folder.rename(another.folder)
    assert another.has(0) and another.load(seed, 0) is None


def test_what_a_killed_program_left_goes_away(scenario, tmp_path) -> None:
    task = Task(Model(scenario), 5, "summary")
    folder = Store.of(tmp_path, task).folder
    folder.mkdir()
    names = (".000000.summary.json.z-0a1b2c3d.part", ".000001.summary.json.z-0a1b2c3d.part", ".x")
    for name in names:
        (folder / name).write_text("half")
    for name in (names[0], names[2]):
        os.utime(folder / name, (0, 0))
    sim.run(scenario, replications=1, seed=5, keep="summary", store=tmp_path)
    assert {path.name for path in folder.iterdir()} == {*names[1:], "000000.summary.json.z"}


def test_stored_tables_give_the_same_files(scenario, tmp_path) -> None:
    def written(name: str, **how) -> dict[str, bytes]:
        result = sim.run(scenario, replications=4, seed=5, **how)
        result.save(tmp_path / name, tables="parquet")
        return {each.name: each.read_bytes() for each in sorted((tmp_path / name).iterdir())}

    store = tmp_path / "store"
    plain = written("plain")
    sim.run(scenario, replications=2, seed=5, store=store)
    assert written("resumed", store=store) == plain
    assert written("all_kept", store=store) == plain


def test_a_write_that_fails_leaves_nothing_half_written(scenario, tmp_path, monkeypatch) -> None:
    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run(scenario, jobs=1, store=tmp_path / "store")
    assert not [each for each in (tmp_path / "store").rglob("*") if each.is_file()]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_goes_on(file: Path, tmp_path: Path, jobs: int) -> None:
    """Ctrl-C reaches all processes of a terminal; what was finished then is not lost."""
    store, planned = tmp_path / "store", 500
    arguments = ["run", file, "-n", planned, "--json"]
    kept = [*arguments, "--store", store, "-j", jobs]
    interrupted = subprocess.Popen(
        [*SIM, *map(str, kept)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while len(list(store.rglob("*.summary.json.z"))) < 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(interrupted.pid, signal.SIGINT)
    out, err = interrupted.communicate(timeout=120)
    assert interrupted.returncode == 130, err
    assert b"Traceback" not in err
    assert b"the same command goes on" in err
    found = json.loads(out)
    assert found["interrupted"] is True
    # The last one may have been stored, and not yet handed on.
    assert 20 - 1 <= found["replications"] < planned
    code, again, _ = command(*kept)
    assert (code, again) == (0, command(*arguments)[1])


def test_an_interruption_that_somebody_passes_over_is_not_lost(scenario, monkeypatch) -> None:
    """As NumPy does while it asks an enum for attributes."""
    replicate = Model.replicate

    def interrupted(self, seed: int, number: int, **how):
        if number == 3:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        return replicate(self, seed, number, **how)

    monkeypatch.setattr(Model, "replicate", interrupted)
    result = sim.run(scenario, replications=10, seed=5, jobs=1)
    assert result.interrupted
    assert result.replications == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_interruptions_stay_ignored_where_they_are(scenario) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert sim.run(scenario, replications=2, seed=5, jobs=1).replications == 2
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


# The cluster.


def test_a_cluster_that_is_not_there_is_told(monkeypatch) -> None:
    monkeypatch.setattr("sim.replications.workers.CONNECT_S", 1)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ClusterError, match="no Dask scheduler answers"):
            sim.run(sim.load("textbook/mm1"), replications=1, cluster=address)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    with local_cluster() as running:
        yield running


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_finds_the_same_also_when_a_worker_dies(scenario, serial, cluster) -> None:
    address, workers = cluster
    assert run(scenario, cluster=address) == serial

    def kill_one(done: int, planned: int | None) -> None:
        workers[0].kill()

    result = sim.run(
        scenario,
        replications=REPLICATIONS,
        seed=5,
        keep="summary",
        cluster=address,
        progress=kill_one,
    )
    assert workers[0].poll() is not None
    assert summary(result) == serial


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lost", ["workers", "scheduler"])
def test_a_lost_cluster_is_told_and_the_work_kept(scenario, tmp_path, cluster, lost) -> None:
    address, processes = cluster

    def kill(done: int, planned: int | None) -> None:
        for process in processes[:2] if lost == "workers" else processes[2:]:
            process.kill()

    began = time.monotonic()
    with pytest.raises(ClusterError, match="were lost; with --store"):
        sim.run(
            scenario, replications=2000, seed=5, keep="summary", cluster=address,
            store=tmp_path, progress=kill,
        )  # fmt: skip
    assert time.monotonic() - began < 45
    assert list(tmp_path.rglob("*.summary.json.z"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_with_one_thread_is_used(scenario, cluster, monkeypatch) -> None:
    address, processes = cluster
    processes[1].kill()
    processes[1].wait()
    await_workers(address, 1)
    here = Task.replicate
    monkeypatch.setattr(Task, "replicate", lambda *_: pytest.fail("made in this process"))
    result = sim.run(scenario, replications=2, seed=5, keep="summary", cluster=address)
    monkeypatch.setattr(Task, "replicate", here)
    assert summary(result) == summary(sim.run(scenario, replications=2, seed=5, keep="summary"))


# Processes that are ended from outside.


def _children(of: int) -> set[int]:
    """Return the processes below a process, by /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, new = set(), {of}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def _alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _with_two_workers(file: Path, store: Path) -> subprocess.Popen[str]:
    """Start a long run on two processes; return when they work."""
    arguments = [*SIM, "run", str(file), "-n", "20000", "-j", "2", "--store", str(store)]
    running = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while len(list(store.rglob("*.summary.json.z"))) < 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    return running


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are read from Linux"
)


@needs_proc
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_parent(file: Path, tmp_path: Path, signal_number: int) -> None:
    running = _with_two_workers(file, tmp_path)
    children = _children(running.pid)
    assert len(children) >= 2
    running.send_signal(signal_number)
    running.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(map(_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [child for child in children if _alive(child)]


@needs_proc
def test_workers_that_had_no_task_yet_end_with_their_parent() -> None:
    """The parent is killed while they start."""
    dies = (
        "import os, signal\n"
        "from sim.replications import workers\n"
        "class Numbers:\n"
        "    def replicate(self, number):\n"
        "        return number\n"
        "workers._parts = lambda wanted, jobs: [(Numbers(), [1])]\n"
        "workers.told_of_lost_workers = lambda executor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "list(workers._in_parallel([(Numbers(), 1)], 4))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", dies], start_new_session=True)
    assert parent.wait(60) == -signal.SIGKILL
    assert gone_within(parent.pid, 10), in_session(parent.pid)


@needs_proc
def test_a_lost_worker_is_told(file: Path, tmp_path: Path) -> None:
    running = _with_two_workers(file, tmp_path)
    for child in _children(running.pid):
        if b"popen_loky" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
    _, messages = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "ended from outside" in messages
    assert "Traceback" not in messages


class _LostWhileItWrites:
    """Makes numbers, until a worker is lost in the middle of a result."""

    def replicate(self, number: int) -> int:
        frame = sys._getframe()
        while number == 5 and "result_queue" not in frame.f_locals:
            frame = frame.f_back
        if number == 5:
            queue = frame.f_locals["result_queue"]
            queue._wlock.acquire()
            os.write(queue._writer.fileno(), b"\0\0\1")
            os.kill(os.getpid(), signal.SIGKILL)
        return number


def test_a_worker_lost_while_it_writes_a_result_is_told(monkeypatch) -> None:
    monkeypatch.setattr("sim.replications.lost_workers.EVERY_S", 0.1)
    monkeypatch.setattr("sim.replications.lost_workers.GRACE_S", 0.5)
    monkeypatch.setattr("sim.replications.workers.cores", lambda: 2)
    maker = _LostWhileItWrites()
    with pytest.raises(WorkersLostError, match="ended from outside"):
        list(replicate([(maker, number) for number in range(200)], 2, None))


def test_an_interruption_while_workers_start_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt), children_ignore_interruptions():
        signal.raise_signal(signal.SIGINT)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_workers_never_see_an_interruption() -> None:
    """Not even while they start; in a process of its own, where loky has started nothing yet."""
    asks = (
        "import signal\n"
        "from sim.replications.workers import _in_parallel\n"
        "class Asks:\n"
        "    def replicate(self, number):\n"
        "        return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())\n"
        "print(*_in_parallel([(Asks(), number) for number in range(4)], 2))\n"
    )
    asked = subprocess.run([sys.executable, "-c", asks], capture_output=True, check=True, text=True)
    assert asked.stdout.split() == 4 * ["True"], asked.stderr


def test_what_is_given_up_is_given_up_quietly() -> None:
    """Also parts that are finished and that nobody waits for any more."""
    gives_up = (
        "import time\n"
        "from sim.replications.workers import _in_parallel\n"
        "class Numbers:\n"
        "    def replicate(self, number):\n"
        "        return number\n"
        "made = _in_parallel([(Numbers(), number) for number in range(200)], 2)\n"
        "print(next(made))\n"
        "time.sleep(1)\n"
        "made.close()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", gives_up], check=False, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "0\n", "")


def test_more_processes_than_work_are_not_started(scenario, monkeypatch) -> None:
    started = []

    def in_parallel(wanted, jobs):
        started.append(jobs)
        return (task.replicate(number) for task, number in wanted)

    monkeypatch.setattr("sim.replications.workers._in_parallel", in_parallel)
    monkeypatch.setattr("sim.replications.workers.cores", lambda: 3)
    for replications, jobs in ((4, 60), (9, 1000), (9, 2), (3, 8)):
        sim.run(scenario, replications=replications, jobs=jobs, keep="summary")
    assert started == [2, 3, 2]


@pytest.mark.parametrize(
    ("tasks", "jobs", "size"), [(3, 4, 1), (64, 2, 4), (10_000, 2, LARGEST_PART)]
)
def test_work_is_handed_out_in_parts_that_an_interruption_may_lose(tasks, jobs, size) -> None:
    wanted = [("one", number) for number in range(tasks)]
    parts = list(_parts([*wanted, ("other", 7)], jobs))
    assert [(maker, number) for maker, part in parts for number in part] == [*wanted, ("other", 7)]
    assert {len(part) for _, part in parts[:-2]} <= {size}
    assert parts[-1] == ("other", [7])
