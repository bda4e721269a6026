"""What a city recorded: its cases, items and events, and how they are read and looked through.

>>> from sim import records
>>> reading = records.read(["办件台账.xlsx"])
>>> records.audit(reading).table()
>>> register = records.open("register")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.translation import tr

if TYPE_CHECKING:
    from sim.records.auditing import Audit, Duty, audit
    from sim.records.folder import open_register as open  # noqa: A004
    from sim.records.folder import save
    from sim.records.opened import register_from
    from sim.records.reading import Reading
    from sim.records.reading import read_files as read
    from sim.records.register import Register, State
    from sim.records.writing import write_register as write

__all__ = [
    "Audit", "Duty", "Reading", "Register", "State", "audit", "open", "read", "register_from",
    "save", "write",
]  # fmt: skip

_HOME = {
    "Audit": ("auditing", "Audit"), "Duty": ("auditing", "Duty"), "audit": ("auditing", "audit"),
    "open": ("folder", "open_register"), "save": ("folder", "save"),
    "Reading": ("reading", "Reading"), "read": ("reading", "read_files"),
    "register_from": ("opened", "register_from"), "write": ("writing", "write_register"),
    "Register": ("register", "Register"), "State": ("register", "State"),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a name on first use, so that the package stays light."""
    if name not in _HOME:
        raise AttributeError(tr("module 'sim.records' has no attribute '{name}'", name=name))
    import importlib

    module, what = _HOME[name]
    return getattr(importlib.import_module(f"sim.records.{module}"), what)
