"""What users change of their own account, and administrators of others, asked over HTTP."""

from __future__ import annotations

from news.users import Role
from tests.web.accounts import (
    OURS,
    PAGE,
    PASSWORD,
    House,
    built,
    form_page,
    house,
    with_cookie,
)

__all__ = ["built", "house"]


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
            "/desk", "/console", "/users", "/account",
        ]  # fmt: skip
        assert page.cssselect(".whoami")[0].text == "Nguyễn chu"
    places = form_page(house.signed_in(Role.READER).get("/account")).cssselect(".workplace nav a")
    assert [link.get("href") for link in places] == ["/account"]
