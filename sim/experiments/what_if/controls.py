"""What can be set in a scenario: load, staff, levers, limits, and every number with a range."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sim.experiments.reforms.levers import SWITCHES
from sim.scenario import Duration, Factor, Handling, Scenario, factors_of
from sim.scenario.mistakes.idle_levers import idle_levers
from sim.translation import tr

Group: TypeAlias = Literal["load", "staff", "handling", "limits", "other"]
Value: TypeAlias = float | bool | str

GROUPS: Final[tuple[Group, ...]] = ("load", "staff", "handling", "limits", "other")
"""The groups, the most important first."""
LOADS: Final = (0.5, 2.0)
"""Range of the load of a case type, as of `sim.load_curve`: from half to twice its arrivals."""
MOST_STAFF: Final = 6
"""Roster groups that are shown at first, the busiest; the others can be added."""
SHARES: Final = (0.5, 0.99)
"""Range of the share of cases that must keep a limit."""
STEPS: Final = (20, 200)
"""Fewest and most steps of a slider over numbers that are not whole."""


@dataclass(frozen=True)
class Control:
    """A value that can be set; `settings` gives what it means in the scenario."""

    key: str
    """Path of the value, as in ``--set``; no two controls have the same."""
    group: Group
    start: Value
    """The value in the scenario."""


@dataclass(frozen=True)
class Number(Control):
    """A number between two ends."""

    low: float
    high: float
    step: float
    whole: bool
    unit: str | None = None
    """Unit of a duration; ``x`` for a factor; None for a plain number."""
    paths: tuple[tuple[str, float], ...] = ()
    """Paths that get the number, each with the factor in front of it."""
    factor: Factor | None = None
    """The input with a range, if it is one."""

    def settings(self, value: Value) -> dict[str, Any]:
        """Return path → value, as for `sim.vary`."""
        number = float(f"{value:.12g}")  # sliders add up steps
        if self.factor is not None:
            return dict([self.factor.change(number)])
        return {path: self._plain(by * number) for path, by in self.paths}

    def _plain(self, number: float) -> int | float | str:
        if self.unit not in {None, "x"}:
            return f"{number:g} {self.unit}"
        return round(number) if self.whole else float(f"{number:.12g}")


@dataclass(frozen=True)
class Switch(Control):
    """A lever that is on or off."""

    def settings(self, value: Value) -> dict[str, Any]:
        """Return path → value, as for `sim.vary`."""
        return {self.key: bool(value)}


@dataclass(frozen=True)
class Choice(Control):
    """One of several words."""

    choices: tuple[str, ...]

    def settings(self, value: Value) -> dict[str, Any]:
        """Return path → value, as for `sim.vary`."""
        return {self.key: value}


AnyControl: TypeAlias = Number | Switch | Choice


@dataclass(frozen=True)
class Panel:
    """All controls of a scenario."""

    shown: tuple[AnyControl, ...]
    """Those that are there at first, by `GROUPS`; within a group the most important first."""
    more: tuple[AnyControl, ...]
    """Those that can be added: further staff, and every other number with a range."""

    def __getitem__(self, key: str) -> AnyControl:
        return self.by_key[key]

    @property
    def by_key(self) -> Mapping[str, AnyControl]:
        """Key → control."""
        return {control.key: control for control in (*self.shown, *self.more)}


def panel_of(scenario: Scenario, busy: Mapping[str, float]) -> Panel:
    """Return the controls of a scenario.

    A number has the ends of its range in the scenario. Without one, a load reaches over `LOADS`,
    the share that must keep a limit over `SHARES`, officers and days from 1 to twice what they are.

    Parameters
    ----------
    busy
        Pool → utilisation: the roster groups with the busiest pools come first.
    """
    ranged = {factor.path: factor for factor in factors_of(scenario)}
    staff = sorted(
        _staff(scenario, ranged), key=lambda team: -_busy(scenario, team[0], team[1], busy)
    )
    teams = [control for *_, control in staff]
    shown = [*_loads(scenario), *teams[:MOST_STAFF], *_levers(scenario, ranged)]
    shown += _limits(scenario, ranged)
    keys = {control.key for control in (*shown, *teams)}
    others = [_ranged(factor, "other") for path, factor in ranged.items() if path not in keys]
    return Panel(tuple(shown), (*teams[MOST_STAFF:], *others))


def _busy(scenario: Scenario, group: str, value: str, busy: Mapping[str, float]) -> float:
    """Return the utilisation of the busiest pool that a team serves."""
    served = scenario.staff[group].serves
    own = {f"{pool}[{value}]" for pool in served} | {*served}
    names = (name if value else name.partition("[")[0] for name in busy)
    return max(
        (load for name, load in zip(names, busy.values(), strict=True) if name in own), default=0.0
    )


def _loads(scenario: Scenario) -> Iterator[Number]:
    for name, spec in scenario.case_types.items():
        more = {f"more_arrivals.{extra}": flow for extra, flow in spec.more_arrivals.items()}
        flows = {"arrivals": spec.arrivals, **more}
        paths = {f"case_types.{name}.{at}.factor": flow.factor for at, flow in flows.items()}
        # a list or a log can be thinned, not multiplied
        most = min(1 / f.factor if f.at or f.replay else LOADS[1] for f in flows.values())
        high = max(1.0, min(LOADS[1], most))
        key = f"case_types.{name}.arrivals.factor"
        yield Number(key, "load", 1.0, LOADS[0], high, 0.05, False, "x", tuple(paths.items()))


def _staff(scenario: Scenario, ranged: Mapping[str, Factor]) -> Iterator[tuple[str, str, Number]]:
    """Yield roster group, value of an attribute ("": none) and control of every team."""
    for name, spec in scenario.staff.items():
        counts = spec.count if isinstance(spec.count, Mapping) else {"": spec.count}
        for value, count in counts.items():
            key = f"staff.{name}.count{'.' if value else ''}{value}"
            yield name, value, _count(key, "staff", count, None, ranged)


def _levers(scenario: Scenario, ranged: Mapping[str, Factor]) -> Iterator[AnyControl]:
    """Yield the levers that act on something, were all others on."""
    for name in _acting(scenario):
        key, value = f"handling.{name}", getattr(scenario.handling, name)
        if isinstance(value, bool):
            yield Switch(key, "handling", value)
        elif isinstance(value, float):
            known = ranged.get(key)
            whole = Number(key, "handling", value, 0.0, 1.0, 0.05, False, None, ((key, 1.0),))
            yield whole if known is None else _ranged(known, "handling")
    forms = {
        form
        for case_type in scenario.case_types.values()
        for matter in case_type.matters.values()
        for form in matter.delegation
    }
    if forms:
        form = scenario.handling.delegation
        yield Choice(
            "handling.delegation", "handling", form, ("none", *sorted({*forms} - {"none"}))
        )


def _acting(scenario: Scenario) -> Iterator[str]:
    on = {name: True for name in SWITCHES if isinstance(getattr(scenario.handling, name), bool)}
    everything = scenario.handling.model_copy(update={**on, "online_share": 1.0})
    idle = {of.lever for of in idle_levers(scenario.model_copy(update={"handling": everything}))}
    kinds = {spec.levers for spec in scenario.case_types.values() if spec.matters}
    needs = {
        "integrated_startup": "startup",
        "one_window": "project",
        "parallel_approval": "project",
    }
    for name in Handling.model_fields:
        acts = name in SWITCHES and name != "delegation" and name not in idle
        if acts and (name not in needs or needs[name] in kinds):
            yield name


def _limits(scenario: Scenario, ranged: Mapping[str, Factor]) -> Iterator[Number]:
    for name, limit in scenario.limits.items():
        key = f"limits.{name}.limit"
        yield _count(key, "limits", limit.limit.value, limit.limit.unit, ranged)
    for name, limit in scenario.limits.items():
        key, share = f"limits.{name}.target_share", limit.target_share
        if key in ranged:
            yield _ranged(ranged[key], "limits")
        else:
            low, high = min(SHARES[0], share), max(SHARES[1], share)
            yield Number(key, "limits", share, low, high, 0.01, False, None, ((key, 1.0),))


def _count(
    key: str, group: Group, value: float, unit: str | None, ranged: Mapping[str, Factor]
) -> Number:
    """Return the control of officers or days: over its range, else from 1 to twice the value."""
    if key in ranged:
        return _ranged(ranged[key], group)
    whole = float(value).is_integer() and unit in {None, "wd", "cd"}
    least = 1.0 if value >= 1 else 0.0 if unit is None else value / 2
    high = max(2.0 * value, value + 2 if unit is None else value)
    step = 1.0 if whole else step_over(least, value, high)
    return Number(key, group, value, least, high, step, whole, unit, ((key, 1.0),))


def _ranged(factor: Factor, group: Group) -> Number:
    value, low, high = factor.value, factor.low, factor.high
    whole = factor.whole and high - low <= STEPS[1]
    step = 1.0 if whole else step_over(low, value, high, least=1.0 if factor.whole else 0.0)
    unit = "shape" if factor.kind == "shape" else factor.unit
    return Number(factor.path, group, value, low, high, step, factor.whole, unit, (), factor)


def step_over(low: float, value: float, high: float, least: float = 0.0) -> float:
    """Return a round step on which the ends and the value lie, if there is one; not below `least`.

    It is the largest of 1, 2 and 5 times a power of ten with at least `STEPS[0]` steps.
    """
    span = high - low
    power = math.floor(math.log10(span))
    sizes = [float(f"{by}e{at}") for at in (power, power - 1, power - 2) for by in (5, 2, 1)]
    for size in sizes:
        parts = ((value - low) / size, span / size)
        on_grid = all(abs(part - round(part)) < 1e-6 for part in parts)
        if max(least, span / STEPS[1]) <= size <= span / STEPS[0] and on_grid:
            return size
    return max(least, span / STEPS[1])


def beside(control: AnyControl, value: Value) -> tuple[Value, ...]:
    """Return the values one step away: what a control is likely to be moved to next."""
    if isinstance(control, Switch):
        return (not value,)
    if isinstance(control, Choice):
        return ()
    near = (float(value) - control.step, float(value) + control.step)
    return tuple(each for each in near if control.low - 1e-9 <= each <= control.high + 1e-9)


def changed(control: AnyControl, value: Value) -> bool:
    """Whether a value is another than that of the scenario."""
    if isinstance(control, Number):
        return not math.isclose(float(value), float(control.start), rel_tol=1e-9, abs_tol=1e-9)
    return value != control.start


def settings_of(panel: Panel, values: Mapping[str, Value]) -> dict[str, Any]:
    """Return path → value of all controls with another value than in the scenario.

    Parameters
    ----------
    values
        Key of a control → value.
    """
    changes = (
        panel[key].settings(value) for key, value in values.items() if changed(panel[key], value)
    )
    return dict(itertools.chain.from_iterable(one.items() for one in changes))


def value_of(control: AnyControl, written: object) -> Value:
    """Return a value for a control; a duration may be written with its unit, such as ``25 wd``.

    `ValueError` if the control cannot take it.
    """
    value = written
    if isinstance(control, Number) and isinstance(written, str) and control.unit is not None:
        with suppress(ValueError):
            duration = Duration.parse(written)
            value = duration.value if duration.unit == control.unit else written
    if isinstance(control, Number):
        told = tr("a number from {low:g} to {high:g}", low=control.low, high=control.high)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and control.low <= float(value) <= control.high:  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
    elif isinstance(control, Switch):
        told = tr("True or False")
        if isinstance(value, bool):
            return value
    else:
        told = ", ".join(control.choices)
        if value in control.choices:
            return str(value)
    rule = tr("{key}: {value!r}: must be {told}", key=control.key, value=written, told=told)
    raise ValueError(rule)
