"""A site as data: what a site file declares, validated where it enters, so that nothing inside checks it again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from news.errors import InvalidValue
from news.schedule import Expect, Schedule, ScheduleMode
from news.tls import Tls, TlsMode
from news.urls import canonical, identity

if TYPE_CHECKING:
    from news.review.rules import SiteRule


class SiteKind(StrEnum):
    MINISTRY = "ministry"
    AGENCY = "agency"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    PARTY = "party"
    PRESS = "press"


class PublishPolicy(StrEnum):
    """What becomes of a new article: out at once, to an editor first, or out if extraction is sure of it."""

    AUTO = "auto"
    REVIEW = "review"
    CONFIDENT = "confident"


class SourceKind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    ARCHIVE = "archive"  # a page for each day
    HOME = "home"  # the front page, and the sections that its menu names


# Where the address of an archive says the day: {d} as 07-03-2026, {d:%Y/%m/%d} in any other form.
DAY_MARK = re.compile(r"\{d(?::((?:%[dmY]|[^%{}])+))?\}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a site announces its articles.

    `paging` is the address of page N of a listing with {n} in it ("…?PageIndex={n}"), `first` the number of its
    first page; without `paging` the links of the page itself are followed (rel=next, numbered pagers). The `url` of an
    archive has the day in it (DAY_MARK). `browser`: its pages are made by scripts and need one.
    """

    kind: SourceKind
    url: str
    section: str = ""
    paging: str = ""
    first: int = 1
    max_pages: int = 50
    browser: bool = False

    def __post_init__(self) -> None:
        _require_url("source url", self.url)
        if (self.kind is SourceKind.ARCHIVE) != bool(DAY_MARK.search(self.url)):
            raise InvalidValue(
                f"url = {self.url!r} is not what a source of kind {str(self.kind)!r} needs.",
                "The address of an archive, and of nothing else, has {d} (07-03-2026) or {d:%Y/%m/%d} for the day.",
            )
        if self.paging and "{n}" not in self.paging:
            raise InvalidValue(f"paging = {self.paging!r} has no {{n}}.", "Write {n} where the page number stands.")
        if self.max_pages < 1:
            raise InvalidValue(f"max_pages = {self.max_pages} reads nothing.", "Give 1 or more.")


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors by field, valid for pages published in [since, until]; several for a field are tried in order.

    `drop` names what is never article text, `keep` what is whatever other rules say; so do `drop_lines` and
    `keep_lines` with the texts of whole lines (news.clean.wording), before `drop` and `keep`. The fields are those of
    FIELDS. `taught`: an editor's rule, not one of a file.
    """

    fields: Mapping[str, tuple[str, ...]]
    drop: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    keep: tuple[str, ...] = ()
    drop_lines: tuple[str, ...] = ()
    keep_lines: tuple[str, ...] = ()
    taught: bool = False

    FIELDS: ClassVar = (
        "title", "lead", "body", "published", "modified", "author", "source", "section", "tags", "attachments",
        "images", "original",
    )  # fmt: skip
    LISTS: ClassVar = ("drop", "keep", "drop_lines", "keep_lines")

    def __post_init__(self) -> None:
        for name in self.fields:
            if name not in self.FIELDS:
                raise InvalidValue(
                    f"There is no field {name!r} to select.", f"Use one of {', '.join((*self.FIELDS, *self.LISTS))}."
                )

    @property
    def striker(self) -> str:
        """Who strikes by `drop` and `drop_lines`: the first half of the rule's name in Article.removed."""
        return "site" if self.taught else "selectors"

    def hold(self, day: date | None) -> bool:
        """Whether they are for pages published on that day; for a page without a date, whether they are for today's."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Selectors:
        """Selectors of a [[selectors]] table: a text or a list of texts for each key but the dates. Raises InvalidValue
        naming the key that is wrong."""
        for key in ("since", "until"):
            if not isinstance(row.get(key), date | None):
                raise InvalidValue(
                    f"{key} = {row[key]!r} in selectors is no date.", "Write 2026-03-01, without quotes."
                )
        named = {key: _texts(key, value) for key, value in row.items() if key not in ("since", "until")}
        lists: dict[str, Any] = {key: named.pop(key) for key in cls.LISTS if key in named}
        return cls(fields=named, since=row.get("since"), until=row.get("until"), **lists)


def _texts(key: str, value: Any) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise InvalidValue(f"{key} = {value!r} in selectors is no text.", "Give a text in quotes, or a list of them.")
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class Politeness:
    """How gently a site is asked. `delay` and `timeout` in seconds, `max_bytes` for one response."""

    delay: float = 1.0
    concurrency: int = 2
    timeout: float = 30.0
    max_bytes: int = 8_000_000
    retries: int = 2
    max_pages: int = 500
    user_agent: str = ""

    def __post_init__(self) -> None:
        for name, low in (("delay", 0), ("concurrency", 1), ("timeout", 0.1), ("max_bytes", 1000), ("max_pages", 1)):
            if getattr(self, name) < low:
                raise InvalidValue(f"{name} = {getattr(self, name)} is too small.", f"Give {low} or more.")


@dataclass(frozen=True, slots=True)
class UrlRules:
    """What a site's addresses mean, where the general rules (news.urls) cannot know. Names match in any case.

    `ignore` names parameters that never change what is shown, `keep` those that do, whatever the general rules or what
    was learnt say of them; `case_blind`: paths and parameter names mean the same in small letters. `learned` is what
    news.dedupe.parameters found in the addresses seen so far; a site file cannot give it.
    """

    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    case_blind: bool = False
    learned: frozenset[str] = field(default=frozenset(), metadata={"observed": True})

    def __post_init__(self) -> None:
        for key, names in (("ignore", self.ignore), ("keep", self.keep)):
            for name in names:
                if not isinstance(name, str) or not re.fullmatch(r"[^\s=&?#]+", name):
                    raise InvalidValue(
                        f"{name!r} in {key} is not the name of a parameter.", "Write what stands before the = sign."
                    )
            object.__setattr__(self, key, tuple(name.lower() for name in names))
        for name in self.ignore:
            if name in self.keep:
                raise InvalidValue(f"{name!r} in ignore is in keep as well.", "Take it out of one of the two.")

    @property
    def dropped(self) -> frozenset[str]:
        """The parameters that are left out of an address, in small letters."""
        return (frozenset(self.ignore) | self.learned) - set(self.keep)

    @classmethod
    def parse(cls, row: Any) -> UrlRules:
        """The rules of a [urls] table. Raises InvalidValue naming the key that is wrong."""
        if not isinstance(row, Mapping):
            raise InvalidValue(f"urls = {row!r} is not a table.", "Write [urls], and the keys below it.")
        rules: UrlRules = _build(cls, "urls", row)
        return rules


@dataclass(frozen=True, slots=True)
class Site:
    """One site of the catalogue. `replaces` names the former units whose news a filter for `territory` must find."""

    id: str
    name: str
    kind: SiteKind
    hosts: tuple[str, ...]
    home: str
    name_en: str = ""
    territory: str = ""
    replaces: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    family: str = ""
    selectors: tuple[Selectors, ...] = ()
    article_urls: tuple[str, ...] = ()
    deny_urls: tuple[str, ...] = ()
    urls: UrlRules = field(default_factory=UrlRules)
    politeness: Politeness = field(default_factory=Politeness)
    schedule: Schedule = field(default_factory=Schedule)
    tls: Tls = field(default_factory=Tls)
    expect: Expect = field(default_factory=Expect)
    publish: PublishPolicy = PublishPolicy.CONFIDENT
    allow_private_network: bool = False
    browser: bool = False
    verified: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", self.id):
            raise InvalidValue(f"id = {self.id!r} is not a site id.", "Use small letters, digits and hyphens.")
        if not self.name.strip():
            raise InvalidValue("name is empty.", "Give the site's Vietnamese name.")
        for key in ("name", "name_en", "territory"):
            _require_visible(key, getattr(self, key))
        if not self.hosts:
            raise InvalidValue("hosts is empty.", "List the host names whose pages belong to the site.")
        for host in self.hosts:
            if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?", host):
                raise InvalidValue(f"{host!r} in hosts is not a host name.", "Write it without scheme and path.")
        _require_url("home", self.home)
        for pattern in (*self.article_urls, *self.deny_urls):
            try:
                re.compile(pattern)
            except re.error as error:
                raise InvalidValue(f"{pattern!r} is not a regular expression: {error}.", "Correct it.") from None

    def owns(self, url: str) -> bool:
        """Whether the URL's host (with its port, where the site names one) is one of the site's."""
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2].lower()
        bare = (parts.hostname or "").removeprefix("www.")
        return any(netloc == host or (":" not in host and bare == host.removeprefix("www.")) for host in self.hosts)

    @property
    def announcements(self) -> tuple[Source, ...]:
        """Its sources; of a site whose file names none, the front page."""
        return self.sources or (Source(SourceKind.HOME, self.home),)

    def canonical(self, url: str, base: str = "") -> str:
        """`news.urls.canonical` with the parameters that the site keeps. Raises InvalidValue like it."""
        return canonical(url, base, keep=self.urls.keep)

    def identities(self, url: str) -> tuple[str, ...]:
        """The keys under which an address of the site may be known: its own one first, then, where it differs, the
        one without what the site's rules call noise. Raises InvalidValue for what is no http(s) URL."""
        rules = self.urls
        own = identity(url, keep=rules.keep)
        if not (rules.case_blind or (rules.dropped and "?" in own)):
            return (own,)
        return tuple(
            dict.fromkeys((own, identity(url, keep=rules.keep, drop=rules.dropped, case_blind=rules.case_blind)))
        )

    def identity(self, url: str) -> str:
        """The key that all spellings of an address share which the site's rules know for the same."""
        return self.identities(url)[-1]

    def with_learned(self, names: Iterable[str]) -> Site:
        """The site that leaves these parameters out too, but for those that its file keeps."""
        learned = frozenset(name.lower() for name in names) - set(self.urls.keep)
        return replace(self, urls=replace(self.urls, learned=learned))

    def with_rules(self, rules: Iterable[SiteRule]) -> Site:
        """The site that reads its pages by what editors taught too, as far as it holds: before what its file says, the
        last rule first."""
        taught = tuple(rule.selectors for rule in rules if rule.holds)
        return replace(self, selectors=(*reversed(taught), *self.selectors)) if taught else self

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Site:
        """The site that a site file's table declares. Raises InvalidValue naming the key that is wrong."""
        table = dict(data)
        values: dict[str, Any] = {
            "kind": _member(SiteKind, "kind", table.pop("kind", "")),
            "sources": tuple(_source(row) for row in table.pop("source", [])),
            "selectors": tuple(Selectors.parse(row) for row in table.pop("selectors", [])),
            "urls": UrlRules.parse(table.pop("urls", {})),
            "politeness": _build(Politeness, "politeness", table.pop("politeness", {})),
            "schedule": _table(Schedule, "schedule", table, ScheduleMode),
            "tls": _table(Tls, "tls", table, TlsMode),
            "expect": _table(Expect, "expect", table),
            "publish": _member(PublishPolicy, "publish", table.pop("publish", PublishPolicy.CONFIDENT)),
        }
        site: Site = _build(cls, "the site file", {**table, **values})
        return site


