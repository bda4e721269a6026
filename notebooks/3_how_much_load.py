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
# # When does each promise break?
#
# Arrivals are scaled from half to twice today's. Load × 1 is the scenario as it is.
#
# Six replications at each load show where a promise breaks. Up to which load it is *proven* to
# hold they cannot tell, as a bad year may be missing among them: "undecided" is an honest answer.
# A hundred replications can, and take some minutes.
#
# **业务量到多少时守不住？** 到达量从现在的一半放大到两倍；负荷 × 1 即原情景。
# 每个负荷只重复6次，看得出大约在哪里守不住，但证明不了到哪里为止一定守得住，因为其中可能恰好
# 没有坏年份：“未定”也是如实的回答。重复100次可以证明，需要几分钟。

# %%
import sim

language = "en"
scenario = sim.load("yingkou/base")
curve = sim.load_curve(scenario, replications=6, seed=1)

# %%
axes = sim.figures.load_curve(curve, "project_30", language=language)
# %%
axes = sim.figures.load_curve(curve, "startup_2", language=language)
# %% [markdown]
# ## The answer · 结论

# %%
print(curve.said(language))

# %% [markdown]
# Which pools are full then? · 届时哪些岗位已满？

# %%
curve.labelled("pools", language).head(8)

# %% [markdown]
# ## And in bad months? · 忙月如何？
#
# A promise that holds over the year may break in its busiest months.
#
# 全年守得住的承诺，在最忙的月份未必守得住。

# %%
busy = sim.run(scenario, replications=20, seed=1, keep="summary")
axes = sim.figures.on_time_by_period(busy, "project_30", language=language)
# %%
axes = sim.figures.pools_heat_map(busy, language=language)
