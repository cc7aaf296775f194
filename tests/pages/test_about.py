"""The page about gisgov."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from service_pages import Visit, faults, shows

pytestmark = pytest.mark.browser


def test_it_lists_the_licences_of_what_the_pages_carry(visit: Callable[..., Visit]) -> None:
    page = visit("viewer").open("/about")
    shows(page, "#content", "Apache-2.0")
    shows(page, "g-table", "BSD-3-Clause")
    carried = page.locator("g-table tbody tr td:first-child").all_inner_texts()
    assert {"lit-html", "ol", "openapi-fetch", "leaflet"} <= set(carried)
    assert faults(page) == []
