"""Signing in by a provider of OpenID Connect: who is let in, and what does not count as having been vouched for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

import config as settings
from config import Config
from news.errors import BantinError
from news.sso import WAY, names_in, role_in
from news.users import Role, User
from storage.connect import Store, open_store
from tests.web.accounts import PAGE, Clock, Serving, with_cookie
from tests.web.oidc import CLIENT, KEY, SECRET, Provider, provider
from web.accounts.sso import provider_of


@dataclass
class Way:
    """The way of a browser to the provider and back."""

    client: httpx.Client

    def out(self, onward: str = "") -> tuple[str, dict[str, str]]:
        """The provider's address, and the cookie that is held meanwhile."""
        left = self.client.get("/login/sso", params={"next": onward})
        assert left.status_code == 303
        return left.headers["location"], {"Cookie": left.headers["set-cookie"].partition(";")[0]}

    def agreed(self, address: str) -> str:
        """The path of ours to which the provider leads back."""
        back = urlsplit(httpx.get(address).headers["location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == "https://tin.example.vn/login/sso/back"
        return f"{back.path}?{back.query}"

    def there_and_back(self, onward: str = "") -> httpx.Response:
        address, held = self.out(onward)
        return self.client.get(self.agreed(address), headers=PAGE | held)


@dataclass
class House:
    """One installation and its provider, who go by one clock."""

    provider: Provider
    store: Store
    config: Config
    clock: Clock
    way: Way


@pytest.fixture(scope="module")
def built(mongod_uri: str, serving: Serving) -> Iterator[House]:
    clock = Clock()
    with provider() as issuer:
        issuer.clock = clock
        config = replace(
            settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "web_sso"}),
            oidc_issuer=issuer.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
            oidc_role_claim="realm.roles", oidc_new_users="reader",
        )  # fmt: skip
        with open_store(config) as store, serving(store, config, clock) as client:
            yield House(issuer, store, config, clock, Way(client))
            store._client.drop_database("web_sso")


@pytest.fixture
def house(built: House) -> House:
    """The house without a user, with an honest provider, on a day of this test's own that lies ahead."""
    built.clock.now = max(built.clock.now, datetime.now(UTC)) + timedelta(days=1)
    built.provider.become_honest()
    built.store._database.users.delete_many({})
    return built


def test_who_is_new_gets_a_name_and_the_role_of_the_claim(house: House) -> None:
    house.provider.claims |= {"name": "Nguyễn Thị  Lan", "realm": {"roles": ["offline", "editor", "reader"]}}
    page = house.way.client.get("/login?next=/desk/trail", headers=PAGE)
    assert 'href="/login/sso?next=%2Fdesk%2Ftrail"' in page.text
    answer = house.way.there_and_back("/desk/trail")

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/trail")
    assert "Nguyễn Thị Lan" in house.way.client.get("/account", headers=with_cookie(answer)).text
    (user,) = house.store.users.all()
    assert (user.name, user.role, user.password) == ("lan.nguyen", Role.EDITOR, "")
    assert user.subject == f"{house.provider.issuer} 7-42"


def test_the_provider_gives_and_takes_the_role_at_every_sign_in(house: House) -> None:
    for told, role in ((["admin"], Role.ADMIN), ("operator", Role.OPERATOR), ([], Role.READER)):
        house.provider.claims["realm"] = {"roles": told}
        assert house.way.there_and_back().status_code == 303
        assert [user.role for user in house.store.users.all()] == [role]


def test_a_name_at_the_provider_makes_nobody_somebody_else(house: House) -> None:
    house.store.users.add(User("lan.nguyen", Role.ADMIN, house.clock()))
    house.way.there_and_back()
    roles = {user.name: user.role for user in house.store.users.all()}
    assert roles == {"lan.nguyen": Role.ADMIN, "lan.nguyen-2": Role.READER}


def test_who_is_unknown_or_disabled_is_refused_where_the_settings_say_so(house: House, serving: Serving) -> None:
    config = replace(house.config, oidc_new_users="refuse", oidc_role_claim="")
    with serving(house.store, config, house.clock) as client:
        unknown = Way(client).there_and_back()
        assert (unknown.status_code, "chưa có tài khoản" in unknown.text) == (403, True)
        assert house.store.users.all() == []
        subject = f"{house.provider.issuer} 7-42"
        house.store.users.add(User("lan", Role.EDITOR, house.clock(), subject=subject))
        assert Way(client).there_and_back().headers["location"] == "/desk"
        house.store.users.disable("lan", house.clock())
        assert Way(client).there_and_back().status_code == 403


def _wrong_key(provider: Provider) -> None:
    provider.published, provider.key = KEY, RSAKey.generate_key(2048, auto_kid=True)


def _same_name(provider: Provider) -> None:
    other = RSAKey.generate_key(2048)
    provider.published, provider.key = KEY, RSAKey.import_key(other.as_dict(private=True), {"kid": KEY.kid})


def _shared_secret(provider: Provider) -> None:
    provider.published, provider.key, provider.algorithm = KEY, OctKey.import_key(SECRET), "HS256"


