"""What no stamp shows, inferred by simulation: how long work takes, and how it varies.

Recorded lives are cut wherever a stamp tells the time (`recorded`): what then lies between two
stamps is only waiting and work. These stretches are simulated with the engine at many parameters,
each once, from the recorded hand-overs on (`simulated`), and told in a few numbers (`summaries`).
A regression makes one number of them for each parameter (`regression`); how it depends on the
parameters is emulated, and the parameters that explain the recorded numbers are drawn from their
posterior (`emulator`). `inference` puts it together, and checks it on simulations whose parameters
are known.

Source: regression-adjusted summaries as in Fearnhead and Prangle (2012), a synthetic likelihood as
in Wood (2010) and Price et al. (2018), truncated priors as in Miller et al. (2020).
"""
