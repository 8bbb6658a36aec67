"""replay, eval, train, explain: what the rules make of items, without polling anything."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.progress import progress
from service.commands.setup import instant, opened_store, rules_of, settings_of, story_of, utc_now
from service.core.errors import Invalid
from service.core.matching.meanings import meaning
from service.semantic import load_encoder

if TYPE_CHECKING:
    from service.core.model import Match, Story
    from service.loading.corpus_files import Corpus
    from service.replay import Replayed


_STORED = Path("-")  # --diff without a file: compare with the store
_ALL = 1_000_000_000


def register(commands: Any) -> None:
    """Add the commands of this file."""
    replay = commands.add_parser("replay", help="recorded items through the match and compare steps")
    replay.add_argument("items", type=Path, nargs="?", metavar="ITEMS.jsonl")
    replay.add_argument("--story", required=True, metavar="ID")
    replay.add_argument("--deltas", type=Path, metavar="OUT.jsonl", help="write the deltas here")
    replay.add_argument("--decisions", type=Path, metavar="OUT.jsonl", help="write a decision line for each item here")
    replay.add_argument("--until", type=instant, metavar="T", help="leave out what arrived after this instant")
    replay.add_argument("--database-url", metavar="URL", help="a store to replay into; default: in memory")
    replay.add_argument(
        "--diff",
        nargs="?",
        type=Path,
        const=_STORED,
        metavar="DELTAS.jsonl",
        help="say what these rules would tell otherwise than an earlier replay's deltas, or than the store of "
        "--database-url holds; writes nothing",
    )
    replay.add_argument("--json", action="store_true", help="print the summary, or the diff, as JSON")
    replay.set_defaults(run=_replay)

    evaluation = commands.add_parser("eval", help="replay a labelled corpus and print the quality table")
    evaluation.add_argument("corpus", type=Path, nargs="?", metavar="CORPUS_DIR")
    evaluation.add_argument(
        "--feedback", action="store_true", help="use editors' judgements in the configured store as labelled items"
    )
    evaluation.add_argument("--story", metavar="ID")
    evaluation.add_argument("--deltas", type=Path, metavar="PATH", help="cases of what a follow-up changes, instead")
    evaluation.add_argument(
        "--pairs", type=Path, metavar="FILE", help="pairs of texts judged to tell of one event or not, instead"
    )
    evaluation.add_argument("--errors", action="store_true", help="list the false alarms and what was missed")
    evaluation.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluation.add_argument(
        "--into", type=Path, metavar="FILE.md", help="replace the table between the file's marks for this corpus"
    )
    evaluation.set_defaults(run=_eval)

    training = commands.add_parser("train", help="learn the matcher's weights from labelled corpora")
    training.add_argument("corpus", type=Path, nargs="*", metavar="CORPUS_DIR")
    training.add_argument(
        "--feedback", action="store_true", help="learn from editors' judgements in the configured store as well"
    )
    training.add_argument("--story", metavar="ID")
    training.add_argument("--write", action="store_true", help="replace the bundled weights")
    training.set_defaults(run=_train)

    explain = commands.add_parser("explain", help="the decision on one item, with every reason; fetches nothing")
    explain.add_argument("--story", required=True, metavar="ID")
    explain.add_argument("--title", required=True)
    explain.add_argument("--summary", default="")
    explain.add_argument("--url")
    explain.add_argument("--lang")
    explain.add_argument("--published", type=instant)
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=_explain)


def _replay(args: argparse.Namespace) -> int:
    from service.api.wire import DeltaOut

    if args.diff:
        return asyncio.run(_diff(args))
    if args.items is None:
        raise Invalid("replay needs ITEMS.jsonl; only --diff of a store (--database-url) does without")
    replayed, story = asyncio.run(_replayed(args.items, args.story, args.database_url, args.until))
    if args.decisions:
        _write_lines(args.decisions, [json.dumps(row.line(), ensure_ascii=False) for row in replayed.items])
    if args.deltas:
        entities = {entity.id: entity for entity in story.entities}
        _write_lines(args.deltas, [DeltaOut.from_model(d, entities).model_dump_json() for d in replayed.deltas])
    outcomes: dict[str, int] = {}
    for row in replayed.items:
        outcome = str(row.line()["outcome"])
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    summary = {
        "items": len(replayed.items),
        "relevant": sum(row.relevant for row in replayed.items),
        "outcomes": dict(sorted(outcomes.items())),
        "deltas": len(replayed.deltas),
    }
    if args.json:
        print(json.dumps(summary))
    else:
        parts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        print(f"{summary['items']} items, {summary['relevant']} relevant: {parts}")
        if not args.deltas:
            for delta in replayed.deltas:
                print(f"{delta.created_at:%Y-%m-%d %H:%M}  {delta.type:16}  {delta.line}")
    return 0


async def _diff(args: argparse.Namespace) -> int:
    from service.loading.item_files import read_items
    from service.ports import DeltaFilter
    from service.rehearsal import entries_of, rehearse
    from service.replay import REPLAY_FEED
    from service.rule_diff import diff_rules, read_told, told_by

    if args.items is None and args.database_url is None:
        raise Invalid("--diff compares with a store: name it with --database-url, or give ITEMS.jsonl and DELTAS.jsonl")
    if args.items is not None and args.diff == _STORED:
        raise Invalid("--diff of ITEMS.jsonl needs DELTAS.jsonl, which an earlier `replay --deltas` wrote")
    settings = settings_of(database_url=args.database_url or "sqlite://")
    rules = rules_of(settings.stories, semantic=settings.semantic)
    story = story_of(rules, args.story)
    if args.items is not None:
        entries = [entry for _, entry, again in entries_of(list(read_items(args.items)), story) if not again]
        before, after = read_told(args.diff), rehearse(entries, story, rules)
    else:
        async with opened_store(settings.store, read_only=True) as store:
            entries = await store.unmatched_entries("replay --diff", _ALL)  # from the first one: nobody has that cursor
            stored = await store.deltas_after(story.id, 0, _ALL, DeltaFilter())
            judgements = {judgement.entry: judgement for judgement in await store.judgements(story.id)}
        before = told_by(stored)
        is_replayed = all(entry.feed_id == REPLAY_FEED for entry in entries)
        after = rehearse(entries, story, rules, judgements, backlog_counts=is_replayed)
    diff = diff_rules(before, told_by(after.deltas))
    print(json.dumps(diff.as_json(), ensure_ascii=False) if args.json else diff.as_text())
    return 0


def _write_lines(path: Path, lines: list[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path}: cannot be written ({error.strerror})") from error


async def _replayed(
    items: Path, story_id: str, database_url: str | None, until: datetime | None = None
) -> tuple[Replayed, Story]:
    from service.loading.item_files import read_items
    from service.replay import replay

    settings = settings_of(database_url=database_url or "sqlite://")
    rules = rules_of(settings.stories, semantic=settings.semantic)
    story = story_of(rules, story_id)
    listed = list(read_items(items))
    async with opened_store(settings.store) as store:
        with progress(len(listed), "items") as matched:
            replayed = await replay(listed, story=story, rules=rules, store=store, until=until, matched=matched)
    return replayed, story


def _eval(args: argparse.Namespace) -> int:
    if args.deltas:
        return _eval_cases(args)
    if args.pairs:
        return _eval_pairs(args)
    report, corpus = asyncio.run(_evaluated(args))
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
        return 0
    print(report.as_table())
    if args.into:
        name = args.corpus.resolve().name if args.corpus else "feedback"
        _put_table(args.into, name, report.as_table())
    if args.errors:
        titles = {item.id: item for item in corpus.items}
        for name, ids in (("false alarm", report.false_alarms), ("missed", report.missed)):
            for item_id in ids:
                print(f"{name}: {item_id} [{titles[item_id].lang}] {titles[item_id].title[:140]}")
    return 0


def _eval_cases(args: argparse.Namespace) -> int:
    from service.case_evaluation import evaluate_cases
    from service.loading.case_files import read_cases

    report = evaluate_cases(read_cases(args.deltas), rules_of(settings_of().stories))
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
        return 0
    print(report.as_table())
    if report.left_out:
        print(f"{report.left_out} cases are of stories that are not followed (AFTERMATH_STORIES).")
    if args.errors:
        print("\n".join(report.mistakes()))
    return 0


def _eval_pairs(args: argparse.Namespace) -> int:
    from service.pair_evaluation import evaluate_pairs, read_pairs

    encode = load_encoder() if settings_of().semantic else None
    report = evaluate_pairs(read_pairs(args.pairs), encode)
    print(json.dumps(report.as_json()) if args.json else report.as_table())
    return 0


def _put_table(path: Path, name: str, table: str) -> None:
    begin, end = f"<!-- eval {name} -->", "<!-- end -->"
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise Invalid(f"{path}: has no lines {begin} and {end} to put the table between")
    path.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


async def _corpora(folders: list[Path], story: Story, *, feedback: bool) -> list[Corpus]:
    """Read labelled corpora: folders, and the judgements of the configured store."""
    from service.loading.corpus_files import read_corpus
    from service.loading.judged_entries import corpus_of_judgements

    if not folders and not feedback:
        raise Invalid("name a CORPUS_DIR, or say --feedback for the judgements of the configured store")
    threads = frozenset(thread.id for thread in story.threads)
    corpora = [read_corpus(folder, threads) for folder in folders]
    if feedback:
        settings = settings_of()
        async with opened_store(settings.store, read_only=True) as store:
            judged = await corpus_of_judgements(store, story.id)
        if not judged.items and not folders:
            raise Invalid(f"{settings.shown_database} holds no judgements on story {story.id}; `feedback` records them")
        corpora.append(judged)
    return corpora


async def _evaluated(args: argparse.Namespace) -> Any:
    from service.evaluation import evaluate
    from service.loading.corpus_files import joined
    from service.replay import replay

    settings = settings_of(database_url="sqlite://")
    rules = rules_of(settings.stories, semantic=settings.semantic)
    story = story_of(rules, args.story)
    corpus = joined(await _corpora([args.corpus] if args.corpus else [], story, feedback=args.feedback))
    async with opened_store(":memory:") as store:
        with progress(len(corpus.items), "items") as matched:
            replayed = await replay(corpus.items, story=story, rules=rules, store=store, matched=matched)
    return evaluate(corpus, replayed, story, rules), corpus


def _train(args: argparse.Namespace) -> int:
    from service.loading.weight_file import WEIGHT_FILE, load_weights, write_weights
    from service.training import train

    rules = rules_of(settings_of().stories)
    story = story_of(rules, args.story)
    prior = load_weights(WEIGHT_FILE, "prior")
    trained = train(asyncio.run(_corpora(args.corpus, story, feedback=args.feedback)), story, rules, prior)
    v = trained.validated
    print(f"{trained.examples} items, {trained.follow_ups} follow-ups; cross-validated by development:")
    print(f"precision {v.precision or 0:.3f}, recall {v.recall or 0:.3f}, F1 {v.f1 or 0:.3f}")
    for name, value in sorted(trained.weights.items()):
        print(f"{name:28} {prior[name]:+6.2f} -> {value:+6.2f}")
    if args.write:
        write_weights(trained.weights)
        print("the bundled weights are replaced")
    return 0


def _explain(args: argparse.Namespace) -> int:
    from service.core.model import Entry, Outcome
    from service.core.urls import safe_link

    rules = rules_of(settings_of().stories)
    story = story_of(rules, args.story)
    now = utc_now()
    entry = Entry(
        id="e-explained",
        revision=1,
        feed_id="f-none",
        title=args.title,
        summary=args.summary,
        url=safe_link(args.url) if args.url else None,
        outlet=None,
        lang=args.lang,
        published_at=args.published,
        first_seen_at=args.published or now,
        seen_at=now,
    )
    match = rules.match(story, entry, backlog_counts=True)
    if args.json:
        row = {
            "story": story.id,
            "relevant": match.relevant,
            "score": match.score,
            "threads": list(match.threads),
            "outcome": None if match.outcome is Outcome.PENDING else match.outcome.value,
            "reasons": [
                {
                    "feature": r.feature,
                    "weight": r.weight,
                    **({"field": r.span.field, "start": r.span.start, "end": r.span.end} if r.span else {}),
                    **({"text": r.text} if r.text else {}),
                }
                for r in match.reasons
            ],
            "mentions": [
                {"id": m.entity, "surface": m.surface, "field": m.span.field, "start": m.span.start, "end": m.span.end}
                for m in match.mentions
            ],
        }
        print(json.dumps(row, ensure_ascii=False))
        return 0
    _print_match(match, entry.title, entry.summary)
    return 0


def _print_match(match: Match, title: str, summary: str) -> None:
    colour = sys.stdout.isatty()

    def marked(text: str, field: str) -> str:
        spans = sorted({(m.span.start, m.span.end) for m in match.mentions if m.span.field == field}, reverse=True)
        left = len(text)
        for start, end in spans:
            if end <= left:
                before, after = ("\x1b[1;36m", "\x1b[0m") if colour else ("[", "]")
                text = f"{text[:start]}{before}{text[start:end]}{after}{text[end:]}"
                left = start
        return text

    verdict = "relevant" if match.relevant else "not relevant"
    outcome = "to be compared" if match.relevant else match.outcome.value
    print(f"{verdict}, score {match.score:.4f}, {outcome}, threads: {', '.join(match.threads) or '–'}")
    print(f"title:   {marked(title, 'title')}")
    if summary:
        print(f"summary: {marked(summary, 'summary')}")
    for reason in match.reasons:
        shown = f"  [{reason.text}]" if reason.text else ""
        print(f"{reason.weight:+8.2f}  {reason.feature}: {meaning(reason.feature)}{shown}")
    print(f"{sum(reason.weight for reason in match.reasons):+8.2f}  in all (log-odds)")
