"""Whatever happens to an article is stored with its event or not at all, once however often it is written, and what an
editor decided is final."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.intake import Intake
from news.article import Article, Decision, Page, Status, StoredArticle
from news.dedupe import Likeness, Neighbour, Relation, Text, place, sketch, story_id
from news.errors import BantinError
from news.review.states import Move, state_tag
from news.urls import identity
from storage.conflicts import AlreadyStored, Stale
from storage.connect import Store
from storage.journal import Place

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
NEAR = Likeness(Relation.NEAR, 0.8, 0.9, "made up")


def named(make: Make, n: int, **changes: Any) -> StoredArticle:
    """An article in the story that its own name gives it."""
    return make(n, **{"story": story_id(f"a{n:04}"), **changes})


def beside(store: Store, *others: StoredArticle, own: str) -> Place:
    """Where an article belongs that is like these."""
    seen = store.events.last()
    near = [Neighbour(now.id, now.article.site, now.story, NEAR) for now in store.articles.some([o.id for o in others])]
    return Place(place(own, near, store.stories.some([own, *(n.story for n in near)])), None, seen)


def join(store: Store, stored: StoredArticle, *others: StoredArticle) -> StoredArticle:
    """Stores an article that is like others."""
    where = beside(store, *others, own=stored.story)
    stored = replace(stored, story=where.placement.story)
    store.journal.create(stored, where)
    return stored


def told(store: Store, since: int = 0) -> list[str]:
    events = store.events.after(str(since))
    assert [event.number for event in events] == list(range(since + 1, since + 1 + len(events)))
    return [f"{event.kind} {event.article_id} v{event.version} {event.story} by {event.by}" for event in events]


def split_off(store: Store, id: str, *, by: str) -> str:
    """The story in which the article stands alone after it was taken out of its story."""
    record = store.journal.split(id, NOW, by=by)
    assert record is not None
    return record.stories[1]


@pytest.fixture
def one(store: Store, make: Make) -> StoredArticle:
    stored = named(make, 1)
    store.journal.create(stored)
    return stored


@pytest.fixture
def three(store: Store, make: Make) -> list[StoredArticle]:
    """Three articles of one story, which a0001 began."""
    first = join(store, named(make, 1))
    return [first, join(store, named(make, 2), first), join(store, named(make, 3), first)]


# what crawls find


def test_an_article_is_stored_with_its_event_and_again_without_another(store: Store, one: StoredArticle) -> None:
    store.journal.create(one)
    assert store.articles.get(one.id) == one
    assert told(store) == ["created a0001 v1 s0001 by crawl"]


def test_what_is_refused_leaves_no_trace(store: Store, one: StoredArticle, make: Make) -> None:
    with pytest.raises(AlreadyStored, match="keys"):
        store.journal.create(named(make, 2, keys=one.keys))
    assert told(store) == ["created a0001 v1 s0001 by crawl"]
    assert store._database.signatures.count_documents({}) == 1
    assert store.events.last() == 1


def test_an_update_keeps_what_stood_there_and_tells_which_fields_changed(store: Store, one: StoredArticle) -> None:
    new = replace(one, article=replace(one.article, title="Mới"), version=2, fetched=NOW, fingerprint="new")
    for _ in range(2):  # the answer to the first was lost
        store.journal.update(new, one, None, changed=["title"])
    assert store.articles.get(one.id) == new
    (version,) = store.versions.of(one.id)
    assert (version.stored, version.by, version.changed, version.ended) == (one, "crawl", ("title",), NOW)
    assert told(store, 1) == ["updated a0001 v2 s0001 by crawl"]
    assert store.events.after("1")[0].changed == ("title",)


def test_an_update_that_changes_nothing_a_reader_sees_is_no_event(store: Store, one: StoredArticle) -> None:
    new = replace(one, keys=(*one.keys, "b.vn/1"))
    store.journal.update(new, one, None, changed=[])
    assert store.articles.by_url("b.vn/1") == new
    assert (told(store, 1), store.versions.of(one.id), store.events.last()) == ([], [], 1)


def test_who_comes_too_late_is_told_so(store: Store, one: StoredArticle) -> None:
    mine, theirs = (replace(one, version=2, fingerprint=name) for name in ("mine", "theirs"))
    store.journal.update(theirs, one, None, changed=["body"])
    with pytest.raises(AlreadyStored):
        store.journal.update(mine, one, None, changed=["body"])
    with pytest.raises(Stale) as told_so:
        store.journal.edit(one.id, replace(one.article, title="Sửa"), NOW, by="lan", seen=state_tag(one))
    assert told_so.value.current == theirs
    assert store.articles.get(one.id) == theirs
    assert told(store, 1) == ["updated a0001 v2 s0001 by crawl"]


def test_an_alias_that_is_added_between_reading_and_writing_is_not_lost(store: Store, one: StoredArticle) -> None:
    new = replace(one, version=2, fingerprint="new")
    store.articles.add_aliases(one.id, ["b.vn/1"], ["https://b.vn/1"], one.fetched)
    with pytest.raises(AlreadyStored):
        store.journal.update(new, one, None, changed=["body"])
    kept = store.articles.get(one.id)
    assert kept is not None
    assert (kept.version, kept.aliases) == (1, ("https://b.vn/1",))


def test_retracting_takes_an_article_from_its_readers_once_and_keeps_its_text(store: Store, one: StoredArticle) -> None:
    assert store.journal.retract(one.id, NOW, "gone: missing since yesterday")
    assert not store.journal.retract(one.id, NOW, "again")
    assert store.articles.get(one.id) == replace(one, status=Status.RETRACTED)
    assert store.journal.restore(one.id, NOW, "its page is there again")
    assert not store.journal.restore(one.id, NOW, "again")
    assert store.articles.get(one.id) == one
    assert told(store, 1) == ["retracted a0001 v1 s0001 by crawl", "restored a0001 v1 s0001 by crawl"]
    assert [event.detail for event in store.events.after("1")] == [
        "gone: missing since yesterday", "its page is there again",
    ]  # fmt: skip


def test_one_that_is_not_there_cannot_be_retracted(store: Store) -> None:
    with pytest.raises(BantinError, match="No article 'a9' is stored"):
        store.journal.retract("a9", NOW, "")
    assert store.events.last() == 0


@pytest.mark.parametrize("back", [False, True])
def test_of_two_alike_the_second_meets_the_first_or_is_told_to_look_again(store: Store, make: Make, back: bool) -> None:
    text = "\n".join(f"Đoạn {n}: Ủy ban nhân dân xã số {n} họp bàn về công tác năm {2000 + n}." for n in range(20))
    first, second = (named(make, n, fingerprint=f"f{n}") for n in (1, 2))
    signature = sketch(Text("Tin", "", text))
    assert signature is not None
    seen = store.events.last()
    store.journal.create(first, Place(place(first.story, [], {}), signature, seen))
    if back:
        seen = store.events.last()
        store.journal.create(second, Place(place(second.story, [], {}), signature, seen))
        return
    with pytest.raises(AlreadyStored, match="a0001, which is like a0002, was stored meanwhile"):
        store.journal.create(second, Place(place(second.story, [], {}), signature, seen))


def test_an_article_near_two_stories_makes_them_one_in_the_same_breath(store: Store, make: Make) -> None:
    first, second = (join(store, named(make, n)) for n in (1, 2))
    third = join(store, named(make, 3), first, second)
    assert told(store, 2) == ["created a0003 v1 s0001 by crawl", "merged a0002 v1 s0001 by crawl"]
    story = store.stories.get("s0001")
    assert story is not None
    assert story.members == ("a0001", "a0003", "a0002")
    assert store.stories.get("s0002") is None
    store.journal.create(third, beside(store, first, second, own="s0003"))
    assert len(told(store)) == 4


def test_an_article_that_comes_to_read_like_another_joins_its_story(store: Store, make: Make) -> None:
    first, alone = (join(store, named(make, n)) for n in (1, 2))
    new = replace(alone, version=2, fingerprint="new")
    store.journal.update(new, alone, None, changed=["body"], place=beside(store, first, own=alone.story))
    assert told(store, 2) == ["updated a0002 v2 s0002 by crawl", "merged a0002 v2 s0001 by crawl"]
    assert store.articles.get("a0002") == replace(new, story="s0001")


# what editors do


def test_a_waiting_article_is_approved_or_rejected_once(store: Store, make: Make) -> None:
    for n in (1, 2):
        store.journal.create(named(make, n, status=Status.WAITING))
    assert store.journal.decide("a0001", Move.APPROVE, NOW, by="lan")
    assert not store.journal.decide("a0001", Move.APPROVE, NOW, by="minh")
    assert store.journal.decide("a0002", Move.REJECT, NOW, by="lan", reason="không đúng chuyên mục")
    assert not store.journal.decide("a0002", Move.REJECT, NOW, by="minh", reason="quảng cáo")
    assert [stored.status for stored in store.articles.some(["a0001", "a0002"])] == [Status.PUBLISHED, Status.REJECTED]
    assert told(store, 2) == ["approved a0001 v1 s0001 by lan", "rejected a0002 v1 s0002 by lan"]


def test_an_editors_text_takes_the_place_of_the_publishers_which_is_kept(store: Store, one: StoredArticle) -> None:
    better = replace(one.article, title="Tiêu đề gọn hơn")
    for _ in range(2):
        store.journal.edit(one.id, better, NOW, by="lan")
    kept = store.articles.get(one.id)
    assert kept is not None
    assert (kept.version, kept.article, kept.source_text) == (2, better, one.article)
    assert [version.stored.article for version in store.versions.of(one.id)] == [one.article]
    assert told(store, 1) == ["updated a0001 v2 s0001 by lan"]
    assert store.journal.edit(one.id, better, NOW, by="minh") is None  # nothing was changed
    assert len(told(store)) == 2


def test_what_nobody_edited_has_nothing_to_wait_beside(store: Store, one: StoredArticle) -> None:
    with pytest.raises(BantinError, match="was not edited"):
        store.journal.park(one, one.article, one.keys, NOW)


def test_merged_by_an_editor_two_stories_are_one_and_each_article_is_told(store: Store, make: Make) -> None:
    _, second = (join(store, named(make, n)) for n in (1, 2))
    join(store, named(make, 3), second)
    assert store.journal.merge("s0002", "s0001", NOW, by="lan")
    assert store.journal.merge("s0002", "s0001", NOW, by="minh") is None
    assert told(store, 3) == ["merged a0002 v1 s0001 by lan", "merged a0003 v1 s0001 by lan"]
    story = store.stories.get("s0001")
    assert story is not None
    assert (story.members, story.decided_by) == (("a0001", "a0002", "a0003"), "lan")
    assert {stored.story for stored in store.articles.some(["a0001", "a0002", "a0003"])} == {"s0001"}


def test_stories_that_are_not_there_cannot_be_merged(store: Store, one: StoredArticle) -> None:
    for gone, into in (("s9", "s0001"), ("s0001", "s9"), ("s0001", "s0001")):
        with pytest.raises(BantinError):
            store.journal.merge(gone, into, NOW, by="lan")
    assert told(store) == ["created a0001 v1 s0001 by crawl"]


def test_split_by_an_editor_an_article_stands_alone_and_is_told_once(store: Store, three: list[StoredArticle]) -> None:
    for user in ("lan", "minh"):
        store.journal.split("a0002", NOW, by=user)
    assert told(store, 3) == ["split a0002 v1 s0002 by lan"]
    left, own = store.stories.get("s0001"), store.stories.get("s0002")
    assert left is not None
    assert own is not None
    assert (left.members, left.apart, own.members, own.apart) == (
        ("a0001", "a0003"), frozenset({"s0002"}), ("a0002",), frozenset({"s0001"}),
    )  # fmt: skip


def test_the_article_that_began_a_story_leaves_its_name_with_the_others(
    store: Store, three: list[StoredArticle]
) -> None:
    own = split_off(store, "a0001", by="lan")
    assert own not in ("s0001", "")
    assert [stored.story for stored in store.articles.some(["a0001", "a0002", "a0003"])] == [own, "s0001", "s0001"]


def test_a_name_that_others_have_taken_over_is_not_given_again(
    store: Store, three: list[StoredArticle], make: Make
) -> None:
    own = split_off(store, "a0001", by="lan")
    other = join(store, named(make, 4))
    store.journal.merge(own, other.story, NOW, by="lan")
    again = split_off(store, "a0001", by="minh")
    story = store.stories.get("s0001")
    assert story is not None
    assert (again == "s0001", story.members) == (False, ("a0002", "a0003"))


def test_an_article_that_was_always_alone_cannot_be_split(store: Store, one: StoredArticle) -> None:
    with pytest.raises(BantinError, match="alone in its story"):
        store.journal.split(one.id, NOW, by="lan")


def test_a_machine_never_joins_again_what_an_editor_took_apart(
    store: Store, three: list[StoredArticle], make: Make
) -> None:
    store.journal.split("a0002", NOW, by="lan")
    fourth = join(store, named(make, 4), *three)
    assert fourth.story == "s0001"
    alone = store.articles.get("a0002")
    assert alone is not None
    new = replace(alone, version=2, fingerprint="new")
    store.journal.update(new, alone, None, changed=["body"], place=beside(store, *three[::2], own=alone.story))
    assert [stored.story for stored in store.articles.some(["a0001", "a0002", "a0003", "a0004"])] == [
        "s0001", "s0002", "s0001", "s0001",
    ]  # fmt: skip


def test_a_story_that_an_editor_merged_is_still_one_when_a_crawl_joins_it_to_another(store: Store, make: Make) -> None:
    first, _, third = (join(store, named(make, n)) for n in (1, 2, 3))
    store.journal.choose_main("a0002", NOW, by="lan")
    store.journal.merge("s0002", "s0001", NOW, by="lan")
    join(store, named(make, 4), third, first)
    story = store.stories.get("s0003") or store.stories.get("s0001")
    assert story is not None
    assert set(story.members) == {"a0001", "a0002", "a0003", "a0004"}
    assert (story.main, story.decided_by) == ("a0002", "lan")


@pytest.mark.parametrize("meanwhile", ["merge", "split"])
def test_who_found_neighbours_before_an_editor_decided_looks_again(
    store: Store, three: list[StoredArticle], make: Make, meanwhile: str
) -> None:
    stored = named(make, 9)
    where = beside(store, *three, own=stored.story)
    if meanwhile == "merge":
        other = join(store, named(make, 4))
        store.journal.merge("s0001", other.story, NOW, by="lan")
    else:
        store.journal.split("a0001", NOW, by="lan")
    with pytest.raises(AlreadyStored):
        store.journal.create(replace(stored, story=where.placement.story), where)
    assert store.articles.get(stored.id) is None
    assert join(store, stored, *three).story != stored.story


def test_an_editor_says_who_stands_for_a_story_once(store: Store, three: list[StoredArticle]) -> None:
    for _ in range(2):
        store.journal.choose_main("a0003", NOW, by="lan")
    story = store.stories.get("s0001")
    assert story is not None
    assert story.main == "a0003"
    assert told(store, 3) == ["updated a0003 v1 s0001 by lan"]
    store.journal.split("a0003", NOW, by="lan")
    story = store.stories.get("s0001")
    assert story is not None
    assert story.main == ""


# crawls and editors


def page(delegates: int, fetched: datetime) -> Page:
    body = f"""<html lang="vi"><head><title>Hội nghị cải cách hành chính</title></head><body>
      <h1>Hội nghị cải cách hành chính</h1><p>Thứ tư, 05/03/2025 10:20</p><div class="noi-dung">
      <p>Sáng 5/3, Sở Nội vụ tổ chức hội nghị triển khai công tác cải cách hành chính năm 2025 trên địa bàn tỉnh.</p>
      <p>Hội nghị có sự tham dự của lãnh đạo các sở, ban, ngành và {delegates} đại biểu đến từ các xã, phường.</p>
      <p>Lãnh đạo tỉnh yêu cầu các đơn vị rút ngắn thời gian giải quyết thủ tục, lấy người dân làm trung tâm.</p>
      </div></body></html>"""
    return Page("https://sonoivu.gov.vn/tin/hoi-nghi-12345.html", body.encode(), fetched, content_type="text/html")


def test_a_crawl_never_overwrites_an_editors_text_and_the_publishers_new_one_waits_beside_it(store: Store) -> None:
    intake = Intake(store)
    id = intake.take(page(126, NOW), None).article_id
    before = store.articles.get(id)
    assert before is not None
    better = replace(before.article, title="Tiêu đề của biên tập viên")
    store.journal.edit(before.id, better, NOW, by="lan")
    hour = timedelta(hours=1)
    decisions = [intake.take(page(n, NOW + k * hour), None).decision for k, n in enumerate((126, 127, 127, 126))]
    kept = store.articles.get(id)
    assert decisions == [Decision.UNCHANGED, Decision.UPDATED, Decision.UNCHANGED, Decision.UPDATED]
    assert kept is not None
    assert (kept.article, kept.version) == (better, 2)
    assert kept.edit is not None
    assert kept.edit.waiting is None  # the publisher is back at what the editor saw
    intake.take(page(128, NOW + 9 * hour), None)
    kept = store.articles.get(id)
    assert kept is not None
    assert kept.edit is not None
    waiting = kept.edit.waiting
    assert isinstance(waiting, Article)
    assert "128 đại biểu" in waiting.body
    assert "126 đại biểu" in kept.article.body
    assert told(store, 2) == []
    assert store.articles.by_url(identity("https://sonoivu.gov.vn/tin/hoi-nghi-12345.html")) == kept


def test_an_article_that_waited_when_it_was_retracted_waits_again_when_it_is_back(store: Store, make: Make) -> None:
    store.journal.create(make(1, status=Status.WAITING))
    store.journal.retract("a0001", NOW, "gone")
    store.journal.restore("a0001", NOW, "its page is there again")
    assert [event.status for event in store.events.after()] == [Status.WAITING, Status.RETRACTED, Status.WAITING]

    store.journal.decide("a0001", Move.APPROVE, NOW, by="lan")
    store.journal.retract("a0001", NOW, "gone")
    store.journal.restore("a0001", NOW, "its page is there again")
    stored = store.articles.get("a0001")
    assert stored is not None
    assert stored.status is Status.PUBLISHED
