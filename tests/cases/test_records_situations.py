"""Files of records: instants with an offset, durations with errors."""

from tests.build.commands import command
from tests.build.situations import file_of, once, story


def test_offsets_from_utc_are_converted_to_the_place_of_the_scenario():
    """In Beijing: Wed 6 March 0:30, Wed 10:00, Thu 7 March 10:00."""
    assert story(once("utc-log")) == [
        "0 w: Wed 6 Mar 09:00 - 10:00",
        "1 w: Wed 6 Mar 10:00 - 11:00",
        "2 w: Thu 7 Mar 10:00 - 11:00",
    ]


def test_every_bad_duration_is_told_at_once():
    told = mistakes_of_a_run("recorded-durations-with-errors")
    for line, rule in zip(
        told,
        (
            "d.csv:3: h: '-93': a duration is not below 0",
            "d.csv:4: h: is empty",
            "d.csv:5: h: '1,250': must be a number: write 1250 without the comma",
            "d.csv:6: h: '0': a duration of 0",
        ),
        strict=True,
    ):
        assert rule in line


def mistakes_of_a_run(name):
    """Return the lines told of a situation whose data files cannot be read."""
    code, _, told = command("run", file_of(name), "-n", "1")
    assert code == 2
    return told.splitlines()
