"""Pools by number: one for each pool, or one for each value of the attribute it exists per."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sim.scenario import Scenario, values_of


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool with a number of its own."""

    declared: str
    """The key under `pools` that it comes from."""
    value: str | None = None
    """The attribute value that it is for; None: for all."""

    @property
    def name(self) -> str:
        """`window`, or `window[kaifaqu]` for a pool that exists per zone."""
        return self.declared if self.value is None else f"{self.declared}[{self.value}]"


@dataclass(frozen=True)
class PoolTable:
    """All pools of a scenario in alphabetical order; P pools."""

    pools: tuple[Pool, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """[P] the name of each."""
        return tuple(pool.name for pool in self.pools)

    @cached_property
    def by_name(self) -> dict[str, Pool]:
        """Name → pool."""
        return dict(zip(self.names, self.pools, strict=True))

    def numbers(self, declared: str) -> list[int]:
        """Return the numbers of a declared pool: one, or one for each value."""
        return [number for number, pool in enumerate(self.pools) if pool.declared == declared]

    def of_value(self, declared: str, value: str) -> int:
        """Return the number of a declared pool for an attribute value."""
        return self.pools.index(Pool(declared, value))


def pool_table(scenario: Scenario) -> PoolTable:
    """Give every pool its number."""
    pools: list[Pool] = []
    for name in sorted(scenario.pools):
        per = scenario.pools[name].per
        values = [None] if per is None else values_of(scenario, per)
        pools += [Pool(name, value) for value in values]
    return PoolTable(tuple(pools))
