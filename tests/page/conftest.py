import pytest


@pytest.fixture
def no_figures(monkeypatch) -> None:
    """Leave out the figures: most of the time that a page takes."""
    monkeypatch.setattr("sim.report.page.chapter.figures", lambda *_: iter(()))
