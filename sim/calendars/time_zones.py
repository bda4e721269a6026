"""The time zone of a place, by which times with an offset from UTC become local times."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from sim.translation import noted

NO_PLACE: Final = noted(
    "has an offset from UTC, and the time zone of the place is not known; give "
    "calendar.time_zone, such as Asia/Shanghai, or write the local time without an offset"
)
"""The rule that a time with an offset breaks where `time_zone` is None."""

_OF_COUNTRY: Final = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "CN": "Asia/Shanghai",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "HK": "Asia/Hong_Kong",
    "IE": "Europe/Dublin",
    "IN": "Asia/Kolkata",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "MO": "Asia/Macau",
    "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw",
    "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore",
    "TW": "Asia/Taipei",
    "VN": "Asia/Ho_Chi_Minh",
}
"""Countries whose offices keep one time (IANA time zone database, `zone.tab`)."""


def time_zone(country: str, stated: str | None = None) -> ZoneInfo | None:
    """Return the time zone of a place: the one that is stated, else that of the country.

    `country` as for `working_days` (``CN``, ``DE-BY``). None if neither is known.
    """
    name = stated or _OF_COUNTRY.get(country.partition("-")[0])
    return None if name is None else ZoneInfo(name)


def time_zone_names(place: str = "") -> set[str]:
    """Return the names of all time zones; only those of the place, such as Shanghai, if any are."""
    names = available_timezones()
    ending = f"/{place}".casefold()
    return {name for name in names if name.casefold().endswith(ending)} or names
