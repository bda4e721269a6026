"""The live what-if: controls of a scenario, and the answer, redrawn while they move."""

from __future__ import annotations

import asyncio
import base64
import importlib
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Final

from sim.atomic_write import write_text
from sim.experiments.compare.comparison import Comparison
from sim.experiments.run import REPLICATIONS, planned_runs
from sim.experiments.what_if.controls import (
    Panel,
    Value,
    beside,
    changed,
    panel_of,
    settings_of,
    value_of,
)
from sim.experiments.what_if.document import Origin, as_options, document
from sim.experiments.what_if.workbench import TRIED, Workbench
from sim.report.language import Language, typeset
from sim.report.what_if.answer import Told, limits_html, message_html, pools_html, status_html
from sim.report.what_if.labels import Spoken
from sim.report.what_if.words import say
from sim.scenario import Scenario, ScenarioError, nearest
from sim.scenario.calls import checked_call
from sim.translation import speaking, tr

FILE: Final = "what-if.yaml"
"""Name of the file that the page offers for download."""
PAUSE_S: Final = 0.001
"""Pause after each replication, in which a notebook reads what was moved meanwhile."""
DONE: Final = object()


@checked_call
def what_if(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    confidence: float = 0.95,
    language: Language = "en",
) -> WhatIf:
    """Show the controls of a scenario in a notebook, and what changes while they move.

    The first answer after a move has 2 replications, further ones 6, 20, 60 and the number that is
    asked for. All of them meet the same random numbers as the scenario itself, so the change is
    shown with its interval; it is that of `sim.compare`. Works in JupyterLab, in VS Code and as a
    page of Voilà.

    Parameters
    ----------
    scenario
        From `sim.load`.
    replications
        Of the last answer, at least 2; default: the scenario's own, else 100.
    seed
        Seed of all random streams; default: the scenario's own.
    confidence
        With which the intervals of a kind hold together, see `sim.compare`.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    ScenarioError
        If a data file of the scenario cannot be used.
    ImportError
        If ipywidgets is not installed.
    """
    if not 0 < confidence < 1:
        raise ValueError(tr("confidence lies between 0 and 1"))
    replications, seed = planned_runs(scenario, replications, seed, REPLICATIONS)
    if replications < 2:
        raise ValueError(tr("at least 2 replications are needed for an interval"))
    if scenario.provenance.written is None:
        raise ValueError(tr("only a scenario that was loaded from a file can be varied"))
    return WhatIf(
        scenario, _widgets(), Workbench(scenario, replications, seed, confidence), language
    )


def _widgets() -> Any:
    try:
        return importlib.import_module("ipywidgets")
    except ImportError:
        rule = tr("the live what-if needs a further package: pip install 'approval-sim[notebook]'")
        raise ImportError(rule) from None


