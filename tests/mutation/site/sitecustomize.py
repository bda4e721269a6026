"""Reads one module of the program with a fault, in any interpreter that finds this file.

`SIM_MUTATION_FILE`: the module. `SIM_MUTATION_SOURCE`: a file with the source to read instead.
`SIM_MUTATION_SECONDS`: processor time of the interpreter, at most.
"""

import os
import resource
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

FILE, SOURCE = os.environ.get("SIM_MUTATION_FILE"), os.environ.get("SIM_MUTATION_SOURCE")


class _Loader(SourceFileLoader):
    def get_code(self, fullname):
        return compile(Path(SOURCE).read_bytes(), self.path, "exec")


class _Finder(MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if not fullname.startswith("sim"):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin == FILE:
            spec.loader = _Loader(fullname, FILE)
        return spec


if FILE and SOURCE:
    seconds = int(os.environ["SIM_MUTATION_SECONDS"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.meta_path.insert(0, _Finder())
