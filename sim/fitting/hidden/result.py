"""What was inferred: values with their ranges, and what the checks say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.fitting.durations import Family
from sim.fitting.fitted import Remark
from sim.fitting.hidden.simulated import WAY_CV
from sim.fitting.measured import Measured, assumed, rounded
from sim.fitting.work import Work

ODD: Final = 0.025
"""Share of simulations below which the records do not look like one of them."""
WIDE: Final = "the records hardly narrow it down"


@dataclass(frozen=True)
class Estimate:
    """One inferred value."""

    value: float
    """The median of the posterior."""
    low: float
    high: float
    told: bool
    """The records narrow it down; else the range is about that of the prior."""

    def times(self, factor: float) -> Estimate:
        """Return it in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor, self.told)


@dataclass(frozen=True, eq=False)
class Inferred:
    """What was inferred of the tasks of some pools."""

    pools: tuple[str, ...]
    mean: Mapping[int, Estimate]
    """Task → mean in hours of effective time."""
    cv: Mapping[int, Estimate]
    """Task → coefficient of variation."""
    officers: Mapping[str, Estimate]
    """Roster group of which no officer is recorded → how many officers there may be."""
    way: Mapping[int, Estimate]
    """Number of a course whose transfer no stamp shows → its mean, in working days."""
    stretches: int
    """Stretches that ended by then."""
    simulations: int
    coverage: float
    """Share of the ranges of simulations with known parameters that held them, before widening."""
    misfit: float
    """Share of simulations at the posterior that lie as far from the others as the records do."""

    @property
    def fits(self) -> bool:
        """Whether the records look like a simulation; else nothing of it is used."""
        return self.misfit > ODD

    def written(self, task: int) -> dict[str, Any]:
        """Return the distribution of a task as a scenario has it."""
        mean, cv = self.mean[task], self.cv[task]
        family = Family(
            "lognormal", mean.value, cv.value, (mean.low, mean.high), (cv.low, cv.high),
            self.stretches, 0, float("nan"), float("nan"),
        )  # fmt: skip
        unit, family = ("h", family) if mean.value >= 2 else ("min", family.scaled(60))
        ((name, values),) = family.written(unit, how="simulated").items()
        return {name: {
            key: value if told else assumed(value.value, value.low, value.high, WIDE)
            for (key, value), told in zip(values.items(), (mean.told, cv.told), strict=True)
        }}  # fmt: skip

    def transfer(self, course: int) -> dict[str, Any]:
        """Return the transfer of a course as a scenario has it."""
        one = self.way[course]
        mean = Measured(
            f"{rounded(one.value)} wd", f"{rounded(one.low)} wd", f"{rounded(one.high)} wd",
            self.stretches, "simulated",
        )  # fmt: skip
        if not one.told:
            mean = assumed(mean.value, mean.low, mean.high, WIDE)
        return {"lognormal": {"mean": mean, "cv": assumed(WAY_CV)}}

    def count(self, group: str) -> Measured:
        """Return the number of officers of a roster group, of which the work is one part.

        It has no range: another number goes with other work.
        """
        one = self.officers[group]
        note = (
            f"no officer is recorded; {one.low:.0f} to {one.high:.0f} with other work each would "
            "leave much the same stamps"
        )
        how = "simulated" if one.told else "assumed"
        return Measured(int(one.value), n=self.stretches, how=how, note=note)


def remarks_on(inferred: Inferred, work: Work) -> Iterator[Remark]:
    """Yield what a reader should know of what was inferred."""
    pools = ", ".join(inferred.pools)
    if not inferred.fits:
        yield Remark("misfit", pools, inferred.misfit)
        return
    yield Remark("inferred", pools, inferred.coverage)
    for group, one in inferred.officers.items():
        yield Remark("count_unsure", f"{group}: {one.low:.0f}–{one.high:.0f}", one.value)
    for task, mean in inferred.mean.items():
        name = f"{work.tasks[task].key[-1]}/{work.tasks[task].role}"
        if not mean.told:
            yield Remark("cannot_tell", name)
        elif not inferred.cv[task].told:
            yield Remark("spread_untold", name)
