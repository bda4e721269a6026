"""Pools by number: one for each pool, or one for each value of the attribute it exists per."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario import Scenario, values_of


@dataclass(frozen=True)
class PoolTable:
    """All pools of a scenario in alphabetical order; P pools."""

    names: tuple[str, ...]
    """[P] `window`, or `window[kaifaqu]` for a pool that exists per zone."""
    declared: tuple[str, ...]
    """[P] the key under `pools` that each comes from."""
    values: tuple[str | None, ...]
    """[P] the attribute value it is for, or None."""

    def numbers(self, pool: str) -> list[int]:
        """Return the numbers of a declared pool: one, or one for each value."""
        return [number for number, name in enumerate(self.declared) if name == pool]

    def of_value(self, pool: str, value: str) -> int:
        """Return the number of a declared pool for an attribute value."""
        return next(n for n in self.numbers(pool) if self.values[n] == value)


def pool_table(scenario: Scenario) -> PoolTable:
    """Give every pool its number."""
    rows: list[tuple[str, str, str | None]] = []
    for name in sorted(scenario.pools):
        per = scenario.pools[name].per
        if per is None:
            rows.append((name, name, None))
        else:
            rows += [(f"{name}[{value}]", name, value) for value in values_of(scenario, per)]
    names, declared, values = zip(*rows, strict=True) if rows else ((), (), ())
    return PoolTable(tuple(names), tuple(declared), tuple(values))
