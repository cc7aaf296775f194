"""A file of any size takes the memory of one batch."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

_READ = """
import resource, sys
from pathlib import Path
from gisgov.files.vectors import open_vectors

def peak_mb():
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1048576
    # ru_maxrss of Linux begins at what the parent took
    return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024

with open_vectors(Path(sys.argv[1])) as source:  # what the libraries take by themselves
    next(source.batches())
before = peak_mb()
with open_vectors(Path(sys.argv[2])) as source:
    rows = sum(len(batch.rows) for batch in source.batches())
print(rows, peak_mb() - before)
"""


def written(path: Path, count: int, corners: int = 4000) -> Path:
    """Write polygons of so many corners that each takes about 160 KB."""
    turns = [2 * math.pi * k / corners for k in range(corners)]
    ring = [[120 + math.cos(turn) / 3, 30 + math.sin(turn) / 3] for turn in turns]
    geometry = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    features = (
        f'{{"type": "Feature", "properties": {{"code": "{i}"}}, "geometry": {geometry}}}'
        for i in range(count)
    )
    text = ",\n".join(features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n', encoding="utf-8")
    return path


def test_reading_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small, large = written(tmp_path / "small.geojson", 3), written(tmp_path / "large.geojson", 400)
    size_mb = large.stat().st_size / 2**20
    ran = subprocess.run(
        [sys.executable, "-c", _READ, str(small), str(large)], capture_output=True, text=True, check=True
    )
    rows, grown_mb = ran.stdout.split()
    assert int(rows) == 400
    assert size_mb > 55
    assert float(grown_mb) < size_mb / 1.5
