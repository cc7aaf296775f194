"""How passwords are hashed where people sign in; elsewhere tests hash lightly."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec

from gisgov.services.accounts import hashing


def test_a_hash_costs_who_guesses_time_and_memory() -> None:
    """As RFC 9106 recommends where memory is scarce, or dearer."""
    spec = find_spec(hashing.__name__)
    assert spec is not None
    assert spec.loader is not None
    untouched = module_from_spec(spec)
    spec.loader.exec_module(untouched)

    kind, version, parameters = untouched.hash_password("three wet cats").split("$")[1:4]
    assert (kind, version) == ("argon2id", "v=19")
    cost = {name: int(value) for name, _, value in (one.partition("=") for one in parameters.split(","))}
    assert cost["m"] >= 64 * 1024
    assert cost["t"] >= 3
