"""Levers: the changes to attribute effects to, and the scenario with any set of them on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sim.measures.attribution import NOBODY, Coalition
from sim.scenario import ALL_OFF, Handling, Problem, Scenario, ScenarioError, nearest, vary
from sim.translation import tr

SWITCHES: Final = tuple(Handling.__annotations__)
"""The switches of `handling`, in the order of the model page."""
ONLY_IN_PARALLEL: Final = frozenset({"handling.pre_review", "handling.joint_meeting"})
"""Paths that act only on case types with matters in parallel; see `in_parallel`."""


@dataclass(frozen=True)
class Lever:
    """A change of the scenario that can be made independently of the other levers."""

    name: str
    """A switch of `handling`, or a named override of the scenario."""
    added: bool
    """Whether the lever is off in today's scenario."""
    paths: frozenset[str]
    """Paths of the values that differ between on and off, keys joined by dots."""
    overrides: tuple[str, ...] = ()
    """Overrides that switch the lever on."""
    settings_on: tuple[str, ...] = ()
    """Settings that switch the lever on."""
    settings_off: tuple[str, ...] = ()
    """Settings that switch the lever off."""

    @property
    def switches(self) -> tuple[str, ...]:
        """The switches of `handling` that the lever changes."""
        return tuple(name for name in SWITCHES if f"handling.{name}" in self.paths)


