"""Results as one self-contained HTML page, for reading, sending and printing.

Nothing is computed here; the page shows what results hold, in English and Chinese.
"""

from sim.report.page.document import Document
from sim.report.page.model import Named
from sim.report.page.render import (
    page_of,
    page_of_document,
    page_of_replay,
    page_refusal,
    replay_frame,
    write_finding,
    write_page,
    write_replay,
)

__all__ = [
    "Document",
    "Named",
    "page_of",
    "page_of_document",
    "page_of_replay",
    "page_refusal",
    "replay_frame",
    "write_finding",
    "write_page",
    "write_replay",
]
