"""bantin users: who may sign in, what each may do, and where they are signed in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError
from news.sso import identity
from news.users import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordFault, Role, User, fault_of

if TYPE_CHECKING:
    from storage.connect import Store

app = typer.Typer(help="Users who sign in: add, list, change them, end their sessions.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the user signs in with.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="The password is the first line of standard input.")]

_FAULTS = {
    PasswordFault.SHORT: f"It has fewer than {SHORTEST_PASSWORD} characters.",
    PasswordFault.LONG: f"It has more than {LONGEST_PASSWORD} characters.",
    PasswordFault.OWN_NAME: "It is the user's name.",
}


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    full_name: Annotated[str, typer.Option(help="What people call the user.")] = "",
    password_stdin: FromStdin = False,
    subject: Annotated[
        str, typer.Option(metavar="ID", help="Comes by single sign-on, as the one whom the provider calls so.")
    ] = "",
) -> None:
    """Let somebody in. Without a password given or typed, one is made up and printed, the only time it is shown."""
    from web.accounts import passwords

    config = session.configure()
    whom = _identity(config.oidc_issuer, subject) if subject else ""
    user = User(name, role, datetime.now(UTC), full_name=full_name.strip(), subject=whom)
    with session.opened(config) as store:
        if store.users.get(name):
            raise BantinError(f"There is a user {name!r}.", "`bantin users list` shows them; choose another name.")
        password, made_up = ("", False) if subject and not password_stdin else _password(name, password_stdin)
        store.users.add(replace(user, password=passwords.hashed(password) if password else ""))
    _tell(password if made_up else "", f"{name} may sign in as {role}.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the users, when each signed in last, and in how many sessions each is now."""
    with session.opened(session.configure()) as store:
        users, sessions = store.users.all(), store.sessions.counts(datetime.now(UTC))
    table = output.table("name!", "full name", "role!", "state!", "last sign-in!", "sessions#")
    for user in users:
        count = sessions.get(user.name, 0)
        if as_json:
            output.line(output.json_line(_row(user, count)))
        state = "disabled" if user.disabled else "good"
        table.add_row(
            user.name, output.plain(user.full_name), user.role, state, output.when(user.last_login), str(count)
        )
    if not as_json:
        output.show(table)


@app.command()
def role(name: Name, role: Annotated[Role, typer.Argument(help="What the user may do from now on.")]) -> None:
    """Give a user another role; a running web app knows within ten seconds."""
    with _known(name) as store:
        store.users.set_role(name, role)
    output.line(f"{name} is {role} now.")


@app.command()
def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give a user another password, typed, given or made up, and end all sessions of that user."""
    from web.accounts import passwords

    with _known(name) as store:
        anew, made_up = _password(name, password_stdin)
        store.users.set_password(name, passwords.hashed(anew))
        ended = store.sessions.end_all(name)
    _tell(anew if made_up else "", f"The password of {name} is changed; {ended} sessions ended.")


@app.command()
def disable(name: Name) -> None:
    """Keep a user out and end all sessions of that user; what the user did stays."""
    with _known(name) as store:
        store.users.disable(name, datetime.now(UTC))
        ended = store.sessions.end_all(name)
    output.line(f"{name} is disabled; {ended} sessions ended.")


@app.command()
def enable(name: Name) -> None:
    """Let a user in again, with the password of before."""
    with _known(name) as store:
        store.users.enable(name)
    output.line(f"{name} may sign in again.")


@app.command()
def sessions(name: Name, as_json: Json = False) -> None:
    """List where a user is signed in."""
    from web.accounts.browsers import called

    with _known(name) as store:
        found = store.sessions.of(name, datetime.now(UTC))
    table = output.table("began!", "last used!", "ends!", "browser", "address!")
    for one in found:
        if as_json:
            times = {field: getattr(one, field).isoformat() for field in ("created", "seen", "ends")}
            output.line(output.json_line({**times, "browser": one.browser, "address": one.address}))
        times_shown = [output.when(moment) for moment in (one.created, one.seen, one.ends)]
        table.add_row(*times_shown, output.plain(called(one.browser)), one.address)
    if not as_json:
        output.show(table)


@app.command("end-sessions")
def end_sessions(name: Name) -> None:
    """End all sessions of a user; a running web app refuses them within ten seconds."""
    with _known(name) as store:
        ended = store.sessions.end_all(name)
    output.line(f"{ended} sessions of {name} ended.")


@contextmanager
def _known(name: str) -> Iterator[Store]:
    """The store, where there is a user of the name."""
    with session.opened(session.configure()) as store:
        if store.users.get(name) is None:
            raise BantinError(f"There is no user {name!r}.", "`bantin users list` shows those there are.")
        yield store


def _identity(issuer: str, subject: str) -> str:
    """Whom a provider calls so, among those of all providers."""
    if not issuer:
        raise BantinError("There is no single sign-on here.", "Set BANTIN_OIDC_ISSUER first.")
    return identity(issuer, subject)


def _password(name: str, from_stdin: bool) -> tuple[str, bool]:
    """A password for a user, and whether it was made up here."""
    from web.accounts import passwords

    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        given = typer.prompt(
            "Password (empty: one is made up)", default="", hide_input=True, show_default=False,
            confirmation_prompt="Again", err=True,
        )  # fmt: skip
        if not given:
            return passwords.made_up(), True
    else:
        return passwords.made_up(), True
    if fault := fault_of(given, name):
        raise BantinError(f"That is no password for {name}. {_FAULTS[fault]}", "Choose another; a sentence is best.")
    return given, False


def _tell(made_up: str, what: str) -> None:
    if made_up:
        output.line(made_up)
        output.note(f"{what} This is the password. Keep it: it is not stored and cannot be shown again.")
    else:
        output.line(what)


def _row(user: User, sessions: int) -> dict[str, Any]:
    return {
        "name": user.name,
        "full_name": user.full_name,
        "role": user.role,
        "created": user.created.isoformat(),
        "disabled": user.disabled.isoformat() if user.disabled else None,
        "last_login": user.last_login.isoformat() if user.last_login else None,
        "single_sign_on": bool(user.subject),
        "sessions": sessions,
    }
