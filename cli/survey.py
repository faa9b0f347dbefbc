"""What a site shows to a visitor who knows its home page alone -> a proposed site file: a few dozen polite requests.

The order: robots.txt and the home page, feeds, sitemaps, pages that may list articles, a few pages to see under which
addresses articles are, how lists are counted, five articles. All judgement is in spiders.propose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from lxml import html

from cli.announced import Announced, find_feeds, find_sitemaps
from cli.fetch import Fetched, Fetcher
from cli.visitor import Visitor
from news.addresses import SHUT
from news.article import Article, Kind
from news.discover.links import Link, links_of, parsed
from news.errors import BantinError
from news.extract import extract
from news.extract.decode import decode
from news.extract.families import families, recognise
from news.extract.tree import names_of, parse
from news.site import Site, Source, SourceKind
from news.urls import canonical, identity, is_view
from spiders.propose import identity as who
from spiders.propose.listings import LEAST_ARTICLES, ListPage, article_links, candidates, choose
from spiders.propose.paging import Paging, guesses, paging_of
from spiders.propose.patterns import Cluster, clusters, covers, expression, view_expression

# How much is looked at, at most.
MOST_LISTS, MOST_CLUSTERS, SAMPLES = 14, 6, 5
_VIEW_WORDS = re.compile(r"^(?:in|bản in|in (?:bài|trang|tin)(?: viết| này)?|print|gửi (?:email|bài viết))$", re.I)
_MORE_WORDS = re.compile(r"^xem (?:thêm|tất cả|tiếp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as it would be stored."""

    url: str
    article: Article

    @property
    def good(self) -> bool:
        return self.article.kind is Kind.ARTICLE

    @property
    def words(self) -> int:
        return len(self.article.body.split())


@dataclass(frozen=True, slots=True)
class Proposal:
    """The site, how many articles each source (by its address) announced, articles of it, and what a person should
    know before using it."""

    site: Site
    announced: dict[str, int]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...]
    requests: int


def survey(
    url: str, fetcher: Fetcher, delay: float, id: str = "", told: Callable[[str], None] = lambda _: None
) -> Proposal:
    """A proposal for the site of a home page. Raises BantinError where there is no such page, or none we may fetch."""
    visitor = Visitor(fetcher, delay, told)
    home, root = _home(url, visitor)
    netlocs = [urlsplit(address).netloc for address in (home.url, canonical(url))]
    name = who.name_of(root, netlocs[0])
    kind = who.kind_of(name, netlocs[0])
    site = Site(
        id=id or who.id_of(netlocs[0]),
        name=name,
        kind=kind,
        territory=who.territory_of(name, kind),
        hosts=tuple(dict.fromkeys(netloc.removeprefix("www.") for netloc in netlocs)),
        home=home.url,
        allow_private_network=fetcher.doors != SHUT,
        verified=False,
    )
    site = replace(site, family=_family(home))
    return _Survey(visitor, site, root, list(links_of(root, home.url))).proposal()


