"""Why a URL gave nothing, what became of a source, how a run ended: explained in English."""

from __future__ import annotations

from collections.abc import Mapping

from news.errors import Reason
from news.report import Fate, RunState
from news.telling.names import Explained

_WAIT = "Nothing to do: the next crawl tries again."
_WATCH = "A few are usual. Where they are many, open some and see whether the site was redesigned."

REASONS: Mapping[Reason, Explained] = {
    Reason.ROBOTS: Explained(
        "forbidden by robots.txt", "The site asks crawlers to leave this address alone.",
        "Respect it; where the articles are needed, ask whoever keeps the site.",
    ),
    Reason.PRIVATE_ADDRESS: Explained(
        "private network", "The name leads into a private network, and Bantin does not connect there.",
        "If it is a site of your own network, set allow_private_network = true in its file.",
    ),
    Reason.OFFSITE: Explained(
        "off the site", "The address has a host that is none of the site's.",
        "If that host is the site's too, add it to hosts in its file.",
    ),
    Reason.DNS: Explained(
        "name not found", "The host's name leads to no address.",
        "See to the network and DNS of this machine; if the host was renamed, change the site file.",
    ),
    Reason.TLS: Explained(
        "encryption not trusted", "The certificate is over, for another name, or incomplete.",
        "See `bantin sites check`; where the site has a certificate of its own, say so in [tls] of its file.",
    ),
    Reason.CONNECT: Explained(
        "no connection", "The server takes no connection, or ended it.",
        f"{_WAIT} If it stays so, open the site in a browser.",
    ),
    Reason.TIMEOUT: Explained(
        "timed out", "The server did not answer in time.", f"{_WAIT} If it stays so, ask it less often."
    ),
    Reason.HTTP_CLIENT: Explained(
        "HTTP 4xx", "The server refused the request (mostly 401, 403, or 404 where none should be).",
        "Open the address in a browser: if it shows there, the site keeps crawlers out.",
    ),
    Reason.HTTP_SERVER: Explained("HTTP 5xx", "The site's server failed.", _WAIT),
    Reason.BUSY: Explained(
        "asked to wait", "The server says that it is too busy or asked too often (429, 503).",
        "Bantin slows down by itself. If it comes again and again, raise the distances in [politeness].",
    ),
    Reason.GONE: Explained("gone", "The page was taken down, or never was (404, 410)."),
    Reason.REDIRECTS: Explained(
        "too many redirects", "The address leads round in circles.",
        "Open it in a browser and see where it leads; the site may want cookies.",
    ),
    Reason.TOO_LARGE: Explained(
        "too large", "The page is over the limit of bytes: mostly a download, and no article.",
        "If they are files, add their form to deny_urls.",
    ),
    Reason.CUT_OFF: Explained("incomplete", "The connection ended before the whole page had come.", _WAIT),
    Reason.DENIED_URL: Explained(
        "refused by a rule", "It matches deny_urls of the site file, or is a view to print, mail or save.",
        "If it is an article, change deny_urls.",
    ),
    Reason.BAD_URL: Explained("no address", "A source named something that is no web address."),
    Reason.TOO_OLD: Explained(
        "before the days asked for", "It was published before the day from which the crawl was to look.",
        "To have it, back-fill those days.",
    ),
    Reason.UNREADABLE: Explained(
        "unreadable source", "What came is not the feed, sitemap or listing that was declared.",
        "Open the source in a browser; if it has moved, change [[source]] in the site file.",
    ),
    Reason.TOO_NEW: Explained("behind the days asked for", "It was published after the last day of the back-fill."),
    Reason.TRAP: Explained(
        "crawler trap", "The address leads to pages without end: calendars, filters, paths that repeat themselves.",
        "If it is an article, add its form to article_urls.",
    ),
    Reason.DEPTH: Explained(
        "the list goes on", "The source has more pages behind it than one crawl reads.",
        "To have what is older, back-fill.",
    ),
    Reason.SCRIPTED: Explained(
        "paging by script", "Only the first page of the list has an address.",
        "Look for a feed or a sitemap of the site, or let it be read with the browser.",
    ),
    Reason.VALIDATORS: Explained(
        "the server was wrong", "It called a page unchanged that had changed.",
        "Bantin does not believe it for a while, by itself.",
    ),
    Reason.BROWSER: Explained(
        "browser budget", "The crawl has opened as many pages in the browser as it may.",
        f"{_WAIT} If it is often so, allow more.",
    ),
    Reason.EMPTY: Explained("empty", "The server answered with nothing.", _WAIT),
    Reason.NOT_HTML: Explained(
        "no web page", "It is a file (PDF, picture, Word) and no HTML.",
        "Where they are many, add their form to deny_urls.",
    ),
    Reason.BINARY: Explained("binary", "The server calls it a web page and sent what is no text.", _WAIT),
    Reason.UNDECODABLE: Explained("undecodable", "The encoding of the text could not be told.", _WATCH),
    Reason.TRUNCATED: Explained("cut short", "The HTML ends in the middle.", _WAIT),
    Reason.TOO_COMPLEX: Explained("too complex", "The page is nested too deeply, or too large, to be read safely."),
    Reason.SOFT_404: Explained(
        "an error dressed as a page", "The page says “not found”, and the server that all is well.", _WAIT
    ),
    Reason.BLOCKED: Explained(
        "blocked", "In the place of the article stands a wall: a captcha, a firewall, a login.",
        "Crawl it less often, and ask whoever keeps the site to let Bantin in.",
    ),
    Reason.MAINTENANCE: Explained(
        "under maintenance", "The site says in the place of its pages that it is under maintenance.",
        f"{_WAIT} No article is lost meanwhile.",
    ),
    Reason.LISTING: Explained("a listing", "The page only lists others."),
    Reason.NO_TITLE: Explained("no title", "No title of an article was found on the page.", _WATCH),
    Reason.NO_TEXT: Explained(
        "no text", "No text of an article was found: pictures or a video alone, or the site was redesigned.",
        f"{_WATCH} The desk can teach it anew.",
    ),
    Reason.NOT_ARTICLE: Explained(
        "no article", "The page came, and is none: a section, a page about the office, a search form.",
        "If it is an article, look at article_urls of the site file.",
    ),
    Reason.FAILED: Explained(
        "could not be read", "The page broke Bantin's extraction, and is kept.",
        "Send its address and the log of the run to whoever maintains Bantin.",
    ),
}  # fmt: skip

