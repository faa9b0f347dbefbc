"""An editor points at a page, sees what a rule would change on the others, consents, and takes it back."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from lxml import html

from config import Config
from crawler.intake import Intake
from crawler.renewing import Renewer
from news.article import Page
from news.extract.trace import trace
from news.review.record import Action
from news.review.renewals import RenewalState
from news.review.rules import RuleKind, SiteRule
from news.users import Role
from storage.audit import TrailFilter
from storage.connect import Store
from storage.owner import Owner
from storage.search import SearchIndex
from tests.web.accounts import signed_in
from tests.web.conftest import SITES
from web.contexts.desk.frame import DeskFrame
from web.contexts.frame import Frame
from web.desk.previews import Lesson, Previews
from web.desk.worker import Worker
from web.shelf import Shelf
from web.texts import Language

Serving = Callable[..., AbstractContextManager[httpx.Client]]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SITE = SITES["soyte"]
PAGE = """<!DOCTYPE html><html lang="vi"><head><title>{title}</title></head><body><h1>{title}</h1>
<div class="ngay">Thứ hai, 02/03/2026 08:0{digit}</div><div class="noi-dung">
<p>Sáng 2/3, Sở Y tế tổ chức tiêm chủng đợt {n} cho trẻ em tại các trạm y tế xã, phường trên toàn tỉnh.</p>
<p>Theo kế hoạch, {n}00 trẻ từ sáu tháng đến năm tuổi được tiêm; gia đình mang theo sổ tiêm chủng.</p>
{box}<p>Sở đề nghị các trạm chuẩn bị đủ vắc xin, bố trí người hướng dẫn và theo dõi trẻ sau khi tiêm.</p>
</div></body></html>"""
BOX = '<p class="moi-doc">Mời bạn đọc theo dõi bản tin số {n} của chúng tôi trên các nền tảng số.</p>'


def page(n: int, *, box: bool = True) -> Page:
    title = f"Lịch tiêm chủng đợt {n} cho trẻ em trong tỉnh"
    text = PAGE.format(title=title, n=n, digit=n % 10, box=BOX.format(n=n) if box else "")
    return Page(f"https://soyte.gov.vn/tin-{n}00{n}.html", text.encode(), NOW, content_type="text/html; charset=utf-8")


@dataclass
class Desk:
    """An editor at work, over twelve articles of a site of which the last has no box; `ids` are theirs."""

    client: httpx.Client
    store: Store
    config: Config
    ids: list[str]

    def point(self, text: str, gesture: str = "boilerplate", field: str = "", n: int = 0) -> httpx.Response:
        """Points at the first run with that text in the page of an article."""
        kept = self.store.pages.get(self.ids[n])
        assert kept
        traced = trace(kept.body, kept.url, site=SITE, content_type=kept.content_type)
        run = next(run.index for run in traced.runs if text in run.text)
        form = {"runs": str(run), "gesture": gesture, "field": field}
        return self.client.post(f"/desk/items/{self.ids[n]}/teach", data=form)

    def rule(self, **changes: str) -> dict[str, str]:
        return {"site": "soyte", "article": self.ids[0], "kind": "drop", "value": "p.moi-doc", **changes}

    def preview(self, path: str = "/desk/teach/preview", **rule: str) -> list[dict[str, Any]]:
        with self.client.stream("GET", path, params=rule) as answer:
            assert answer.status_code == 200, answer.read()
            return [json.loads(line) for line in answer.iter_lines()]

    def renew(self) -> None:
        Renewer(self.store, self.config, lambda id: SITES[id]).renew("soyte")

    def bodies(self) -> list[str]:
        found = [self.store.articles.get(id) for id in self.ids]
        return [stored.article.body for stored in found if stored]


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read in this process, but where a test wants the other one: that takes two seconds to start."""

    def exchange(_: Worker, *task: Any) -> tuple[bool, Any]:
        work, args, kwargs = pickle.loads(pickle.dumps(task))
        try:
            return True, work(*args, **kwargs)
        except Exception as error:
            return False, error

    if "process" not in request.keywords:
        monkeypatch.setattr(Worker, "_exchange", exchange)


@pytest.fixture
def desk(store: Store, config: Config, client: httpx.Client) -> Iterator[Desk]:
    intake = Intake(store)
    ids = [intake.take(page(n, box=n < 12), SITE).article_id for n in range(1, 13)]
    intake.flush()
    with signed_in(client, store, Role.EDITOR, "lan") as editor:
        yield Desk(editor, store, config, ids)


def test_a_part_that_is_pointed_at_brings_rules_to_choose_from(desk: Desk) -> None:
    form = html.fromstring(desk.point("Mời bạn đọc").text)

    offers = [(one.get("value"), one.get("data-value")) for one in form.cssselect("input[data-value]")]
    assert ("drop", "p.moi-doc") in offers
    assert any(kind == "drop-line" and "#" in (value or "") for kind, value in offers)
    assert form.cssselect("input[name=kind]")[0].get("checked") is not None


def test_a_preview_tells_article_by_article_what_changes_and_changes_nothing(desk: Desk) -> None:
    before = desk.bodies()

    told = desk.preview(**desk.rule())

    last = told[-1]
    assert (last["done"], last["looked"], last["changed"], last["lost"]) == (True, 12, 11, 0)
    first = html.fromstring(next(line["html"] for line in told if line.get("html")))
    assert first.cssselect("a")[0].text == "Lịch tiêm chủng đợt 1 cho trẻ em trong tỉnh", "the one that was pointed at"
    rows = [row for line in told for row in html.fragments_fromstring(line.get("html") or "<p></p>") if row.tag == "li"]
    assert len(rows) == 11
    assert all("Mời bạn đọc" in row.cssselect("del")[0].text for row in rows)
    assert desk.bodies() == before
    assert desk.store.rules.all() == []


