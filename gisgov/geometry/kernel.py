"""Loops over arrays, compiled: what numpy cannot say without passing over the data many times.

A module of kernels is imported by the function that calls it, not at its file's top: reading the compiler
takes most of a second, which commands that check nothing need not wait for. A kernel calls only kernels
of its own file, because the cache on disk notices changes of that file alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile a function over arrays and scalars; it runs without Python's lock.

    Parameters
    ----------
    function : callable
        Of arrays and numbers, annotated for readers.

    Returns
    -------
    callable
        The same function, compiled when it is first called and kept on disk: beside the source, or in the
        user's cache where that is read-only, or nowhere when no folder can be written.
    """
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba finds no folder that it may write to
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Function", compiled)


def inlined(function: Function) -> Function:
    """Compile a function that becomes a part of each kernel of its file that calls it.

    A call hands its arrays over and counts references to them, which takes longer than what many a small
    function does. Worth while for what is called for each of many things from one or two places.

    Parameters
    ----------
    function : callable
        As `kernel` takes it.

    Returns
    -------
    callable
        The same function, compiled with whatever calls it.
    """
    compiled = numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return cast("Function", compiled)
