"""The widgets of the live what-if: how controls and answer are laid out; nothing is computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any, Final

from sim.experiments.what_if.controls import (
    GROUPS,
    AnyControl,
    Choice,
    Group,
    Number,
    Panel,
    Switch,
    Value,
)
from sim.live.style import CSS
from sim.report.language import typeset
from sim.report.what_if.labels import SHARES, Spoken

OPEN_AT_FIRST: Final = frozenset(("load", "staff", "other"))
"""Groups that are unfolded at first."""


class View:
    """The widgets, and what they show."""

    def __init__(
        self,
        widgets: Any,
        panel: Panel,
        spoken: Spoken,
        moved: Callable[[str, Value], None],
        reset: Callable[[], None],
        looked: Callable[[], None],
    ) -> None:
        """`widgets`: the module ipywidgets.

        `moved`: called with key and value; `looked`: when someone looks at the settings.
        """
        self._new = widgets
        self._panel = panel
        self._spoken = spoken
        self._moved = moved
        self._looked = looked
        self._labels = spoken.unique([*panel.shown, *panel.more])
        self._controls: dict[str, Any] = {}
        self._groups: dict[Group, Any] = {}
        self.taking_along = False
        self._status, self._limits, self._pools, self._forms, self._notice = (
            widgets.HTML() for _ in range(5)
        )
        self._adding = self._search()
        self.root = self._laid_out(reset)

    # --- layout ----------------------------------------------------------------------------------

    def _laid_out(self, reset: Callable[[], None]) -> Any:
        new = self._new
        folds = [self._fold(group) for group in GROUPS]
        for control in self._panel.shown:
            self._add(control)
        back = self._button("reset", lambda _: reset())
        self._take = self._button("take_along", lambda _: self._turn_over())
        left = self._box([*folds, self._adding, self._notice, back], "sim-left")
        answer = self._box([self._status, self._limits], "sim-answer")
        pools = self._box([self._pools, self._take, self._forms], "sim-pools")
        right = self._box([answer, pools], "sim-right")
        scenario = self._spoken.labels.text(self._spoken.labels.scenario.name)
        title = typeset(scenario, self._spoken.language)
        heading = f"<div class='sim-title'>{escape(self._say('what_if'))}</div>{escape(title)}"
        panes = self._box([left, right], "sim-panes")
        return self._box([new.HTML(f"<style>{CSS}</style>{heading}"), panes], "sim-what-if")

    def _box(self, children: list[Any], name: str) -> Any:
        box = self._new.VBox(children)
        box.add_class(name)
        return box

    def _button(self, key: str, act: Callable[[Any], None]) -> Any:
        button = self._new.Button(description=self._say(key))
        button.add_class("sim-do")
        button.on_click(act)
        return button

    def _fold(self, group: Group) -> Any:
        """Return a group under a button that folds it."""
        inside = self._box([], "sim-group")
        self._groups[group] = inside
        button = self._new.Button()
        button.add_class("sim-fold")

        def turn(_: Any = None, *, shut: bool | None = None) -> None:
            shut = inside.layout.display != "none" if shut is None else shut
            inside.layout.display = "none" if shut else None
            button.description = f"{'▸' if shut else '▾'} {self._say(f'group_{group}')}"

        turn(shut=group not in OPEN_AT_FIRST)
        button.on_click(turn)
        whole = self._box([button, inside], "sim-group")
        whole.layout.display = "none"  # until there is something in it
        inside.observe(lambda change: setattr(whole.layout, "display", None), "children")
        return whole

    def _say(self, key: str, **values: object) -> str:
        return typeset(self._spoken.say(key, **values), self._spoken.language)

    # --- controls --------------------------------------------------------------------------------

    def _add(self, control: AnyControl) -> None:
        """Show a control in its group."""
        widget = self._widget(control)
        widget.add_class("sim-control")
        widget.observe(lambda change: self._moved(control.key, change["new"]), "value")
        self._controls[control.key] = widget
        group = self._groups["other" if control in self._panel.more else control.group]
        group.children = (*group.children, widget)

    def _widget(self, control: AnyControl) -> Any:
        new, label = self._new, self._labels[control.key]
        if isinstance(control, Switch):
            return new.Checkbox(value=control.start, description=label, indent=False)
        if isinstance(control, Choice):
            words = [(self._spoken.choice(word), word) for word in control.choices]
            return new.Dropdown(options=words, value=control.start, description=label)
        ends = {"min": control.low, "max": control.high, "step": control.step}
        if control.whole:
            ends = {name: int(value) for name, value in ends.items()}
            return new.IntSlider(value=int(control.start), description=label, **ends)
        form = _format(control)
        return new.FloatSlider(value=control.start, description=label, readout_format=form, **ends)

    def _search(self) -> Any:
        """Return the field in which a further control is looked for."""
        by_label = {self._labels[control.key]: control for control in self._panel.more}
        field = self._new.Combobox(
            options=tuple(by_label),
            description=self._say("add"),
            placeholder=self._say("add_hint", count=len(by_label)),
            continuous_update=False,
        )
        field.add_class("sim-control")
        field.layout.display = None if by_label else "none"

        def chosen(change: dict[str, Any]) -> None:
            text = change["new"].strip()
            control = by_label.get(text)
            self._notice.value = "" if control or not text else escape(self._say("add_none"))
            if control is not None:
                field.value = ""
                if control.key not in self._controls:
                    self._add(control)

        field.observe(chosen, "value")
        return field

    def move(self, key: str, value: Value) -> None:
        """Set a control; one that is not there yet is added."""
        if key not in self._controls:
            self._add(self._panel[key])
        widget = self._controls[key]
        if widget.value != value:
            widget.value = int(value) if isinstance(widget, self._new.IntSlider) else value

    def mark(self, control: AnyControl, *, moved: bool) -> None:
        """Stress the label of a control that was moved, and say what it was before."""
        widget, label = self._controls[control.key], self._labels[control.key]
        was = self._spoken.value(control, control.start)
        widget.description = self._say("was", label=label, value=was) if moved else label
        (widget.add_class if moved else widget.remove_class)("sim-changed")

    # --- answer ----------------------------------------------------------------------------------

    def show(self, status: str, limits: str, pools: str) -> None:
        """Show an answer, as HTML."""
        self._status.value, self._limits.value, self._pools.value = status, limits, pools

    def take_along(self, html: str) -> None:
        """Show the settings, as HTML."""
        self._forms.value = html

    def _turn_over(self) -> None:
        self.taking_along = not self.taking_along
        if self.taking_along:
            self._looked()
        else:
            self._forms.value = ""


def _format(control: Number) -> str:
    """Return how the value beside a slider is written."""
    if control.key.rpartition(".")[2] in SHARES:
        return ".0%"
    digits = max(0, -math.floor(math.log10(control.step) + 1e-9))
    return f".{digits}f"
