"""The client against the real application: lists to their end, the stream across a break, problems, patience."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from api.api_builders import SCRIPTS, a_report, a_site, publish
from hypothesis import given
from hypothesis import strategies as st
from patience import patient

from service.api.wire_pages import Health
from service.client import Client, ProblemReceived, Unreachable
from service.client.events import EventReader
from service.core.model import Judgement, Regrouping


async def test_deltas_are_read_to_the_end_and_on_from_a_cursor() -> None:
    async with a_site([a_report(number) for number in range(7)]) as site, Client(site.url) as client:
        pages = [page async for page in client.delta_pages("harbour", limit=3)]
        assert [len(page.items) for page in pages] == [3, 3, 1]
        deltas = [delta async for delta in client.deltas("harbour", limit=2)]
        assert [delta.seq for delta in deltas] == [1, 2, 3, 4, 5, 6, 7]
        await publish(site.store, [a_report(7)])
        fresh = [delta async for delta in client.deltas("harbour", after=pages[-1].next_cursor)]
        assert [delta.seq for delta in fresh] == [8]
        assert await client.delta(fresh[0].id) == fresh[0]
        arabic = [delta async for delta in client.deltas("harbour", lang="ar", min_score=0.5)]
        assert {delta.lang for delta in arabic} == {"ar"}
        assert arabic[0].headline.startswith(SCRIPTS["ar"])


async def test_every_reading_operation_has_a_typed_answer() -> None:
    async with a_site([a_report(number) for number in range(4)]) as site, Client(site.url) as client:
        [story] = await client.stories()
        assert await client.story(story.id) == story
        assert {fact.id for fact in await client.facts(story.id)} >= {"harbour-held", "crews-stay"}
        assert await client.facts(story.id, as_of=datetime(2020, 1, 1, tzinfo=UTC)) == []
        assert len([each async for each in client.developments(story.id, limit=2)]) == 4
        decisions = [each async for each in client.decisions(story.id, limit=3, outcome="delta")]
        assert len(decisions) == 4
        entry = decisions[0].id
        assert (await client.decision(entry, story=story.id)).id == entry
        assert await client.revisions(entry) == [await client.entry(entry)]
        assert len([each async for each in client.entries(limit=3)]) == 4
        assert [each.title async for each in client.entries(SCRIPTS["ru"])] == [f"{SCRIPTS['ru']} 1"]
        assert [feed.state for feed in await client.feeds()] == ["active"]
        assert (await client.ready()).status == "ready"


async def test_a_refusal_carries_the_problem() -> None:
    async with a_site() as site, Client(site.url + "/") as client:
        with pytest.raises(ProblemReceived, match="there is no delta 'd-no/ne'") as caught:
            await client.delta("d-no/ne")
        assert (caught.value.status, caught.value.code) == (404, "not_found")
        assert caught.value.problem.instance.startswith("urn:uuid:")
        with pytest.raises(ProblemReceived) as caught:
            _ = [each async for each in client.deltas("harbour", after="x" * 39)]
        assert caught.value.code == "cursor_invalid"


async def test_a_judgement_needs_the_admin_token() -> None:
    kept: list[Judgement] = []

    async def judge(judgement: Judgement) -> None:
        kept.append(judgement)

    async with a_site([a_report(0)], judge=judge, config={"admin_token": "s3same"}) as site:
        async with Client(site.url) as client:
            [decision] = [each async for each in client.decisions("harbour")]
            with pytest.raises(ProblemReceived) as caught:
                await client.feedback(decision.id, relevant=False)
            assert caught.value.status == 401
        async with Client(site.url, token="s3same") as client:
            answer = await client.feedback(decision.id, relevant=False, note="Another navy")
            assert answer.judgement.note == "Another navy"
    assert [each.note for each in kept] == ["Another navy"]


async def test_developments_are_split_and_merged_with_the_admin_token() -> None:
    kept: list[Judgement | Regrouping] = []

    async def judge(said: Judgement | Regrouping) -> None:
        kept.append(said)

    reports = [a_report(0, development="v-one"), a_report(1, development="v-one"), a_report(2, development="v-two")]
    async with (
        a_site(reports, judge=judge, config={"admin_token": "s3same"}) as site,
        Client(site.url, token="s3same") as client,
    ):
        entry = reports[0][0].id
        split = await client.split("v-one", [entry], note="Another navy")
        merge = await client.merge("v-one", "v-two")
    assert (split.kind, split.entries, split.note, merge.into) == ("split", [entry], "Another navy", "v-two")
    assert [each.id for each in kept if isinstance(each, Regrouping)] == [split.delta, merge.delta]


async def test_private_reading_takes_the_token() -> None:
    async with a_site([a_report(0)], config={"read_token": "tell-me"}) as site:
        async with Client(site.url, token="tell-me") as client:
            assert len([each async for each in client.deltas("harbour")]) == 1
        async with Client(site.url) as client:
            with pytest.raises(ProblemReceived) as caught:
                await client.stories()
            assert caught.value.status == 401


class Moody:
    """Answers with what it was told to, one after another, then well; counts."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        if self.answers:
            status, headers = self.answers.pop(0)
            return web.Response(status=status, headers=headers, text="no")
        return web.json_response({"status": "ok", "version": "1", "of the future": True})


