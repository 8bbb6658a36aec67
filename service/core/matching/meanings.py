"""What each reason of a decision means, in words for an editor: for pages, `explain` and the sentence of a delta.

Of the features of an entry (`match.py`) and of what else may settle a decision (its date, an editor's word).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.core.model import Reason

_ASKED = "what a thread asks for, "
_WHERE = {
    "title": "in the title",
    "headline": "in the title and the first sentences",
    "lead": "in the first sentences",
    "sentence": "in one later sentence",
    "item": "spread over the text",
}

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "base": "where every report begins",
        **{f"pattern_{level}": f"{_ASKED}{where}" for level, where in _WHERE.items()},
        **{f"pattern_{level}_oblique": f"{_ASKED}{where}, but only in passing" for level, where in _WHERE.items()},
        "pattern_unread": "the names a thread asks for, in the title beside a verb that no list has",
        "lead_told_by_title": "the title names two of the story, and the first sentences tell it",
        "several_patterns": "the title fits in more than one way",
        "several_in_lead": "the first sentences fit in more than one way",
        "unmistakable_name_in_title": "a name in the title that is enough by itself",
        "unmistakable_name_in_lead": "a name in the first sentences that is enough by itself",
        "pattern_with_action": "something happens to what is named",
        "lead_with_action": "the first sentences tell that something happens",
        "lead_without_action": "nothing happens in the first sentences",
        "lead_after_other_news": "other news comes first",
        "core_in_title": "the title names whom or what the story is about",
        "core_and_action_in_title": "the title names it, and says that something happens",
        "core_opens_title": "the title opens with whom or what the story is about",
        "core_in_title_oblique": "the title names whom the story is about, but only in passing",
        "title_names_nobody": "the title names nobody of the story",
        "two_context_in_title": "the title names two others of the story",
        "several_core": "names several of those the story is about",
        "no_core": "names none of those the story is about",
        "background_in_title": "the title names who belongs to other news",
        "background_entity": "names who belongs to other news",
        "person_beside_another": "the title is about another person beside the one of the story",
        "anniversary_in_title": "the title looks back",
        "anniversary_in_summary": "the text looks back",
        "roundup_in_title": "a roundup of many news",
        "roundup_names_nobody": "a roundup whose title names nobody of the story",
        "trade_in_title": "the title is about trade",
        "analogy_in_title": "the title compares with the story",
        "beast_in_title": "a lion or another animal bears the name",
        "courtesy_in_title": "congratulations, condolences or the like",
        "core_as_example": "whom the story is about serves as an example",
        "long_summary": "a whole article in the summary, which names many things",
        "name_typo": "a name is read through a misspelling",
        "no_mention": "names nothing of the story",
        "before_as_of": "from before the story begins",
        "backlog": "old when its feed was first polled",
        "withdraws_a_told_report": "a later version of a report that was told",
        "editor": "an editor's word",
    }
)


def meaning(feature: str) -> str:
    """Return what a reason means; of one that another version gave, its name with spaces."""
    return MEANINGS.get(feature, feature.replace("_", " "))


def found_by(reason: Reason) -> str:
    """Return the words a report was found by, and where they stand, for a sentence."""
    thread, _, words = (reason.text or "").partition(": ")
    named = words if words and reason.feature.startswith("pattern_") else reason.text or thread
    return f"{named} ({meaning(reason.feature).removeprefix(_ASKED)})"
