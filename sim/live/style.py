"""The look of the live what-if; colours follow JupyterLab and VS Code, light and dark."""

from __future__ import annotations

from typing import Final

CSS: Final = """
.sim-what-if {container-type: inline-size; overflow: visible;
  color: var(--jp-ui-font-color1, var(--vscode-foreground, #1f2328));
  --faint: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, #5c6370));
  --line: var(--jp-border-color2, var(--vscode-panel-border, #c9ced6));
  --bad: #c9302c; --good: #217a45; --open: #8a6400; --new: #1f6fb2;}
[data-jp-theme-light="false"] .sim-what-if, .vscode-dark .sim-what-if {
  --bad: #ff8a80; --good: #6fcf97; --open: #e3b341; --new: #6cb6ff;}
.sim-what-if .sim-panes {display: flex; flex-flow: row nowrap; gap: 12px 20px; overflow: visible;}
.sim-what-if .sim-left {flex: 0 1 380px; min-width: 0; max-height: 640px; overflow: hidden auto;
  border: 1px solid var(--line); border-radius: 4px; padding: 4px 8px;}
.sim-what-if .sim-left > *, .sim-what-if .sim-answer > * {flex-shrink: 0;}
.sim-what-if .sim-right {flex: 1 1 420px; min-width: 0; overflow: visible;}
.sim-what-if .sim-answer {overflow: visible; flex: 0 0 auto;}
@container (max-width: 720px) {
  .sim-what-if .sim-panes {display: grid; grid-template-columns: minmax(0, 1fr);}
  .sim-what-if .sim-right {display: contents;}
  .sim-what-if .sim-answer {order: 1; max-height: 350px; overflow: hidden auto;}
  .sim-what-if .sim-left {order: 2; max-height: 350px;}
  .sim-what-if .sim-pools {order: 3;}
}
.sim-what-if .widget-box, .sim-what-if .jupyter-widgets-box {margin: 0;}
.sim-what-if .sim-group, .sim-what-if .sim-pools {overflow: visible;
  height: auto; width: auto; max-width: 100%;}
.sim-what-if .sim-control {flex-flow: row wrap; height: auto; width: auto; margin: 3px 2px;
  align-items: center;}
.sim-what-if .sim-control > .widget-label {flex: 1 0 100%; width: 100%; max-width: 100%;
  text-align: left; white-space: normal; overflow: visible; height: auto; line-height: 1.35;
  font-size: 13px; color: inherit;}
.sim-what-if .sim-control > .slider-container, .sim-what-if .sim-control > select,
.sim-what-if .sim-control > input {flex: 1 1 160px; min-width: 0;}
.sim-what-if .sim-control.sim-changed > .widget-label,
.sim-what-if .sim-control.sim-changed label span {font-weight: 700;}
.sim-what-if .widget-checkbox.sim-control label {width: 100%; max-width: 100%; height: auto;
  white-space: normal; line-height: 1.35; font-size: 13px; color: inherit;}
.sim-what-if .widget-readout {min-width: 52px; color: inherit;}
.sim-what-if .noUi-handle:focus-visible, .sim-what-if button:focus-visible,
.sim-what-if input:focus-visible, .sim-what-if select:focus-visible,
.sim-what-if pre:focus-visible {outline: 2px solid var(--new) !important; outline-offset: 2px;}
.sim-what-if .sim-fold {width: 100%; margin: 6px 0 2px; text-align: left; padding: 0 6px;
  font-weight: 600; box-shadow: none;}
.sim-what-if .sim-do {width: auto; align-self: flex-start; margin: 8px 2px; padding: 0 12px;}
.sim-what-if .widget-html, .sim-what-if .jupyter-widget-html {height: auto; max-width: 100%;}
.sim-what-if .widget-html-content {line-height: 1.45; overflow: visible; font-size: 13px;
  width: 100%; align-self: stretch; flex: 1 1 auto; min-width: 0;}
.sim-what-if .sim-title {font-size: 17px; font-weight: 600;}
.sim-what-if-text p {margin: 2px 0; overflow-wrap: anywhere;}
.sim-what-if-text h4 {margin: 12px 0 6px; font-size: 14px; line-height: 1.3;}
.sim-what-if-text .strong {font-weight: 600; font-size: 15px;}
.sim-what-if-text .changes {font-weight: 600;}
.sim-what-if-text .faint, .sim-what-if-text .axis {color: var(--faint); font-size: 12px;}
.sim-what-if-text .better, .sim-what-if-text .holds {color: var(--good);}
.sim-what-if-text .worse, .sim-what-if-text .fails {color: var(--bad);}
.sim-what-if-text .undecided {color: var(--open);}
.sim-what-if-text .holds, .sim-what-if-text .fails, .sim-what-if-text .undecided {font-weight: 600;}
.sim-what-if-text .bar {position: relative; height: 26px; margin: 0 8px;
  border-bottom: 1px solid var(--line);}
.sim-what-if-text .bar i {position: absolute; display: block;}
.sim-what-if-text .reach {height: 6px; border-radius: 3px; min-width: 2px; opacity: .45;}
.sim-what-if-text .reach.old {top: 4px; background: var(--faint);}
.sim-what-if-text .reach.new {top: 15px; background: var(--new);}
.sim-what-if-text .point {width: 10px; height: 10px; margin-left: -5px; border-radius: 5px;}
.sim-what-if-text .point.old {top: 2px; background: var(--faint);}
.sim-what-if-text .point.new {top: 13px; background: var(--new);}
.sim-what-if-text .need {top: 0; bottom: 0; width: 2px; margin-left: -1px;
  background: var(--jp-ui-font-color1, var(--vscode-foreground, #1f2328));}
.sim-what-if-text .axis {display: flex; justify-content: space-between; margin: 0 8px 4px;}
.sim-what-if-text table {border-collapse: collapse; margin: 4px 0 8px; width: 100%;
  max-width: 560px; font-size: 13px;}
.sim-what-if-text th, .sim-what-if-text td {padding: 3px 6px; text-align: right;
  border-bottom: 1px solid var(--line); white-space: normal; max-width: none;}
.sim-what-if-text th:first-child {text-align: left; font-weight: 400;}
.sim-what-if-text thead th, .sim-what-if-text thead th:first-child {font-weight: 600;}
.sim-what-if-text pre {overflow-x: auto; white-space: pre; padding: 8px; margin: 4px 0 10px;
  border: 1px solid var(--line); border-radius: 4px; font-size: 12px; line-height: 1.4;}
.sim-what-if-text a {color: var(--new);}
"""
"""Style sheet of one what-if; it names no file and no address."""
