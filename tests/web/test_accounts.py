"""Signing in, staying so, and what a session does and does not open, asked over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx
import pytest
from lxml import html

import config as settings
from config import Config
from news.access import SIGNED_IN, Scope, by_consumer
from news.sessions import IDLE, LONGEST
from news.users import Role, User
from storage.connect import Store, open_store
from tests.web.accounts import COOKIES, sign_in, signed_in
from web.accounts import passwords

Serving = Callable[..., AbstractContextManager[httpx.Client]]
PASSWORD = "một mật khẩu dài"
PAGE = {"Accept": "text/html"}
OURS = {"Origin": "https://tin.example.vn"}
hashed = cache(passwords.hashed)


class Clock:
    """The time of the web app, which passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, by: timedelta) -> None:
        self.now += by


@dataclass
class House:
    """One installation: `public` is open to all readers, `closed` to those who sign in or have a token."""

    store: Store
    config: Config
    clock: Clock
    public: httpx.Client
    closed: httpx.Client

    def user(self, name: str, role: Role = Role.EDITOR, password: str = PASSWORD) -> User:
        """A user with a password."""
        user = User(name, role, self.clock(), full_name="Nguyễn Thị Lan", password=hashed(password))
        self.store.users.add(user)
        return user

    def signed_in(self, role: Role, name: str = "", client: httpx.Client | None = None) -> httpx.Client:
        return signed_in(client or self.public, self.store, role, name, self.clock())

    def post_login(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.public.post("/login", data={"name": name, "password": password, **more}, headers=PAGE | OURS)


@pytest.fixture(scope="module")
def built(mongod_uri: str, serving: Serving) -> Iterator[House]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "web_accounts"})
    clock = Clock()
    with (
        open_store(config) as store,
        serving(store, config, clock) as public,
        serving(store, replace(config, public_reading=False), clock) as closed,
    ):
        yield House(store, config, clock, public, closed)
        store._client.drop_database("web_accounts")


@pytest.fixture
def house(built: House) -> House:
    """The house on a day of this test's own: MongoDB deletes what is over by its own clock, so that days lie ahead."""
    built.clock.now = max(built.clock.now, datetime.now(UTC)) + timedelta(days=1)
    built.public.cookies.clear()
    return built


def cookie_of(answer: httpx.Response) -> str:
    """The cookie of a session as an answer sets it, with all that it says of it."""
    (line,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIES)]
    return line


def with_cookie(answer: httpx.Response) -> dict[str, str]:
    return {"Cookie": cookie_of(answer).partition(";")[0]}


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

    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
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


def test_a_user_is_asked_for_once_in_some_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    genuine = house.store.users.get
    ticket = sign_in(house.store, Role.READER, "it", house.clock())
    monkeypatch.setattr(house.store.users, "get", lambda name: asked.append(name) or genuine(name))
    headers = {"Cookie": f"__Host-bantin={ticket.secret}"}
    for _ in range(5):
        assert house.public.get("/feeds/atom.xml", headers=headers).status_code == 200
    assert asked == ["it"]


def form_page(answer: httpx.Response) -> html.HtmlElement:
    page = html.fromstring(answer.text)
    assert isinstance(page, html.HtmlElement)
    return page


def test_an_account_shows_its_sessions_and_ends_any_of_them(house: House) -> None:
    house.user("oanh")
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    elsewhere = OURS | agent | {"X-Forwarded-For": "198.51.100.7"}
    others = [
        with_cookie(house.public.post("/login", data={"name": "oanh", "password": PASSWORD}, headers=elsewhere))
        for _ in range(3)
    ]
    own = house.signed_in(Role.EDITOR, "oanh")
    page = form_page(own.get("/account"))
    rows = page.cssselect(".sessions li")

    assert len(rows) == 4
    assert sum("Firefox, Windows · 198.51.100.7" in " ".join(row.text_content().split()) for row in rows) == 3
    assert [len(row.cssselect("form")) for row in rows].count(0) == 1, "its own is not to be ended by mistake"
    first = page.cssselect(".sessions form")[0]
    data = dict(first.fields)
    del own.headers["X-CSRF-Token"]
    assert own.post(first.action, data=data).headers["location"] == "/account?done=session"
    assert len(house.store.sessions.of("oanh", house.clock())) == 3
    stranger = house.store.sessions.begin("other", house.clock())[0]
    own.post("/account/sessions/end", data={"session": stranger.id, "csrf": data["csrf"]})
    assert house.store.sessions.of("other", house.clock()), "those of others are not one's own to end"
    own.post("/account/sessions/end-others", data={"csrf": data["csrf"]})
    assert [house.public.get("/account", headers=other).status_code for other in others] == [401] * 3
    assert own.get("/account").status_code == 200


