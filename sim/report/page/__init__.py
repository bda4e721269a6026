"""Results as one self-contained HTML page, for reading, sending and printing.

Nothing is computed here; the page shows what results hold, in English and Chinese.
"""

from sim.report.page.document import Document
from sim.report.page.model import Named
from sim.report.page.render import (
    page_of,
    page_of_document,
    page_refusal,
    write_finding,
    write_page,
)

__all__ = [
    "Document",
    "Named",
    "page_of",
    "page_of_document",
    "page_refusal",
    "write_finding",
    "write_page",
]
