"""The desk over articles that nobody may trust: what of them is shown there runs nothing, whatever stands in a title, a
text, a kept page, a rule, a note, a reason or a name."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from news.article import StoredArticle
from news.review.states import Move
from news.users import Role, User
from storage.connect import Store
from tests.web.accounts import COOKIES, sign_in
from tests.web.conftest import FETCHED

AT_ONCE = 30
# The desk's own scripts and its frame are allowed; anything else that could run, load or be read by htmx is not.
LOOK = """() => {
  const bad = [];
  const ours = 'script[src^="/static/"], iframe#page[sandbox="allow-same-origin"]';
  for (const element of document.querySelectorAll('*')) {
    if (element.matches('script, iframe, object, embed, base, style, math, foreignObject, template, meta[http-equiv]')
        && !element.matches(ours)) bad.push(element.localName);
    for (const {name, value} of element.attributes) {
      if (/^on|^(srcdoc|style|ping|formaction|background|xlink:href)$/i.test(name)) bad.push(name);
      if (/^(href|src|action|data)$/i.test(name) && /^[\\s\\0-\\x20]*(javascript|vbscript|data):/i.test(value))
        bad.push(name + '=' + value);
      if (/^(data-)?hx-/i.test(name) && element.closest('.clean, .diff ins, .diff del') && name !== 'hx-disable')
        bad.push(name);
    }
  }
  return bad;
}"""


def desk_is_inert(store: Store, base: str, page: Any, taken: Sequence[StoredArticle], payloads: list[str]) -> None:
    """Looks at every article in every view, and works through some of them with the scripts of the desk running."""
    ticket = sign_in(store, Role.EDITOR, "lan")
    for stored, payload in zip(taken, payloads, strict=False):
        store.journal.note(stored.id, payload, FETCHED, by="lan")
    for stored, payload in zip(taken[:20], payloads[:20], strict=True):
        store.journal.decide(stored.id, Move.REJECT, FETCHED, by="lan", reason=payload)
    store.users.add(User("minh", Role.EDITOR, FETCHED, full_name=payloads[0]))
    page.set_extra_http_headers({"Cookie": "; ".join(f"{name}={ticket.secret}" for name in COOKIES)})
    # What the page view lists of a page is escaped as the rest is: a few stand for all. The page itself is not.
    each, some = (f"/desk/items/{stored.id}" for stored in taken), [f"/desk/items/{one.id}" for one in taken[:20]]
    views = [f"{path}{view}" for path in each for view in ("?view=text", "/page?images=on")]
    views += [f"{path}{view}" for path in some for view in ("?view=diff", "?view=page", "/trail")]
    for n in range(0, len(views), AT_ONCE):
        _look_at(page, base, views[n : n + AT_ONCE])
    for path in ("/desk?queue=all", "/desk/trail", "/desk/trail?action=reject&lang=en", "/desk/figures", "/desk/rules"):
        page.goto(f"{base}{path}")
        assert page.evaluate(LOOK) == [], path
    for payload in payloads[:: len(payloads) // 8]:
        page.goto(f"{base}/desk?queue=all&tag=x&q=&assigned={quote(payload.replace(chr(0), ''), safe='')}")
        assert page.evaluate(LOOK) == [], payload
    page.goto(f"{base}/desk?queue=all")
    for n in range(1, 4):
        page.keyboard.press("j")
        page.locator(f"#rows .row:nth-child({n}) [aria-current]").wait_for()
        for key, view in (("2", "page"), ("3", "diff"), ("1", "text")):
            page.keyboard.press(key)
            page.locator(f"article[data-view={view}]").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate(LOOK) == []
    page.goto("about:blank")  # which ends what it listens to, and for which the server would wait


def _look_at(page: Any, base: str, paths: list[str]) -> None:
    frames = "".join(f'<iframe name="f{n}" src="{escape(path)}"></iframe>' for n, path in enumerate(paths))
    body = f"<!DOCTYPE html><meta charset='utf-8'><body>{frames}</body>"
    page.route(f"{base}/_desk", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(f"{base}/_desk")
    page.unroute(f"{base}/_desk")
    for n, path in enumerate(paths):
        frame = page.frame(name=f"f{n}")
        assert frame.url == f"{base}{path}", f"{path} led to {frame.url}"
        assert frame.evaluate(LOOK) == [], path
