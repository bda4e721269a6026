"""The site of the documentation, built by Sphinx: `sphinx-build -W -c docs . build/site`.

The source folder is the repository, so that links between pages are the same here, in an editor,
and where the repository is hosted. Pages hold no directives: the navigation stands below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "approval-sim"
author = "The approval-sim authors"
extensions = ["myst_parser"]
include_patterns = [
    "docs/**.md",
    "README*.md",
    "CHANGELOG.md",
    "benchmarks/README.md",
    "notebooks/README.md",
]
root_doc = "docs/index"

myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # `# fragment` blocks need not be whole
highlight_language = "none"
smartquotes = False  # two hyphens are an option, not a dash

html_theme = "alabaster"
html_theme_options = {
    "description": "Does a city keep its promised approval times? 审批时限守得住吗?",
    "body_max_width": "none",
    "page_width": "min(1200px, 96vw)",
    "sidebar_width": "260px",
    "fixed_sidebar": True,
    "sidebar_collapse": True,
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_extra_path = ["_root"]
html_show_copyright = False
html_copy_source = False

NAVIGATION: Final = {
    "中文": [
        "docs/index.zh",
        "docs/tutorial/tutorial.zh",
        "docs/tutorial/workbook.zh",
        "docs/how-to/*.zh",
        "docs/explanation/*.zh",
        "README.zh",
    ],
    "Tutorial": ["docs/tutorial/tutorial", "README", "notebooks/README"],
    "How to": ["docs/how-to/*[!z]?"],
    "Reference": ["docs/reference/*"],
    "Explanation": ["docs/explanation/*[!z]?", "benchmarks/README"],
    "Decisions and changes": ["docs/decisions/README", "docs/decisions/0*", "CHANGELOG"],
}
"""Heading → pages; a star stands for all pages of a folder, by name; ``[!z]?``: not ``.zh``."""


def setup(app: Sphinx) -> None:
    """Put the navigation below the front page."""
    app.connect("source-read", _prepare)
    app.connect("html-page-context", _tell_language)


def _prepare(app: Sphinx, page: str, content: list[str]) -> None:
    if page == root_doc:
        content[0] += "".join(_toctree(heading, pages) for heading, pages in NAVIGATION.items())


def _tell_language(
    app: Sphinx, page: str, template: str, context: dict[str, object], tree: object
) -> None:
    """Let browsers and readers aloud know which pages are Chinese."""
    context["language"] = "zh-CN" if page.endswith(".zh") else "en"


def _toctree(heading: str, pages: list[str]) -> str:
    listed = "\n".join(f"/{page}" for page in pages)
    return f"\n\n```{{toctree}}\n:hidden:\n:glob:\n:caption: {heading}\n\n{listed}\n```\n"
