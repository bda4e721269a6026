"""`matter_defaults`: values that every matter of a case type has unless it states its own."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.files.merge import merge
from sim.scenario.origin import KeyPath, Tree


def apply_matter_defaults(tree: Tree) -> None:
    """Lay each matter of the tree over the defaults of its case type."""
    types = tree.value.get("case_types")
    for name, case_type in types.items() if isinstance(types, Mapping) else ():
        if not isinstance(case_type, dict):
            continue
        defaults, matters = case_type.get("matter_defaults"), case_type.get("matters")
        if not isinstance(defaults, Mapping) or not isinstance(matters, dict):
            continue
        for matter, stated in matters.items():
            if isinstance(stated, Mapping):
                path = ("case_types", name, "matters", matter)
                matters[matter] = _completed(tree, path, ("case_types", name, "matter_defaults"))


def _completed(tree: Tree, path: KeyPath, defaults: KeyPath) -> object:
    """Return a matter with its defaults; the tree learns where each of them is written."""
    below = tree.cut_out(defaults)
    both = merge(below, tree.cut_out(path))
    tree.places.update({(*path, *p): place for p, place in both.places.items() if p})
    tree.annotations.update({(*path, *p): a for p, a in both.annotations.items()})
    tree.defaulted.update(
        {
            (*path, *p): (*defaults, *p)
            for p, place in both.places.items()
            if p and below.places.get(p) == place
        }
    )
    return both.value
