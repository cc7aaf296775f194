"""``gisgov account``: who may sign in, and which roles they hold where."""

from __future__ import annotations

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.roles import RolesCommand, parse_grants, role_options
from gisgov.cli.session import open_database
from gisgov.governance.access import ActorKind
from gisgov.services.accounts.records import AccountInfo, NewAccount, OneTimePassword, RoleInfo


@click.group
def account() -> None:
    """Make accounts, give them roles, disable and delete them."""


@account.command(cls=RolesCommand)
@click.argument("name")
@role_options
@click.option("--department", metavar="CODE", help="The department whose people they are.")
@click.option("--client", is_flag=True, help="An account of a program, which comes with keys alone.")
@json_option(NewAccount)
def add(name: str, roles: tuple[str, ...], department: str | None, client: bool, as_json: bool) -> None:
    """Make an account, and print its one-time password, which is told this once.

    The first account of a service: gisgov account add NAME --role administrator
    """
    from gisgov.services.accounts import create_account

    grants = parse_grants(roles)
    kind = ActorKind.CLIENT if client else ActorKind.PERSON
    made = create_account(open_database(), name, kind=kind, grants=grants, department=department)
    emit(made, as_json=as_json, text=_made)


@account.command("list")
@json_option(tuple[AccountInfo, ...])
def list_(as_json: bool) -> None:
    """List all accounts."""
    from gisgov.services.accounts import list_accounts

    emit(list_accounts(open_database()), as_json=as_json, text=_listed)


@account.command
@click.argument("name")
@json_option(AccountInfo)
def show(name: str, as_json: bool) -> None:
    """Show one account with its roles."""
    from gisgov.services.accounts import show_account

    emit(show_account(open_database(), name), as_json=as_json, text=_shown)


@account.command(cls=RolesCommand)
@click.argument("name")
@role_options
@click.option("--none", "no_role", is_flag=True, help="Take all roles from it.")
@json_option(AccountInfo)
def roles(name: str, roles: tuple[str, ...], no_role: bool, as_json: bool) -> None:
    """Give an account these roles in the place of those it holds."""
    from gisgov.services.accounts import change_account

    if no_role == bool(roles):
        raise click.UsageError("Give the roles with --role, or --none.")
    changed = change_account(open_database(), name, grants=parse_grants(roles))
    emit(changed, as_json=as_json, text=_shown)


@account.command
@click.argument("name")
@click.argument("code", required=False)
@click.option("--none", "no_department", is_flag=True, help="Of none.")
@json_option(AccountInfo)
def department(name: str, code: str | None, no_department: bool, as_json: bool) -> None:
    """Say that an account is of the department CODE: it answers for it and deals with what it is given."""
    from gisgov.services.accounts import change_account

    if no_department == bool(code):
        raise click.UsageError("Give the code of the department, or --none.")
    changed = change_account(open_database(), name, department=code or None)
    emit(changed, as_json=as_json, text=_shown)


@account.command
@click.argument("name")
@json_option(AccountInfo)
def disable(name: str, as_json: bool) -> None:
    """Let an account not sign in any more: its sessions end, and its keys are refused."""
    from gisgov.services.accounts import change_account

    emit(change_account(open_database(), name, disabled=True), as_json=as_json, text=_shown)


@account.command
@click.argument("name")
@json_option(AccountInfo)
def enable(name: str, as_json: bool) -> None:
    """Let a disabled account sign in again."""
    from gisgov.services.accounts import change_account

    emit(change_account(open_database(), name, disabled=False), as_json=as_json, text=_shown)


@account.command
@click.argument("name")
def delete(name: str) -> None:
    """Delete an account with its keys, its sessions and its jobs."""
    from gisgov.services.accounts import delete_account

    delete_account(open_database(), name)
    click.echo(f"Deleted account {name}.")


@account.command
@click.argument("name")
@json_option(OneTimePassword)
def password(name: str, as_json: bool) -> None:
    """Give a person a one-time password, told this once; their sessions end, and so does a lock."""
    from gisgov.services.accounts import give_one_time_password

    emit(give_one_time_password(open_database(), name), as_json=as_json, text=_one_time)


def where(role: RoleInfo) -> str:
    """Say where a role is held."""
    return "everywhere" if role.area_code is None else f"in {role.layer} {role.area_code}"


def _roles(held: tuple[RoleInfo, ...]) -> str:
    return ", ".join(f"{one.role} {where(one)}" for one in held) or "no role"


def _made(made: NewAccount) -> str:
    lines = [f"Made account {made.account} ({made.kind}): {_roles(made.roles)}."]
    if made.one_time_password is None:
        lines.append(f"Make its key with `gisgov key add {made.account}`.")
    else:
        lines.append(f"One-time password, told this once:  {made.one_time_password}")
        lines.append("It is changed at the first sign-in, and ends in 7 days.")
    return "\n".join(lines)


def _one_time(made: OneTimePassword) -> str:
    return (
        f"One-time password of {made.account}, told this once:  {made.one_time_password}\n"
        f"It is changed at the first sign-in, and ends on {made.expires.astimezone():%Y-%m-%d %H:%M}."
    )


def _listed(found: tuple[AccountInfo, ...]) -> str:
    if not found:
        return "There is no account yet: gisgov account add NAME --role administrator"
    rows = [
        (one.account, one.kind, "disabled" if one.disabled else None, one.department, _roles(one.roles))
        for one in found
    ]
    return table(("account", "kind", "state", "department", "roles"), rows)


def _shown(one: AccountInfo) -> str:
    state = "disabled" if one.disabled else "may sign in"
    lines = [f"{one.account}  {one.kind}, {state}, made {one.created.astimezone():%Y-%m-%d}"]
    lines += [f"  of department {one.department}"] if one.department else []
    lines += [f"  {held.role} {held.title_zh}, {where(held)}" for held in one.roles] or ["  no role"]
    return "\n".join(lines)
