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
# # Eleven small windows, or one city pool?
#
# Each of the eleven zones with officers of its own, against the same number of officers in one
# pool for all.
#
# Both meet the same cases, so six replications are enough to prove which is better. Whether a
# promise holds, they mostly leave undecided, which is an honest answer.
#
# **十一个小窗口，还是一个全市统一的队伍？** 11 个开发区各有人员，与同样人数统一调配相比。
# 两者面对同一批办件，重复6次就足以证明孰优；承诺守不守得住则多半“未定”，这也是如实的回答。

# %%
import sim

language = "en"
zones, pooled = sim.load("yingkou/zones"), sim.load("yingkou/zones_pooled")
names = {"en": ("eleven windows", "one pool"), "zh": ("十一个小窗口", "统一队伍")}[language]
comparison = sim.compare(dict(zip(names, (zones, pooled), strict=True)), replications=6, seed=1)
comparison.said(language)

# %%
axes = sim.figures.differences(comparison, language=language)
# %% [markdown]
# ## The answer · 结论

# %%
print(comparison.said(language))

# %% [markdown]
# ## Zone by zone · 分区
#
# The policy rewards and delists zones by rank. How much of a single year's ranking is chance?
#
# 政策按名次奖惩。单个年度的名次中有多少出于偶然？

# %%
separate = comparison.results[names[0]]
for groups in separate.groups_by("zone"):
    sim.figures.on_time_by_group(groups, scenario=zones, language=language)

# %%
print(separate.said(language))
