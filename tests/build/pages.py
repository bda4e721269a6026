"""Pages of results of every kind, as text and as trees."""

from functools import cache

from sim.report.page import Named, page_of
from tests.build.named_results import result
from tests.build.strict_page import Page


@cache
def text_of(*kinds: str) -> str:
    return page_of([Named(kind, result(kind), f"sim {kind} office.yaml") for kind in kinds])


@cache
def page(*kinds: str) -> Page:
    return Page(text_of(*kinds))