def test_a_password_is_changed_by_who_knows_it_and_the_other_sessions_end(house: House) -> None:
    house.user("quy")
    anew = "một mật khẩu khác hẳn"
    own, other = house.signed_in(Role.EDITOR, "quy"), house.signed_in(Role.EDITOR, "quy")

    def change(current: str = PASSWORD, new: str = anew, again: str = "") -> tuple[int, str]:
        answer = own.post("/account/password", data={"current": current, "new": new, "again": again or new})
        said = form_page(answer).cssselect("[role=alert]") if answer.text else []
        return answer.status_code, said[0].text if said else ""

    assert change(new="ngắn quá") == (422, "Mật khẩu mới quá ngắn.")
    assert change(new="x" * 201) == (422, "Mật khẩu mới quá dài.")
    assert change(again=anew + "!") == (422, "Hai lần nhập mật khẩu mới không giống nhau.")
    assert change(current="không phải đây") == (422, "Mật khẩu hiện tại không đúng.")
    assert other.get("/account").status_code == 200
    assert change() == (303, "")
    assert own.get("/account?done=password").text.count("Đã đổi mật khẩu")
    assert other.get("/account").status_code == 401
    assert (house.post_login("quy").status_code, house.post_login("quy", anew).status_code) == (401, 303)
    wrong = [change(current="không phải đây") for _ in range(11)]
    assert wrong[-1][0] == 429, "a session that was taken over is no way to guess"


def test_a_long_name_is_no_password_for_its_own_user(house: House) -> None:
    house.user("nguyen-thi-lan")
    own = house.signed_in(Role.EDITOR, "nguyen-thi-lan")
    data = {"current": PASSWORD, "new": "Nguyen-Thi-Lan", "again": "Nguyen-Thi-Lan"}
    assert "trùng tên đăng nhập" in own.post("/account/password", data=data).text


def test_an_administrator_lets_somebody_in_and_out_again(house: House) -> None:
    admin = house.signed_in(Role.ADMIN, "chu")
    made = admin.post("/users", data={"name": "tu", "full_name": " Lê  Tú ", "role": "editor"})
    password = form_page(made).cssselect("code.password")[0].text or ""

    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert password not in admin.get("/users/tu").text
    signed = with_cookie(house.post_login("tu", password))
    assert house.public.get("/account", headers=signed).status_code == 200
    people = {
        " ".join(row.text_content().split()).split(" tu ")[0]
        for row in form_page(admin.get("/users")).cssselect(".people li")
    }
    assert "Lê Tú" in people
    assert admin.post("/users/tu/role", data={"role": "reader"}).headers["location"] == "/users/tu?done=role"
    assert house.public.get("/desk", headers=signed).status_code == 403, "at once"
    admin.post("/users/tu/disable")
    assert house.public.get("/account", headers=signed).status_code == 401
    assert house.post_login("tu", password).status_code == 401
    assert "đã khóa" in admin.get("/users").text
    admin.post("/users/tu/enable")
    again = with_cookie(house.post_login("tu", password))
    reset = admin.post("/users/tu/password")
    anew = form_page(reset).cssselect("code.password")[0].text or ""
    assert house.public.get("/account", headers=again).status_code == 401
    assert (house.post_login("tu", password).status_code, house.post_login("tu", anew).status_code) == (401, 303)
    assert admin.post("/users/tu/end-sessions").status_code == 303
    assert house.store.sessions.of("tu", house.clock()) == []


def test_what_no_user_can_be_is_refused_with_what_was_typed(house: House) -> None:
    admin = house.signed_in(Role.ADMIN, "chu")
    house.user("bich")
    for name, status, words in (
        ("Bích Ngọc", 422, "Tên đăng nhập không hợp lệ."), ("bich", 409, "Đã có người dùng với tên đăng nhập này."),
    ):  # fmt: skip
        answer = admin.post("/users", data={"name": name, "full_name": "Bích", "role": "operator"})
        page = form_page(answer)
        assert (answer.status_code, page.cssselect("[role=alert]")[0].text) == (status, words)
        assert page.forms[-1].fields["name"] == name
        assert page.forms[-1].fields["role"] == "operator"
    assert admin.post("/users/bich/role", data={"role": "king"}).status_code == 422
    assert admin.post("/users/none/role", data={"role": "editor"}).status_code == 404
    assert admin.post("/users/none/password").status_code == 404


def test_an_administrator_cannot_shut_out_the_last_one(house: House) -> None:
    admin = house.signed_in(Role.ADMIN, "chu")
    for action, data in (("role", {"role": "reader"}), ("disable", {}), ("password", {})):
        assert admin.post(f"/users/chu/{action}", data=data).status_code == 409, action
    kept = house.store.users.get("chu")
    assert kept is not None
    assert (kept.role, kept.disabled) == (Role.ADMIN, None)


def test_pages_for_one_user_are_kept_by_nobody_and_say_who_it_is(house: House) -> None:
    admin = house.signed_in(Role.ADMIN, "chu")
    for path in ("/account", "/users", "/users/chu", "/account?lang=en"):
        answer = admin.get(path, headers=PAGE)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["referrer-policy"] == "same-origin"
        page = form_page(answer)
        assert [link.get("href", "").partition("?")[0] for link in page.cssselect(".workplace nav a")] == [
            "/desk", "/users", "/account",
        ]  # fmt: skip
        assert page.cssselect(".whoami")[0].text == "Nguyễn chu"
    places = form_page(house.signed_in(Role.READER).get("/account")).cssselect(".workplace nav a")
    assert [link.get("href") for link in places] == ["/account"]
