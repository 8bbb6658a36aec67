"""Recorded items, corpus folders and the weight file."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.errors import Invalid
from service.core.items import Item
from service.loading.corpus_files import read_corpus
from service.loading.item_files import read_items
from service.loading.weight_file import load_weights, write_weights

DAY = datetime(2024, 12, 11, tzinfo=UTC)


def _items(folder: Path, *lines: str) -> list[Item]:
    path = folder / "items.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return list(read_items(path))


def test_an_item_line_becomes_an_item(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "id": "1",
        "title": "Корабли ушли",
        "summary": None,
        "link": "https://a.example/1",
        "source": "A",
    }
    row |= {"lang": "ru", "published": "2024-12-11T03:00:00+03:00", "first_seen": "2024-12-11T00:00:00", "own": 1}

    assert _items(tmp_path, json.dumps(row), "", "   ") == [
        Item(
            id="1",
            title="Корабли ушли",
            link="https://a.example/1",
            source="A",
            lang="ru",
            published_at=DAY,
            first_seen_at=DAY,
        )
    ]


def test_a_date_without_a_time_is_marked(tmp_path: Path) -> None:
    lines = [
        '{"id": "1", "title": "published", "published": "2024-12-11"}',
        '{"id": "2", "title": "a", "published": "2024-12-11T00:00:00Z"}',
        '{"id": "3", "title": "a", "kind": "published", "published" :  "2024-12-11"}',
        '{"id": "4", "title": "a", "first_seen": "2024-12-11"}',
        '{"id": "5", "title": "a", "published": null}',
        '{"id": "6", "title": "a", "published": 1733875200}',
    ]
    items = _items(tmp_path, *lines)

    assert [item.date_only for item in items] == [True, False, True, False, False, False]
    assert [item.published_at for item in items] == [DAY, DAY, DAY, None, None, DAY]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{not json", "the line"),
        ("[]", "the line"),
        ('{"title": "a"}', "id"),
        ('{"id": "", "title": "a"}', "id"),
        ('{"id": "1"}', "title"),
        ('{"id": "1", "title": "a", "published": "some day"}', "published"),
        ('{"id": "1", "title": "a", "published": "2024-13-45"}', "published"),
    ],
)
def test_a_bad_line_is_named_with_number_place_and_remedy(tmp_path: Path, line: str, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        _items(tmp_path, '{"id": "0", "title": "good"}', "", line)

    assert f"items.jsonl:3: {place}: " in caught.value.message
    assert "an item is {" in caught.value.message


def test_compressed_items_are_read_and_a_torn_file_refused(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f'{{"id": "{i}", "title": "a"}}\n' for i in range(500)).encode())
    path = tmp_path / "items.jsonl.gz"
    path.write_bytes(whole)
    assert len(list(read_items(path))) == 500

    for torn in (whole[: len(whole) // 2], b"no gzip", whole[:20] + b"\0" * 40):
        path.write_bytes(torn)
        with pytest.raises(Invalid, match="cannot be read"):
            list(read_items(path))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"absent\.jsonl: cannot be read"):
        list(read_items(tmp_path / "absent.jsonl"))
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "1", "title": "\xe9"}')
    with pytest.raises(Invalid, match=r"latin\.jsonl: cannot be read: byte 22 is not UTF-8; save it as UTF-8"):
        list(read_items(tmp_path / "latin.jsonl"))


def test_a_mark_of_the_encoding_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    line = b'\xef\xbb\xbf{"id": "1", "title": "Ferry strike"}\n'
    (tmp_path / "items.jsonl").write_bytes(line)
    (tmp_path / "items.jsonl.gz").write_bytes(gzip.compress(line))

    for name in ("items.jsonl", "items.jsonl.gz"):
        assert [item.title for item in read_items(tmp_path / name)] == ["Ferry strike"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(title=st.text(st.characters(codec="utf-8")), summary=st.text(st.characters(codec="utf-8")))
def test_any_text_comes_through_as_it_is(tmp_path: Path, title: str, summary: str) -> None:
    [item] = _items(tmp_path, json.dumps({"id": "1", "title": title, "summary": summary}))

    assert (item.title, item.summary) == (title, summary)


# --- a corpus folder --------------------------------------------------------------------------


def _corpus(folder: Path, labels: str) -> Path:
    (folder / "items.jsonl").write_text('{"id": "1", "title": "a"}\n', encoding="utf-8")
    (folder / "labels.jsonl").write_text(labels, encoding="utf-8")
    return folder


def test_labels_are_read_with_their_threads(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "relevant": 2, "thread": "both", "development": "d", "duplicate_group": "g", "own": 1},
        {"id": "2", "relevant": 2, "thread": "bases"},
        {"id": "3", "relevant": 0},
    ]
    corpus = read_corpus(_corpus(tmp_path, "\n\n".join(map(json.dumps, rows))), frozenset({"bases", "asylum"}))

    assert [item.id for item in corpus.items] == ["1"]
    assert [label.threads for label in corpus.labels.values()] == [{"bases", "asylum"}, {"bases"}, frozenset()]
    assert (corpus.labels["1"].development, corpus.labels["1"].duplicate_group) == ("d", "g")


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"id": "1"}', '{"relevant": 2}', '{"id": "1", "relevant": "yes"}'])
def test_a_bad_label_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(Invalid, match=r"labels\.jsonl:2: .* a label is"):
        read_corpus(_corpus(tmp_path, '{"id": "1", "relevant": 0}\n' + line), frozenset())


def test_a_corpus_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"holds no items\.jsonl"):
        read_corpus(tmp_path, frozenset())
    _corpus(tmp_path, "").joinpath("labels.jsonl").write_bytes(b"\xff")
    with pytest.raises(Invalid, match=r"labels\.jsonl: cannot be read"):
        read_corpus(tmp_path, frozenset())
    (tmp_path / "labels.jsonl").unlink()
    with pytest.raises(Invalid, match=r"labels\.jsonl: cannot be read"):
        read_corpus(tmp_path, frozenset())


def test_a_compressed_corpus_is_read(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl.gz").write_bytes(gzip.compress(b'{"id": "1", "title": "a"}'))
    (tmp_path / "labels.jsonl").write_text("", encoding="utf-8")

    assert len(read_corpus(tmp_path, frozenset()).items) == 1


# --- the weight file --------------------------------------------------------------------------


def test_written_weights_are_read_back_and_priors_kept(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text("prior:\n  base: -2\n  near: 1.5\nweights:\n  base: -2\n  near: 1.5\n", encoding="utf-8")
    assert load_weights(path) == {"base": -2.0, "near": 1.5}

    write_weights({"base": -3.25, "unknown": 9.0}, path)

    assert load_weights(path) == {"base": -3.25, "near": 1.5}
    assert load_weights(path, "prior") == {"base": -2.0, "near": 1.5}
    assert path.read_text(encoding="utf-8").startswith("# How much each feature")


@pytest.mark.parametrize("text", ["", "weights:\n", "weights: [1]\n", "weights:\n  base: high\n", "a: [", "weights: 1"])
def test_a_weight_file_without_numbers_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match="a number for each feature"):
        load_weights(path)
    with pytest.raises(Invalid, match=r"absent\.yaml"):
        load_weights(tmp_path / "absent.yaml")
