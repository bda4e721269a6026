"""What each response of an office is worth: python -m docs.generate.responses -n 200 --long 2000.

Every variant of `yingkou/responds` runs on the same random numbers, so that a bad year of `base`
and the same year with a response can be compared; the one with all responses runs `--long` years,
since its bad years are rare. It takes minutes, so `docs.build` does not do it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import sim
from sim.arrays import Floats
from sim.measures.shares import clopper_pearson
from sim.report.drawing.axes import axes_on, figure_of
from sim.report.drawing.style import GREY, LINES, SERIES, style
from sim.report.drawing.svg import to_svg
from sim.report.numbers import percent, percent_range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE: Final = Path(__file__).parents[1] / "explanation" / "responses.md"
BEGIN, END = "<!-- measured -->", "<!-- measured so far -->"
FIGURE: Final = Path(__file__).parents[1] / "_static" / "responses.svg"
SCENARIO, LIMIT, BAD, CONFIDENCE = "yingkou/responds", "project_30", 0.8, 0.95

VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "none: `base`": (),
    "`due_first`": ("due_first",),
    "`leaders`": ("leaders",),
    "`help`": ("help",),
    "`overtime`": ("overtime",),
    "`all` four": ("all",),
}
"""Row of the table → overrides that are switched on."""
ALL: Final = "`all` four"
RARE: Final = 1 / 200
"""Most bad years that an office which responds should have."""


@dataclass(frozen=True)
class Measured:
    """N years of one variant."""

    name: str
    shares: Floats
    """[N] share of each year's projects that keep the limit."""
    overtime_h: float
    overtime_most_h: float
    """In any year; sums over pools of their largest, so no year has more."""
    help_h: float

    @property
    def bad(self) -> np.ndarray:
        """[N] whether the year is bad."""
        return self.shares < BAD


def measured(name: str, years: int) -> Measured:
    """Return a variant in so many years; the same for all."""
    result = sim.run(
        sim.load(SCENARIO, overrides=list(VARIANTS[name])),
        replications=years,
        seed=1,
        keep="limits",
    )
    of_years = result.years[result.years["limit"] == LIMIT]
    spent = result.rows("response")
    return Measured(
        name=name,
        shares=of_years["on_time_share"].to_numpy(),
        overtime_h=sum(pool.overtime_h for pool in spent),
        overtime_most_h=sum(pool.overtime_most_h for pool in spent),
        help_h=sum(pool.help_h for pool in spent),
    )


def share(count: int, n: int) -> str:
    """Return a share with its exact interval, in per cent."""
    if n == 0:
        return "–"
    low, high = clopper_pearson(count / n, n, CONFIDENCE)
    return f"{percent(count / n)} ({percent_range(low, high)})"


def found(variants: Sequence[Measured], long: Measured) -> str:
    """Return what was found, as a table and a sentence."""
    base, years = variants[0], len(variants[0].shares)
    bad = int(base.bad.sum())
    headings = (
        "on",
        "bad years",
        "of the bad years of `base`, good now",
        "good there, bad now",
        "worst year",
        "one in twenty is below",
        "mean",
        "overtime a year (most)",
        "help a year",
    )
    rows = [headings, ("---",) * 3 + ("---:",) * 6]
    for one in variants:
        removed, added = int(np.sum(base.bad & ~one.bad)), int(np.sum(one.bad & ~base.bad))
        against_base = ("", "") if one is base else (share(removed, bad), f"{added}")
        rows.append(
            (
                one.name,
                share(int(one.bad.sum()), years),
                *against_base,
                percent(one.shares.min()),
                percent(float(np.quantile(one.shares, 0.05))),
                percent(one.shares.mean(), 2),
                f"{one.overtime_h:,.0f} h ({one.overtime_most_h:,.0f} h)",
                f"{one.help_h:,.0f} h",
            )
        )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    call = f"python -m docs.generate.responses -n {years} --long {len(long.shares)}"
    made = f"Written by `{call}`: {years} years of each."
    return f"{made}\n\n{table}\n\n{verdict(long)}"


def verdict(every: Measured) -> str:
    """Return in a sentence whether an office that responds has a bad year in 200 at most."""
    years, bad = len(every.shares), int(every.bad.sum())
    low, high = clopper_pearson(bad / years, years, CONFIDENCE)
    count = f"{bad} of {years:,} years {'is' if bad == 1 else 'are'} bad"
    told = f"With all four, {count}: {percent(bad / years, 2)} ({percent(low, 2)} – "
    told += f"{percent(high, 2)} at 95 %)"
    if high <= RARE:
        return f"{told}, no more than one year in 200."
    if low > RARE:
        return f"{told}, more than one year in 200: these responses do not suffice."
    return f"{told}. Whether that is no more than one year in 200 takes more years to prove."


@style()
def draw(variants: Sequence[Measured]) -> Figure:
    """Draw for each variant how many years have so low a share, or a lower one."""
    axes = axes_on(None, 8.0)
    for number, one in enumerate(variants):
        shares = np.sort(one.shares)
        part = np.arange(1, len(shares) + 1) / len(shares)
        line: dict[str, Any] = {"color": SERIES[number], "linestyle": LINES[number % len(LINES)]}
        axes.step(100 * shares, 100 * part, where="post", label=one.name.replace("`", ""), **line)
    axes.axvline(100 * BAD, color=GREY, linewidth=0.8)
    axes.axhline(100 * RARE, color=GREY, linewidth=0.8)
    axes.set_yscale("log")
    axes.set_xlabel("On-time share of the year, %")
    axes.set_ylabel("Years with this share or a lower one, %")
    axes.legend(frameon=False)
    return figure_of(axes)


def main() -> None:
    """Measure, and write into the page what was found."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate.responses", description=__doc__)
    parser.add_argument("-n", "--replications", type=int, default=200)
    parser.add_argument("--long", type=int, default=2000, help="years with all four responses")
    asked = parser.parse_args()
    variants = [measured(name, asked.replications) for name in VARIANTS]
    now = found(variants, measured(ALL, asked.long))
    FIGURE.write_text(to_svg(draw(variants), "responses"), encoding="utf-8")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{now}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
