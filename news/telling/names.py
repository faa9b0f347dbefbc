"""What can be said of a URL, each a sentence in every language, and the parts of its way."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import NamedTuple


class Explained(NamedTuple):
    """`name` in a few words, what it means, and what to do; `do` is "" where nothing is to be done."""

    name: str
    says: str
    do: str = ""


class Chapter(StrEnum):
    """A part of the way from a source to the reader, and what to do at its end."""

    SITE = auto()
    SOURCE = auto()
    FETCH = auto()
    ARTICLE = auto()
    READER = auto()
    DO = auto()


class Said(StrEnum):
    """The sentences, and parts that some of them have. What is filled in stands in braces in the words."""

    # whose it is
    SAME_AS = auto()
    NO_SITE = auto()
    IMPORT_LEAVES_OUT = auto()
    BELONGS = auto()
    UNVERIFIED = auto()
    PAUSED = auto()
    REFUSED = auto()
    NOT_REFUSED = auto()
    NEVER_CRAWLED = auto()
    CRAWLED = auto()
    NEXT_CRAWL = auto()
    BY_HOSTS = auto()
    BY_VIEW = auto()
    BY_DENY = auto()
    BY_TRAP = auto()
    BY_FORM = auto()
    # where it was met
    IS_SOURCE = auto()
    NOBODY_MET = auto()
    NOBODY_FETCHED = auto()
    FOUND = auto()
    ANNOUNCED = auto()
    TITLED = auto()
    # how it was fetched and judged
    WAITS = auto()
    FETCHED = auto()
    PASSED = auto()
    FAILED_ONCE = auto()
    FAILED_OFTEN = auto()
    MISSING = auto()
    VALIDATOR = auto()
    VALIDATORS = auto()
    MODIFIED = auto()
    NOT_AGAIN = auto()
    AGAIN_SINCE = auto()
    AGAIN = auto()
    # the article
    LEADS = auto()
    OWN = auto()
    SPELT = auto()
    MORE_ADDRESSES = auto()
    OTHER_ADDRESS = auto()
    STANDS = auto()
    UNDATED = auto()
    EDITED = auto()
    EDIT_WAITS = auto()
    BESIDE = auto()
    VERSION = auto()
    ITS_TEXT = auto()
    EVENT = auto()
    A_CRAWL = auto()
    DETAIL = auto()
    # the reader
    READ = auto()
    TWIN_READ = auto()
    NOT_READ = auto()
    # what to do
    WRITE_SITE = auto()
    IMPORT_PAGE = auto()
    CHANGE_FILE = auto()
    GIVE_SOURCE = auto()
    MUST_ANNOUNCE = auto()
    SOURCE = auto()
    CRAWL_NOW = auto()
    JUDGE = auto()
    DO_REASON = auto()
    VERIFY = auto()
    RESUME = auto()
    DECIDE = auto()
