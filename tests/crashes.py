"""The end of a server with everything that belongs to it: nothing is left that could still answer."""

import psutil

from omne_dsar.embedded.servers import Servers


def crash(servers: Servers, name: str) -> None:
    """Kill it and its processes, and return when all are gone, as after the machine's own end.

    PostgreSQL's processes notice by themselves that their parent is gone, and until then go on answering.
    """
    started = psutil.Process(servers.pid(name)).children(recursive=True)
    servers.kill(name)
    for each in started:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    _gone, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []
