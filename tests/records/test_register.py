"""The register: columns are complete, rows name each other, and their place can be told."""

import numpy as np
import pytest

from sim.records.register import COLUMNS, NO_OFFSET, Register, State, table


def small() -> Register:
    at = np.array(["2023-05-04T10:00", "2023-05-04T09:00", "NaT"], "datetime64[ms]")
    return Register(
        cases=table("cases", {"case": ["P1"], "zone": ["north"]}),
        items=table("items", {"item": ["A", "B"], "matter": ["survey", "permit"]}),
        events=table(
            "events",
            {"item": [1, 1, 0], "state": [3, 1, 1], "at": at, "source": 0, "row": [2, 3, 4]},
        ),
        sources=table("sources", {"file": ["a.csv"], "sheet": "", "in_lines": True}),
    )


def test_tables_have_all_columns_and_what_is_not_given_says_so() -> None:
    register = small()
    for name, columns in COLUMNS.items():
        kinds = {c: str(k) for c, k in getattr(register, name).dtypes.items() if c in columns}
        assert kinds == dict(columns), name
    assert register.attributes == ("zone",)
    assert register.events["offset_s"].tolist() == [NO_OFFSET] * 3
    assert register.items["department"].tolist() == ["", ""]
    assert register.items["promised_wd"].isna().all()


def test_events_are_ordered_by_item_and_time_and_can_be_found_in_their_file() -> None:
    register = small()
    assert register.in_order.tolist() == [2, 1, 0]
    assert register.place("events", 0, "BLSJ") == "a.csv:2: BLSJ"
    assert register.place("cases", 0) == ""
    assert register.now == np.datetime64("2023-05-04T10:00")


def test_offsets_put_times_on_one_clock() -> None:
    at = np.array(["2011-10-30T02:30", "2011-10-30T02:10"], "datetime64[ms]")
    events = table("events", {"item": [0, 0], "at": at, "offset_s": [7200, 3600]})
    items = table("items", {"item": ["A"]})
    register = Register(table("cases", {"case": ["1"]}), items, events)
    assert np.diff(register.elapsed_s()).tolist() == [2400.0]


def test_rows_that_are_not_there_and_unknown_columns_are_refused() -> None:
    cases, items = table("cases", {"case": ["1"]}), table("items", {"item": ["A"], "case": [1]})
    with pytest.raises(ValueError, match=r"items\.case names rows"):
        Register(cases, items, table("events"))
    with pytest.raises(ValueError, match="no column"):
        table("items", {"colour": ["red"]})
    with pytest.raises(ValueError, match="lacks the columns"):
        Register(cases, table("items"), table("events").drop(columns="at"))


def test_states_have_the_codes_of_the_exchange_tables() -> None:
    assert [int(s) for s in (State.ACCEPTED, State.SPECIAL, State.PASSED, State.REVOKED)] == [
        3,
        9,
        11,
        15,
    ]
