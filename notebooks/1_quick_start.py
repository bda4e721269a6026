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
# # Does the city keep its promises?
#
# A zone promises three permits within 30 working days, and a business start-up within 2.
# One scenario, one run, one answer.
#
# **承诺守得住吗？** 开发区承诺：三项许可 30 个工作日办结，企业开办 2 个工作日办结。
# 一个情景，运行一次，得到答案。

# %%
import sim

language = "en"  # "zh": 句子、表格与图表改用中文
scenario = sim.load("yingkou/base")
result = sim.run(scenario, replications=20, seed=1)
result.said(language)

# %% [markdown]
# ## The answer · 结论
#
# "Undecided" is an honest answer: these years prove neither. Most years are good, and a few bad
# ones make most late cases, so even twenty good years prove no share above 83 %. Without
# `replications` a run goes on until every limit is decided, or 960 replications are made.
#
# “未定”也是如实的回答：这些年既不能证明守得住，也不能证明守不住。多数年份良好，
# 超期多出自少数坏年份，所以即使20个好年份也证明不了83%以上的按期率。
# 不写 `replications` 时，一直重复到各项时限都有结论，最多960次。

# %%
print(result.said(language))

# %% [markdown]
# How long the cases take, on the clock that decides; and what used the days of all cases and of
# the late ones.
#
# 各办件按判定口径的用时，以及全部办件与超期办件的时间去向。

# %%
axes = sim.figures.clock_distribution(result, "project_30", language=language)
# %%
axes = sim.figures.days_used(result, "project_30", language=language)
# %% [markdown]
# Every table is a pandas table: `result.pools` with codes, for programs; `labelled` with names.
# Who is busy? · 各表均为 pandas 表：`result.pools` 用代码，供程序使用；`labelled` 用名称。谁最忙？

# %%
result.labelled("pools", language).head(8)

# %%
axes = sim.figures.pool_load(result, language=language)
# %% [markdown]
# ## One case, from submission to delivery · 一个办件的全过程
#
# The shaded bands show when the clock runs, and when it stands still.
#
# 底色表示计时在走；空白表示计时暂停。

# %%
axes = sim.case_life(result).plot(language=language)
# %% [markdown]
# ## What if? · 如果人手变了呢？
#
# Any number can be changed. Both scenarios meet the same cases, so luck cancels out.
#
# 任一参数都可以改。两个情景面对同一批办件，运气相互抵消。

# %%
fewer = sim.vary(scenario, settings=["staff.planners.count=3"])
names = {"en": ("today", "three planners"), "zh": ("现状", "规划审查3人")}[language]
comparison = sim.compare(dict(zip(names, (scenario, fewer), strict=True)), replications=20, seed=1)
axes = comparison.plot(language=language)
# %%
print(comparison.said(language))

# %% [markdown]
# ## Move it yourself · 自己动手
#
# Sliders and switches of this scenario. The answer is redrawn while they move: the change against
# the scenario as it is, with its interval. *Take it along* gives the settings as code or a file.
#
# 本情景的滑块与开关。移动时答案随之更新：与原状相比的变化及其置信区间。
# “带走设置”可将设置导出为代码或小文件。

# %%
tried = sim.what_if(scenario, language=language)
tried
# %% [markdown]
# Code can move them, too · 也可用代码移动：

# %%
tried.set({"staff.hydrologists.count": 3, "limits.project_30.limit": "25 wd"})
