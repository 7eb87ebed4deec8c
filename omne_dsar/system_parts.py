"""What the system must give beside Python: found, installed by apt where possible, or named in a sentence.

Runs before anything is installed (`python3 omne_dsar/system_parts.py pdf`): only the standard library.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

_FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)


@dataclass(frozen=True)
class Part:
    """One thing, what it is for, and the Debian package that brings it."""

    name: str
    purpose: str
    package: str
    is_there: Callable[[], bool]
    # Without a part that is not needed the product runs, and shows some text as empty boxes.
    needed: bool = True


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def _font(beginning: str) -> bool:
    return any(name.startswith(beginning) for name in _font_files())


@cache
def _font_files() -> frozenset[str]:
    return frozenset(name for folder in _FONT_FOLDERS for _, _, names in os.walk(folder) for name in names)


def _pdf_library(name: str, package: str) -> Part:
    return Part(name, "PDF letters", package, partial(_library, name))


def _pdf_font(name: str, scripts: str, package: str, beginning: str) -> Part:
    return Part(name, f"{scripts} in PDF letters", package, partial(_font, beginning), needed=False)


PARTS = {
    "pdf": (
        _pdf_library("libpango-1.0.so.0", "libpango-1.0-0"),
        _pdf_library("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
        _pdf_library("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
        _pdf_font(
            "DejaVu Sans", "Latin, Cyrillic, Greek, Arabic and Hebrew", "fonts-dejavu-core", "DejaVuSans"
        ),
        _pdf_font("Noto Sans", "Hindi and many other scripts", "fonts-noto-core", "NotoSansDevanagari"),
        _pdf_font("Noto Sans CJK", "Chinese, Japanese and Korean", "fonts-noto-cjk", "NotoSansCJK"),
        _pdf_font("Noto Color Emoji", "emoji", "fonts-noto-color-emoji", "NotoColorEmoji"),
    ),
    "browser": (
        Part(
            "chromium",
            "the tests in a real browser",
            "chromium",
            partial(_program, "chromium", "chromium-browser", "google-chrome"),
        ),
        Part(
            "unzip", "the test that opens a copy with it", "unzip", partial(_program, "unzip"), needed=False
        ),
        Part(
            "7z", "the tests that open copies with it", "7zip", partial(_program, "7z", "7zz"), needed=False
        ),
    ),
    "databases": (
        Part(
            "mariadbd",
            "the tests against a real MariaDB",
            "mariadb-server-core",
            partial(_program, "mariadbd", "/usr/sbin/mariadbd"),
            needed=False,
        ),
    ),
    "zip": (
        Part(
            "zip", "the measure beside which a copy is packed", "zip", partial(_program, "zip"), needed=False
        ),
    ),
    "compose": (
        Part(
            "docker-compose",
            "the check of docker-compose.yml",
            "docker-compose",
            partial(_program, "docker-compose"),
        ),
    ),
}


def missing(*groups: str) -> list[Part]:
    """Return the parts of these groups that this machine lacks."""
    return [part for group in groups for part in PARTS[group] if not part.is_there()]


def main(groups: list[str]) -> int:
    """Install what is missing, or say what to type; only what is needed makes this fail."""
    lacking = missing(*groups)
    if not lacking:
        return 0
    packages = [part.package for part in lacking]
    if os.geteuid() == 0 and _program("apt-get"):
        sys.stderr.write(f"Installing what the system lacks: {', '.join(packages)}\n")
        return _install(packages)
    wanted = ", ".join(f"{part.name} (for {part.purpose})" for part in lacking)
    sys.stderr.write(f"Missing on this machine: {wanted}. Type: sudo apt-get install {' '.join(packages)}\n")
    everything = bool(os.environ.get("OMNE_REQUIRE_ALL"))
    return 1 if any(part.needed or everything for part in lacking) else 0


def _install(packages: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(  # noqa: S603 - package names from the table above
            command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        if done.returncode != 0:
            sys.stderr.write(f"`{' '.join(command)}` failed; its lines above say why.\n")
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