def test_a_second_look_of_a_user_ends_the_first(desk: Desk) -> None:
    rule = SiteRule("r9", "soyte", RuleKind.DROP, "p.moi-doc", by="lan", at=NOW, article_id=desk.ids[0])
    lesson = Lesson(rule, SITE, SITE.with_rules([rule]), desk.ids[0])
    shelf = Shelf(desk.store, SearchIndex.of(desk.config, desk.store), lambda: SITES, "")
    frame = DeskFrame.of(Frame(Language.VIETNAMESE, "/desk"))

    async def looks() -> tuple[list[str], list[str]]:
        previews = Previews(shelf, Worker())
        first = previews.of("lan", lesson, frame)
        begun = [await anext(first)]
        second = [line async for line in previews.of("lan", lesson, frame)]
        return [*begun, *[line async for line in first]], second

    first, second = asyncio.run(looks())
    assert "stopped" in json.loads(first[-1])
    assert json.loads(second[-1])["changed"] == 11


def test_a_rule_that_would_lose_articles_says_so(desk: Desk) -> None:
    last = desk.preview(**desk.rule(value=".noi-dung p"))[-1]

    assert last["lost"] == 12
    answer = desk.client.post("/desk/rules", data=desk.rule(value=".noi-dung p"))
    assert answer.status_code == 422
    assert desk.store.rules.all() == []


def test_a_taught_rule_changes_the_others_and_is_taken_back(desk: Desk) -> None:
    before = desk.bodies()

    said = desk.client.post("/desk/rules", data=desk.rule())
    assert said.status_code == 200
    assert "hx-trigger" in said.text, "it asks again until the pages are read"
    (rule,) = desk.store.rules.of("soyte")
    assert (rule.by, rule.article_id) == ("lan", desk.ids[0])
    desk.renew()

    assert not any("Mời bạn đọc" in body for body in desk.bodies())
    case = desk.store.cases.get(rule.id)
    assert case
    assert "Mời bạn đọc" not in case.expected["body"]
    (record,) = desk.store.audit.find(TrailFilter(action=Action.TEACH))
    assert (record.by, record.article_id) == ("lan", desk.ids[0])
    part = desk.client.get(f"/desk/rules/{rule.id}").text
    assert "11 bài đã đổi" in part
    assert "hx-trigger" not in part

    assert desk.preview(f"/desk/rules/{rule.id}/preview")[-1]["changed"] == 11
    assert desk.client.post(f"/desk/rules/{rule.id}/withdraw").status_code == 200
    desk.renew()
    assert desk.bodies() == before
    assert [record.action for record in desk.store.audit.find(TrailFilter(by="lan"))] == [Action.WITHDRAW, Action.TEACH]
    assert desk.store.cases.get(rule.id) is None


def test_a_later_rule_carries_an_older_case_along(desk: Desk) -> None:
    desk.client.post("/desk/rules", data=desk.rule())
    later = desk.rule(
        kind="drop-line",
        value="Theo kế hoạch, # trẻ từ sáu tháng đến năm tuổi được tiêm; gia đình mang theo sổ tiêm chủng.",
    )

    assert "1 quy tắc khác" in desk.preview(**later)[-1]["carried"]
    desk.client.post("/desk/rules", data=later)

    site = desk.store.rules.taught(SITE)
    assert [case.differences(site) for case in desk.store.cases.each("soyte")] == [(), ()]


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("drop", "p..moi", "CSS selector"),
        ("drop", "p[", "CSS selector"),
        ("drop-line", "# - #", "no word"),
        ("drop", "x" * 501, "500 letters"),
        ("erase", "p", "kind"),
        ("drop", " ", "empty"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(desk: Desk, kind: str, value: str, says: str) -> None:
    for answer in (
        desk.client.get("/desk/teach/preview", params=desk.rule(kind=kind, value=value)),
        desk.client.post("/desk/rules", data=desk.rule(kind=kind, value=value)),
    ):
        assert answer.status_code == 422
        assert says in answer.json()["detail"]


def test_a_site_without_a_file_and_an_article_without_a_page_teach_nothing(desk: Desk) -> None:
    assert desk.client.post("/desk/rules", data=desk.rule(site="khac")).status_code == 422
    assert desk.client.post("/desk/rules", data=desk.rule(article="none")).status_code == 422
    assert desk.client.post("/desk/items/none/teach", data={"runs": "1", "gesture": "boilerplate"}).status_code == 404
    assert (
        desk.client.post(f"/desk/items/{desk.ids[0]}/teach", data={"runs": "9999", "gesture": "restore"}).status_code
        == 422
    )


def test_all_rules_are_listed_with_what_became_of_them(desk: Desk) -> None:
    desk.client.post("/desk/rules", data=desk.rule())
    (rule,) = desk.store.rules.of("soyte")
    (request,) = desk.store.renewals.begin("soyte", Owner.here("test"))
    desk.store.renewals.finish([request.id], RenewalState.FAILED, NOW, "Hỏng rồi.")

    listed = html.fromstring(desk.client.get("/desk/rules").text)
    assert listed.cssselect(".rule code")[0].text == "p.moi-doc"
    assert "Hỏng rồi." in listed.cssselect(".rule .wrong")[0].text_content()
    assert "bantin rules export soyte" in listed.cssselect(".export")[0].text_content()
    assert "quy tắc nào" in desk.client.get("/desk/rules?site=nhandan").text

    assert "Đang chờ" in desk.client.post(f"/desk/rules/{rule.id}/again").text
    assert desk.client.get("/desk/rules/none").status_code == 404
