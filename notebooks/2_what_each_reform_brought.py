# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From serial counters to one window: what did each reform bring?
#
# Before, every department had a counter of its own, and matters ran one after another. Each lever
# of the reform can be switched off by itself.
#
# **从逐项串联到一窗受理：每项改革各带来多少？**
# 改革前各部门各设窗口、事项逐一办理；每个举措都可单独关闭。

# %%
import sim

language = "en"
scenario = sim.load("yingkou/base")
reforms = sim.reforms(scenario, replications=6, seed=1)

# %% [markdown]
# ## Step by step · 逐步

# %%
axes = sim.figures.reform_waterfall(reforms, "project_30", language=language)
# %% [markdown]
# ## Whatever the order · 与次序无关
#
# What a lever brings depends on which others are on. The Shapley value is the mean over all
# orders; it adds up to the whole.
#
# 一项举措的作用取决于其他举措是否已实施。Shapley 值是所有次序的平均，各项之和恰为总效果。

# %%
axes = sim.figures.reform_bars(reforms, "project_30", language=language)
# %%
reforms.said(language)

# %% [markdown]
# ## The answer · 结论

# %%
print(reforms.said(language))
