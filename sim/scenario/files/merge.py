"""Laying one tree over another: a file over what it extends, an override or a setting over both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.errors import Problem, ScenarioError, shorten
from sim.scenario.files.own_matters import follow_matters
from sim.scenario.files.reading import MAX_VALUES
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.arrivals import SHARES_TOLERANCE
from sim.scenario.schema.distributions import KINDS
from sim.translation import tr

CHOICES: Final = (
    frozenset(KINDS),
    frozenset({"yearly", "every", "at", "replay"}),
    frozenset({"always", "week", "intervals"}),
    frozenset({"file", "records", "generate"}),
)
"""Groups of alternative keys: kinds of distributions, arrivals, hours, backlogs."""


def merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: mappings merge key by key, everything else is replaced.

    A mapping of another kind (a gamma over a lognormal) replaces the whole mapping below. New
    values of an attribute replace the old ones if the new shares alone add up to 1.

    A null over a key stays in the tree; `without_nulls` removes the key later. When a matter comes
    or goes, lists from below follow (`sim.scenario.files.own_matters`).
    """
    merged = Tree(
        base.value,
        dict(base.places),
        dict(base.annotations),
        [*base.problems, *over.problems],
        base.folders | over.folders,
        base.kept | over.kept,
        removed={*base.removed, *over.removed},
        added={*base.added, *over.added},
        remarks=[*base.remarks, *over.remarks],
    )
    laid = _Laid(merged, over)
    merged.value = laid.over_value(base.value, over.value, ())
    laid.take_facts()
    follow_matters(merged, base, over)
    return merged


class _Laid:
    """A tree while another is laid over it: which facts of both stay is settled at the end."""

    def __init__(self, target: Tree, over: Tree) -> None:
        self.target, self.over = target, over
        self._forgotten: set[KeyPath] = set()
        """Paths at and below which nothing from below stays."""
        self._moved: set[KeyPath] = set()
        """Paths at and below which everything comes from above."""

    def over_value(self, base: Any, value: Any, path: KeyPath) -> Any:
        """Return a value laid over the one below."""
        if isinstance(value, Mapping):
            if isinstance(base, Mapping) and not _another_choice(base, value):
                return self._mapping(base, value, path)
            if isinstance(base, list) and _is_position(value):
                ((index, child),) = value.items()
                elements = list(base)
                elements[index] = self.over_value(base[index], child, (*path, index))
                return elements
        self._forgotten.add(path)
        self._moved.add(path)
        return value

    def _mapping(
        self, base: Mapping[Any, Any], value: Mapping[Any, Any], path: KeyPath
    ) -> dict[Any, Any]:
        if path and path in self.over.places:
            self.target.places[path] = self.over.places[path]
        if _other_values(base, value):
            self._forgotten |= {(*path, key) for key in ("shares", "labels", "sites")}
            base = {k: child for k, child in base.items() if k in {"label", "source", "note"}}
        result = dict(base)
        for key, child in value.items():
            here = (*path, key)
            if key in base:
                if child is None:
                    self.target.removed.add(here)
                result[key] = self.over_value(base[key], child, here)
            else:
                result[key] = child
                self.target.added.add(here)
                self._moved.add(here)
        return result

    def take_facts(self) -> None:
        """Drop what is forgotten, and take what has moved: in one pass over all of them."""
        target, over = self.target, self.over
        target.places = {
            **{at: one for at, one in target.places.items() if not _within(at, self._forgotten)},
            **{at: one for at, one in over.places.items() if _within(at, self._moved)},
        }
        target.annotations = {
            **{p: a for p, a in target.annotations.items() if not _within(p, self._forgotten)},
            **{p: a for p, a in over.annotations.items() if _within(p, self._moved)},
        }


def _within(path: KeyPath, roots: set[KeyPath]) -> bool:
    """Tell whether a path is one of these, or lies below one."""
    return any(path[:length] in roots for length in range(len(path) + 1))


def _other_values(base: Mapping[Any, Any], value: Mapping[Any, Any]) -> bool:
    """Whether `value` gives an attribute new values with shares that add up to 1."""
    old, new = base.get("shares"), value.get("shares")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old.keys() == new.keys():
        return False
    numbers = [share for share in new.values() if isinstance(share, int | float)]
    return len(numbers) == len(new) and abs(sum(numbers) - 1) <= SHARES_TOLERANCE


def _another_choice(base: Mapping[Any, Any], value: Mapping[Any, Any]) -> bool:
    """Whether `value` chooses another of the alternatives in `CHOICES` than `base`."""
    return any(
        (old := choice.intersection(base)) and (new := choice.intersection(value)) and old != new
        for choice in CHOICES
    )


def _is_position(value: Mapping[Any, Any]) -> bool:
    """Whether `value` changes one element of a list (see `into`); keys of a file are text."""
    return len(value) == 1 and isinstance(next(iter(value)), int)


def into(base: Tree, path: tuple[str, ...], said_in: str) -> KeyPath:
    """Return the path for `merge`, with the positions of list elements as numbers.

    Raise `ScenarioError` if the path leads into a single value or beyond the end of a list.
    """
    reached: KeyPath = ()
    here = base.value
    for key in path:
        if isinstance(here, list):
            if not (key.isdecimal() and int(key) < len(here)):
                rule = tr(
                    "'{reached}' is a list of {count}; give a position from 0",
                    reached=dotted(reached),
                    count=len(here),
                )
                raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(key))])
            reached = (*reached, int(key))
            here = here[int(key)]
        elif here is None or isinstance(here, Mapping):
            reached = (*reached, key)
            here = (here or {}).get(key)
        else:
            rule = tr(
                "'{reached}' is a single value; there is nothing inside it to change",
                reached=dotted(reached),
            )
            raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(here))])
    return reached


def without_nulls(value: Any) -> Any:
    """Return the value without the keys that are null, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [without_nulls(child) for child in value]
    return value


def apply_matter_defaults(tree: Tree) -> None:
    """Lay each matter of the tree over the `matter_defaults` of its case type."""
    types = tree.value.get("case_types")
    for name, case_type in types.items() if isinstance(types, Mapping) else ():
        known = case_type if isinstance(case_type, Mapping) else {}
        defaults, matters = known.get("matter_defaults"), known.get("matters")
        if isinstance(defaults, Mapping) and isinstance(matters, dict):
            at = ("case_types", name, "matter_defaults")
            below = tree.cut_out(at)
            if len(below.places) * len(matters) > MAX_VALUES:
                rule = tr("so many defaults are too much for so many matters; leave some out")
                raise ScenarioError([*tree.problems, tree.problem(at, rule)])
            for matter, stated in tree.parts(("case_types", name, "matters")).items():
                if isinstance(stated.value, Mapping):
                    path = ("case_types", name, "matters", matter)
                    matters[matter] = _completed(tree, path, stated, at, below)


def _completed(tree: Tree, path: KeyPath, stated: Tree, defaults: KeyPath, below: Tree) -> object:
    """Return a matter laid over its defaults `below`; the tree notes where each default stands."""
    both = merge(below, stated)
    for inside, place in both.places.items():
        if inside:
            tree.places[*path, *inside] = place
            if below.places.get(inside) == place:
                tree.defaulted[*path, *inside] = (*defaults, *inside)
    tree.annotations.update({(*path, *at): origin for at, origin in both.annotations.items()})
    return both.value
