"""The snapshot of a scenario that a result keeps: plain values.

It holds the tree as written, for variants and sources, and the content of the data files, which may
be gone when the result is read. It holds no folder of the machine. Reading a snapshot validates the
scenario by the rules of a scenario file.
"""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.scenario.errors import ScenarioError
from sim.scenario.load import as_written, vary
from sim.scenario.origin import Annotation, KeyPath, Place, Tree
from sim.scenario.schema.model import Scenario
from sim.translation import tr

Facts = Sequence[tuple[Any, ...]]


def take_apart(scenario: Scenario) -> tuple[Any, ...]:
    """Return the parts of a scenario for `put_together`, as plain values.

    Raise `OSError` if a data file is no longer readable.
    """
    known = scenario.provenance
    files = {name: path.read_bytes() for name, path in _data_files(scenario).items()}
    written, rebuilt = None, None
    if known.written is not None:
        rebuilt = as_written(known.written, known.origin)
        written = _tree_parts(known.written)
    return (known.origin, written, files, _changed(rebuilt, scenario), scenario.sha256())


def put_together(
    origin: str,
    written: tuple[Any, Facts, Facts, Sequence[KeyPath], Sequence[KeyPath]] | None,
    files: Mapping[str, bytes],
    changed: Mapping[str, Any],
    sha256: str,
) -> Scenario:
    """Return the scenario of the parts.

    Raise `ValueError` if the parts make no valid scenario, or another one than `take_apart` had.
    """
    if written is None:
        scenario = Scenario.model_validate(changed)
    else:
        scenario = as_written(_tree(files, *written), origin)
        new = {name: _validated(name, value) for name, value in changed.items()}
        scenario = scenario.model_copy(update=new) if new else scenario
    if scenario.sha256() != sha256:
        raise ValueError(tr("its scenario is not the one that was run"))
    return scenario


def _data_files(scenario: Scenario) -> dict[str, Path]:
    """Return name → file for the data files of the scenario and of its overrides."""
    known = scenario.provenance
    files = dict(known.data_files)
    if known.written is not None:
        for name, changes in (known.written.value.get("overrides") or {}).items():
            if _names_a_file(changes):
                with suppress(ScenarioError):  # an override with mistakes needs no files
                    files = {**vary(scenario, overrides=[name]).provenance.data_files, **files}
    return files


def _names_a_file(value: Any) -> bool:
    if isinstance(value, Mapping):
        named = not {"file", "records"}.isdisjoint(value)
        return named or any(map(_names_a_file, value.values()))
    return isinstance(value, list) and any(map(_names_a_file, value))


def _tree_parts(tree: Tree) -> tuple[Any, ...]:
    tree = tree.copy()
    return (
        tree.value,
        tuple((path, *astuple(place)) for path, place in tree.places.items()),
        tuple((path, *astuple(said)) for path, said in tree.annotations.items()),
        tuple(sorted(tree.removed, key=repr)),  # the order of a set differs between processes
        tuple(sorted(tree.added, key=repr)),
    )


def _tree(
    files: Mapping[str, bytes],
    value: Any,
    places: Facts,
    annotations: Facts,
    removed: Sequence[KeyPath],
    added: Sequence[KeyPath],
) -> Tree:
    return Tree(
        value,
        {path: Place(*rest) for path, *rest in places},
        {path: Annotation(*rest) for path, *rest in annotations},
        removed=set(removed),
        added=set(added),
        kept=_kept(files),
    )


def _changed(rebuilt: Scenario | None, scenario: Scenario) -> dict[str, Any]:
    """Return the fields that differ from the tree, for example staff after a search."""
    plain = scenario.model_dump(mode="json", by_alias=True)
    return {
        name: plain[field.alias or name]
        for name, field in Scenario.model_fields.items()
        if rebuilt is None or getattr(rebuilt, name) != getattr(scenario, name)
    }


def _validated(name: str, value: Any) -> Any:
    annotation: Any = Scenario.model_fields[name].annotation
    return TypeAdapter(annotation).validate_python(value)


def _kept(files: Mapping[str, bytes]) -> dict[str, Path]:
    """Return name → a file with this content.

    Files of one folder stay together, under their own names: those of records tell what they hold.
    """
    together: dict[str, dict[str, str]] = defaultdict(dict)
    for name in files:
        folder, _, own = name.rpartition("/")
        together[folder][name] = re.sub(r"[^\w.() -]", "_", own).lstrip(".")[-100:] or "_"
    kept = {}
    for names in together.values():
        content = [hashlib.sha256(files[name]).hexdigest() for name in names]
        digest = hashlib.sha256(repr([*zip(names.values(), content, strict=True)]).encode())
        place = _folder() / digest.hexdigest()
        place.mkdir(exist_ok=True)
        for name, own in names.items():
            kept[name] = place / own
            if not kept[name].exists():
                kept[name].write_bytes(files[name])
    return kept


@cache
def _folder() -> Path:
    """Return a folder for data files; it is removed when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="approval-sim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
