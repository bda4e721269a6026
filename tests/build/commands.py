"""Commands as a user gives them, and a small office to give them."""

from pathlib import Path

from typer.testing import CliRunner

from sim.cli import app

SMALL = """
name: {en: A small office, zh: 小窗口}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: COUNT, hours: day}}
case_types:
  paper:
    arrivals: {yearly: {volume: 2500}}
    steps: {handle: {pool: clerk, work: {exponential: 45 min}}}
limits:
  same_day: {case_type: paper, limit: 1 wd, clock: gross_span, target_share: 0.9}
"""


def write_small(folder: Path, count: int) -> Path:
    file = folder / f"small{count}.yaml"
    file.write_text(SMALL.replace("COUNT", str(count)), encoding="utf-8")
    return file


def command(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr
