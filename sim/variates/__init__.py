"""Random numbers by counter, and the distributions made of them: the same bits everywhere.

A random number is a function of its address (seed, replication, stream, case, draw), so nothing is
kept between two of them. `array_form` computes those of many cases with NumPy and is the reference;
`kernel` computes them in machine code. Both use the formulas of `formulas`, in which nothing but
+ - * / and square roots of IEEE 754 occurs: libraries differ in the last bit of `exp` and `log`.
"""

from sim.variates.sampler import Family, Sampler

__all__ = ["Family", "Sampler"]
