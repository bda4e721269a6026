"""Parts of records that need no file: repeated checks, names of special procedures, officers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.process.graph import Owner, Phase, Role
from sim.records.cells import Cells, How, Officers
from sim.records.flat import _special_names
from sim.records.from_steps import _repeats
from sim.records.raw import RawTable, Remarks
from sim.records.register import State
from sim.records.timeline import Kind


def kind(name: str, role: Role = Role.CHECK, case_type: int = 0) -> Kind:
    return Kind(case_type, name, (), role, Owner.AUTHORITY, Phase.BEFORE)


def test_each_check_is_repeated_by_the_next() -> None:
    kinds = [
        kind("window/check/3"),
        kind("window/check"),
        kind("window/check/2"),
        kind("window/check/2", case_type=1),  # the first check of this case type is missing
        kind("window/correction/2", Role.CORRECTION),
        kind("window/correction", Role.CORRECTION),
    ]
    assert _repeats(kinds) == {1: 2, 2: 0}


def test_special_procedures_are_named_where_they_begin() -> None:
    """Of two items whose events are mixed; the second item begins its first one last."""
    specials = pd.DataFrame(
        {"item": [1, 0, 0], "start": [9, 5, 2], "name": pd.Categorical(["z", "y", "x"])}
    )
    state = np.array([State.SPECIAL, State.RECEIVED, State.SPECIAL, State.SPECIAL])
    register = SimpleNamespace(specials=specials)
    names = _special_names(register, np.array([0, 1, 0, 1]), state)
    assert names.tolist() == ["x", "", "y", "z"]


@pytest.mark.parametrize("officers", ["none", "named", "hashed"])
def test_officers_are_read_as_wanted(officers: Officers) -> None:
    names = ["Li", "", "Wang", "Li"]
    cells = Cells(
        table=RawTable("a", "", True, np.arange(1, 5), {"who": pa.chunked_array([names])}),
        map=SimpleNamespace(heading=lambda _: "who", headings=lambda _: ["who"]),
        source=0,
        how=How(b"key", officers, None),
        remarks=Remarks(),
    )
    found = np.asarray(cells.officer(), object).tolist()
    if officers == "none":
        assert found == [""] * 4
    elif officers == "named":
        assert found == names
    else:
        first, none, second, again = found
        assert none == ""
        assert first == again != second
        assert not {first, second} & {"", "Li", "Wang"}