class WhatIf:
    """A live what-if, see `what_if`: in a notebook, its controls and its answer."""

    def __init__(
        self, scenario: Scenario, widgets: Any, workbench: Workbench, language: Language
    ) -> None:
        """`widgets`: the module ipywidgets."""
        from sim.live.view import View

        self.scenario_at_start = scenario
        self._language = language
        self._workbench = workbench
        busy = {pool.name: pool.utilisation for pool in workbench.first().pool_summaries}
        self._panel: Panel = panel_of(scenario, busy)
        self._spoken = Spoken(scenario, language)
        self._values: dict[str, Value] = {}
        self._last = ""
        """The control that was moved last; empty: none."""
        self._wanted = False
        self._task: asyncio.Task[None] | None = None
        self._comparison: Comparison | None = None
        self._view = View(
            widgets, self._panel, self._spoken, self._move, self._reset, self._tell_settings
        )
        self._show(next(filter(None, workbench.answers({}))))
        self._wake()

    # --- what a user asks ------------------------------------------------------------------------

    @property
    def settings(self) -> dict[str, Any]:
        """Path → value of what differs from the scenario, as for `sim.vary` and `sim.load`."""
        return settings_of(self._panel, self._values)

    @property
    def scenario(self) -> Scenario:
        """The scenario with the settings; `ScenarioError` if they do not go together."""
        return self._workbench.variant(self.settings)

    @property
    def comparison(self) -> Comparison | None:
        """The answer that is shown: `start` and `tried`; None while the settings are refused."""
        return self._comparison

    def set(self, values: Mapping[str, object]) -> None:
        """Move controls, as the mouse does: path → value; what is not there yet is added.

        Raises `ValueError` for a path without a control, and for a value that it cannot take.
        """
        known = self._panel.by_key
        for key in values:
            if key not in known:
                hint = nearest(key, known)
                raise ValueError(tr("nothing to set at '{key}'{hint}", key=key, hint=hint))
        taken = {key: value_of(known[key], value) for key, value in values.items()}
        for key, value in taken.items():
            self._view.move(key, value)
            self._move(key, value)

    def answer(self) -> Comparison:
        """Return the last answer to the settings, and wait for it: `start` and `tried`.

        Raises `ScenarioError` if the settings do not go together.
        """
        *_, last = filter(None, self._workbench.answers(self.settings))
        self._show(last)
        return last

    def document(self, folder: Path | None = None) -> str:
        """Return the settings as a small scenario file, which extends that of the scenario.

        `folder`: where the file will stand; default: the working folder. Raises `ScenarioError` if
        the settings do not go together, or the scenario's file is no longer there.
        """
        variant, settings = self.scenario, self.settings
        return document(self._origin, variant, settings, self._named(), folder)

    def save(self, file: str | Path) -> Path:
        """Write `document` to a new file, and return its path.

        Raises `FileExistsError` if there is such a file.
        """
        path = Path(file)
        if path.exists():
            raise FileExistsError(tr("{file} exists; give another name", file=path))
        write_text(path, self.document(path.parent))
        return path

    def __repr__(self) -> str:
        """Return the settings, as Python takes them."""
        return f"WhatIf({self.settings!r})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self._view.root._repr_mimebundle_(**options)

    # --- what moves ------------------------------------------------------------------------------

    def _move(self, key: str, value: Value) -> None:
        """Take the value of a control, and ask for an answer."""
        if self._values.get(key, self._panel[key].start) == value:
            return
        self._values[key] = value
        self._last = key
        self._view.mark(self._panel[key], moved=changed(self._panel[key], value))
        self._wake()

    def _reset(self) -> None:
        for key in list(self._values):
            self._view.move(key, self._panel[key].start)
            self._move(key, self._panel[key].start)

    def _wake(self) -> None:
        """Ask for an answer; it is computed between the messages of the notebook.

        Without one, as in a script, nothing is computed before `answer`.
        """
        self._wanted = True
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work())

    async def _work(self) -> None:
        """Answer the newest settings until none are newer; then make ready for the next move."""
        while self._wanted:
            self._wanted = False
            try:
                await self._answered()
                if not self._wanted:
                    await self._foresee()
            except KeyboardInterrupt:
                return
            except ScenarioError as error:
                self._refuse(say("refused", self._language), str(error))
            except Exception as error:  # what is shown must not stop for good, nor in silence
                reason = f"{type(error).__name__}: {error}"
                told = say("interrupted", self._language, reason=reason)
                self._refuse(told, "")

    async def _foresee(self) -> None:
        """Make the first look at the values beside that of the control that was moved last.

        Before the first move, it is any of those that are shown.
        """
        likely = [self._panel[self._last]] if self._last else self._panel.shown
        for control in likely:
            for value in beside(control, self._values.get(control.key, control.start)):
                settings = settings_of(self._panel, {**self._values, control.key: value})
                with suppress(Exception):  # it is told when it is asked for
                    for _ in self._workbench.prepare(settings):
                        await asyncio.sleep(PAUSE_S)
                        if self._wanted:
                            return

    async def _answered(self) -> None:
        steps, shown = self._workbench.answers(self.settings), False
        while True:
            with speaking(self._language):
                made = next(steps, DONE)
            if made is DONE or (self._wanted and shown):
                return
            if isinstance(made, Comparison):
                self._show(made)
                shown = True
            await asyncio.sleep(PAUSE_S)

    def _show(self, comparison: Comparison) -> None:
        self._comparison = comparison
        changes = self._spoken.changes(self._values, self._panel.by_key)
        told = Told(comparison, changes, self._workbench.replications, self._language)
        self._view.show(status_html(told), limits_html(told), pools_html(told))
        self._tell_settings()

    def _refuse(self, heading: str, message: str) -> None:
        self._comparison = None
        self._view.show(message_html(heading, message, self._language), "", "")
        self._view.take_along("")

    # --- what is taken along ---------------------------------------------------------------------

    @cached_property
    def _origin(self) -> Origin:
        return Origin.of(self.scenario_at_start)

    def _named(self) -> dict[str, str]:
        names = {}
        for language in ("en", "zh"):
            spoken = Spoken(self.scenario_at_start, language)
            names[language] = spoken.name(spoken.changes(self._values, self._panel.by_key))
        return names

    def _tell_settings(self) -> None:
        """Write the settings in three forms, if anyone looks."""
        if not self._view.taking_along or self._comparison is None:
            return
        settings = self.settings
        if not settings:
            nothing = escape(typeset(say("nothing_set", self._language), self._language))
            self._view.take_along(f"<div class='sim-what-if-text'><p>{nothing}</p></div>")
            return
        variant = self._comparison.scenarios[TRIED]
        try:
            with speaking(self._language):
                file = document(self._origin, variant, settings, self._named(), None)
        except ScenarioError as error:
            file = str(error)
        lines = ",\n".join(f"    {path!r}: {value!r}" for path, value in settings.items())
        options = " ".join(f"--set {shlex.quote(text)}" for text in as_options(settings))
        forms = {
            "as_dict": f"tried = sim.vary(scenario, {{\n{lines},\n}})",
            "as_options": options,
            "as_file": file,
        }
        self._view.take_along(_forms_html(forms, file, self._language))


def _forms_html(forms: Mapping[str, str], file: str, language: Language) -> str:
    """Return the settings in several forms; the file can be downloaded, with no server."""
    tell: Callable[..., str] = lambda key, **values: escape(  # noqa: E731
        typeset(say(key, language, **values), language)
    )
    parts = [
        f"<h4>{tell(key)}</h4><pre tabindex='0'>{escape(text)}</pre>" for key, text in forms.items()
    ]
    data = base64.b64encode(file.encode()).decode()
    link = f"<a download='{FILE}' href='data:application/yaml;base64,{data}'>"
    parts.append(f"<p>{link}{tell('download', name=FILE)}</a></p>")
    return f"<div class='sim-what-if-text'>{''.join(parts)}</div>"
