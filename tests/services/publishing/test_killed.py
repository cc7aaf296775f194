"""Publishing killed at random moments: afterwards the old plan is in force or the new one, never a mixture.

``KILLS=100 pytest -s tests/services/publishing/test_killed.py`` kills as often as that, and tells of it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from killed_publications import Killing

from gisgov.embedded import Cluster, server_account
from gisgov.embedded.place import choose_place

KILLS = int(os.environ.get("KILLS", "3"))


@pytest.fixture
def cluster(pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """A private server of this test's own, which keeps what it has committed."""
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.gisgov_folder))  # type: ignore[attr-defined]
    folder.chmod(0o755)  # the server runs as another user when the tests run as root
    account = server_account()
    packs = pytestconfig.gisgov_folder / "packs"  # type: ignore[attr-defined]
    made = Cluster(choose_place(folder / "killed", account), account, packs=packs)
    yield made
    made.remove()
    shutil.rmtree(folder)


def test_a_killed_publication_leaves_the_old_plan_or_the_new_one(cluster: Cluster) -> None:
    killing = Killing(cluster, seed=20260601)
    begin = time.monotonic()
    killing.run(KILLS)
    sys.stdout.write(
        f"killed {dict(killing.kills)}; afterwards {dict(killing.outcomes)}; "
        f"{time.monotonic() - begin:.0f} s\n"
    )
    assert killing.faults == []
    assert sum(killing.kills.values()) == KILLS