FATES: Mapping[Fate, Explained] = {
    Fate.READ: Explained("read", "It named addresses of articles."),
    Fate.UNCHANGED: Explained("unchanged", "Nothing has changed since it was read last."),
    Fate.BARE: Explained("empty, in order", "It is in good order and has no entry today."),
    Fate.EMPTY: Explained(
        "no articles", "The page came and names no article where some should stand.",
        "The site may have been redesigned: open the source, and change the site file.",
    ),
    Fate.GONE: Explained("gone", "It answers 404 or 410.", "Find where it is now, and change the site file."),
    Fate.BLOCKED: Explained(
        "blocked", "The server refuses, or robots.txt forbids it.",
        "Crawl it less often, and ask whoever keeps the site.",
    ),
    Fate.UNREADABLE: Explained(
        "unreadable", "What came is not what was declared.", "Open it, and change [[source]] in the site file."
    ),
    Fate.FAILED: Explained(
        "could not be had", "DNS, TLS, connection, timeout, an error of the server, or maintenance.", _WAIT
    ),
}  # fmt: skip

RUNS: Mapping[RunState, Explained] = {
    RunState.RUNNING: Explained("running", "It is under way."),
    RunState.DONE: Explained("done", "It came to its end."),
    RunState.FAILED: Explained("failed", "It ended by itself and says why.", "Read why, and its log, on this page."),
    RunState.KILLED: Explained(
        "killed", "Somebody stopped it, its time was over, or the system ended its process.",
        "The next one goes on. Where its time was over, see whether the site has become slow.",
    ),
    RunState.LOST: Explained(
        "lost", "Its process was gone, mostly because the machine or Bantin was started again.",
        "The next one goes on; nothing is lost or stored twice.",
    ),
    RunState.SKIPPED: Explained(
        "not begun", "It was due, and did not begin.", "If it is often so: more BANTIN_WORKERS, or longer distances."
    ),
}  # fmt: skip
