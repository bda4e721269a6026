"""What each response of an office is worth: python -m docs.generate.responses -n 400.

Every variant of `yingkou/responds` runs on the same random numbers, so that a bad year of `base`
and the same year with a response can be compared. It takes minutes, so `docs.build` does not do it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

import sim
from sim.arrays import Floats
from sim.measures.shares import clopper_pearson

PAGE: Final = Path(__file__).parents[1] / "explanation" / "responses.md"
BEGIN, END = "<!-- measured -->", "<!-- measured so far -->"
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


def measured(replications: int) -> Iterator[Measured]:
    """Yield every variant, measured on the same years."""
    for name, overrides in VARIANTS.items():
        result = sim.run(
            sim.load(SCENARIO, overrides=list(overrides)),
            replications=replications,
            seed=1,
            keep="limits",
        )
        years = result.years[result.years["limit"] == LIMIT]
        spent = result.rows("response")
        yield Measured(
            name=name,
            shares=years["on_time_share"].to_numpy(),
            overtime_h=sum(pool.overtime_h for pool in spent),
            overtime_most_h=sum(pool.overtime_most_h for pool in spent),
            help_h=sum(pool.help_h for pool in spent),
        )


def share(count: int, n: int) -> str:
    """Return a share with its exact interval, in per cent."""
    if n == 0:
        return "–"
    low, high = clopper_pearson(count / n, n, CONFIDENCE)
    return f"{count / n:.1%} ({low:.1%} – {high:.1%})"


def found(variants: Sequence[Measured]) -> str:
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
                f"{one.shares.min():.1%}",
                f"{np.quantile(one.shares, 0.05):.1%}",
                f"{one.shares.mean():.2%}",
                f"{one.overtime_h:,.0f} h ({one.overtime_most_h:,.0f} h)",
                f"{one.help_h:,.0f} h",
            )
        )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    made = f"Written by `python -m docs.generate.responses -n {years}`: {years} years of each."
    return f"{made}\n\n{table}\n\n{verdict(variants)}"


def verdict(variants: Sequence[Measured]) -> str:
    """Return in a sentence whether an office that responds has a bad year in 200 at most."""
    every = next(one for one in variants if one.name == "`all` four")
    years, bad = len(every.shares), int(every.bad.sum())
    _, high = clopper_pearson(bad / years, years, CONFIDENCE)
    count = f"{bad} of {years} years {'is' if bad == 1 else 'are'} bad"
    found = f"{count}, so the probability is {high:.1%} at most"
    if high <= 1 / 200:
        return f"With all four, {found}: no more than one year in 200."
    return (
        f"With all four, {found} (at 95 %). That is not proof of one bad year in 200, which takes "
        f"{'about 740 years without a bad one' if bad == 0 else 'fewer bad years than these'}."
    )


def main() -> None:
    """Measure, and write into the page what was found."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate.responses", description=__doc__)
    parser.add_argument("-n", "--replications", type=int, default=400)
    now = found(list(measured(parser.parse_args().replications)))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{now}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
