"""Signing in, staying so, and what a session does and does not open, asked over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html
from starlette.types import Message, Send

from news.access import SIGNED_IN, Scope, by_consumer
from news.sessions import IDLE, LONGEST
from news.users import Role, User
from tests.web.accounts import (
    OURS,
    PAGE,
    PASSWORD,
    House,
    Serving,
    built,
    cookie_of,
    house,
    sign_in,
    with_cookie,
)
from web.access import Access, Gate
from web.accounts import passwords

__all__ = ["built", "house"]


def test_who_knows_the_password_is_let_in_and_led_to_where_they_wanted(house: House) -> None:
    house.user("lan")
    asked = house.public.get("/desk?queue=new&site=soyte", headers=PAGE)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/desk%3Fqueue%3Dnew%26site%3Dsoyte")
    form = html.fromstring(house.public.get(asked.headers["location"]).text).forms[0]

    answer = house.post_login("lan", next=form.fields["next"])

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?queue=new&site=soyte")
    assert house.public.get("/login", headers=with_cookie(answer)).headers["location"] == "/desk"
    assert house.store.users.get("lan").last_login == house.clock().replace(  # type: ignore[union-attr]
        microsecond=house.clock().microsecond // 1000 * 1000
    )


def test_the_cookie_is_for_us_alone_and_only_its_hash_is_kept(house: House) -> None:
    house.user("cuc")
    answer = house.post_login("cuc")
    name, _, rest = cookie_of(answer).partition("=")
    secret, *said = rest.split("; ")

    assert name == "__Host-bantin"
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(said)
    assert not [one for one in said if one.startswith("Domain")]
    database = house.store._database
    kept = " ".join(str(row) for name in database.list_collection_names() for row in database[name].find())
    assert secret not in kept
    assert PASSWORD not in kept


def test_wrong_names_and_wrong_passwords_are_refused_in_the_same_words(house: House) -> None:
    house.user("hoa")
    disabled = house.user("dung")
    house.store.users.disable(disabled.name, house.clock())
    house.store.users.add(User("sso", Role.EDITOR, house.clock()))
    answers = [
        house.post_login("hoa", "mật khẩu khác đi"), house.post_login("nobody"), house.post_login("dung"),
        house.post_login("sso", ""), house.post_login("hoa", PASSWORD + "x" * 300),
    ]  # fmt: skip

    assert {answer.status_code for answer in answers} == {401}
    for answer in answers:
        (said,) = html.fromstring(answer.text).cssselect("[role=alert]")
        assert said.text == "Tên đăng nhập hoặc mật khẩu không đúng."
        assert "set-cookie" not in answer.headers


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(house: House) -> None:
    import unicodedata

    house.user("nga")
    assert house.post_login("Nga ", unicodedata.normalize("NFD", PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    "wanted", ["//evil.vn/", "/\\evil.vn", "https://evil.vn/", "javascript:alert(1)", "/\t/evil.vn", "", "/login"]
)
def test_nobody_is_led_to_another_site(house: House, wanted: str) -> None:
    name = f"khach{abs(hash(wanted))}"
    house.user(name, Role.READER)
    assert house.post_login(name, next=wanted).headers["location"] == "/account"


def test_a_session_is_a_new_one_whoever_was_signed_in_before(house: House) -> None:
    house.user("mai")
    first = with_cookie(house.post_login("mai"))
    again = house.public.post("/login", data={"name": "mai", "password": PASSWORD}, headers=OURS | first)

    assert with_cookie(again) != first
    assert house.public.get("/account", headers=first).status_code == 401, "the old one has ended"


def test_a_script_of_a_page_signs_in_again_without_leaving_it(house: House) -> None:
    house.user("tam")
    fields = {"name": "tam", "password": PASSWORD}
    script = OURS | {"Accept": "application/json"}
    wrong = house.public.post("/login", data=fields | {"password": "no"}, headers=script)
    answer = house.public.post("/login", data=fields, headers=script)

    assert (wrong.status_code, wrong.json()["type"]) == (401, "/api/v1/#problem-sign-in-needed")
    assert answer.json().keys() == {"user", "role", "csrf"}
    ended = house.public.post("/logout", headers=OURS | with_cookie(answer) | {"X-CSRF-Token": answer.json()["csrf"]})
    assert ended.status_code == 303
    assert house.public.get("/account", headers=with_cookie(answer)).status_code == 401


def test_the_form_takes_nothing_from_another_site(house: House) -> None:
    house.user("chi")
    for headers in ({"Origin": "https://evil.vn"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = house.public.post("/login", data={"name": "chi", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403, headers
        assert "set-cookie" not in answer.headers


def test_a_session_ends_when_nobody_is_there_and_after_two_weeks_in_any_case(house: House) -> None:
    idle, busy = house.signed_in(Role.READER, "idle"), house.signed_in(Role.READER, "busy")
    began = house.clock()

    def reads(client: httpx.Client) -> bool:
        return client.get("/login").headers.get("location") == "/account"

    assert reads(idle)
    house.clock.pass_(IDLE - timedelta(minutes=6))
    assert reads(busy)
    house.clock.pass_(timedelta(minutes=7))
    assert not reads(idle)
    while house.clock() - began < LONGEST - timedelta(hours=12):
        house.clock.pass_(timedelta(hours=11))
        assert reads(busy)
    house.clock.now = began + LONGEST
    assert not reads(busy)


def test_a_desk_that_was_left_open_keeps_nobody_signed_in_overnight(house: House) -> None:
    lan = house.signed_in(Role.EDITOR, "lan-left")
    asked = ("/desk/changes", "/desk/live?after=x", "/desk/items/none/presence")
    while_away = [lambda path=path: lan.get(path) for path in asked[:2]]
    while_away.append(lambda: lan.post(asked[2], data={"state": "view"}))
    for _ in range(11):
        house.clock.pass_(timedelta(hours=1))
        assert 401 not in [ask().status_code for ask in while_away]
    assert lan.get("/desk").status_code == 200, "somebody is there, though the page has asked just now"
    for _ in range(11):
        house.clock.pass_(timedelta(hours=1))
        assert 401 not in [ask().status_code for ask in while_away]
    house.clock.pass_(timedelta(hours=1))
    assert [ask().status_code for ask in while_away] == [401, 401, 401]


def test_an_ended_session_is_refused_here_at_once_and_elsewhere_within_seconds(house: House) -> None:
    house.user("ly")
    cookie = with_cookie(house.post_login("ly"))
    csrf = {"X-CSRF-Token": "none"}

    def present(client: httpx.Client) -> bool:
        return client.get("/login", headers=cookie).status_code == 303

    assert present(house.public)
    assert present(house.closed)
    assert house.public.post("/logout", headers=cookie | csrf).status_code == 403
    (session,) = house.store.sessions.of("ly", house.clock())
    house.store.sessions.end("ly", session.id)
    assert present(house.closed), "it is believed for some seconds"
    house.clock.pass_(timedelta(seconds=5))
    assert not present(house.closed)
    assert not present(house.public)


def test_whoever_is_disabled_is_out_within_seconds(house: House) -> None:
    editor = house.signed_in(Role.EDITOR, "bo")
    assert editor.get("/login").status_code == 303
    house.store.users.disable("bo", house.clock())
    house.clock.pass_(timedelta(seconds=5))
    assert editor.get("/login").status_code == 200


def test_guesses_are_slowed_down_for_a_name_and_for_an_address(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "is_right", lambda *_: False)  # at once: it is the limit that is looked at

    def guess(name: str, address: str) -> httpx.Response:
        headers = OURS | PAGE | {"X-Forwarded-For": address}
        return house.public.post("/login", data={"name": name, "password": PASSWORD}, headers=headers)

    for name in ("someone", "nobody"):
        last = [guess(name, f"198.51.100.{n}") for n in range(11)][-1]
        assert (last.status_code, last.headers["retry-after"]) == (429, "6"), name
        assert "Xin đợi 6 giây" in last.text
    codes = [guess(f"n{n}", "203.0.113.7").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]
    house.clock.pass_(timedelta(seconds=6))
    assert guess("someone", "198.51.100.99").status_code == 401


def test_a_hash_of_weaker_days_is_made_anew(house: House) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    house.store.users.add(User("cu", Role.READER, house.clock(), password=weak))
    assert house.post_login("cu").status_code == 303

    kept = house.store.users.get("cu")
    assert kept is not None
    assert kept.password != weak
    assert not passwords.stale(kept.password)
    assert passwords.is_right(kept, PASSWORD)


def test_what_is_for_users_leads_people_to_the_form_and_tells_scripts(house: House) -> None:
    for client in (house.public, house.closed):
        page = client.get("/account", headers=PAGE, params={"lang": "en"})
        assert (page.status_code, page.headers["location"]) == (303, "/login?next=/account%3Flang%3Den&lang=en")
        for headers in (PAGE | {"HX-Request": "true"}, PAGE | {"Sec-Fetch-Mode": "cors"}, {}):
            answer = client.get("/desk", headers=headers)
            assert answer.status_code == 401, headers
            assert "hx-redirect" not in answer.headers
        assert client.get("/desk", headers={"HX-Request": "true"}).json()["title"] == "Unauthorized"
        lost = client.post("/desk/undo/1", headers=PAGE)
        assert lost.status_code == 401
        (link,) = html.fromstring(lost.text).cssselect(".ways .button")
        assert (link.text, link.get("href")) == ("Đăng nhập", "/login")


def test_the_wrong_role_is_told_so(house: House) -> None:
    reader = house.signed_in(Role.READER)
    answer = reader.get("/desk", headers=PAGE)
    assert (answer.status_code, "Không có quyền" in answer.text) == (403, True)
    assert reader.get("/users").json()["type"] == "/api/v1/#problem-role-needed"


@pytest.mark.parametrize("path", ["/logout", "/desk/none"])
def test_a_change_must_come_from_a_page_of_the_session(house: House, path: str) -> None:
    editor, other = house.signed_in(Role.EDITOR, "an"), house.signed_in(Role.EDITOR, "be")
    token = editor.headers.pop("X-CSRF-Token")
    refused = [
        ({}, None),
        ({"X-CSRF-Token": other.headers["X-CSRF-Token"]}, None),
        ({"X-CSRF-Token": ""}, {"csrf": token}),
        ({"X-CSRF-Token": token, "Origin": "https://evil.vn"}, None),
        ({"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}, None),
        ({"X-CSRF-Token": token, "Sec-Fetch-Site": "same-site"}, None),
        ({"Content-Type": "text/plain"}, {"csrf": token}),
        ({}, {"csrf": "ộ"}),
    ]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for headers, data in refused:
            answer = editor.request(method, path, headers=headers, data=data)
            assert answer.status_code == 403, (method, headers, data)
            assert answer.json()["type"] == "/api/v1/#problem-reload-needed"
    assert editor.get("/login").status_code == 303, "nothing was done"


def test_a_form_without_a_script_sends_its_token_as_a_field(house: House) -> None:
    editor = house.signed_in(Role.EDITOR, "em")
    token = editor.headers.pop("X-CSRF-Token")
    large = editor.post("/logout", data={"text": "x" * 4_000_001, "csrf": token})
    answer = editor.post(
        "/logout", data={"text": "ộ" * 100_000, "csrf": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert (large.status_code, answer.status_code) == (413, 303)
    assert editor.get("/login").status_code == 200


def test_a_session_reads_where_only_some_may_and_is_never_a_token(house: House) -> None:
    reader = house.signed_in(Role.READER, client=house.closed)

    for path in ("/", "/feeds/atom.xml", "/api/v1/articles"):
        assert house.closed.get(path).status_code == 401
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["cache-control"].partition(",")[0]) == (200, "private"), path
    assert reader.get("/api/v1/export").status_code == 401
    assert house.signed_in(Role.ADMIN).post("/api/v1/webhooks", json={}).status_code == 401


def test_editors_see_what_is_not_published_and_readers_do_not(house: House) -> None:
    codes = {
        role: house.signed_in(role).get("/api/v1/articles", params={"status": "waiting"}).status_code for role in Role
    }
    assert codes == {Role.READER: 403, Role.EDITOR: 200, Role.OPERATOR: 403, Role.ADMIN: 200}


def test_where_a_token_is_given_it_alone_counts(house: House) -> None:
    token = str(house.store.tokens.issue("Báo", [Scope.READ], 60, house.clock())[1])
    editor = house.signed_in(Role.EDITOR, "vi")
    del editor.headers["X-CSRF-Token"]
    house.clock.pass_(timedelta(seconds=5))
    headers = {"X-Auth-Token": token}

    assert editor.get("/api/v1/articles", params={"status": "waiting"}, headers=headers).status_code == 403
    assert editor.get("/desk", headers=headers).status_code == 401
    assert editor.post("/api/v1/webhooks", headers=headers).json()["type"] == "/api/v1/#problem-scope-needed"


def test_users_have_a_limit_of_their_own(house: House, serving: Serving) -> None:
    with serving(house.store, replace(house.config, anonymous_per_minute=1), house.clock) as client:
        reader = house.signed_in(Role.READER, "ky", client=client)
        assert [client.get("/feeds/atom.xml").status_code for _ in range(2)] == [200, 429]
        answers = [reader.get("/feeds/atom.xml") for _ in range(3)]

    assert answers[-1].headers["ratelimit"] == '"signed-in";r=1197;t=1'
    assert by_consumer(house.store.usage.since(house.clock().date()))[SIGNED_IN].requests >= 3


def test_pages_for_everybody_are_the_same_for_users(house: House) -> None:
    editor = house.signed_in(Role.EDITOR)
    for path in ("/", "/tim", "/feeds"):
        assert editor.get(path).content == house.public.get(path).content


def test_without_a_cookie_the_store_is_not_asked_who_it_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(house.store.sessions, "find", asked)
    for cookies in ("", "theme=dark", "bantin=", "bantin=short; __Host-bantin=" + "x" * 44):
        assert house.public.get("/feeds/atom.xml", headers={"Cookie": cookies}).status_code == 200


def test_an_answer_without_end_ends_with_the_session(house: House) -> None:
    sent: list[bytes] = []

    async def endless(_: object, __: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for n in range(3):
            await send({"type": "http.response.body", "body": b"news", "more_body": True})
            if n == 0:
                house.store.sessions.end_all("lau")
                house.clock.pass_(timedelta(seconds=5))

    async def send(message: Message) -> None:
        sent.append(message.get("body", b"") + (b"" if message.get("more_body", True) else b"."))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def ask() -> None:
        gate = Gate(house.store, house.config)
        gate.clock = house.clock
        ticket = sign_in(house.store, Role.EDITOR, "lau", house.clock())
        headers = [(b"cookie", f"bantin={ticket.secret}".encode())]
        scope = {"type": "http", "method": "GET", "path": "/desk/live", "query_string": b"", "headers": headers}
        await Access(endless, gate)({**scope, "client": None}, receive, send)
        await gate.meter.close()

    asyncio.run(ask())
    assert sent == [b"", b"news", b"."]


def test_a_user_is_asked_for_once_in_some_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    genuine = house.store.users.get
    ticket = sign_in(house.store, Role.READER, "it", house.clock())
    monkeypatch.setattr(house.store.users, "get", lambda name: asked.append(name) or genuine(name))
    headers = {"Cookie": f"__Host-bantin={ticket.secret}"}
    for _ in range(5):
        assert house.public.get("/feeds/atom.xml", headers=headers).status_code == 200
    assert asked == ["it"]