@dataclass
class _Survey:
    """One site, looked at once."""

    visitor: Visitor
    site: Site
    root: html.HtmlElement
    links: list[Link]
    patterns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    announced: dict[str, int] = field(default_factory=dict)
    read: dict[str, Sample] = field(default_factory=dict)
    guessing: bool = True

    def proposal(self) -> Proposal:
        """All steps, in their order."""
        feeds = find_feeds(self.visitor, self.site, who.declared_feeds(self.root, self.site.home), self.links)
        maps = find_sitemaps(self.visitor, self.site)
        named = [url for each in (*feeds, *maps) for url in each.urls]
        pages = self._pages(named)
        shown = [url for page in pages for url in page.articles]
        self.patterns = self._addresses_of_articles([*shown, *named])
        sources = [each.source for each in (*feeds, *self._honest(maps, shown)) if self._counted(each)]
        self.site = replace(
            self.site,
            sources=(*sources, *self._lists(pages)),
            article_urls=tuple(self.patterns),
            deny_urls=self._views(),
        )
        samples = self._samples(pages, named)
        if not self.site.family:
            self.site = replace(self.site, family=_family_of(samples))
        return Proposal(self.site, self.announced, samples, tuple(self._remarks(samples)), self.visitor.requests)

    def _pages(self, named: Sequence[str]) -> list[ListPage]:
        """The home page, and the pages it links that may list articles."""
        first = article_links(self.links, self.site)
        made = [each for each in clusters([*first, *named]) if len(each.urls) >= (3 if each.make.strong else 6)]
        pages = [ListPage(self.site.home, "", tuple(first), paging_of(self.links, self.site.home))]
        for candidate in candidates(self.links, self.site, list(map(expression, made)), MOST_LISTS):
            found = self._links(candidate.url)
            if found is None or identity(found[0]) in {identity(page.url) for page in pages}:
                continue
            url, links = found
            pages.append(ListPage(url, candidate.name, tuple(article_links(links, self.site)), paging_of(links, url)))
        return pages

    def _links(self, url: str) -> tuple[str, list[Link]] | None:
        """The address at which a page ends, and its links."""
        answer = self.visitor.page(url)
        root = parsed(answer.body) if answer else None
        return (answer.url, list(links_of(root, answer.url))) if answer and root is not None else None

    # articles

    def _addresses_of_articles(self, urls: Iterable[str]) -> list[str]:
        """Expressions of the addresses under which articles were in fact found."""
        plain = list(dict.fromkeys(url for url in urls if not is_view(url)))
        every = clusters(plain)
        made = [each for each in every if len(each.urls) >= (3 if each.make.strong else 4)] or every
        patterns = list(map(expression, filter(self._holds_articles, made[:MOST_CLUSTERS])))
        covered = sum(covers(patterns, url) for url in plain)
        if covered < 0.6 * len(plain):
            self.notes.append(f"Of {len(plain)} addresses that may be articles' article_urls knows {covered}.")
        return list(dict.fromkeys(patterns))

    def _holds_articles(self, cluster: Cluster) -> bool:
        """Whether an article is at such an address. Where the address could be any page's it must have a date too."""
        looked = filter(None, map(self._sample, (cluster.urls[0], cluster.urls[len(cluster.urls) // 2])))
        return any(each.good and (cluster.make.strong or each.article.published is not None) for each in looked)

    def _sample(self, url: str) -> Sample | None:
        if url not in self.read:
            answer = self.visitor.page(url)
            if answer is None:
                return None
            article = extract(answer.body, answer.url, site=self.site, content_type=answer.content_type)
            self.read[url] = Sample(answer.url, article)
        return self.read[url]

    def _samples(self, pages: Iterable[ListPage], named: Sequence[str]) -> tuple[Sample, ...]:
        """Five articles of several lists: those that were read already, then others."""
        waiting = [url for page in pages for url in page.articles[:3]] + list(named[:SAMPLES])
        for url in filter(self._is_known, waiting):
            if sum(sample.good for sample in self.read.values()) >= SAMPLES:
                break
            self._sample(url)
        best = sorted(self.read.values(), key=lambda sample: not sample.good)
        return tuple({sample.url: sample for sample in best}.values())[:SAMPLES]

    def _views(self) -> tuple[str, ...]:
        """Expressions of the print and mail views that articles link, and that are not known for views anyway."""
        found: dict[str, None] = {}
        for sample in self.read.values():
            _, links = self._links(sample.url) or ("", [])
            for link in links:
                if _VIEW_WORDS.match(link.text) and self.site.owns(link.url) and not is_view(link.url):
                    found[view_expression(link.url)] = None
        articles = [sample.url for sample in self.read.values()]
        return tuple(each for each in found if each and not any(covers([each], url) for url in articles))

    def _is_known(self, url: str) -> bool:
        return not self.patterns or covers(self.patterns, url)

    # sources

    def _counted(self, each: Announced) -> bool:
        count = len(list(filter(self._is_known, each.urls)))
        self.announced[each.source.url] = count
        return count > 0

    def _honest(self, maps: Iterable[Announced], shown: Iterable[str]) -> list[Announced]:
        """The sitemaps that name articles, and among them some which the site shows today: many portals serve one that
        was made once, or one of their menus."""
        today = set(map(identity, filter(self._is_known, shown)))
        kept = []
        for each in maps:
            named = set(map(identity, filter(self._is_known, each.urls)))
            if len(named) >= LEAST_ARTICLES and (not today or today & named):
                kept.append(each)
            else:
                self.notes.append(f"{each.source.url} was left out: it names no article that the site shows today.")
        return kept

    def _lists(self, pages: Sequence[ListPage]) -> list[Source]:
        """The lists among the pages, and the home page if it shows articles of its own."""
        home, *others = pages
        chosen = [page for page in choose(others, self.patterns) if not self._is_article(page)]
        listed = {identity(url) for page in chosen for url in page.articles}
        fresh = [url for url in filter(self._is_known, home.articles) if identity(url) not in listed]
        sources = [self._list(page, self._paging(page)) for page in chosen]
        if len(fresh) >= LEAST_ARTICLES or (fresh and not chosen):
            counted = home.paging if home.paging and self._goes_on(home, home.paging) else None
            sources.insert(0, self._list(home, counted))
        return sources

    def _list(self, page: ListPage, paging: Paging | None) -> Source:
        self.announced[page.url] = len(list(filter(self._is_known, page.articles)))
        return Source(
            SourceKind.LISTING,
            page.url,
            section="" if _MORE_WORDS.match(page.name) else page.name,
            paging=paging.template if paging else "",
            first=paging.first if paging else 1,
        )

    def _paging(self, page: ListPage) -> Paging | None:
        """How the list is counted, if its second page shows other articles. Lists that load more by script show no
        numbers and often answer to usual ones; once all those have failed for one list, the others are left alone."""
        if page.paging is not None:
            return page.paging if self._goes_on(page, page.paging) else None
        if len(page.articles) < 5 or not self.guessing:
            return None
        found = next((each for each in guesses(page.url) if self._goes_on(page, each)), None)
        self.guessing = found is not None
        return found

    def _goes_on(self, page: ListPage, paging: Paging) -> bool:
        _, links = self._links(paging.page(2)) or ("", [])
        before = set(map(identity, page.articles))
        return any(identity(url) not in before for url in filter(self._is_known, article_links(links, self.site)))

    def _is_article(self, page: ListPage) -> bool:
        """Whether it is an article with many links to others: by its address, or by a name too long for a section's
        and a text that reads as one. (Old lists of long teasers read as articles, too.)"""
        if covers(self.patterns, page.url):
            return True
        answer = self.visitor.page(page.url) if len(page.name.split()) >= 7 else None
        return answer is not None and extract(answer.body, answer.url, site=self.site).kind is Kind.ARTICLE

    def _remarks(self, samples: Iterable[Sample]) -> list[str]:
        remarks = list(self.notes)
        if not self.site.sources:
            remarks.append("Neither feed nor sitemap nor list was found; does the site show all by script?")
        elif not any(sample.good for sample in samples):
            remarks.append("No page could be read as an article: the file needs [[selectors]], or other sources.")
        if self.visitor.refused:
            remarks.append(f"robots.txt forbids {self.visitor.refused} of the pages that were to be looked at.")
        return remarks


def _home(url: str, visitor: Visitor) -> tuple[Fetched, html.HtmlElement]:
    """The home page, at which a visitor ends whom servers and pages send on."""
    for _ in range(3):
        # Asked for the reason where there is no page: a visitor that looks around is content without.
        answer = visitor.page(canonical(url)) or visitor.fetcher.page(url)
        root = parsed(answer.body)
        if root is None:
            raise BantinError(f"{answer.url} is not a page of HTML.", "Give the address of the home page.")
        url = who.moved_to(root, answer.url)
        if not url:
            return answer, root
    raise BantinError(f"{answer.url} sends its visitors on and on.", "Give the address at which a browser ends.")


def _family(home: Fetched) -> str:
    """The family of portals that the home page shows; a CMS that many build upon says too little."""
    text = decode(home.body, home.content_type).text
    tree = parse(text).tree
    family = recognise(text, names_of(tree)) if tree is not None else None
    return family.name if family is not None and family.rank == 0 else ""


def _family_of(samples: Iterable[Sample]) -> str:
    """The family by whose selectors articles were read."""
    hows = (sample.article.evidence.get("body", "") for sample in samples if sample.good)
    return next((how for how in hows if how in families() and families()[how].rank == 0), "")
