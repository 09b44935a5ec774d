"""A server under measurement: started on a free port, pinned, asked, weighed, and stopped.

Knows processes and /proc. Each server is a session of its own, so that a server with worker processes is weighed and
stopped as a whole, and nothing else ever is. Does not know what is measured.
"""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server; `get` asks it, `cpu_seconds` and `rss` weigh it."""

    def __init__(self, name, process, address, log):
        self.name, self.process, self.address, self.log = name, process, address, log

    def get(self, path, headers=None, sends=None):
        """Status, headers and body of one request on a connection of its own; of a POST where something is sent."""
        host, port = self.address.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        with contextlib.closing(connection):
            connection.request("GET" if sends is None else "POST", path, body=sends, headers=headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()

    def cpu_seconds(self):
        """User and system time of the session's living processes."""
        return sum(int(words[11]) + int(words[12]) for _, words in self.stats()) / TICKS

    def rss(self):
        """Resident bytes of the session's living processes."""
        return sum(int(words[21]) for _, words in self.stats()) * os.sysconf("SC_PAGE_SIZE")

    def peak(self):
        """The most resident bytes that the session's living processes had, one by one."""
        total = 0
        for pid, _ in self.stats():
            with contextlib.suppress(OSError, IndexError):
                status = pathlib.Path(f"/proc/{pid}/status").read_text(errors="replace")
                total += int(status.split("VmHWM:")[1].split()[0]) * 1024
        return total

    def stats(self):
        """The id of every process of the session, and the words of its /proc/PID/stat after the name."""
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[3]) == self.process.pid and words[0] != "Z":
                yield path.parent.name, words

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-2000:]


@contextlib.contextmanager
def started(name, command, ready, core=None, folder=None, environment=None, limit=60, port=None):
    """Runs `command`, whose words may hold `{address}`, until the block ends; waits for `ready` to answer below 500."""
    address = f"127.0.0.1:{port or free_port()}"
    words = [str(word).replace("{address}", address) for word in command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            pinned(words, core), cwd=folder, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
        )
        server = Server(name, process, address, log)
        try:
            wait_until_ready(server, ready, limit)
            yield server
        finally:
            stop(process)


def pinned(words, core):
    return ["taskset", "-c", str(core), *words] if core is not None else words


def cores():
    """The core of the servers, that of the load, and a remark when they cannot be kept apart."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(usable) < 2 or shutil.which("taskset") is None:
        return None, None, "servers and load share the cores: compare ratios only"
    return usable[0], usable[1], ""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(server, ready, limit):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"`{server.name}` ended before it answered:\n{server.said()}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get(ready)[0] < 500:
                return
        time.sleep(0.02)
    raise RuntimeError(f"`{server.name}` did not answer {ready} within {limit} s:\n{server.said()}")


def stop(process):
    """Politely, then not; only the session that was started here."""
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return
