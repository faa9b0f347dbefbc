"""Eight processes that bring the same news at once: each article stored once, with all its addresses, in one story."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path

import pytest

from config import Config
from demo.writer import all_articles
from news.event import Event, EventKind
from news.urls import identity
from storage.connect import Store

PROCESSES, ARTICLES, TEXTS = 8, 500, 20
# What each of the republishing sites adds of its own.
LOCAL = (
    "Tại địa phương, các xã đã lập tổ công tác để theo dõi việc thực hiện.",
    "Nhiều hộ dân phấn khởi, mong chính quyền sớm công bố phương án cụ thể.",
    "Bà con vùng cao cũng được hưởng lợi nhờ tuyến đường mới mở hồi đầu năm.",
    "Lãnh đạo ngành cho rằng cần thêm nguồn lực, nhất là ở cơ sở.",
    "Đoàn thanh niên phát động phong trào hưởng ứng ngay trong tuần này.",
    "Các trường học trên địa bàn sẽ phổ biến nội dung này đến phụ huynh.",
    "Doanh nghiệp kiến nghị rút ngắn thủ tục và công khai tiến độ giải quyết.",
    "Cơ quan chức năng khuyến cáo người dân chỉ tin vào nguồn chính thống.",
)

# Takes the pages of a file, one JSON object a line, as a crawl does. Where a page is no HTML its text is taken as it
# is: what is tested is not extraction, which would take most of the time.
_WRITER = """
import json, sys
from datetime import UTC, datetime
import config
import crawler.intake
import news.reading
from news.article import Article, Page, Precision
from storage.connect import open_store

uri, database, file = sys.argv[1:]
rows = [json.loads(line) for line in open(file, encoding="utf-8")]
fetched, published = datetime(2025, 3, 5, 4, tzinfo=UTC), datetime(2025, 3, 5, 2, tzinfo=UTC)
extract = news.reading.extract

def read(body, url, **known):
    if body.startswith(b"<"):
        return extract(body, url, **known)
    title, text = body.decode().split("\\n")
    return Article(url, "", title=title, body=text, published=published, published_precision=Precision.MINUTE)

news.reading.extract = read
with open_store(config.load({"MONGODB_URI": uri, "BANTIN_DATABASE": database})) as store:
    intake = crawler.intake.Intake(store)
    print("ready", flush=True)
    sys.stdin.readline()
    for row in rows:
        intake.take(Page(row["url"], row["body"].encode(), fetched, content_type="text/html; charset=utf-8"), None)
    intake.flush()
"""


def write_at_once(config: Config, folder: Path, brought: list[list[tuple[str, str]]]) -> None:
    """Has each process take its pages (address and body), all from the same moment on."""
    writers = []
    for number, pages in enumerate(brought):
        file = folder / f"{number}.jsonl"
        lines = [json.dumps({"url": url, "body": body}) for url, body in pages]
        file.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-c", _WRITER, config.mongodb_uri, config.database, str(file)]
        writers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=200)
        assert writer.returncode == 0


def all_events(store: Store) -> list[Event]:
    events = store.events.after(limit=10_000)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert store.events.last() == len(events)
    return events


def text(number: int) -> str:
    """Some words over what is compared at all, like those of no other number."""
    words = " ".join(f"chữ{(number + 1) * (place + 7919) % 99_991}" for place in range(70))
    return f"Tin số {number} của tỉnh\n{words}."


def test_eight_processes_with_the_same_articles_store_each_once_and_lose_no_address(
    store: Store, config: Config, tmp_path: Path
) -> None:
    def addresses(number: int) -> list[str]:
        return [f"https://baochinh.vn/muc-{process}/tin-{number}.html" for process in range(PROCESSES)]

    brought = [[(addresses(n)[process], text(n)) for n in range(ARTICLES)] for process in range(PROCESSES)]
    write_at_once(config, tmp_path, brought)

    stored = store.articles.find(limit=10_000)
    assert len(stored) == ARTICLES
    by_title = {one.article.title: one for one in stored}
    for number in range(ARTICLES):
        one = by_title[f"Tin số {number} của tỉnh"]
        assert sorted((one.article.url, *one.aliases)) == addresses(number)
        assert sorted(one.keys) == sorted(map(identity, addresses(number)))
        rows = [store.urls.get(key) for key in one.keys]
        assert [row and row.article_id for row in rows] == [one.id] * PROCESSES
    events = all_events(store)
    assert Counter(event.kind for event in events) == {EventKind.CREATED: ARTICLES}
    assert {event.article_id for event in events} == {one.id for one in stored}


def html(title: str, lines: list[str]) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<html lang="vi"><head><title>{title}</title></head><body><h1>{title}</h1><p>Thứ tư, 05/03/2025 10:20</p>'
        f'<div class="noi-dung">{paragraphs}</div></body></html>'
    )


@pytest.fixture(scope="module")
def news() -> list[tuple[str, list[str]]]:
    """Headlines and paragraphs of texts that tell different things."""
    long = (
        (one.title, [one.lead, *(part.text for part in one.parts if part.kind == "p")])
        for portal in all_articles().values()
        for one in portal
        if not one.twin_of and sum(part.kind == "p" for part in one.parts) >= 5
    )
    return list(islice(long, TEXTS))


def test_near_duplicates_stored_at_the_same_moment_end_in_one_story(
    store: Store, config: Config, tmp_path: Path, news: list[tuple[str, list[str]]]
) -> None:
    def told(process: int, number: int) -> tuple[str, str]:
        title, (lead, *lines) = news[number]
        own = LOCAL[process]
        lead = f"{lead} {LOCAL[(process + 1) % PROCESSES]}"
        return f"https://tinh{process}.gov.vn/tin-{number}.html", html(title, [lead, *lines, own])

    write_at_once(config, tmp_path, [[told(process, n) for n in range(TEXTS)] for process in range(PROCESSES)])

    stored = store.articles.find(limit=10_000)
    assert len(stored) == TEXTS * PROCESSES
    stories = defaultdict(list)
    for one in stored:
        stories[one.story].append(one.article.title)
    together = sorted((set(titles).pop(), len(titles)) for titles in stories.values() if len(set(titles)) == 1)
    assert together == sorted((title, PROCESSES) for title, _ in news)
    kept = store.stories.find(limit=1000)
    assert sorted(len(story.members) for story in kept) == [PROCESSES] * TEXTS
    assert {member for story in kept for member in story.members} == {one.id for one in stored}
    assert Counter(event.kind for event in all_events(store))[EventKind.CREATED] == TEXTS * PROCESSES
