"""The accounts of the demo: one of each role and a program, made once, with passwords for one use."""

from __future__ import annotations

from gisgov.demo.report import DemoAccount
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, list_accounts, make_key
from gisgov.store.database import Database

CLIENT = "demo-client"
_CLIENT_SCOPE = "areas.read"


def make_accounts(database: Database, *, street: str, community: str) -> tuple[DemoAccount, ...]:
    """Make the accounts where none is, and return those of the demo.

    Their passwords and the key are random, and known to nobody but who reads them here: an account that was
    there before has none to tell.

    Parameters
    ----------
    database : Database
        The demo's.
    street, community : str
        Codes of areas in which some hold their role.
    """
    grants = {
        "demo-viewer": Grant(Role.VIEWER),
        "demo-officer": Grant(Role.OFFICER, "community", community),
        "demo-dispatcher": Grant(Role.DISPATCHER, "street", street),
        "demo-planner": Grant(Role.PLANNER, "community", community),
        "demo-manager": Grant(Role.MANAGER),
        "demo-administrator": Grant(Role.ADMINISTRATOR),
    }
    there = {one.account for one in list_accounts(database)}
    if there:
        return tuple(
            DemoAccount(name, str(grant), None, None)
            for name, grant in {**grants, CLIENT: Grant(Role.VIEWER)}.items()
            if name in there
        )
    made = [
        DemoAccount(name, str(grant), create_account(database, name, grants=[grant]).one_time_password, None)
        for name, grant in grants.items()
    ]
    viewer = Grant(Role.VIEWER)
    create_account(database, CLIENT, kind=ActorKind.CLIENT, grants=[viewer])
    key = make_key(database, CLIENT, scopes=[_CLIENT_SCOPE], title="demo")
    return (*made, DemoAccount(CLIENT, f"{viewer}, {_CLIENT_SCOPE} alone", None, key.key))
