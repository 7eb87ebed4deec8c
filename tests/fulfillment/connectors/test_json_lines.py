"""Files of JSON lines, read block by block: every line once, with its number, wherever a block ends."""

from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from fulfillment.connectors import json_lines
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.json_lines import json_line_rows


def _rows(path: Path) -> list[tuple[int, dict[str, object]]]:
    return [row for part in json_line_rows(LocalFileSystem(), str(path), path.name) for row in part]


@pytest.mark.parametrize("block", [1, 2, 7, 64])
def test_lines_are_whole_wherever_a_block_ends(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "_BYTES_AT_ONCE", block)
    path = tmp_path / "views.jsonl"
    path.write_bytes(b'{"a": 1}\r\n\n  \n{"a": "\xc3\xa9\\ud800"}\n{"a": 3}')
    assert _rows(path) == [(1, {"a": 1}), (4, {"a": "é\ud800"}), (5, {"a": 3})]


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_line_longer_than_a_line_may_be_is_named(
    ending: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 100)
    path = tmp_path / "views.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * 100 + b'"}' + ending)
    with pytest.raises(Fatal, match=r"^views.jsonl, line 2, is longer than a line may be"):
        _rows(path)


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "views.jsonl"
    path.write_bytes(b"")
    assert _rows(path) == []
