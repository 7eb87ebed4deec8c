"""HTML to PDF in a child process, so that a letter that is too much for it takes nothing else down."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import IO

from requests_app.typesetting.errors import LetterNotSet
from requests_app.typesetting.printable import printable

CHILD = Path(__file__).parent / "typeset_child.py"
LONGEST_SECONDS = 300
BEAT_SECONDS = 2.0
# What fonts need; no secret of ours is in the child's environment.
_PASSED_ON = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "TMPDIR")


def pdf_of(html: str, *, beat: Callable[[], None], longest_seconds: float = LONGEST_SECONDS) -> bytes:
    """The PDF of a letter, cut where that is too long. Raises LetterNotSet, also where it takes longer than it may."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own file, no shell, no argument from data
        [sys.executable, "-I", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as child:
        try:
            pdf, complaints = _conversation(
                child, printable(html).encode(), beat, until=monotonic() + longest_seconds
            )
        finally:
            child.kill()
    if child.returncode != 0 or not pdf.startswith(b"%PDF-"):
        raise LetterNotSet(_sentence(complaints))
    return pdf


def _conversation(
    child: subprocess.Popen[bytes], html: bytes, beat: Callable[[], None], *, until: float
) -> tuple[bytes, bytes]:
    # Called again after a timeout, `communicate` forgets the rest of its input: a thread hands it over.
    stdin, child.stdin = child.stdin, None
    Thread(target=_hand_over, args=(stdin, html), daemon=True).start()
    while (left := until - monotonic()) > 0:
        try:
            return child.communicate(timeout=min(BEAT_SECONDS, left))
        except subprocess.TimeoutExpired:
            beat()
    raise LetterNotSet("The letter took too long to set.")


def _hand_over(stdin: IO[bytes], html: bytes) -> None:
    # A child that died has closed its end; its exit status tells of that.
    with suppress(OSError), stdin:
        stdin.write(html)


def _sentence(complaints: bytes) -> str:
    # What WeasyPrint says may quote the letter, so only its kind is told.
    if b"libpango" in complaints or b"libgobject" in complaints:
        return "PDF letters need Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
    if b"MemoryError" in complaints:
        return "The letter needed more memory than it may have."
    if b"FatalURLFetchingError" in complaints:
        return "The letter asked for an address outside itself, which is refused."
    return "The letter could not be set as a PDF."
