"""What happens at the portals, played back through real crawls: after each step the store holds exactly what it should,
and the feed of events has told exactly that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from demo.truth import DemoArticle
from news.article import VIETNAM
from news.dedupe import article_id, story_id
from news.report import RunState
from news.story import told
from news.urls import identity
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.urls import UrlRow

NOIVU, NHANDAN, CUADONG = "demo-noivu", "demo-nhandan", "demo-cuadong"
MORNING = datetime(2025, 7, 1, 8, 30, tzinfo=VIETNAM)  # newer than all that the portals hold
LEAD = "Cách làm của Lam Hà được thành phố Cửa Đông chọn để học tập và áp dụng ngay trong quý này."
DATES = ("found", "fetched", "due", "next_check", "gone")


@dataclass
class Playback:
    """The portals, the store, and the names under which the tables speak of the articles."""

    demo: Demo
    store: Store
    config: Config
    names: dict[str, str] = field(default_factory=dict)  # of article ids
    told: int = 0  # how many events were looked at

    def name(self, name: str, article: DemoArticle) -> DemoArticle:
        """An article has the id that its first address gives it, whoever stores it."""
        self.names[article_id(identity(self.demo.portals[article.portal].url(article)))] = name
        return article

    def crawl(self, *portals: str) -> None:
        """One after the other, page by page, so that the order of events is known."""
        for portal in portals:
            site = self.demo.site(portal)
            slow = replace(site, politeness=replace(site.politeness, concurrency=1))
            report = crawl(slow, CrawlOptions(), self.config)
            assert (report.state, report.error) == (RunState.DONE, "")

    def pass_time(self, **span: float) -> None:
        """Everything that is known of URLs was found, fetched and due so much longer ago."""
        back = {
            name: {
                "$cond": [f"${name}", {"$subtract": [f"${name}", timedelta(**span) // timedelta(milliseconds=1)]}, None]
            }
            for name in DATES
        }
        self.store._database.urls.update_many({}, [{"$set": back}])

    # the tables

    def articles(self) -> str:
        lines = []
        for stored in self.store.articles.find(limit=1000):
            line = f"{self.names[stored.id]}: {stored.status} v{stored.version} in {self._story(stored.story)}"
            also = len(set(stored.aliases))
            lines.append(line + (f", {also} other addresses" if also else ""))
        return "\n".join(sorted(lines))

    def stories(self) -> str:
        lines = []
        for story in self.store.stories.find():
            tellings = told(self.store.articles.find(ArticleFilter(stories=(story.id,))))
            assert sorted(story.members) == sorted(telling.stored.id for telling in tellings)
            for telling in tellings:
                differs = Counter(str(change.kind) for change in telling.changes)
                counted = ", ".join(f"{count} {kind}" for kind, count in sorted(differs.items()))
                lines.append(
                    f"{self._story(story.id)}: {self.names[telling.stored.id]} +{telling.delay} {counted}".strip()
                )
        return "\n".join(lines)

    def versions(self) -> str:
        lines = [
            f"{name} v{version.stored.version} until {version.by} changed {', '.join(version.changed)}"
            for id, name in self.names.items()
            for version in self.store.versions.of(id)
        ]
        return "\n".join(sorted(lines))

    def news(self) -> str:
        """The events since the last look, numbered without a gap."""
        events = self.store.events.after(str(self.told))
        assert [event.number for event in events] == list(range(self.told + 1, self.told + 1 + len(events)))
        assert {event.by for event in events} <= {"crawl"}
        self.told += len(events)
        return "\n".join(
            f"{event.kind} {self.names[event.article_id]} v{event.version} in {self._story(event.story)}"
            + (f": {', '.join(event.changed)}" if event.changed else "")
            for event in events
        )

    def _story(self, id: str) -> str:
        return next(name for article, name in self.names.items() if story_id(article) == id)


@pytest.fixture
def play(store: Store, config: Config) -> Iterator[Playback]:
    """Three portals with one old article each, crawled once."""
    with Demo(base_port=0) as demo:
        playback = Playback(demo, store, replace(config, mongodb_uri=store.uri))
        for place, portal in enumerate((NOIVU, NHANDAN, CUADONG)):
            for article in demo.portals[portal].articles[1:]:
                demo.delete(portal, article.number)
            playback.name(f"old{place + 1}", demo.portals[portal].articles[0])
        playback.crawl(NOIVU, NHANDAN, CUADONG)
        assert playback.news() == table("""
            created old1 v1 in old1
            created old2 v1 in old2
            created old3 v1 in old3
            """)
        yield playback


def table(text: str) -> str:
    return dedent(text).strip()


def test_publish_syndicate_correct_retract_and_come_back(play: Playback) -> None:
    demo = play.demo

    # A department publishes; a paper takes it over three hours later, a city the day after.
    origin = play.name("origin", demo.publish(NOIVU, published=MORNING))
    play.crawl(NOIVU)
    paper = play.name("paper", demo.syndicate(NOIVU, origin.number, NHANDAN, hours=3))
    city = play.name("city", demo.syndicate(NOIVU, origin.number, CUADONG, hours=26, lead=LEAD))
    play.crawl(NHANDAN, CUADONG)
    assert play.news() == table("""
        created origin v1 in origin
        created paper v1 in origin
        created city v1 in origin
        """)
    one_story = table("""
        origin: origin +0:00:00
        origin: paper +3:00:00 1 added, 1 changed
        origin: city +1 day, 2:00:00 2 added, 1 removed
        """)
    assert play.stories() == one_story
    untouched = table("""
        city: published v1 in origin
        old1: published v1 in old1, 1 other addresses
        old2: published v1 in old2
        old3: published v1 in old3
        origin: published v1 in origin
        paper: published v1 in origin
        """)
    assert play.articles() == untouched
    assert play.versions() == ""

    # The paper corrects, and its sitemap says so.
    demo.edit(NHANDAN, paper.number, title="Đính chính: " + paper.title)
    play.crawl(NOIVU, NHANDAN, CUADONG)
    assert play.news() == "updated paper v2 in origin: title"
    assert play.versions() == "paper v1 until crawl changed title"

    # It corrects again, and nothing says so: it is seen when the article is visited again.
    demo.edit(NHANDAN, paper.number, silent=True, body=[*paper.body, "Số đại biểu tham dự là 127."])
    play.crawl(NHANDAN)
    assert play.news() == ""
    play.pass_time(hours=7)
    play.crawl(NOIVU, NHANDAN, CUADONG)
    assert play.news() == "updated paper v3 in origin: body"
    corrected = untouched.replace("paper: published v1", "paper: published v3")
    assert play.articles() == corrected
    versions = table("""
        paper v1 until crawl changed title
        paper v2 until crawl changed body
        """)
    assert play.versions() == versions
    assert play.stories() == one_story.replace("1 added", "2 added").replace("paper +3:00:00 1", "paper +3:00:00 2")

    # The department and the city take it down, each in its way. Missing once means nothing, missing twice does.
    demo.delete(NOIVU, origin.number, "410")
    demo.delete(CUADONG, city.number)
    play.pass_time(hours=18)
    play.crawl(NOIVU, NHANDAN, CUADONG)
    assert (play.news(), play.articles()) == ("", corrected)
    play.pass_time(hours=12.5)
    play.crawl(NOIVU, NHANDAN, CUADONG)
    assert play.news() == table("""
        retracted origin v1 in origin: status
        retracted city v1 in origin: status
        """)
    retracted = corrected.replace("city: published", "city: retracted").replace(
        "origin: published", "origin: retracted"
    )
    assert play.articles() == retracted
    kept = play.store.articles.by_url(identity(demo.portals[NOIVU].base + origin.path))
    assert kept is not None
    assert kept.article.body.split("\n") == list(origin.body)

    # Nothing more is told of what is gone. The department puts its article back, and it stands again.
    demo.restore(NOIVU, origin.number)
    play.pass_time(days=3)
    play.crawl(NOIVU, NHANDAN, CUADONG)
    assert play.news() == "restored origin v1 in origin: status"
    assert play.articles() == retracted.replace("origin: retracted", "origin: published")
    assert play.versions() == versions


def test_one_article_under_five_addresses_is_stored_once(play: Playback) -> None:
    article = play.name("five", play.demo.publish(NOIVU))
    name = article.path.rpartition("/")[2]
    others = (*article.variants, f"/vi/news/chuyen-de/{name}", f"/index.php?nv=news&op=bai&id={article.number}")
    play.demo.edit(NOIVU, article.number, silent=True, variants=others)
    play.crawl(NOIVU)
    base, now = play.demo.portals[NOIVU].base, datetime.now(UTC)
    urls = [f"{base}{path}" for path in others]
    play.store.urls.found([UrlRow(key=identity(url), url=url, site=NOIVU, found=now) for url in urls])
    play.crawl(NOIVU)
    assert play.news() == "created five v1 in five"
    assert play.articles() == table("""
        five: published v1 in five, 4 other addresses
        old1: published v1 in old1, 1 other addresses
        old2: published v1 in old2
        old3: published v1 in old3
        """)
    kept = play.store.articles.by_url(identity(base + article.path))
    assert kept is not None
    assert (kept.article.url, sorted(kept.aliases)) == (base + article.path, sorted(urls))
    assert all(play.store.articles.by_url(identity(url)) == kept for url in urls)
    # The same under each address again, and it has been known since.
    play.pass_time(hours=7)
    play.store.urls.look_again([identity(url) for url in urls], now - timedelta(hours=1))
    play.crawl(NOIVU)
    assert play.news() == ""
