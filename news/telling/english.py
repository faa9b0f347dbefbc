"""What is said of a URL, in English."""

from __future__ import annotations

from collections.abc import Mapping

from news.telling.names import Said

SAID: Mapping[Said, str] = {
    Said.SAME_AS: "It is the same as {url}.",
    Said.NO_SITE: "It belongs to no site: no site file has the host {host}.",
    Said.IMPORT_LEAVES_OUT: "An import leaves it out: {reason}, {because}.",
    Said.BELONGS: "It belongs to {site} ({name}).",
    Said.UNVERIFIED: "The site is not verified: it is crawled only when somebody says so.",
    Said.PAUSED: "The site was paused by {by} {at}: no crawl is due until it is resumed.",
    Said.REFUSED: "A crawl does not take it for an article: {reason}, {because}.",
    Said.NOT_REFUSED: "Nothing in its site file refuses it.",
    Said.NEVER_CRAWLED: "The site was never crawled.",
    Said.CRAWLED: "The site was crawled last {at}: {state}, {pages} pages, {new} new, {updated} updated, "
    "{rejected} rejected{error}",
    Said.NEXT_CRAWL: "The site is crawled next {at}.",
    Said.BY_HOSTS: "its host is none of {detail}",
    Said.BY_VIEW: "it is a view to print, mail or save",
    Said.BY_DENY: "{detail} of deny_urls matches it",
    Said.BY_TRAP: "it is {detail}",
    Said.BY_FORM: "it has not the form of the site's articles, {detail} of article_urls",
    Said.IS_SOURCE: "It is a source of its site, where articles are announced, and no article.",
    Said.NOBODY_MET: "Nobody has met it: no source that was read announced it, and nobody imported it.",
    Said.NOBODY_FETCHED: "nobody has fetched it: an article's page names it as its own address",
    Said.FOUND: "found {at}{announced}{title}",
    Said.ANNOUNCED: " {via}",
    Said.TITLED: ", as “{title}”",
    Said.WAITS: "not fetched yet: the next crawl of the site does",
    Said.FETCHED: "fetched {at}: {what}",
    Said.PASSED: "passed over: {what}",
    Said.FAILED_ONCE: "gave nothing {count} time in a row",
    Said.FAILED_OFTEN: "gave nothing {count} times in a row",
    Said.MISSING: "missing since {at}",
    Said.VALIDATOR: "its server calls what it sent {one}",
    Said.VALIDATORS: "its server calls what it sent {one} and {other}",
    Said.MODIFIED: "its source says that it was changed {at}",
    Said.NOT_AGAIN: "not looked at again, unless its source says that it was changed",
    Said.AGAIN_SINCE: "to be looked at again since {at}: the next crawl of the site does",
    Said.AGAIN: "to be looked at again {at}",
    Said.LEADS: "It leads to the article {id}: {title}",
    Said.OWN: "this is the article's own address{spelt}{more}",
    Said.SPELT: ", which is spelt {url}",
    Said.MORE_ADDRESSES: "; it has {count} more",
    Said.OTHER_ADDRESS: "this is another address of the article, whose own is {url}",
    Said.STANDS: "of {site}, {published}; {status}, version {version}, story {story}",
    Said.UNDATED: "-",
    Said.EDITED: "edited by {by} {at}{waiting}",
    Said.EDIT_WAITS: ", and what its publisher wrote since waits",
    Said.BESIDE: "beside {article}: {relation}, {share} of the shorter text is in both",
    Said.VERSION: "version {version} stood until {at}: {by} changed {changed}",
    Said.ITS_TEXT: "its text",
    Said.EVENT: "event {cursor} {at}: {kind} by {by}{detail}",
    Said.A_CRAWL: "a crawl",
    Said.DETAIL: ": {detail}",
    Said.READ: "Readers see it.",
    Said.TWIN_READ: "Readers see another article in its place, which stands for the same story: {id}.",
    Said.NOT_READ: "Readers do not see it: it is {status}.",
    Said.WRITE_SITE: "To have its site crawled, write a site file with its host: docs/adding-a-site.md says how.",
    Said.IMPORT_PAGE: "To have this page alone, save it and bring it in with `bantin import`.",
    Said.CHANGE_FILE: "No crawl fetches it unless spiders/sites/{site}.toml is changed.",
    Said.GIVE_SOURCE: "No source could announce it: give spiders/sites/{site}.toml a [[source]].",
    Said.MUST_ANNOUNCE: "One of its site's sources has to announce it: {sources}.",
    Said.SOURCE: "the {kind} {url}",
    Said.CRAWL_NOW: "`bantin crawl {site}` asks them now.",
    Said.JUDGE: "`bantin dedupe check` says what the page would be judged as.",
    Said.DO_REASON: "{do}",
    Said.VERIFY: "To have the site crawled on time, look at it (`bantin sites check {site}`) and set verified = true.",
    Said.RESUME: "To have the site crawled again, resume it.",
    Said.DECIDE: "An editor decides about it at the desk.",
}

NAMES: Mapping[str, Mapping[str, str]] = {
    "Via": {
        "feed": "in the feed",
        "sitemap": "in the sitemap",
        "listing": "in a listing",
        "archive": "in a list of an archive",
        "home": "on the front page",
        "revisit": "at a visit",
        "import": "by an import",
        "request": "because somebody asked for it",
    }
}
"""By the name of an enum and the value of its member; a value that is missing is called what it is."""