async def test_a_busy_service_is_asked_again_when_it_says() -> None:
    soon = format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True)
    moody = Moody((429, {"Retry-After": "0"}), (503, {"Retry-After": soon}))
    async with a_site(extra_routes={"/v1/moody": moody.answer}) as site, Client(site.url) as client:
        assert (await client.ask("GET", "/v1/moody", Health)).version == "1"
    assert moody.asked == 3


@pytest.mark.parametrize(
    ("answer", "asked", "words"),
    [
        ((503, {"Retry-After": "3600"}), 1, "answered 503"),  # longer than anybody wants to wait
        ((404, {"Retry-After": "0"}), 1, "without a problem document"),
        ((302, {"Location": "http://127.0.0.2/elsewhere"}), 1, "is this address that of the service"),
    ],
)
async def test_what_waiting_does_not_mend_is_said_at_once(
    answer: tuple[int, dict[str, str]], asked: int, words: str
) -> None:
    moody = Moody(*[answer] * 5)
    async with a_site(extra_routes={"/v1/moody": moody.answer}) as site, Client(site.url, token="t") as client:
        with pytest.raises(ProblemReceived, match=words):
            await client.ask("GET", "/v1/moody", Health)
    assert moody.asked == asked


async def test_patience_ends() -> None:
    moody = Moody(*[(429, {"Retry-After": "0"})] * 9)
    async with a_site(extra_routes={"/v1/moody": moody.answer}) as site, Client(site.url, tries=3) as client:
        with pytest.raises(ProblemReceived):
            await client.ask("GET", "/v1/moody", Health)
    assert moody.asked == 3


async def test_an_answer_of_another_shape_or_none_is_said() -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<p>It works!</p>")

    async with a_site(extra_routes={"/v1/page": page}) as site, Client(site.url, tries=1) as client:
        with pytest.raises(Unreachable, match="is no Health"):
            await client.ask("GET", "/v1/page", Health)
        with pytest.raises(Unreachable, match="is no JSON"):
            await client.send("GET", "/v1/page")
        assert (await client.send("GET", "/healthz"))["status"] == "ok"
        address = site.url
    async with Client(address, tries=1) as client:
        with pytest.raises(Unreachable, match="is the service running"):
            await client.stories()
    with pytest.raises(Unreachable, match="async with"):
        await Client(address).stories()


class Relay:
    """Passes bytes on to the site, until it is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.connections = 0
        self._open: list[asyncio.StreamWriter] = []

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._open += [writer, there_writer]
        await asyncio.gather(self._pump(reader, there_writer), self._pump(there_reader, writer))

    def cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            self.cut()


async def test_the_stream_goes_on_where_it_broke_off() -> None:
    async with a_site([a_report(0)]) as site:
        relay = Relay(int(site.url.rpartition(":")[2]))
        async with (
            relay.open() as address,
            Client(address, longest_wait_s=0.02) as client,
            asyncio.timeout(patient(30)),
        ):
            [page] = [page async for page in client.delta_pages("harbour")]
            await publish(site.store, [a_report(1)])
            async with aclosing(client.stream("harbour", after=page.next_cursor)) as stream:
                came = [await anext(stream)]
                before = relay.connections
                relay.cut()
                await publish(site.store, [a_report(2), a_report(3)])
                came += [await anext(stream), await anext(stream)]
            assert relay.connections > before
        assert [each.delta.seq for each in came] == [2, 3, 4]
        async with Client(site.url) as client:
            assert [each async for each in client.deltas("harbour", after=came[0].cursor)] == [
                each.delta for each in came[1:]
            ]


async def test_a_stream_that_cannot_begin_says_why() -> None:
    async with a_site([a_report(0)]) as site, Client(site.url) as client:
        async with aclosing(client.stream("harbour", after="x" * 39)) as stream:
            with pytest.raises(ProblemReceived) as caught:
                await anext(stream)
        assert caught.value.code == "cursor_invalid"
    async with Client(site.url, tries=1) as client, aclosing(client.stream("harbour")) as stream:
        with pytest.raises(Unreachable):
            await anext(stream)


@given(st.lists(st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])), min_size=1), st.data())
def test_events_are_the_same_however_the_bytes_are_cut(texts: list[str], data: st.DataObject) -> None:
    whole = "".join(f": hi\r\nid: {n}\nevent: delta\ndata: {text}\n\n" for n, text in enumerate(texts)).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    reader = EventReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    assert [(event.id, event.type, event.data) for event in events] == [
        (str(n), "delta", text) for n, text in enumerate(texts)
    ]


def test_an_event_that_was_cut_off_is_forgotten_and_its_place_is_kept() -> None:
    reader = EventReader()
    assert [each.data for each in reader.feed(b"retry: 250\nid: a\ndata: one\ndata: two\n\ndata: thr")] == ["one\ntwo"]
    reader.restart()
    assert [each.data for each in reader.feed(b"ee\n\ndata: four\n\n")] == ["four"]
    assert (reader.last_id, reader.retry_s) == ("a", 0.25)
