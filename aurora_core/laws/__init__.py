"""The decisions, each written once.

A *law* is a pure function of numbers: ``law(policy, state, ..., now) -> (state, wait)``. It reads no
clock, takes no lock, draws no chance, raises nothing. The live objects of :mod:`aurora_core.resilience`
call these functions as they stand; the simulator compiles the very same ones.

What keeps a law compilable and equal in both worlds, held by ``tests/laws/test_shape.py``:

- no ``**`` (its last bits differ when compiled; ``math.pow`` does not),
- policies are made in one place, :mod:`aurora_core.resilience.policies`, with every field of one type,
- a state of one number is a number, of more a ``NamedTuple`` built whole,
- a law that needs a memory writes only the buffer that it is handed.
"""
