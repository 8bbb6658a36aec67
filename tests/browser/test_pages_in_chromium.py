"""The pages in a real browser: with and without a script, at several widths, in light and dark, in every script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from api.api_builders import SCRIPTS, Site, a_change, a_report, a_site, publish
from browser.chromium import Browser, chromium, look
from builders import NOON, a_feed
from programs import needs, needs_npm
from selenium.webdriver.common.keys import Keys

from service.core.model import Comparison, DeltaType, Entry, FeedSpec, PollWrite

pytestmark = [needs("chromium", "chromedriver")]

SPILLING = """Array.from(document.querySelectorAll('td, th'))
    .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"""
BASE = "https://aftermath.example"  # what the site calls itself; nothing answers there


def changing(number: int, fact: str = "crews-stay") -> tuple[Entry, Comparison]:
    entry, comparison = a_report(number, lang="ar", type=DeltaType.STATUS_CHANGE, threads=("crews",))
    assert comparison.delta is not None
    return entry, replace(comparison, delta=replace(comparison.delta, changes=(a_change(fact),)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as window:
        yield window


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    reports = [changing(0), *(a_report(number) for number in range(1, 30))]
    async with a_site(reports) as running:
        down = a_feed(url="https://down.example/rss", title="صحيفة", lang="ar", failures=3, error="it did not answer")
        quiet = a_feed(url="https://quiet.example/rss", title="Тихая газета", lang="ru", last_success_at=NOON)
        known = [FeedSpec(url=each.url, title=each.title) for each in await running.store.feeds()]
        added = [FeedSpec(url=each.url, title=each.title, lang=each.lang) for each in (down, quiet)]
        await running.store.sync_feeds([*known, *added], NOON)
        await running.store.save_poll(PollWrite(feed=down))
        await running.store.save_poll(PollWrite(feed=quiet))
        yield running


async def pages(site: Site) -> list[str]:
    delta = (await site.get("/v1/stories/harbour/deltas?lang=ar&limit=1")).json()["items"][0]["id"]
    return ["/", "/stories/harbour?thread=crews", f"/deltas/{delta}", "/feeds", "/docs", "/deltas/none"]


@needs_npm("axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_anybodys_way(site: Site, browser: Browser, scheme: str) -> None:
    for page in await pages(site):
        await look(browser.open, site.url + page, scheme=scheme)
        await look(browser.driver.execute_script, "for (const d of document.querySelectorAll('details')) d.open = true")
        assert await look(browser.violations) == [], page


async def test_pages_ask_nobody_else_and_complain_of_nothing(site: Site, browser: Browser) -> None:
    await look(browser.open, "about:blank")
    await look(browser.requested)
    await look(browser.complaints)
    for page in await pages(site):
        await look(browser.open, site.url + page)
        complaints = await look(browser.complaints)
        assert [each for each in complaints if "404 (Not Found)" not in each] == [], page
    requested = await look(browser.requested)
    assert len(requested) > 10
    assert [each for each in requested if not each.startswith((site.url, "data:"))] == []


async def test_no_page_is_wider_than_its_window(site: Site, browser: Browser) -> None:
    for page in await pages(site):
        await look(browser.open, site.url + page)
        for width in (320, 390, 720, 1000, 1920):
            await look(browser.resize, width)
            assert await look(browser.run, "document.documentElement.scrollWidth") <= width, page
            assert await look(browser.run, SPILLING) == [], (page, width)


async def test_every_link_leads_somewhere(site: Site, browser: Browser) -> None:
    seen: set[str] = set()
    for page in (await pages(site))[:5]:
        await look(browser.open, site.url + page)
        links = await look(browser.run, "Array.from(document.querySelectorAll('a'), a => a.getAttribute('href'))")
        for link in links:
            address = urljoin(BASE + page, link)
            if not address.startswith(BASE):
                assert re.match(r"https?://[\w.]+\.example/", address), "only articles lie elsewhere"
                continue
            path, _, fragment = address.removeprefix(BASE).partition("#")
            if fragment and path == page:
                assert await look(browser.run, "document.getElementById(arguments[0])", fragment), link
            if path not in seen:
                seen.add(path)
                answer = await site.get(path, Accept="text/html")
                assert answer.status == 200, (page, link)
                assert not fragment or f'id="{fragment}"' in answer.text, link
    assert len(seen) > 60


async def test_a_change_shows_as_a_line_and_is_there_on_asking(site: Site, browser: Browser) -> None:
    await look(browser.open, site.url + "/")
    await look(browser.driver.execute_script, "window.unmoved = true")
    assert not await look(browser.one(".live a").is_displayed)
    fresh = a_report(40, headline="A change that came just now", lang="en")
    await publish(site.store, [fresh])
    await look(browser.wait, lambda: browser.one(".live a").text == "1 new", "the line")
    assert "A change that came" not in await look(browser.run, "document.body.innerText"), "nothing moves by itself"
    await publish(site.store, [a_report(41)])
    await look(browser.wait, lambda: browser.one(".live a").text == "2 new", "the second")
    await look(browser.one(".live a").click)
    await look(browser.wait, lambda: "A change that came just now" in browser.one("#reports").text, "the change")
    assert await look(browser.run, "window.unmoved") is True, "without loading the page anew"
    await publish(site.store, [a_report(42)])
    await look(browser.wait, lambda: browser.one(".live a").text == "1 new", "the stream goes on")


async def test_filters_change_the_list_in_place(site: Site, browser: Browser) -> None:
    await look(browser.open, site.url + "/")
    await look(browser.driver.execute_script, "window.unmoved = true")
    link = 'a[href="/stories/harbour?lang=he#reports"]'
    await look(browser.one(link).click)
    await look(browser.wait, lambda: browser.run("document.querySelectorAll('.delta').length") == 3, "three in Hebrew")
    assert await look(browser.run, "location.search") == "?lang=he"
    assert await look(browser.run, "document.activeElement.textContent") == "Hebrew"
    assert await look(browser.run, "document.activeElement.getAttribute('aria-current')") == "true"
    await look(browser.driver.back)
    await look(browser.wait, lambda: browser.run("document.querySelectorAll('.delta').length") == 5, "all again")
    assert await look(browser.run, "window.unmoved") is True


async def test_what_came_since_the_last_visit_is_marked(site: Site, browser: Browser) -> None:
    await look(browser.driver.switch_to.new_window, "tab")
    await look(browser.open, site.url + "/")
    await look(browser.run, "localStorage.clear() || sessionStorage.clear()")
    await look(browser.driver.refresh)
    assert not await look(browser.one(".since").is_displayed), "there was no visit before"
    await publish(site.store, [changing(50, "harbour-held")])
    await look(browser.driver.switch_to.new_window, "tab")  # another visit
    for _ in range(2):  # reloading keeps the marks
        await look(browser.open, site.url + "/")
        text = await look(lambda: browser.one(".since").text)
        assert text.endswith(": 1 fact changed, 1 new development")
        fresh = await look(browser.run, "Array.from(document.querySelectorAll('.delta.fresh h3'), h => h.textContent)")
        assert len(fresh) == 1
        assert "report 50" in fresh[0]
    await look(browser.driver.switch_to.new_window, "tab")
    await look(browser.open, site.url + "/")
    assert (await look(lambda: browser.one(".since").text)).endswith(": nothing changed")


async def test_every_script_runs_in_its_own_direction(site: Site, browser: Browser) -> None:
    await look(browser.open, site.url + "/")
    for lang, words in SCRIPTS.items():
        wanted = "rtl" if lang in {"ar", "he", "fa"} else "ltr"
        direction = await look(
            browser.run,
            "Array.from(document.querySelectorAll('#timeline ~ .day [lang=\"' + arguments[0] + '\"]'),"
            " e => [getComputedStyle(e).direction, e.textContent])",
            lang,
        )
        assert direction, lang
        assert {each[0] for each in direction} == {wanted}, lang
        assert direction[0][1].startswith(words[:10])


async def test_the_keyboard_skips_to_the_content(site: Site, browser: Browser) -> None:
    await look(browser.open, site.url + "/")
    await look(browser.one("body").send_keys, Keys.TAB)
    assert await look(browser.run, "document.activeElement.className") == "skip"
    assert await look(browser.run, "document.activeElement.getBoundingClientRect().left") >= 0, "shown when focused"
    await look(browser.driver.switch_to.active_element.send_keys, Keys.ENTER)
    assert await look(browser.run, "location.hash") == "#main"
    focusable = await look(browser.run, "document.querySelectorAll('main [tabindex]:not([tabindex=\"0\"])').length")
    assert focusable == 0, "the order is that of the text"


async def test_paper_has_no_controls(site: Site, browser: Browser) -> None:
    await look(browser.open, site.url + "/", media="print", scheme="dark")
    for selector in ("header.site nav", ".filters", ".subscribe", ".live"):
        assert not await look(browser.one(selector).is_displayed), selector
    assert await look(browser.run, "getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await look(browser.run, "getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


async def test_without_a_script_the_page_is_whole(site: Site) -> None:
    with chromium(script=False) as window:
        await look(window.open, site.url + "/")
        assert "Will the navy keep its harbours?" in await look(lambda: window.one("main").text)
        assert "The crews have gone home." in await look(lambda: window.one("main").text)
        await look(window.one('a[href="/stories/harbour?lang=he#reports"]').click)
        await look(window.wait, lambda: len(window.all(".delta")) == 3, "three in Hebrew")
        assert (await look(lambda: window.driver.current_url)).endswith("?lang=he#reports")
