"""A variant as a small scenario file, which extends the file that it was made of."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.fitting.document import yaml_text
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.files.layers import with_parents
from sim.scenario.files.library import find, library_folder
from sim.scenario.origin import KeyPath, dotted
from sim.translation import tr

SOURCE: Final = "assumed: tried in the live what-if"


@dataclass(frozen=True)
class Origin:
    """The file that a scenario was read from, as it is written."""

    path: Path
    value: Mapping[str, Any]

    @classmethod
    def of(cls, scenario: Scenario) -> Origin:
        """Read the file; `ScenarioError` if it is no longer there."""
        origin = scenario.provenance.origin
        try:
            path = find(origin)
        except ScenarioError:
            rule = tr("is not there, so no file can extend it; use the settings instead")
            raise ScenarioError([Problem(rule, origin)]) from None
        return cls(path, with_parents(path).value)


def document(
    origin: Origin,
    variant: Scenario,
    settings: Mapping[str, Any],
    name: Mapping[str, str],
    folder: Path | None,
) -> str:
    """Return the scenario file of a variant, as YAML.

    It holds all that differs from the file which the variant was made of, also what an override or
    an earlier variant changed.

    Parameters
    ----------
    origin
        That file.
    settings
        Path → value of what was tried; these values get a source.
    name
        Language → name.
    folder
        Where the file will stand; None: the working folder.
    """
    written = variant.provenance.written
    assert written is not None
    changes = _difference(origin.value, written.copy().value, (), frozenset(settings))
    changes.pop("name", None)
    extends = _reference(origin.path, folder)
    return yaml_text({"extends": extends, "name": dict(name), **changes}, "")


def as_options(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the settings as ``path=value`` texts, as for ``--set``."""
    return tuple(
        f"{path}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for path, value in settings.items()
    )


def _reference(path: Path, folder: Path | None) -> str:
    """Return how a file in a folder names the file that it extends."""
    library = library_folder().resolve()
    resolved = path.resolve()
    if resolved.is_relative_to(library):
        return resolved.relative_to(library).with_suffix("").as_posix()
    try:
        return Path(os.path.relpath(resolved, (folder or Path()).resolve())).as_posix()
    except ValueError:  # on another drive
        return resolved.as_posix()


def _difference(before: Any, after: Any, path: KeyPath, tried: frozenset[str]) -> dict[str, Any]:
    """Return what to lay over one mapping to get another; keys that are gone are null."""
    changes: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        here = (*path, key)
        old = before.get(key)
        if key in before and old == value:
            continue
        if isinstance(value, Mapping) and isinstance(old, Mapping) and dotted(here) not in tried:
            changes[key] = _difference(old, value, here, tried)
        else:
            changes[key] = _sourced(value, here, tried)
    return changes


def _sourced(value: Any, path: KeyPath, tried: frozenset[str]) -> Any:
    """Return a value with its source, if it was tried, and those within it."""
    if dotted(path) in tried:
        return {"value": value, "source": SOURCE}
    if isinstance(value, Mapping):
        return {key: _sourced(child, (*path, key), tried) for key, child in value.items()}
    return value