@dataclass(frozen=True, eq=False)
class LeverSet:
    """The chosen levers, in the order in which they are introduced."""

    today: Scenario
    levers: tuple[Lever, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(lever.name for lever in self.levers)

    def scenario(self, on: Coalition) -> Scenario:
        """Return today's scenario with the levers in `on` switched on, and the others off.

        Raises `ScenarioError`, with the levers that were on, if that scenario lacks something, such
        as a department's own counter.
        """
        overrides = [name for lever in self.levers if lever.name in on for name in lever.overrides]
        settings = [
            setting
            for lever in self.levers
            for setting in (lever.settings_on if lever.name in on else lever.settings_off)
        ]
        if not overrides and not settings:
            return self.today
        try:
            return vary(self.today, overrides=overrides, settings=settings)
        except ScenarioError as error:
            named = ", ".join(name for name in self.names if name in on) or tr("none")
            raise ScenarioError(
                [Problem(tr("with these levers on: {named}", named=named)), *error.problems]
            ) from None

    def effective(self, on: Coalition) -> Coalition:
        """Return the levers in `on` that have what they need.

        Pre-review and joint meetings do nothing unless a case type is handled in parallel. Without
        it they count as off: a game with permission structure (Gilles, Owen and van den Brink
        1992), in which a player who lacks what it needs adds nothing.
        """
        switched_on = self.always_on.union(
            *(lever.switches for lever in self.levers if lever.name in on)
        )
        if switched_on & self.parallel_switches:
            return on
        return on - {lever.name for lever in self.levers if lever.paths <= ONLY_IN_PARALLEL}

    @cached_property
    def parallel_switches(self) -> frozenset[str]:
        """The switches that let some case type be handled in parallel."""
        types = self.today.case_types.values()
        return frozenset(
            "integrated_startup" if case_type.levers == "startup" else "parallel_approval"
            for case_type in types
        )

    @cached_property
    def always_on(self) -> frozenset[str]:
        """The switches that are on even with all levers off; none for serial counters."""
        return frozenset(_switched_on(self.scenario(NOBODY)))


def choose_levers(
    today: Scenario,
    names: Sequence[str] | None = None,
    added: Sequence[str] = (),
    order: Sequence[str] | None = None,
) -> LeverSet:
    """Choose the levers in `names` (default: every switch that acts today) and in `added`.

    They are introduced in `order`; default: that of the model page, other changes last. Raises
    `ScenarioError` if a name is unknown; if a lever changes nothing, changes what another changes,
    or lacks what it needs even with all others on; if `order` does not name each of them once.
    """
    chosen = (_default(today) if names is None else tuple(names)) + tuple(added)
    if not chosen:
        rule = tr("no lever is on in this scenario: name some that are to be added")
        raise ScenarioError([Problem(rule, today.provenance.origin, key="handling")])
    _only_once("levers", chosen)
    levers = [_lever(today, name) for name in chosen]
    if problems := list(_conflicts(levers)):
        raise ScenarioError(problems)
    lever_set = LeverSet(today, _ordered(levers, order))
    if idle := set(chosen) - lever_set.effective(frozenset(chosen)):
        needed = tr(" or ").join(sorted(lever_set.parallel_switches))
        rule = tr("does nothing without {needed}, which is off: add that, too", needed=needed)
        raise ScenarioError([Problem(rule, "levers", key=name) for name in sorted(idle)])
    return lever_set


def _default(today: Scenario) -> tuple[str, ...]:
    on = _switched_on(today)
    everything = LeverSet(today, tuple(_of_today(name) for name in on))
    return tuple(name for name in on if name in everything.effective(frozenset(on)))


def _switched_on(scenario: Scenario) -> list[str]:
    return [name for name in SWITCHES if getattr(scenario.handling, name) != getattr(ALL_OFF, name)]


def _of_today(name: str) -> Lever:
    off = f"handling.{name}={json.dumps(getattr(ALL_OFF, name))}"
    return Lever(name, added=False, paths=frozenset({f"handling.{name}"}), settings_off=(off,))


def _lever(today: Scenario, name: str) -> Lever:
    if name in _switched_on(today):
        return _of_today(name)
    offered = today.provenance.overrides
    if name in offered:
        paths = _changed_paths(today, vary(today, overrides=[name]))
        if not paths:
            raise ScenarioError([Problem(tr("changes nothing: is on already"), "levers", key=name)])
        return Lever(name, added=True, paths=paths, overrides=(name,))
    if name not in SWITCHES:
        rule = tr("no lever of this name{hint}", hint=nearest(name, {*SWITCHES, *offered}))
        raise ScenarioError([Problem(rule, "levers", key=name)])
    if not isinstance(getattr(ALL_OFF, name), bool):
        rule = tr("is off today, and how far it is to go is open: name an override that sets it")
        raise ScenarioError([Problem(rule, "levers", key=name)])
    path = frozenset({f"handling.{name}"})
    return Lever(name, added=True, paths=path, settings_on=(f"handling.{name}=true",))


def _changed_paths(before: Scenario, after: Scenario) -> frozenset[str]:
    old, new = (dict(_leaves(scenario.model_dump(mode="json"))) for scenario in (before, after))
    texts = ("name.", "about.")
    return frozenset(
        path
        for path in old.keys() | new.keys()
        if old.get(path, _leaves) != new.get(path, _leaves) and not path.startswith(texts)
    )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _conflicts(levers: Sequence[Lever]) -> Iterator[Problem]:
    for number, lever in enumerate(levers):
        for other in levers[:number]:
            if both := sorted(lever.paths & other.paths):
                rule = tr(
                    "changes {both}, as '{name}' does: take one of them",
                    both=both[0],
                    name=other.name,
                )
                yield Problem(rule, "levers", key=lever.name)


def _ordered(levers: Sequence[Lever], order: Sequence[str] | None) -> tuple[Lever, ...]:
    if order is None:
        last = len(SWITCHES)
        places = {lever: min(map(SWITCHES.index, lever.switches), default=last) for lever in levers}
        return tuple(sorted(levers, key=places.__getitem__))
    _only_once("order", order)
    known = {lever.name: lever for lever in levers}
    unknown = [name for name in order if name not in known]
    wrong = {
        name: tr("is not among the levers{hint}", hint=nearest(name, known)) for name in unknown
    }
    wrong |= {name: tr("is missing") for name in known if name not in order}
    if wrong:
        raise ScenarioError([Problem(rule, "order", key=name) for name, rule in wrong.items()])
    return tuple(known[name] for name in order)


def _only_once(where: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError([Problem(tr("is named twice"), where, key=name) for name in twice])
