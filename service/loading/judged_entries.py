"""Editors' judgements as a corpus: what they said of entries are labels, for `eval` and `train`."""

from __future__ import annotations

from service.core.items import Item
from service.core.model import Entry
from service.loading.corpus_files import Corpus, Label
from service.ports import Store

_FOLLOW_UP, _OFF_THE_STORY = 2, 0


async def corpus_of_judgements(store: Store, story: str) -> Corpus:
    """Return the entries judged in a story, in the revision that was judged, with the judgements as labels."""
    items: list[Item] = []
    labels: dict[str, Label] = {}
    for judgement in await store.judgements(story):
        entry = await store.entry(judgement.entry, judgement.revision)
        if entry is None:
            continue
        items.append(_item(entry))
        labels[entry.id] = Label(
            relevant=_FOLLOW_UP if judgement.relevant else _OFF_THE_STORY,
            threads=frozenset(),
            development=None,
            duplicate_group=None,
        )
    return Corpus(items=tuple(items), labels=labels)


def _item(entry: Entry) -> Item:
    return Item(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        link=entry.url,
        source=entry.outlet,
        lang=entry.lang,
        published_at=entry.published_at,
        date_only=entry.date_only,
        first_seen_at=entry.first_seen_at,
    )
