"""Areas as routing looks them up: a few places as many, owners, neighbours, what is above."""

from __future__ import annotations

import numpy as np
from layer_indexes import drawn, layer_index

from gisgov.services.assigning import assign_points
from gisgov.services.routing.areas import owners_of


def test_a_few_places_have_the_owners_that_many_have() -> None:
    layer = layer_index(drawn("AAB\nACB\n.CB"))
    random = np.random.default_rng(3)
    lon, lat = np.round(random.uniform((113.995, 22.495), (114.035, 22.535), (200, 2)), 3).T
    lon[7], lat[9] = np.nan, np.nan
    whole = assign_points(layer, lon, lat)
    parts = [owners_of(layer, lon[i : i + 5], lat[i : i + 5]) for i in range(0, 200, 5)]
    assert np.concatenate([one.owner for one in parts]).tolist() == whole.owner.tolist()
    assert np.concatenate([one.status for one in parts]).tolist() == whole.status.tolist()
    assert {*whole.status.tolist()} == {0, 1, 2, 3}
    assert owners_of(layer, lon, lat).owner.tolist() == whole.owner.tolist()
