"""Plants small faults in the program, one at a time, and tells which of them no test notices.

`python -m tests.mutation record` runs the tests once and notes which lines each test executes and
how long it takes (by default all tests that run by default; paths may be given). `run` then plants
faults and runs, for each, the tests that execute the line, the quickest of each file first. It is
not part of the checks: what it finds is a list to read.

A fault in a function is planted in a fork of a process that has collected all tests: the function
gets the code of the changed source, and nothing is read again. One outside of functions, and one
that nothing noticed so far, is planted where the module is read (`site/sitecustomize.py`), in a
process of its own and in those that it starts. With `--kernels`, `record` and `run` take the files
that are machine code, and run them as Python (`kernels.py`): nothing is compiled.
"""
