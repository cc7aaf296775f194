"""The private database of a checkout: found, made, started, stopped; nothing is asked of the machine.

For entry points only (`gisgov.cli`, `api.main`): services are given a database and do not know where it runs.
"""

from __future__ import annotations

from gisgov.config import Settings
from gisgov.embedded.account import Account, server_account
from gisgov.embedded.cluster import Cluster, ClusterStatus, Notice, unheard
from gisgov.embedded.place import choose_place, packs_folder

__all__ = ["Account", "Cluster", "ClusterStatus", "Notice", "cluster", "server_account", "url"]


def cluster(settings: Settings) -> Cluster:
    """Return this checkout's private cluster, whether it runs or not.

    Raises
    ------
    UnavailableError
        There is no folder or no user for it.
    """
    account = server_account()
    place = choose_place(settings.home, account)
    return Cluster(place, account, pg_bin=settings.pg_bin, packs=packs_folder(account))


def url(settings: Settings, notice: Notice = unheard) -> str:
    """Return the SQLAlchemy URL of the database to use.

    Parameters
    ----------
    settings : Settings
        ``database_url`` names a real server; without it the private cluster is used, made and started
        if need be.
    notice : callable
        Told what takes time.

    Raises
    ------
    ProgramMissing
        PostgreSQL or PostGIS is not installed.
    DatabaseUnavailable
        The private database could not be made or started.
    """
    return settings.database_url or cluster(settings).start(notice=notice)
