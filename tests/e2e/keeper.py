# SPDX-License-Identifier: ISC
"""In systemd's place, as the shipped units have it: workers with one listening
socket as their standard input, each started again when it has ended.

python3 keeper.py SOCKET BACKLOG WORKERS COMMAND...; ends with them at SIGTERM.
tests/install runs the units by systemd itself.
"""

import os
import signal
import socket
import sys

import processes
from place import as_user, give


def listener(path, backlog):
    """The socket; only its owner and group may ask."""
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    os.chmod(path, 0o660)
    give(path)
    sock.listen(backlog)
    return sock


def main(path, backlog, count, *command):
    """Keep them until told to end."""
    sock = listener(path, int(backlog))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    workers = {}
    try:
        while True:
            while len(workers) < int(count):
                worker = processes.start(command, stdin=sock, **as_user())
                workers[worker.pid] = worker
            pid, _ = os.wait()
            workers.pop(pid, None)
    finally:
        for worker in workers.values():
            worker.terminate()
        for worker in workers.values():
            worker.wait()


if __name__ == '__main__':
    main(*sys.argv[1:])
