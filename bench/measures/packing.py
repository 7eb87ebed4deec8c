"""Pack a person of many megabytes as the worker does, beside `zip -6` on the very same files: `packing MEGABYTES`.

The search is a process of its own, so that what it held is not counted: `packing find FOLDER MEGABYTES`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.cost import measured, peak_memory, say
from bench.measures.cases import (
    a_request,
    approve,
    case_worker,
    files_source,
    look_through,
    pack,
    search,
    the_only_source,
)
from fulfillment.bundles.models import Bundle
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest

EMAIL = "large@bench.example"
LINES_AT_ONCE = 2_000
MAP = Path(__file__).parent.parent / "files.yaml"


def main(megabytes: int) -> None:
    """Measure findings to sealed bundle, then `zip -6` over what is in it."""
    with tempfile.TemporaryDirectory(prefix="omne-bench-files-") as home:
        folder = Path(home)
        found = subprocess.run(
            [sys.executable, "-m", "bench.measures.packing", "find", home, str(megabytes)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        said = json.loads(found.stdout)
        staff, asked = case_worker(), SubjectRequest.objects.get(pk=said["asked"])
        bundle, packed = measured([partial(pack, asked, staff)], warm=0)
        peak = peak_memory()
        files, zips = _unpacked(packed[0], folder)
        zipped, _nothing = measured([partial(_zip, files, folder / "by-zip.zip")], warm=0)
        say(
            bundle=bundle,
            limit=zipped,
            rows=said["rows"],
            peak=peak,
            size=packed[0].size,
            zips=zips,
            limit_size=(folder / "by-zip.zip").stat().st_size,
            files_size=sum(each.stat().st_size for each in files.rglob("*") if each.is_file()),
        )


def find(folder: Path, megabytes: int) -> None:
    """Ask, search and store what was found; say how many records, and whose. The files are asked this once."""
    _write(folder / "source" / "views.jsonl", megabytes * 1_000_000)
    with the_only_source():
        files_source("files", folder=folder / "source", map_file=MAP)
        asked = a_request(EMAIL)
        approve(asked, case_worker())
        rows = search(asked)
        look_through(asked, case_worker())
        say(rows=rows, asked=str(asked.pk))


def _write(path: Path, size: int) -> None:
    path.parent.mkdir()
    written, number = 0, 0
    with path.open("wb") as sink:
        while written < size:
            written += sink.write(b"".join(_lines(number)))
            number += LINES_AT_ONCE


def _lines(first: int) -> Iterator[bytes]:
    """What a page's log says of somebody: numbers, moments, paths, words in several scripts."""
    for number in range(first, first + LINES_AT_ONCE):
        row = {
            "id": number,
            "mail": EMAIL,
            "seen_at": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00Z",
            "page": f"/invoices/{number * 7919 % 99991}/lines/{number % 97}",
            "agent": f"Mozilla/5.0 (X11; Linux x86_64; rv:{number % 130}.0) Gecko/20100101",
            "words": f"wéird words {number * 31 % 100003} und {number * 17 % 5003} more, как пишут люди",
            "milliseconds": number * 7 % 5000,
            "price": round(number * 1.37 % 999, 2),
        }
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _unpacked(bundle: Bundle, folder: Path) -> tuple[Path, int]:
    """The files of the copy in a folder of their own, and how many zips they came in."""
    target, key = folder / "unpacked", bytes(bundle.wrapped_key)
    with open_sealed(current_store(), name=bundle.store_name, wrapped_key=key) as sealed:
        for volume in bundle.parts:
            sealed.seek(volume.first)
            path = folder / "volume.zip"
            with path.open("wb") as sink:
                for chunk in sealed.chunks():
                    sink.write(chunk[: volume.size - sink.tell()])
                    if sink.tell() == volume.size:
                        break
            with zipfile.ZipFile(path) as archive:
                archive.extractall(target)
            path.unlink()
    return target, len(bundle.parts)


def _zip(files: Path, target: Path) -> None:
    program = shutil.which("zip")
    if program is None:
        raise SystemExit("The comparison needs zip: apt install zip.")
    subprocess.run([program, "-6", "-q", "-r", target, "."], cwd=files, check=True)


if __name__ == "__main__":
    if sys.argv[1] == "find":
        find(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]))
