"""How helpers become part of entry points: as they are, and optimized once, all together.

Numba makes each function ready to run by itself: it optimizes a helper with all that the helper
calls, once more with each of its callers, and writes machine code for each. Only entry points are
ever run, so a helper is kept as it was lowered, until an entry point takes it in.
"""

from __future__ import annotations

from typing import Any

from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, _LowerResult
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering


class _Library(JITCodeLibrary):
    """Code that takes in helpers with all that they call."""

    def add_linking_library(self, library: Any) -> None:
        library._ensure_finalized()
        called = library._linking_libraries if isinstance(library, _HelperLibrary) else []
        for each in (*called, library):
            if each not in self._linking_libraries:
                self._linking_libraries.append(each)


class _HelperLibrary(_Library):
    """The code of a helper, neither optimized nor ready to run."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True


class _EntryPointLibrary(_Library):
    """The code of an entry point, with that of its helpers."""

    def finalize(self) -> None:
        # Callers go first: what nothing refers to yet is not taken in.
        self._linking_libraries.reverse()
        super().finalize()


def _library(kind: type[_Library], state: Any) -> _Library:
    library = kind(state.targetctx.codegen(), state.func_id.func_qualname)
    library.enable_object_caching()
    return library


@register_pass(mutates_CFG=True, analysis_only=False)
class _HelperLowering(NativeLowering):
    _name = "helper_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _library(_HelperLibrary, state)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered, nowhere = state["cr"], 0
        described = lowered.fndesc
        # Callers find a helper by a function object, though nobody can call this one.
        function = _dynfunc.make_function(
            described.lookup_module(),
            described.qualname,
            "",
            nowhere,
            lowered.env,
            (state.library,),
        )
        state.targetctx.insert_user_function(function, described, [state.library])
        state["cr"] = _LowerResult(described, lowered.call_helper, function, lowered.env)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _EntryPointLowering(NativeLowering):
    _name = "entry_point_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _library(_EntryPointLibrary, state)
        lowered: bool = super().run_pass(state)
        return lowered


class _Compiler(CompilerBase):
    """Numba's compiler with a lowering of its own."""

    lowering: type[NativeLowering]

    def define_pipelines(self) -> list[PassManager]:
        usual = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes = PassManager(type(self).__name__)
        for each, what in usual.passes:
            passes.add_pass(self.lowering if each is NativeLowering else each, what)
        passes.finalize()
        return [passes]


class HelperCompiler(_Compiler):
    """Compiles a function for others to take in."""

    lowering = _HelperLowering


class EntryPointCompiler(_Compiler):
    """Compiles a function with all that it calls."""

    lowering = _EntryPointLowering