# What is wrong with the ID token, and what the log says of it.
LIES: dict[str, tuple[Callable[[Provider], object], str]] = {
    "wrong nonce": (lambda provider: provider.lies.update(nonce="another"), "nonce"),
    "no nonce": (lambda provider: provider.lies.update(nonce=None), "nonce"),
    "wrong audience": (lambda provider: provider.lies.update(aud="somebody-else"), "aud"),
    "two audiences, for neither": (lambda provider: provider.lies.update(aud=[CLIENT, "other"]), "azp"),
    "wrong issuer": (lambda provider: provider.lies.update(iss="https://evil.vn"), "iss"),
    "expired": (lambda provider: provider.lies.update(exp=1_700_000_000, iat=1_699_999_000), "expired"),
    "never expires": (lambda provider: provider.lies.update(exp=None), "exp"),
    "from the future": (lambda provider: provider.lies.update(iat=9_000_000_000, exp=9_000_000_300), "future"),
    "no subject": (lambda provider: provider.lies.update(sub=None), "sub"),
    "signed with a key that is not published": (_wrong_key, "KeyId"),
    "signed with another key of that name": (_same_name, "BadSignature"),
    "signed with what both know": (_shared_secret, "alg"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_provider_did_not_say_like_that_lets_nobody_in(
    lie: str, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    tell, reason = LIES[lie]
    tell(house.provider)
    answer = house.way.there_and_back()
    assert (answer.status_code, "không thành" in answer.text) == (401, True)
    assert "set-cookie" not in answer.headers
    assert house.store.users.all() == []
    (said,) = [record.getMessage() for record in caplog.records if "Single sign-on" in record.getMessage()]
    assert reason in said, said
    assert SECRET not in said


def test_an_answer_counts_once_and_in_the_browser_that_asked(house: House) -> None:
    client = house.way.client
    address, held = house.way.out()
    back = house.way.agreed(address)
    other = house.way.out()[1]
    refused = [
        client.get(back, headers=PAGE),
        client.get(back, headers=PAGE | other),
        client.get(back.replace("state=", "state=x"), headers=PAGE | held),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert client.get(back, headers=PAGE | held).status_code == 303
    replayed = client.get(back, headers=PAGE | held)
    assert (replayed.status_code, "set-cookie" in replayed.headers) == (401, False)
    denied, held = house.way.out()
    state = denied.partition("state=")[2].partition("&")[0]
    assert client.get(f"/login/sso/back?error=access_denied&state={state}", headers=PAGE | held).status_code == 401


def test_who_takes_too_long_must_set_out_again(house: House) -> None:
    address, held = house.way.out()
    back = house.way.agreed(address)
    house.clock.pass_(WAY)
    assert house.way.client.get(back, headers=PAGE | held).status_code == 401


def test_a_new_key_of_the_provider_is_looked_up(house: House) -> None:
    for _ in range(2):
        assert house.way.there_and_back().status_code == 303
    assert house.provider.asked == ["description", "keys"], "it is not asked more than needed"
    house.provider.key = RSAKey.generate_key(2048, auto_kid=True)
    assert house.way.there_and_back().status_code == 401, "not more than once a minute"
    house.clock.pass_(timedelta(minutes=1))
    assert house.way.there_and_back().status_code == 303


def test_nobody_is_led_to_another_site_on_the_way_back(house: House) -> None:
    assert house.way.there_and_back("https://evil.vn/").headers["location"] == "/account"


def test_nobody_is_sent_out_without_end(house: House) -> None:
    codes = [house.way.client.get("/login/sso").status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "{issuer}/"])
def test_a_provider_that_is_away_or_another_is_told_in_the_log(
    house: House, serving: Serving, caplog: pytest.LogCaptureFixture, issuer: str
) -> None:
    config = replace(house.config, oidc_issuer=issuer.format(issuer=house.provider.issuer))
    with serving(house.store, config, house.clock) as client:
        answer = client.get("/login/sso", headers=PAGE)
    assert (answer.status_code, "không thành" in answer.text) == (401, True)
    assert "Single sign-on failed" in caplog.text


def test_without_a_provider_there_is_no_such_way(house: House, serving: Serving) -> None:
    with serving(house.store, replace(house.config, oidc_issuer=""), house.clock) as client:
        assert client.get("/login/sso").status_code == 404
        assert client.get("/login/sso/back").status_code == 404
        assert "/login/sso" not in client.get("/login").text


def test_settings_that_cannot_work_are_said_at_the_start(house: House) -> None:
    with pytest.raises(BantinError, match="who we are"):
        provider_of(replace(house.config, oidc_client_id=""))
    with pytest.raises(BantinError, match="https://"):
        settings.load({"BANTIN_OIDC_ISSUER": "http://id.example.vn"})
    assert SECRET not in repr(house.config)


def test_names_and_roles_are_read_from_whatever_a_provider_says() -> None:
    def first(**claims: object) -> list[str]:
        names = names_in(claims)
        return [next(names), next(names)]

    assert first(preferred_username="Đặng Văn Ứng") == ["dang-van-ung", "dang-van-ung-2"]
    assert first(email="minh.anh@nhandan.vn") == ["minh.anh", "minh.anh-2"]
    assert first(preferred_username="中") == ["user", "user-2"]
    for name in (*first(preferred_username="x" * 300), *first(preferred_username="-._a"), *first()):
        User(name, Role.READER, datetime.now(UTC))
    assert role_in({"a": {"b": ["reader", "admin", 7]}}, "a.b") is Role.ADMIN
    assert role_in({"role": "editor"}, "role") is Role.EDITOR
    assert role_in({"a": "editor"}, "a.b") is None
    assert role_in({"a": {"b": {"editor": 1}}}, "a.b") is None