def schedule_of(row: Mapping[str, Any]) -> Schedule:
    """The schedule of a [schedule] table. Raises InvalidValue naming the key that is wrong."""
    schedule: Schedule = _table(Schedule, "schedule", {"schedule": row}, ScheduleMode)
    return schedule


def _source(row: Mapping[str, Any]) -> Source:
    kind = _member(SourceKind, "source kind", row.get("kind", ""))
    source: Source = _build(Source, "source", {**row, "kind": kind})
    return source


def _table(cls: Any, key: str, table: dict[str, Any], modes: Any = None) -> Any:
    """The value of the [key] table, which is taken out of the site file's; `modes` are those of its `mode`."""
    row = table.pop(key, {})
    if not isinstance(row, Mapping):
        raise InvalidValue(f"{key} = {row!r} is not a table.", f"Write [{key}], and its keys below it.")
    if modes is not None and "mode" in row:
        row = {**row, "mode": _member(modes, "mode", row["mode"])}
    return _build(cls, key, row)


def _member(kind: Any, key: str, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidValue(f"{key} = {value!r} is unknown.", f"Use one of {', '.join(kind)}.") from None


def _build(cls: Any, place: str, values: Mapping[str, Any]) -> Any:
    kinds = {f.name: f for f in fields(cls) if not f.metadata.get("observed")}
    for name, value in values.items():
        if name not in kinds:
            raise InvalidValue(f"{place} has no key {name!r}.", f"Known keys: {', '.join(sorted(kinds))}.")
        wanted = str(kinds[name].type).split("[")[0]
        if wanted in _TOML_TYPES and (
            not isinstance(value, _TOML_TYPES[wanted]) or (wanted in ("int", "float") and isinstance(value, bool))
        ):
            raise InvalidValue(f"{name} = {value!r} in {place} is of the wrong type.", f"Give a {_NOUNS[wanted]}.")
    try:
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
    except TypeError as error:
        missing = re.findall(r"'(\w+)'", str(error))
        raise InvalidValue(f"{place} lacks {', '.join(missing)}.", "Add it; see docs/adding-a-site.md.") from None


_TOML_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (int, float), "bool": (bool,), "tuple": (list, tuple),
}  # fmt: skip
_NOUNS = {"str": "text in quotes", "int": "whole number", "float": "number", "bool": "true or false", "tuple": "list"}


def _require_visible(key: str, text: str) -> None:
    """Names stand in tables, alerts and terminals: what turns the direction of writing or breaks a line would make
    them, and what is around them, read as something else."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            raise InvalidValue(
                f"{key} = {text!a} has the invisible character U+{ord(letter):04X}.", "Write the name in one line anew."
            )


def _require_url(key: str, url: str) -> None:
    try:
        parts = urlsplit(canonical(url))
    except InvalidValue:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidValue(f"{key} = {url!r} is not an http or https URL.", "Give the address as a browser shows it.")
