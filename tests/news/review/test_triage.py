"""What needs a human is found and says why; what an editor has settled is not asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from news.article import Article, Attachment, Edit, Image, Lead, Related, Status, StoredArticle, Via
from news.dedupe import Likeness, Neighbour, Relation
from news.review.review import Concern, Queue, Review
from news.review.triage import Beside, concerns, review_after, review_of, unsure, usual_body

SEEN = datetime(2025, 3, 5, 3, 0, tzinfo=UTC)
TEXT = "Sáng 5/3, Sở Y tế tổ chức hội nghị triển khai công tác tiêm chủng mở rộng trên địa bàn toàn tỉnh. " * 4
NOTHING, ALONE = Review(), Beside()
LISTED = Lead("https://a.vn/1", Via.LISTING)


def article(**values: Any) -> Article:
    usual = {"title": "Hội nghị", "body": TEXT, "published": SEEN - timedelta(hours=1), "confidence": 0.95}
    return Article("https://a.vn/1", "a", **{**usual, **values})


def stored(status: Status = Status.PUBLISHED, review: Review = NOTHING, **values: Any) -> StoredArticle:
    return StoredArticle("a1", article(**values), ("a.vn/1",), (), "f", "s1", status, 1, SEEN, SEEN, review=review)


@pytest.mark.parametrize(
    ("values", "beside", "found"),
    [
        ({}, Beside(), ()),
        ({"confidence": 0.79}, Beside(), (Concern.LOW_CONFIDENCE,)),
        ({"published": None}, Beside(), (Concern.NO_DATE,)),
        ({"published": SEEN + timedelta(days=2)}, Beside(), (Concern.ODD_DATE,)),
        ({"published": SEEN + timedelta(hours=20)}, Beside(), ()),
        ({"published": datetime(1999, 12, 31, tzinfo=UTC)}, Beside(), (Concern.ODD_DATE,)),
        ({"body": "Thông báo nghỉ lễ."}, Beside(), (Concern.VERY_SHORT,)),
        ({"body": "Thông báo nghỉ lễ.", "images": (Image("https://a.vn/1.jpg"),)}, Beside(), ()),
        ({"body": "Thông báo nghỉ lễ.", "attachments": (Attachment("https://a.vn/1.pdf"),)}, Beside(), ()),
        ({"evidence": {"body": "site:body"}}, Beside("site:body"), ()),
        ({"evidence": {"body": "prose"}}, Beside("site:body"), (Concern.TEMPLATE_CHANGED,)),
        ({"evidence": {"body": "prose"}}, Beside(), ()),
        ({}, Beside(alike=("a2",)), (Concern.UNSURE_DUPLICATE,)),
    ],
)
def test_an_article_says_why_it_needs_a_human(
    values: dict[str, Any], beside: Beside, found: tuple[Concern, ...]
) -> None:
    assert concerns(article(**values), SEEN, beside) == found


@pytest.mark.parametrize(
    ("evidence", "lead", "odd"),
    [
        ("visible", LISTED, True),
        ("visible", None, False),  # an import, or a visit
        ("visible", replace(LISTED, via=Via.ARCHIVE), False),  # who reads archives finds what is old
        ("jsonld", LISTED, False),  # a slow portal's list goes years back, and the page says so for machines
    ],
)
def test_a_date_guessed_from_a_page_that_is_announced_as_news_is_no_year_old(
    evidence: str, lead: Lead | None, odd: bool
) -> None:
    old = article(published=SEEN - timedelta(days=400), evidence={"published": evidence})
    assert (Concern.ODD_DATE in concerns(old, SEEN, Beside(lead=lead))) is odd


@pytest.mark.parametrize(
    ("found", "usual"),
    [
        (["site:body"] * 30, "site:body"),
        (["site:body"] * 8 + ["prose"] * 2, "site:body"),
        (["site:body"] * 7 + ["prose"] * 3, ""),
        (["site:body"] * 9, ""),
        ([], ""),
    ],
)
def test_where_a_site_has_its_body_is_known_when_its_last_articles_agree(found: list[str], usual: str) -> None:
    assert usual_body(found) == usual


def test_unsure_is_what_was_neither_joined_nor_clearly_another_and_what_was_barely_joined() -> None:
    rows = [(Relation.SAME, 1.0), (Relation.NEAR, 0.9), (Relation.NEAR, 0.5), (Relation.UNSURE, 0.4),
            (Relation.ALIKE, 0.9), (Relation.QUOTES, 0.95)]  # fmt: skip
    near = [Neighbour(f"a{n}", "b", f"s{n}", Likeness(*row, row[1], "")) for n, row in enumerate(rows)]  # type: ignore[arg-type]
    assert unsure(near) == ("a2", "a3")


@pytest.mark.parametrize(
    ("status", "values", "queues"),
    [
        (Status.WAITING, {}, (Queue.NEW,)),
        (Status.PUBLISHED, {}, ()),
        (Status.PUBLISHED, {"published": None}, (Queue.NEW,)),
        (Status.HELD, {"published": None}, (Queue.NEW,)),
        (Status.REJECTED, {"published": None}, ()),
        (Status.RETRACTED, {}, ()),
    ],
)
def test_new_is_what_waits_and_what_is_published_unseen_though_something_is_open(
    status: Status, values: dict[str, Any], queues: tuple[Queue, ...]
) -> None:
    assert review_of(stored(status, **values)).queues == queues


def test_what_may_be_a_duplicate_lies_among_the_duplicates_too() -> None:
    review = review_of(stored(), Beside(alike=("a2",)))
    assert (review.queues, review.alike) == ((Queue.NEW, Queue.DUPLICATES), ("a2",))
    before = replace(stored(), related=(Related("a3", "unsure", 0.5), Related("a4", "quotes", 0.9)))
    assert review_of(before).alike == ("a3",)


def test_what_an_editor_has_edited_was_seen() -> None:
    one = stored(confidence=0.1)
    by_hand = replace(one, edit=Edit("lan", SEEN, one.article))
    assert review_of(by_hand) == Review(seen=True)
    assert by_hand.edit
    parked = replace(by_hand, edit=replace(by_hand.edit, waiting=article(title="Khác")))
    assert review_of(parked) == Review((Queue.UPDATED,), (Concern.SOURCE_CHANGED,), seen=True)


# updates


def after(old: StoredArticle, *, by_publisher: bool = True, beside: Beside = ALONE, **values: Any) -> Review:
    new = replace(old, article=replace(old.article, **values), version=old.version + 1)
    return review_after(old, new, beside, by_publisher=by_publisher)


def test_what_its_publisher_changed_lies_among_the_updated_and_first_where_facts_changed() -> None:
    assert after(stored(), body=TEXT + "\nToàn tỉnh hưởng ứng.") == Review((Queue.UPDATED,))
    changed = after(stored(), title="Hội nghị bị hủy")
    assert (changed.queues, changed.concerns) == ((Queue.UPDATED,), (Concern.SENSITIVE_UPDATE,))
    again = after(replace(stored(title="Hội nghị bị hủy"), review=changed), body=TEXT + "\nToàn tỉnh hưởng ứng.")
    assert again == changed, "what nobody has looked at stays open"


def test_what_waits_for_its_first_look_stays_new_whatever_its_publisher_does() -> None:
    waiting = replace(stored(Status.WAITING, published=None), review=Review((Queue.NEW,), (Concern.NO_DATE,)))
    assert after(waiting, title="Khác") == waiting.review
    assert after(waiting, published=SEEN) == Review((Queue.NEW,))


def test_what_our_rules_read_otherwise_is_no_update_by_its_publisher() -> None:
    assert after(stored(), by_publisher=False, body="Lượt xem", title="Khác").queues == (Queue.NEW,)
    seen = stored(review=Review(seen=True, notes=2, assigned="lan"))
    assert after(seen, by_publisher=False, title="Khác") == seen.review


def test_what_an_editor_has_settled_is_not_asked_again_and_what_is_new_is() -> None:
    settled = stored(published=None, confidence=0.4, review=Review(seen=True, notes=1, assigned="lan"))
    updated = after(settled, body=TEXT + "\nToàn tỉnh hưởng ứng.")
    assert updated == Review((Queue.UPDATED,), notes=1, assigned="lan")
    known = replace(settled, related=(Related("a2", "unsure", 0.5),))
    assert after(known, beside=Beside(alike=("a2",)), body=TEXT + "\nX.").concerns == ()
    assert after(known, beside=Beside(alike=("a2", "a3")), body=TEXT + "\nX.").alike == ("a3",)
    assert after(settled, body="Ngắn.").concerns == (Concern.SENSITIVE_UPDATE, Concern.VERY_SHORT)
