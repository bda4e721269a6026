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
# # Where does the next officer belong?
#
# The fewest officers, and where, that keep every promise; and what one more would bring.
#
# **下一个人应放在哪里?** 守住全部承诺最少需要多少人、放在哪里;再加一人有何作用。

# %%
import sim

language = "en"
scenario = sim.load("yingkou/base")
staffing = sim.staff(scenario, seed=1)
staffing

# %%
axes = sim.figures.staff_plan(staffing, language=language)
# %%
axes = sim.figures.staff_frontier(staffing, language=language)
# %%
axes = sim.figures.one_more(staffing, language=language)
# %% [markdown]
# ## The answer · 结论

# %%
if staffing.plan is None:
    print(f"No plan: {staffing.outcome}.")
else:
    print(
        f"{sum(staffing.plan)} officers do ({staffing.outcome}), where there are "
        f"{sum(staffing.today)} today."
    )
today = staffing.marginal.query("at == 'today' and by == 1 and kind == 'limit'")
for limit, rows in today.groupby("requirement"):
    best = rows.loc[rows["change"].idxmax()]
    proven = "proven" if best["ci_low"] > 0 else "not proven"
    print(
        f"{limit}: today, one officer more brings most in '{best['team']}': "
        f"{100 * best['change']:+.1f} points ({proven})."
    )

# %% [markdown]
# The plan as a scenario, for further questions. Where a limit is undecided, these 120 years
# alone do not prove it; without `replications` the run goes on until they do.
#
# 将方案作为情景继续研究。“未定”表示仅凭另外120年还证明不了;不写 `replications` 则重复到有结论为止。

# %%
planned = sim.vary(scenario, settings=staffing.settings)
sim.run(planned, replications=120, seed=2, keep="summary")
