"""An edit at the desk: kept while it is typed, saved over what it began from and nothing else, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement

from news.article import Image, Status, StoredArticle
from news.review.record import Action
from news.review.states import Move, state_tag
from news.users import Role
from storage.connect import Store
from storage.drafts import EditorDraft
from tests.web.accounts import signed_in
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def other(store: Store, client: httpx.Client) -> httpx.Client:
    """A client in which another editor, minh, is signed in."""
    return signed_in(client, store, Role.EDITOR, "minh")


def parts(answer: httpx.Response) -> HtmlElement:
    return html.fromstring(f"<div>{answer.text}</div>")


def filled(form: HtmlElement) -> dict[str, str]:
    """What a browser would send of a form."""
    return {field.get("name"): field.value.removeprefix("\n") for field in form.cssselect("input, textarea")}


def opened(editor: httpx.Client, id: str = "a") -> dict[str, str]:
    return filled(parts(editor.get(f"/desk/items/{id}/edit")).cssselect("form.editing")[0])


def save(editor: httpx.Client, fields: dict[str, str], id: str = "a", **changes: str) -> httpx.Response:
    return editor.post(f"/desk/items/{id}/edit", data={**fields, **changes})


def type_(editor: httpx.Client, fields: dict[str, str], id: str = "a", **changes: str) -> dict[str, object]:
    """What the autosave answers."""
    answer = editor.put(f"/desk/items/{id}/draft", data={**fields, **changes})
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def now(store: Store, id: str = "a") -> StoredArticle:
    stored = store.articles.get(id)
    assert stored is not None
    return stored


def test_an_edit_is_saved_told_and_can_be_undone(editor: httpx.Client, store: Store, put: Put) -> None:
    before = put("a", Status.WAITING)
    fields = opened(editor)
    assert fields["published"] == "01/03/2026 09:51"
    answer = save(editor, fields, title="Lịch tiêm mới", published="2/3/2026 8h05", tags="Y tế, Tiêm chủng")
    assert answer.status_code == 200
    page = parts(answer)
    assert page.cssselect("article.item h2")[0].text_content() == "Lịch tiêm mới"
    assert "Đã sửa" in page.cssselect(".toast")[0].text_content()
    stored = now(store)
    assert (stored.article.title, stored.article.tags, stored.article.body) == (
        "Lịch tiêm mới", ("Y tế", "Tiêm chủng"), before.article.body,
    )  # fmt: skip
    record = store.audit.find()[0]
    assert (record.by, record.action) == ("lan", Action.EDIT)
    editor.post(f"/desk/undo/{record.id}")
    assert now(store).article == before.article


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(editor: httpx.Client, store: Store, put: Put) -> None:
    before = put("a")
    answer = save(editor, opened(editor))
    assert "Không có gì thay đổi" in parts(answer).cssselect(".toast")[0].text_content()
    assert (now(store), store.audit.find()) == (before, [])


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    before = put("a")
    answer = save(editor, opened(editor), title=" ", published="31/02/2026", author="Lan")
    assert answer.status_code == 422
    form = parts(answer).cssselect("form.editing")[0]
    for name, said in (("title", "Không được để trống"), ("published", "24/11/2026 08:30")):
        field = form.cssselect(f"#edit-{name}")[0]
        told = [form.get_element_by_id(id).text_content() for id in field.get("aria-describedby").split()]
        assert field.get("aria-invalid") == "true"
        assert said in told[0]
    assert (filled(form)["published"], filled(form)["author"]) == ("31/02/2026", "Lan")
    assert now(store) == before
    assert opened(editor)["author"] == "Lan", "a browser that is closed now loses nothing"


def test_a_draft_is_there_again_in_another_browser_and_goes_when_it_is_discarded(
    client: httpx.Client, editor: httpx.Client, other: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    kept = type_(editor, opened(editor), title="Đang gõ dở", counter="1")
    assert (kept["counter"], kept["mine"]) == (1, True)
    assert str(kept["said"]).startswith("Đã lưu nháp lúc ")
    elsewhere = signed_in(client, store, Role.EDITOR, "lan")
    page = parts(elsewhere.get("/desk/items/a/edit"))
    assert filled(page.cssselect("form")[0])["title"] == "Đang gõ dở"
    assert "bản nháp của bạn" in page.cssselect(".draft-of")[0].text_content()
    assert opened(other)["title"] == "Bài a", "nobody else's"

    discarded = parts(elsewhere.delete("/desk/items/a/draft?counter=1"))
    assert filled(discarded.cssselect("form")[0])["title"] == "Bài a"
    late = type_(editor, opened(editor), title="Đang gõ dở", counter="1")
    assert late["counter"] == 1
    assert opened(editor)["title"] == "Bài a", "what was still on its way comes too late"
    type_(editor, opened(editor), title="Gõ lại", counter="2")
    assert opened(editor)["title"] == "Gõ lại"


def test_a_draft_of_another_window_is_told_and_the_one_that_is_typed_in_wins(editor: httpx.Client, put: Put) -> None:
    put("a")
    fields = opened(editor)
    type_(editor, fields, title="Cửa sổ một", counter="3")
    told = type_(editor, fields, title="Cửa sổ hai", counter="1")
    assert (told["mine"], told["counter"]) == (False, 3)
    assert "cửa sổ khác" in str(told["said"])
    type_(editor, fields, title="Cửa sổ hai", counter="4")
    assert opened(editor)["title"] == "Cửa sổ hai"


def test_no_draft_is_left_of_what_was_saved_whatever_comes_late(editor: httpx.Client, put: Put) -> None:
    put("a")
    fields = opened(editor)
    type_(editor, fields, title="Nháp", counter="1")
    save(editor, fields, title="Xong", counter="2")
    type_(editor, fields, title="Nháp", counter="2")
    page = parts(editor.get("/desk/items/a/edit"))
    assert not page.cssselect(".draft-of")
    assert filled(page.cssselect("form")[0])["title"] == "Xong"


def test_saving_over_a_newer_state_is_refused_with_the_three_texts(
    editor: httpx.Client, other: httpx.Client, store: Store, put: Put
) -> None:
    put("a", body="Có 12 ca.\nHết.", html="<p>Có 12 ca.</p><p>Hết.</p>", lead="Sapo.")
    mine, theirs = opened(editor), opened(other)
    save(other, theirs, body="Có 13 ca.\nHết.", tags="Y tế")

    answer = save(editor, mine, body="Có 12 ca bệnh.\nHết.", title="Của tôi")
    assert answer.status_code == 412
    page = parts(answer)
    assert [element.text_content().strip() for element in page.cssselect(".theirs del, .theirs ins")] == [
        "Y tế", "12", "13",
    ]  # fmt: skip
    assert "bệnh" in [element.text_content().strip() for element in page.cssselect(".mine ins")]
    assert "Có 12 ca." in page.cssselect(".began")[0].text_content()
    assert "minh" in page.cssselect("#theirs-name")[0].text_content()
    assert now(store).article.body == "Có 13 ca.\nHết."

    again = save(editor, filled(page.cssselect("form.settling")[0]))
    assert again.status_code == 200
    both = now(store).article
    assert (both.title, both.body, both.tags) == ("Của tôi", "Có 12 ca bệnh.\nHết.", ("Y tế",)), "what each changed"
    assert [version.by for version in store.versions.of("a")] == ["minh", "lan"]
    assert not parts(editor.get("/desk/items/a/edit")).cssselect(".draft-of")


def test_who_goes_on_editing_reads_the_other_text_beside_and_saves_over_it(
    editor: httpx.Client, other: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    mine = opened(editor)
    save(other, opened(other), title="Của minh")
    conflict = parts(save(editor, mine, title="Của lan"))
    page = parts(save(editor, filled(conflict.cssselect("form.settling")[0]), way="beside"))
    assert "Của minh" in page.cssselect(".beside-text")[0].text_content()
    fields = filled(page.cssselect("form.editing")[0])
    assert fields["title"] == "Của lan"
    assert save(editor, fields, title="Của cả hai").status_code == 200
    assert now(store).article.title == "Của cả hai"


def test_who_takes_the_other_text_loses_the_draft_only_then(
    editor: httpx.Client, other: httpx.Client, put: Put
) -> None:
    put("a")
    mine = opened(editor)
    save(other, opened(other), title="Của minh")
    conflict = parts(save(editor, mine, title="Của lan"))
    assert opened(editor)["title"] == "Của lan", "kept until the editor says otherwise"
    assert "Bài đã đổi sau khi bạn bắt đầu" in parts(editor.get("/desk/items/a/edit")).text_content()
    (button,) = conflict.cssselect("[hx-delete]")
    assert button.get("hx-confirm")
    taken = editor.delete(f"{button.get('hx-delete')}&counter=99")
    assert parts(taken).cssselect("article.item h2")[0].text_content() == "Của minh"
    assert taken.headers["hx-retarget"] == "#item"
    assert opened(editor)["title"] == "Của minh"


def test_a_decision_meanwhile_is_told_though_the_text_is_the_same(editor: httpx.Client, store: Store, put: Put) -> None:
    put("a", Status.WAITING)
    mine = opened(editor)
    store.journal.decide("a", Move.APPROVE, NOW, by="minh")
    answer = save(editor, mine, title="Của lan")
    page = parts(answer)
    assert answer.status_code == 412
    assert "Đã đăng" in page.cssselect(".same")[0].text_content()
    assert not page.cssselect(".theirs")
    save(editor, filled(page.cssselect("form.settling")[0]))
    assert (now(store).article.title, now(store).status) == ("Của lan", Status.PUBLISHED)


def test_a_crawl_that_updates_an_article_under_edit_is_told_when_it_is_saved(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    old = put("a")
    mine = opened(editor)
    article = replace(old.article, body="Nguồn viết lại.", html="<p>Nguồn viết lại.</p>")
    new = replace(old, article=article, version=2, fetched=FETCHED + timedelta(hours=1))
    store.journal.update(new, old, None, changed=["body"])
    answer = save(editor, mine, lead="Sapo của tôi.")
    assert answer.status_code == 412
    page = parts(answer)
    assert "Nguồn" in page.cssselect(".theirs ins")[0].text_content()
    save(editor, filled(page.cssselect("form.settling")[0]))
    assert (now(store).article.lead, now(store).article.body) == ("Sapo của tôi.", "Nguồn viết lại.")


def park(store: Store, body: str = "Nguồn viết lại.") -> None:
    """The publisher writes something else; a crawl finds it."""
    stored = now(store)
    article = replace(stored.source_text, body=body, html=f"<p>{body}</p>")
    store.journal.park(stored, article, stored.keys, FETCHED + timedelta(hours=2))


def test_what_the_publisher_wrote_since_an_edit_is_shown_and_can_be_taken(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    save(editor, opened(editor), title="Của lan")
    assert not parts(editor.get("/desk/items/a/waiting")).cssselect("section")
    park(store)
    assert parts(editor.get("/desk/items/a")).cssselect("[hx-get='/desk/items/a/waiting']")
    shown = parts(editor.get("/desk/items/a/waiting"))
    assert "Nguồn đã sửa bài" in shown.text_content()
    assert {element.tag for element in shown.cssselect("del, ins")} == {"del", "ins"}
    assert shown.cssselect("[data-move=approve]"), "or the editor's text is kept"
    take = shown.cssselect("[hx-post$=take]")[0]
    stale = editor.post("/desk/items/a/take", headers={"If-Match": "0"})
    assert stale.status_code == 412
    tag = state_tag(now(store))
    assert tag in take.get("hx-headers")
    taken = editor.post("/desk/items/a/take", headers={"If-Match": tag})
    assert "Đã lấy bản của nguồn" in parts(taken).cssselect(".toast")[0].text_content()
    assert (now(store).article.title, now(store).article.body, now(store).edit) == ("Bài a", "Nguồn viết lại.", None)


def test_what_the_publisher_wrote_while_an_edit_was_edited_again_is_the_other_text(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    save(editor, opened(editor), title="Của lan")
    mine = opened(editor)
    park(store)
    answer = save(editor, mine, title="Của lan, lần hai")
    page = parts(answer)
    assert answer.status_code == 412
    assert page.cssselect("#theirs-name")[0].text_content() == "Bản mới của nguồn"
    beside = parts(save(editor, filled(page.cssselect("form.settling")[0]), way="beside"))
    assert "Nguồn viết lại." in beside.cssselect(".beside-text")[0].text_content()
    save(editor, filled(page.cssselect("form.settling")[0]))
    stored = now(store)
    assert stored.article.title == "Của lan, lần hai"
    assert stored.edit is not None
    assert (stored.edit.waiting, stored.edit.source.body) == (None, "Nguồn viết lại.")


def test_what_nobody_saw_is_not_saved_over(editor: httpx.Client, put: Put) -> None:
    put("a")
    fields = {name: value for name, value in opened(editor).items() if name != "tag"}
    assert save(editor, fields).status_code == 428
    assert editor.put("/desk/items/a/draft", data=fields).status_code == 428
    assert editor.get("/desk/items/none/edit").status_code == 404
    assert editor.put("/desk/items/none/draft", data={**fields, "tag": "t"}).status_code == 404


def test_a_draft_of_a_version_that_is_no_longer_kept_is_compared_with_what_there_is(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    draft = EditorDraft("a", "lan", "gone", 7, 1, NOW, {**opened(editor), "title": "Của lan"})
    store.drafts.save(draft)
    answer = save(editor, opened(editor))
    page = parts(answer)
    assert answer.status_code == 412
    assert not page.cssselect(".began")
    save(editor, filled(page.cssselect("form.settling")[0]))
    assert now(store).article.title == "Của lan"


def test_links_and_pictures_of_what_was_not_touched_stay(editor: httpx.Client, store: Store, put: Put) -> None:
    markup = '<p>Theo <a href="https://moh.gov.vn/">Bộ Y tế</a>.</p>\n<figure><img src="https://a.vn/1.jpg" alt=""></figure>\n<p>Hết.</p>'  # noqa: E501
    put("a", body="Theo Bộ Y tế.\nHết.", html=markup, images=(Image("https://a.vn/1.jpg"),))
    fields = opened(editor)
    save(editor, fields, body=fields["body"].replace("Hết.", "Hết rồi."))
    shown = html.fromstring(now(store).article.html)
    assert shown.cssselect("a")[0].get("href") == "https://moh.gov.vn/"
    assert len(shown.cssselect("img")) == 1
    assert now(store).article.body == "Theo Bộ Y tế.\nHết rồi."
