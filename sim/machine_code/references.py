"""Named tuples by reference, in machine code.

Numba hands a tuple on by value: seven numbers an array, for each argument of each call. Half of the
time to compile a kernel of a hundred helpers went into that. `by_reference` puts the tuple on the
stack of the entry point; what is handed on is its address. Fields are read as before; a field that
is a named tuple itself is a reference, too.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model

_ADDRESS = ir.IntType(8).as_pointer()


class _Reference(types.Type):
    """The type of a reference to a named tuple."""

    def __init__(self, to: types.NamedTuple) -> None:
        self.to = to
        # The name becomes part of the name of each function, and that of a tuple is very long.
        super().__init__(f"reference_{sha256(str(to).encode()).hexdigest()[:16]}")

    @property
    def key(self) -> types.NamedTuple:
        return self.to


@register_model(_Reference)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, reference: _Reference) -> None:
        super().__init__(manager, reference, _ADDRESS)


@infer_getattr
class _Fields(AttributeTemplate):
    """Numba's question for the type of a field."""

    key = _Reference

    def generic_resolve(  # type: ignore[override]
        self, reference: _Reference, name: str
    ) -> types.Type | None:
        if name not in reference.to.fields:
            return None
        field = reference.to.types[reference.to.fields.index(name)]
        return _Reference(field) if isinstance(field, types.NamedTuple) else field


@lower_getattr_generic(_Reference)
def _read(context: Any, builder: Any, reference: _Reference, address: Any, name: str) -> Any:
    """Write the code that reads a field."""
    number = reference.to.fields.index(name)
    whole = builder.bitcast(address, context.get_value_type(reference.to).as_pointer())
    place = cgutils.gep_inbounds(builder, whole, 0, number)
    if isinstance(reference.to.types[number], types.NamedTuple):
        return builder.bitcast(place, _ADDRESS)
    return builder.load(place)


@intrinsic
def by_reference(_: Any, named_tuple: Any) -> Any:
    """Return a reference to a named tuple; it holds until the function that calls this returns."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = cgutils.alloca_once_value(builder, arguments[0])
        return builder.bitcast(place, _ADDRESS)

    return _Reference(named_tuple)(named_tuple), write
