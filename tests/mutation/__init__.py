"""Plants small faults in the program, one at a time, and tells which of them no test notices.

`python -m tests.mutation record` runs the tests once and notes which functions each test calls
(by default all tests; paths may be given). `python -m tests.mutation run` then plants faults and
runs, for each, the tests that call the function in which it is. It is not part of the checks:
what it finds is a list to read. Machine code (`kernel.py`) is left out unless asked for, since each
fault there costs a compilation.
"""
