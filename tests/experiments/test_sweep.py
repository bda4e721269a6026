"""Sweeps: grids as users write them, tables as single runs say, any size, resumable."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiments import Grid
from sim.experiments.sweep.grid import values_in
from sim.report.plain_data import to_json
from sim.report.sweep.report import sweep_data
from tests.build.commands import command
from tests.build.offices import office, write

CLERKS, LIMIT = "staff.clerks.count", "limits.same_day.limit"


@pytest.fixture
def base(tmp_path: Path) -> sim.Scenario:
    return office(tmp_path)


# --- what is tried ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4", (4,)),
        ("4, 6,8", (4, 6, 8)),
        ("1..5", (1, 2, 3, 4, 5)),
        ("1..9/2", (1, 3, 5, 7, 9)),
        ("1..8/3", (1, 4, 7)),
        ("-1..1", (-1, 0, 1)),
        ("0.1..0.4/0.1", (0.1, 0.2, 0.3, 0.4)),
        ("10..30/10 wd", ("10 wd", "20 wd", "30 wd")),
        ("fifo,earliest_due", ("fifo", "earliest_due")),
        ("[a, b],[c]", ("[a, b]", "[c]")),
        ('{x: 1, y: 2},"a, b"', ("{x: 1, y: 2}", '"a, b"')),
        ("2021-01-01,2021-02-01", ("2021-01-01", "2021-02-01")),
    ],
)
def test_values(text: str, values: tuple) -> None:
    assert values_in(text) == values
    assert [type(value) for value in values_in(text)] == [type(value) for value in values]


@pytest.mark.parametrize("text", ["", "1,,2", "5..1", "1..5/0", "1..5/-1", "1..99999999999"])
def test_bad_values(text: str) -> None:
    with pytest.raises(sim.ScenarioError, match="--vary a: "):
        Grid.of({"a": text})


def test_the_grid_in_order() -> None:
    grid = Grid.of({"a": "1..2", "b": ["x", "y", "z"]})
    assert len(grid) == 6
    assert list(grid)[:4] == [(1, "x"), (1, "y"), (1, "z"), (2, "x")]
    assert list(grid.every_value()) == [(1, "x"), (2, "y"), (1, "z")]


def test_values_of_python() -> None:
    (axis,) = Grid.of({"a.b": [True, {"x": [1]}, None, "3 wd", 2.5]}).axes
    texts = ["a.b=true", 'a.b={"x": [1]}', "a.b=null", "a.b=3 wd", "a.b=2.5"]
    assert list(map(axis.setting, [True, {"x": [1]}, None, "3 wd", 2.5])) == texts
    assert axis.cells == ("true", '{"x": [1]}', "null", "3 wd", 2.5)


# --- results ---------------------------------------------------------------------------------


def test_every_row_is_that_of_a_single_run(base: sim.Scenario) -> None:
    found = sim.sweep(base, {CLERKS: "1..3", LIMIT: ["1 wd", "2 wd"]}, replications=3)
    assert len(found.limits) == found.combinations == found.finished == 6
    for _, row in found.limits.iterrows():
        settings = [f"{CLERKS}={row[CLERKS]}", f"{LIMIT}={row[LIMIT]}"]
        alone = sim.run(sim.vary(base, settings=settings), replications=3, keep="summary")
        single = alone.limits[alone.limits["decides"]].iloc[0]
        assert row.drop([CLERKS, LIMIT]).to_dict() == single.to_dict()
        mine = found.pools[
            (found.pools[CLERKS] == row[CLERKS]) & (found.pools[LIMIT] == row[LIMIT])
        ]
        pd.testing.assert_frame_equal(
            mine.drop(columns=[CLERKS, LIMIT]).reset_index(drop=True), alone.pools
        )
    assert found.limits[CLERKS].tolist() == [1, 1, 2, 2, 3, 3]


def test_blocks_and_processes_change_nothing(base: sim.Scenario, monkeypatch) -> None:
    def text(**how: object) -> str:
        return to_json(sweep_data(sim.sweep(base, {CLERKS: "1..5"}, replications=2, **how)))

    whole = text()
    module = sim.sweep.__globals__
    monkeypatch.setitem(module, "BLOCK", 2)
    monkeypatch.setitem(module, "ROWS_AT_ONCE", 3)
    assert text() == text(jobs=2) == whole


def test_progress_tells_of_the_whole_grid(base: sim.Scenario, monkeypatch) -> None:
    monkeypatch.setitem(sim.sweep.__globals__, "BLOCK", 2)
    told = []
    sim.sweep(base, {CLERKS: "1..3"}, replications=2, progress=lambda *each: told.append(each))
    assert told == [(done, 6) for done in range(1, 7)]


def test_an_interrupted_sweep_goes_on(base: sim.Scenario, tmp_path: Path, monkeypatch) -> None:
    def stop_at(last: int):
        def tell(done: int, _: int | None) -> None:
            if done == last:
                raise KeyboardInterrupt

        return tell

    grid = {CLERKS: "1..4"}
    whole = to_json(sweep_data(sim.sweep(base, grid, replications=3)))
    how = {"replications": 3, "store": tmp_path / "store"}
    part = sim.sweep(base, grid, **how, progress=stop_at(8))
    assert part.interrupted
    assert part.limits[CLERKS].tolist() == [1, 2]
    made = []
    replicate = sim.replications.workers.Task.replicate
    monkeypatch.setattr(
        "sim.replications.workers.Task.replicate",
        lambda task, number: made.append(number) or replicate(task, number),
    )
    assert to_json(sweep_data(sim.sweep(base, grid, **how))) == whole
    assert len(made) == 12 - 8
    with pytest.raises(KeyboardInterrupt):
        sim.sweep(base, grid, replications=3, progress=stop_at(2))


def test_without_limits(tmp_path: Path) -> None:
    found = sim.sweep(sim.load("textbook/mm1"), {"run.seed": [1, 2]}, replications=1)
    assert found.limits.empty
    assert len(found.pools) == 2


# --- mistakes --------------------------------------------------------------------------------


def problems(base: sim.Scenario, axes: dict) -> list[str]:
    with pytest.raises(sim.ScenarioError) as told:
        sim.sweep(base, axes, progress=lambda *_: pytest.fail("something was run"))
    return [str(problem) for problem in told.value.problems]


def test_every_mistake_in_every_value(base: sim.Scenario) -> None:
    told = problems(
        base, {CLERKS: [1, "two", 3, -4], LIMIT: "1 wd,1 day", "staff.clerk.count": "1..50"}
    )
    assert len(told) == 4
    for each in ("'two'", "-4", "1 day", "no 'clerk' here; did you mean 'clerks'?"):
        assert any(each in line for line in told), each
    assert all(line.startswith("--vary ") for line in told)


def test_every_mistake_in_the_notation(base: sim.Scenario) -> None:
    told = problems(base, {CLERKS: "5..1", LIMIT: "1 wd,,2 wd", "a": [], "b": "1,2,1"})
    assert len(told) == 4
    assert problems(base, {"run.replications": []}) == [
        "--vary run.replications: no value is given"
    ]
    assert problems(base, {}) == ["--vary: nothing is varied: give path=values"]


def test_what_is_wrong_only_together(base: sim.Scenario) -> None:
    """Each date is in a window that begins before it ends: the diagonal has no mistake."""
    first, last = "period.window.from", "period.window.to"
    axes = {first: ["2024-01-08", "2024-02-01"], last: ["2024-01-09", "2024-02-04"]}
    grid = Grid.of(axes)
    for values in grid.every_value():
        assert grid.variant(base, values)
    (told,) = problems(base, axes)
    assert "window" in told


# --- the command -----------------------------------------------------------------------------


def test_the_command_prints_a_matrix(tmp_path: Path) -> None:
    file = write(tmp_path)
    given = ("sweep", file, "--vary", f"{CLERKS}=1..3", "--vary", f"{LIMIT}=1..2 wd", "-n", 80)
    code, out, err = command(*given)
    assert (code, err) == (0, "")
    matrix = [line.split() for line in out.splitlines() if line[:2] in {"1 ", "2 ", "3 "}]
    assert [line[0] for line in matrix] == ["1", "2", "3"]
    assert "✗" in matrix[0]
    assert matrix[2].count("✓") == 2
    assert command(*given, "--lang", "zh")[1].count("✗ 守不住") == 1


def test_the_command_prints_a_list(tmp_path: Path) -> None:
    code, out, _ = command(
        "sweep", write(tmp_path), "--vary", f"{CLERKS}=1..2", "--vary", f"{LIMIT}=1..2 wd",
        "--vary", "limits.same_day.target_share=0.8,0.9", "-n", 2,
    )  # fmt: skip
    assert code == 0
    assert out.count(" wd ") == 8


def test_it_is_written(tmp_path: Path) -> None:
    file, out = write(tmp_path), tmp_path / "out"
    assert command("sweep", file, "--vary", f"{CLERKS}=1,3", "-n", 2, "--out", out)[0] == 0
    limits = pd.read_parquet(out / "limits.parquet")
    assert limits[CLERKS].tolist() == [1, 3]
    pools = pd.read_parquet(out / "pools.parquet")
    assert set(pools["name"]) == {"clerk", "idle"}
    data = json.loads((out / "summary.json").read_text("utf-8"))
    assert data["varied"] == [{"path": CLERKS, "values": [1, 3]}]
    assert data["limits"][1]["at"] == {CLERKS: 3}


def test_the_command_tells_all_mistakes(tmp_path: Path) -> None:
    code, out, err = command(
        "sweep", write(tmp_path), "--vary", CLERKS, "--vary", f"{LIMIT}=3..1",
        "--vary", "a=1", "--vary", "a=2",
    )  # fmt: skip
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 3


def test_an_interruption_shows_what_there_is(tmp_path: Path, monkeypatch) -> None:
    replicate = sim.replications.workers.Task.replicate
    made = []

    def interrupted(task, number):
        made.append(number)
        if len(made) == 4:
            raise KeyboardInterrupt
        return replicate(task, number)

    monkeypatch.setattr("sim.replications.workers.Task.replicate", interrupted)
    given = ("sweep", write(tmp_path), "--vary", f"{CLERKS}=1..3", "-n", 2)
    code, out, err = command(*given, "--store", tmp_path / "store")
    assert code == 130
    assert "1 of 3 combinations are finished" in out
    assert "the same command goes on" in err
