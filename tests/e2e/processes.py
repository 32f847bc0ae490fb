# SPDX-License-Identifier: ISC
"""Programs that the tests start, watch, and stop again by their number."""

import ctypes
import os
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def end_with_parent():
    """In a new child: be told when the tests are gone."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(words, **more):
    """A daemon of ours; it ends when we do."""
    more.setdefault('stdin', subprocess.DEVNULL)
    return subprocess.Popen([str(word) for word in words],
                            preexec_fn=end_with_parent, **more)


def run(words, **more):
    """A command's output; RuntimeError with all it said when it fails."""
    more.setdefault('timeout', 60)
    more.setdefault('stdin', subprocess.DEVNULL)
    if 'input' in more:
        del more['stdin']
    words = [str(word) for word in words]
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(words)}: exit {done.returncode}: '
                           f'{done.stderr.strip()} {done.stdout.strip()}')
    return done.stdout


def stop(process, seconds=20):
    """SIGTERM, then patience, then SIGKILL; the exit status."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def alive(pid):
    """Is there such a process, and not just its remains?"""
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as f:
            return f.read().rpartition(')')[2].split()[0] != 'Z'
    except OSError:
        return False


def parents():
    """Every process and its parent."""
    found = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat', encoding='ascii',
                          errors='replace') as f:
                    fields = f.read().rpartition(')')[2].split()
            except OSError:
                continue
            if fields[0] != 'Z':
                found[int(name)] = int(fields[1])
    return found


def children(pid):
    """The processes that pid has started, without theirs."""
    return sorted(child for child, of in parents().items() if of == pid)


def descendants(pid):
    """The processes that pid has started, theirs, and so on."""
    of, found = parents(), [pid]
    for one in found:
        found += [child for child, parent in of.items() if parent == one]
    return found[1:]


def name(pid):
    """What the kernel calls a process; '' when it is gone."""
    try:
        with open(f'/proc/{pid}/comm', encoding='ascii', errors='replace') as f:
            return f.read().strip()
    except OSError:
        return ''


def told(pid):
    """What a process is, and what it waits for; for people."""
    said = []
    for of in ('cmdline', 'wchan', 'syscall', 'status'):
        try:
            with open(f'/proc/{pid}/{of}', encoding='utf-8',
                      errors='replace') as f:
                text = f.read().replace('\0', ' ')
        except OSError:
            continue
        if of == 'status':
            text = ' '.join(line for line in text.splitlines() if line.startswith(
                ('State', 'PPid', 'SigPnd', 'ShdPnd', 'SigBlk', 'SigCgt')))
        said.append(text.strip())
    return f'{pid}: {"; ".join(said)}'


def resident_kib(pid):
    """VmRSS of a process."""
    with open(f'/proc/{pid}/status', encoding='ascii') as f:
        for line in f:
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
    return 0


def free_port():
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def until(condition, seconds=10, pause=0.02):
    """What condition() answers once it is true; None when it never is."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            return None
        time.sleep(pause)
