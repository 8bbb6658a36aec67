"""The JSON shape of a catch-up brief."""

from __future__ import annotations

from service.api.wire import ChangeOut, Instant, Wire
from service.core.deltas.brief import Brief, BriefSentence, Contest, ThreadBrief
from service.core.model import DeltaType


class BriefSentenceOut(Wire):
    """The newest sentence told of one development."""

    delta: str
    seq: int
    type: DeltaType
    line: str
    url: str | None
    outlet: str | None
    created_at: Instant
    development: str
    deltas: int  # of the development, that this sentence stands for
    outlets: int
    origins: int  # independent of each other

    @classmethod
    def from_model(cls, sentence: BriefSentence) -> BriefSentenceOut:
        """Convert a sentence."""
        delta = sentence.delta
        return cls(
            delta=delta.id,
            seq=delta.seq,
            type=delta.type,
            line=delta.line,
            url=delta.url,
            outlet=delta.outlet,
            created_at=delta.created_at,
            development=delta.development,
            deltas=sentence.told,
            outlets=sentence.outlets,
            origins=sentence.origins,
        )


class ContestOut(Wire):
    """A fact of which two versions stand: `before` and `after` of the change, with the delta that brought it."""

    delta: str
    seq: int
    origin: str
    change: ChangeOut

    @classmethod
    def from_model(cls, contest: Contest) -> ContestOut:
        """Convert a contest."""
        change = contest.change
        return cls(
            delta=contest.delta.id,
            seq=contest.delta.seq,
            origin=contest.delta.origin,
            change=ChangeOut(fact=change.fact, before=change.before, after=change.after, stance=change.stance),
        )


class ThreadBriefOut(Wire):
    """What is new on one question; both lists are empty where nothing is."""

    thread: str
    title: str
    question: str
    changed: list[BriefSentenceOut]
    contested: list[ContestOut]

    @classmethod
    def from_model(cls, thread: ThreadBrief) -> ThreadBriefOut:
        """Convert a thread's part."""
        return cls(
            thread=thread.thread,
            title=thread.title,
            question=thread.question,
            changed=[BriefSentenceOut.from_model(each) for each in thread.changed],
            contested=[ContestOut.from_model(each) for each in thread.contested],
        )


class BriefOut(Wire):
    """What changed after a cursor, made only of sentences of deltas. Go on from `next_cursor` with the same address."""

    story: str
    deltas: int  # that the brief stands for
    threads: list[ThreadBriefOut]
    next_cursor: str
    has_more: bool

    @classmethod
    def from_model(cls, story: str, brief: Brief, *, next_cursor: str, has_more: bool) -> BriefOut:
        """Convert a brief."""
        return cls(
            story=story,
            deltas=brief.deltas,
            threads=[ThreadBriefOut.from_model(thread) for thread in brief.threads],
            next_cursor=next_cursor,
            has_more=has_more,
        )
