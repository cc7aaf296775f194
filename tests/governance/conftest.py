"""How property tests of this room run."""

from __future__ import annotations

from hypothesis import settings

# no test may fail because the machine was busy
settings.register_profile("gisgov", deadline=None)
settings.load_profile("gisgov")
