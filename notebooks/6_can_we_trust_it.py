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
# # Can we trust it?
#
# Theory, two engines, fresh random numbers, and the assumptions on which the answer hangs.
#
# **可信吗？** 与理论对照、两个引擎对照、换随机数，再看结论取决于哪些假设。

# %%
import pandas as pd

import sim

language = "en"

# %% [markdown]
# ## Against theory · 与理论对照
#
# A single counter with random arrivals and work: queueing theory says how long a case stays.
#
# 单窗口、随机到达、随机办理时间：排队论给出逗留时间的精确值。

# %%
textbook = sim.load("textbook/mm1")
runs = [sim.run(textbook, replications=1, seed=seed, keep="summary") for seed in range(1, 21)]
hours = pd.Series([run.mean_sojourn_h("request") for run in runs])
half = 2.093 * hours.sem()  # Student's t, 19 degrees of freedom
exact = 1 / (1 - 0.5)  # one request in two hours, one hour of work: half load
sentence = {
    "en": "Time in the system: {mean:.3f} ± {half:.3f} hours; theory: {exact:.3f} hours.",
    "zh": "逗留时间：{mean:.3f} ± {half:.3f} 小时；理论值：{exact:.3f} 小时。",
}[language]
print(sentence.format(mean=hours.mean(), half=half, exact=exact))

# %% [markdown]
# ## Two engines, the same integers · 两个引擎，同样的整数

# %%
scenario = sim.load("yingkou/base")
compiled, readable = (
    sim.run(scenario, replications=1, seed=1, engine=engine).tables
    for engine in ("compiled", "simpy")
)
assert all(compiled[name].equals(readable[name]) for name in compiled)
print(
    {
        "en": "The compiled and the readable engine agree in every number of {count} tables.",
        "zh": "编译引擎与可读引擎的 {count} 张表，每个数都相同。",
    }[language].format(count=len(compiled))
)

# %% [markdown]
# ## Fresh random numbers · 换一组随机数

# %%
named = {"en": "seed {}", "zh": "种子 {}"}[language]
seeds = {
    named.format(seed): sim.run(scenario, replications=20, seed=seed, keep="summary")
    for seed in (1, 2, 3)
}
axes = sim.figures.on_time_by_scenario(seeds, "project_30", language=language)
# %% [markdown]
# ## Which assumption could turn the answer? · 哪个假设会改变结论？
#
# Six of the assumptions with a range, with few replications. They show which moves the share most,
# and prove hardly any verdict: "undecided" is an honest answer. Without `parameters` all are tried,
# which takes minutes.
#
# 只看六个给出范围的假设，重复次数也少：看得出哪个影响最大，但多半证明不了守不守得住：“未定”
# 也是如实的回答。不写 `parameters` 则逐一试算全部假设，需要几分钟。

# %%
sensitivity = sim.sensitivity(
    scenario,
    parameters=[
        "case_types.project.arrivals.yearly.volume",
        "case_types.project.matters.WSC.review.handle.work.lognormal.mean",
        "staff.planners.count",
        "staff.planners.share",
        "staff.hydrologists.count",
        "staff.window.count",
    ],
    replications=4,
    seed=1,
)
axes = sim.figures.tornado(sensitivity, "project_30", language=language)
# %% [markdown]
# ## The answer · 结论

# %%
print(sensitivity.said(language))

# %% [markdown]
# How much is assumed stands above every result; `sim show yingkou/base` lists every number with its
# source. · 每个结果上方写明有多少数据为假设；`sim show yingkou/base --lang zh` 列出每个数及其来源。

# %%
seeds[named.format(1)].said(language)
