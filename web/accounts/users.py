"""Whom administrators let in: /users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from news.errors import InvalidValue
from news.users import Role, User
from storage.connect import Store
from web.access import Gate
from web.accounts import passwords
from web.accounts.door import Door
from web.contexts.accounts import SessionRow, UserPage, UserRow, UsersPage, role_options, user_path
from web.contexts.frame import Link
from web.forms import form_of
from web.pages import answer_to_user, user_frame_of
from web.principal import principal_of
from web.problems import Problem
from web.texts.accounts import ACCOUNT_TEXTS

_LONGEST_NAME = 80


def routes(store: Store, gate: Gate, door: Door) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits."""
    router = APIRouter(include_in_schema=False)
    staff = _Staff(store, gate)

    @router.api_route("/users", methods=["GET", "HEAD"])
    def users(request: Request) -> Response:
        return answer_to_user(staff.all(request, {}))

    @router.post("/users")
    async def add(request: Request) -> Response:
        fields = await form_of(request)
        password = passwords.made_up()
        kept = await door.hashed(password)
        return await to_thread.run_sync(staff.add, request, fields, kept, password)

    @router.api_route("/users/{name}", methods=["GET", "HEAD"])
    def user(request: Request, name: str) -> Response:
        return answer_to_user(staff.one(request, staff.known(name)))

    @router.post("/users/{name}/role")
    async def role(request: Request, name: str) -> Response:
        wanted = (await form_of(request)).get("role", "")
        if wanted not in list(Role):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{wanted[:40]!r} is no role.", f"One of {', '.join(Role)}.")
        change = staff.other(request, name)
        return await to_thread.run_sync(
            staff.do, request, name, lambda: store.users.set_role(change, Role(wanted)), "role"
        )

    @router.post("/users/{name}/disable")
    def disable(request: Request, name: str) -> Response:
        other = staff.other(request, name)

        def shut_out() -> None:
            store.users.disable(other, gate.clock())
            store.sessions.end_all(other)

        return staff.do(request, name, shut_out, "disabled")

    @router.post("/users/{name}/enable")
    def enable(request: Request, name: str) -> Response:
        return staff.do(request, name, lambda: store.users.enable(name), "enabled")

    @router.post("/users/{name}/end-sessions")
    def end_sessions(request: Request, name: str) -> Response:
        return staff.do(request, name, lambda: store.sessions.end_all(name), "sessions")

    @router.post("/users/{name}/password")
    async def reset(request: Request, name: str) -> Response:
        await to_thread.run_sync(staff.known, staff.other(request, name))
        password = passwords.made_up()
        await door.change(name, password)
        user = await to_thread.run_sync(staff.known, name)
        return answer_to_user(await to_thread.run_sync(staff.one, request, user, password))

    return router


class _Staff:
    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate

    def known(self, name: str) -> User:
        user = self._store.users.get(name)
        if user is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no user {name[:40]!r}.", "/users shows those there are.")
        return user

    def other(self, request: Request, name: str) -> str:
        """The name, where it is not that of who asks: so there is always an administrator left."""
        user = principal_of(request).user
        if user is not None and user.name == name:
            said = ACCOUNT_TEXTS[user_frame_of(request).language]
            raise Problem(HTTPStatus.CONFLICT, said.not_oneself, "")
        return name

    def do(self, request: Request, name: str, change: Callable[[], object], done: str) -> Response:
        """Changes a user that there is, and leads back to the page of that one."""
        self.known(name)
        change()
        self._gate.keeper.forget()
        frame = user_frame_of(request)
        path = user_path(frame, name)
        return RedirectResponse(f"{path}{'&' if '?' in path else '?'}done={done}", HTTPStatus.SEE_OTHER)

    def add(self, request: Request, fields: dict[str, str], kept: str, password: str) -> Response:
        said = ACCOUNT_TEXTS[user_frame_of(request).language]
        name, full_name = fields.get("name", "").strip(), " ".join(fields.get("full_name", "").split())
        role = next((role for role in Role if role == fields.get("role")), Role.READER)
        try:
            user = User(name, role, self._gate.clock(), full_name=full_name[:_LONGEST_NAME], password=kept)
        except InvalidValue:
            return answer_to_user(self.all(request, fields, said.no_name), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            self._store.users.add(user)
        except InvalidValue:
            return answer_to_user(self.all(request, fields, said.name_taken), HTTPStatus.CONFLICT)
        return answer_to_user(self.one(request, user, password), HTTPStatus.CREATED)

    def all(self, request: Request, typed: dict[str, str], wrong: str = "") -> UsersPage:
        frame = user_frame_of(request)
        sessions = self._store.sessions.counts(self._gate.clock())
        chosen = next((role for role in Role if role == typed.get("role")), Role.EDITOR)
        rows = tuple(UserRow.of(user, sessions, frame) for user in self._store.users.all())
        return UsersPage(frame, rows, role_options(frame, chosen), typed, wrong)

    def one(self, request: Request, user: User, password: str = "") -> UserPage:
        base, own = user_frame_of(request), principal_of(request).present
        users = Link(ACCOUNT_TEXTS[base.language].users, base.link("/users"))
        frame = replace(base, path=f"/users/{quote(user.name, safe='')}", trail=(users,))
        said = ACCOUNT_TEXTS[frame.language]
        sessions = self._store.sessions.of(user.name, self._gate.clock())
        return UserPage(
            frame, UserRow.of(user, {user.name: len(sessions)}, frame), role_options(frame, user.role),
            tuple(SessionRow.of(session, own.session.id if own else "", frame) for session in sessions),
            own is not None and own.user.name == user.name, password,
            said.done_to.get(request.query_params.get("done", ""), ""),
        )  # fmt: skip
