"""Data sets larger than one machine: partitions joined by the workers of a Dask cluster, where they lie.

Needs the extra ``distributed`` (``pip install "gisgov[distributed]"``) here and on the workers, and storage
that all of them share.

Examples
--------
>>> from gisgov.distributed import assign_dataset
>>> assign_dataset.__name__
'assign_dataset'
"""

from gisgov.distributed.assigning import assign_dataset
from gisgov.distributed.clusters import connected

__all__ = ["assign_dataset", "connected"]
