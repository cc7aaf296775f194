"""What a worker does: map the index once, then join partition after partition."""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from gisgov.services.assigning_files.datasets import Partition, assign_partition
from gisgov.services.assigning_files.index_file import read_layer
from gisgov.types import Json

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex

_KEPT = 2  # a worker may work for two runs at a time
_mapping = threading.Lock()


def do_partition(partition: Partition, work: str, index: str) -> Json:
    """Join a partition with the index that lies in a file, and write it.

    Returns
    -------
    dict
        What is told of it, see `gisgov.services.assigning_files.datasets.assign_partition`.
    """
    stat = Path(index).stat()
    with _mapping:  # threads of a worker begin at the same time
        layer = _layer(index, stat.st_ino, stat.st_mtime_ns)
    return assign_partition(layer, partition, Path(work))


def times_mapped() -> int:
    """Return how many indexes this process has mapped so far."""
    return _layer.cache_info().misses


@functools.lru_cache(maxsize=_KEPT)
def _layer(index: str, _inode: int, _written_ns: int) -> LayerIndex:
    return read_layer(Path(index))
