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
# **业务量到多少时守不住?** 到达量从现在的一半放大到两倍;负荷 × 1 即原情景。

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
for promise in curve.resolved_limits:
    found = curve.crossing(promise)
    if found.status == "breaks":
        first = curve.pools_at(promise)[0].summary.name
        print(
            f"{promise.name} breaks at load × {found.load:.2f} ({found.low:.2f} to "
            f"{found.high:.2f}); the queue that grows most is that of '{first}'."
        )
    else:
        print(f"{promise.name}: {found.status} between × {curve.grid[0]} and × {curve.grid[-1]}.")

# %% [markdown]
# Which pools are full then? · 届时哪些岗位已满?

# %%
curve.pools.groupby("limit").head(4)

# %% [markdown]
# ## And in bad months? · 忙月如何?
#
# A promise that holds over the year may break in its busiest months.
#
# 全年守得住的承诺,在最忙的月份未必守得住。

# %%
busy = sim.run(scenario, replications=20, seed=1, keep="summary")
axes = sim.figures.on_time_by_period(busy, "project_30", language=language)
# %%
axes = sim.figures.pools_heat_map(busy, language=language)
