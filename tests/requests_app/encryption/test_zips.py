"""A zip from elsewhere opens as a zip or with a sentence, and holds nothing beside the files that it lists."""

import io
import shutil
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

from requests_app.encryption.zips import NotAZip, ZipUnfit, oddities, open_zip, read_file, spoken

BESIDE = "There is something in the zip that belongs to none of its files."
FILES = {"a.txt": b"a" * 5000, "data/b.json": b"{}", "empty.txt": b""}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


PLAIN = zipped(FILES)
LIST = PLAIN.index(b"PK\x01\x02")
END = PLAIN.rindex(b"PK\x05\x06")


class _Pipe(io.BytesIO):
    """Something that cannot go back, so that sizes are written behind each entry."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_where: int) -> int:
        raise OSError


def odd(content: bytes) -> list[str]:
    with open_zip(io.BytesIO(content)) as archive:
        return list(oddities(archive))


def test_zips_of_every_maker_hold_nothing_beside_their_files(tmp_path: Path) -> None:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            with archive.open(name, "w", force_zip64=name == "a.txt") as entry:
                entry.write(content)
    for content in (PLAIN, zipped(FILES, zipfile.ZIP_STORED), pipe.getvalue(), zipped({})):
        assert odd(content) == []
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for command in (["zip", "-q", "x.zip"], ["7z", "a", "-bd", "x.zip"], ["7zz", "a", "-bd", "x.zip"]):
        if shutil.which(command[0]):
            subprocess.run([*command, *FILES], cwd=tmp_path, check=True, capture_output=True)
            assert odd((tmp_path / "x.zip").read_bytes()) == []
            (tmp_path / "x.zip").unlink()


def _with_hidden_entry() -> bytes:
    """A whole entry that the list does not name: whoever reads from the front finds it."""
    hidden = zipped({"evil.html": b"<h1>evil</h1>"})
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    begins = struct.pack("<I", LIST + len(hidden))
    return PLAIN[:LIST] + hidden + PLAIN[LIST : END + 16] + begins + PLAIN[END + 20 :]


def _with_comment() -> bytes:
    target = io.BytesIO(PLAIN)
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"call this number"
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"MZ a program" + PLAIN,
        PLAIN + b"a page",
        _with_comment(),
        _with_hidden_entry(),
        PLAIN[:6] + b"\x08" + PLAIN[7:],
        PLAIN[:10] + b"\x99" + PLAIN[11:],
    ],
    ids=["before", "behind", "comment", "between", "flags", "time"],
)
def test_what_lies_beside_the_files_is_noticed(content: bytes) -> None:
    assert odd(content) == [BESIDE]


def test_entries_that_share_their_bytes_are_noticed() -> None:
    """How a bomb of a few kilobytes lists the same gigabyte thousands of times."""
    one = zipped({"a.txt": b"a" * 5000})
    at, end = one.index(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    twice = one[at:end] * 2
    counts = struct.pack("<HHII", 2, 2, len(twice), at)
    assert odd(one[:at] + twice + one[end : end + 8] + counts + b"\0\0") == [BESIDE]


def _entry(**facts: object) -> bytes:
    target, entry = io.BytesIO(), zipfile.ZipInfo("a.txt")
    for name, value in facts.items():
        setattr(entry, name, value)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, b"/etc/passwd")
    return target.getvalue()


def test_links_and_second_names_are_noticed() -> None:
    assert odd(_entry(external_attr=0o120777 << 16)) == ["a.txt is not a plain file."]
    second = struct.pack("<HH", 0x7075, 10) + b"\x01\0\0\0\0b.txt"
    assert odd(_entry(extra=second)) == ["a.txt has a second name."]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_cannot_be_stopped_are_not_opened(method: int) -> None:
    with pytest.raises(ZipUnfit, match="packed in a way"):
        open_zip(io.BytesIO(zipped(FILES, method)))


def test_a_file_that_swells_is_read_as_far_as_was_agreed() -> None:
    with open_zip(io.BytesIO(zipped({"a": bytes(5_000_000)}))) as archive:
        assert len(read_file(archive, "a", most=1000)) == 1001


@pytest.mark.parametrize("content", [b"", b"PK", PLAIN[:-1], PLAIN[:END], PLAIN[END:][:10], b"x" * 100_000])
def test_what_is_no_zip_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NotAZip):
        open_zip(io.BytesIO(content))


def test_a_folder_and_a_file_that_is_not_there_are_no_zips(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.zip", Path(tempfile.gettempdir()) / "a\0b"):
        with pytest.raises(NotAZip):
            open_zip(path)


def test_names_are_spoken_without_moving_the_cursor_or_turning_the_line() -> None:
    assert spoken("data/Zoë 王.json") == "data/Zoë 王.json"
    assert spoken("a\x1b[2Jb\u202e\n") == "a\\x1b[2Jb\\u202e\\n"
