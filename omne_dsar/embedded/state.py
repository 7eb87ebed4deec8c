"""Where the running servers say how to reach them, so that a bare `manage.py` finds the demo."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

# Nothing listens on port 1: a command that needs a server fails at once, one that needs none runs.
_NOWHERE_DATABASE = "postgresql://omne_dsar@127.0.0.1:1/omne_dsar"
_NOWHERE_REDIS = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses of a database and a broker."""

    database_url: str
    redis_url: str


def state_file(var_dir: Path) -> Path:
    """Return the path of the file that holds the addresses of the running servers."""
    return var_dir / "run" / "services.json"


def running_services(var_dir: Path) -> Services:
    """Return the addresses last written, or ones at which nothing answers."""
    try:
        return Services(**json.loads(state_file(var_dir).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Services(database_url=_NOWHERE_DATABASE, redis_url=_NOWHERE_REDIS)


def write_services(var_dir: Path, services: Services) -> None:
    """Write the addresses in one step, readable only by us: they hold a password."""
    path = state_file(var_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(services)), encoding="utf-8")
    draft.replace(path)


def forget_services(var_dir: Path) -> None:
    """Remove the addresses of servers that were stopped."""
    state_file(var_dir).unlink(missing_ok=True)
