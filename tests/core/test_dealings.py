"""Who sues, fines, buys or arrests whom, in a story about a firm: by what stands beside a name, not by order alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import an_entry

from service.core.deltas.compare import compare
from service.core.events.extraction import read_events
from service.core.facts.memory import StoryMemory
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights

STORIES = Path(__file__).resolve().parent.parent / "data" / "stories"
STORY = "nordhanse-bank"
BANK, CHIEF, AUDITOR, RIVAL, REGULATOR = "nordhanse-bank", "henrik-volkerts", "calder-reeve", "banco-cantabria", "bafin"
PROSECUTORS = "hamburg-prosecutors"


@pytest.fixture(scope="module")
def rules() -> Rules:
    lexicon = load_lexicon()
    return Rules.of([read_story(STORIES / f"{STORY}.yaml", lexicon)], lexicon, load_weights())


@pytest.mark.parametrize(
    ("lang", "title", "action", "actor", "target"),
    [
        ("en", "Calder Reeve sues Nordhanse Bank for 40 million euros", "sue", AUDITOR, BANK),
        ("en", "Nordhanse Bank sued by Calder Reeve", "sue", AUDITOR, BANK),
        ("en", "Nordhanse Bank sued over lost savings", "sue", None, BANK),
        ("en", "Lawsuit against Nordhanse Bank filed in London", "sue", None, BANK),
        ("de", "Calder Reeve verklagt Nordhanse Bank", "sue", AUDITOR, BANK),
        ("de", "Klage gegen Calder Reeve: Nordhanse Bank verlangt Schadenersatz", "sue", BANK, AUDITOR),
        ("es", "Calder Reeve demanda a Nordhanse Bank", "sue", AUDITOR, BANK),
        ("tr", "Calder Reeve Nordhanse Bank'a dava açtı", "sue", AUDITOR, BANK),
        ("tr", "Nordhanse Bank'a Calder Reeve dava açtı", "sue", AUDITOR, BANK),
        ("ru", "Аудитор Calder Reeve подал в Гамбурге иск против банка Nordhanse Bank", "sue", AUDITOR, BANK),
        ("en", "BaFin fines Nordhanse Bank 3 million euros", "fine", REGULATOR, BANK),
        ("en", "Nordhanse Bank fined 3 million euros", "fine", None, BANK),
        ("fr", "Nordhanse Bank condamnée à une amende de 3 millions d'euros par la BaFin", "fine", REGULATOR, BANK),
        ("de", "Bußgeld für Nordhanse Bank: Bafin greift durch", "fine", REGULATOR, BANK),
        ("en", "Banco Cantábria buys Nordhanse Bank", "acquire", RIVAL, BANK),
        ("en", "Nordhanse Bank bought by Banco Cantábria", "acquire", RIVAL, BANK),
        ("en", "Banco Cantábria withdraws its bid for Nordhanse Bank", "drop_bid", RIVAL, BANK),
        ("en", "Banco Cantábria drops takeover of Nordhanse Bank", "drop_bid", RIVAL, BANK),
        ("pl", "Klienci złożyli pozew przeciwko Nordhanse Bank w Hamburgu", "sue", None, BANK),
        ("de", "Nordhanse Bank meldet Insolvenz an", "go_bankrupt", BANK, None),
        ("en", "Nordhanse Bank files for bankruptcy protection", "go_bankrupt", BANK, None),
        ("en", "Hamburg prosecutors charge Henrik Volkerts over Nordhanse Bank", "charge", PROSECUTORS, CHIEF),
        ("en", "Nordhanse Bank's Henrik Volkerts arrested in Dubai", "arrest", None, CHIEF),
        ("en", "Nordhanse Bank chairman arrested at airport", "arrest", None, None),
        ("en", "Henrik Volkerts freed on bail, Nordhanse Bank says", "free", None, CHIEF),
        ("en", "Katrin Oldehoff resigns from Nordhanse Bank", "resign", None, "katrin-oldehoff"),
        ("en", "Nordhanse Bank chairman resigns", "resign", None, None),
        ("en", "Workers at Nordhanse Bank go on strike", "strike", None, BANK),
        ("it", "Sciopero alla Nordhanse Bank di Amburgo", "strike", None, BANK),
        ("en", "Inquiry finds fault with Nordhanse Bank", "conclude", None, BANK),
    ],
)
def test_who_does_it_to_whom(
    rules: Rules, lang: str, title: str, action: str, actor: str | None, target: str | None
) -> None:
    reading = rules.read(rules.stories[STORY], an_entry(title=title, summary="", lang=lang), anyway=True)
    assert reading is not None
    events = read_events(reading, rules.compare[STORY].words)

    assert [(e.action, e.actor, e.target) for e in events[:1]] == [(action, actor, target)], events


@pytest.mark.parametrize(
    ("title", "summary", "line"),
    [
        ("Nordhanse Bank chairman arrested at airport", "", "Arrest at Nordhanse Bank (reported)"),
        ("Katrin Oldehoff resigns from Nordhanse Bank", "", "Katrin Oldehoff resigns (reported)"),
        ("Nordhanse Bank apologises to customers", "", "Nordhanse Bank apologises (reported)"),
        ("Nordhanse Bank pays compensation to savers", "", "Nordhanse Bank pays compensation (reported)"),
        ("Nordhanse Bank fined 3 million yen", "", "Nordhanse Bank is fined, 3 million yen (reported)"),
    ],
)
def test_what_happens_to_a_firm_reads_as_a_sentence(rules: Rules, title: str, summary: str, line: str) -> None:
    story = rules.stories[STORY]
    entry = an_entry(title=title, summary=summary, lang="en", published_at=story.as_of + timedelta(days=2))
    reading = rules.read(story, entry)
    assert reading is not None
    memory = StoryMemory(story)
    told = compare(rules.decide(story, entry), entry, reading, memory, rules.compare[STORY], story.as_of)

    assert told.delta is not None
    assert told.delta.line.partition(" —")[0] == line
