# SPDX-License-Identifier: ISC
"""Bare Debian machines: folders in layers, and systemd in namespaces."""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.environ['DW_SRC'] + '/tests/e2e')

from processes import children, name, run, start, until  # noqa: E402

PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
ENVIRONMENT = ('env', '-i', f'PATH={PATH}', 'HOME=/root', 'LC_ALL=C.UTF-8',
               'DEBIAN_FRONTEND=noninteractive')
SYSTEM = 'systemd,systemd-sysv,dbus'
BOOT_SECONDS = 60
LONGEST = 900

# What a container's first process finds, and then that process.
BOOT = '''
set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp; do mount -t tmpfs tmpfs $folder; done
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do
    touch dev/$node
    mount --bind /dev/$node dev/$node
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
exec chroot . /usr/bin/env -i container=test /lib/systemd/systemd --system
'''


def mirror():
    """Where this machine's own Debian packages come from, and its name."""
    with open('/etc/os-release', encoding='utf-8') as f:
        facts = dict(line.strip().split('=', 1) for line in f if '=' in line)
    release = facts['VERSION_CODENAME'].strip('"')
    for line in run(['apt-get', 'indextargets', '--format',
                     '$(SITE) $(CODENAME) $(COMPONENT)',
                     'Created-By: Packages']).splitlines():
        site, codename, component = line.split()
        if (codename, component) == (release, 'main'):
            return release, site
    raise RuntimeError(f'apt knows no {release} main')


class Layer:
    """A system's files, over those of others, which stay as they are."""

    def __init__(self, folder, name, below=None):
        self.below = [below.files, *below.below] if below else []
        self.files = folder / name / 'files'
        self.root = folder / name / 'root' if below else self.files
        work = folder / name / 'work'
        for path in (self.files, self.root, work):
            path.mkdir(parents=True, exist_ok=True)
        if below:
            run(['mount', '-t', 'overlay', 'overlay', '-o',
                 f'lowerdir={":".join(map(str, self.below))},'
                 f'upperdir={self.files},workdir={work}', self.root])

    def path(self, name):
        """One of its files, from outside."""
        return self.root / name.lstrip('/')

    def types(self, script):
        """Run by a shell in it, with this machine's network; its output."""
        proc = self.root / 'proc'
        run(['mount', '-t', 'proc', 'proc', proc])
        try:
            return run(['chroot', self.root, *ENVIRONMENT, 'bash', '-euo',
                        'pipefail', '-c', script], timeout=LONGEST)
        finally:
            run(['umount', '-l', proc])


def bare(folder):
    """What debootstrap makes, no service of which starts before it is booted."""
    layer = Layer(folder, 'bare')
    release, site = mirror()
    run(['debootstrap', '--variant=minbase', f'--include={SYSTEM}', release,
         layer.root, site], timeout=LONGEST)
    layer.path('/etc/hostname').write_text('shop\n')
    layer.path('/etc/hosts').write_text('127.0.0.1 localhost shop\n')
    return layer


class Machine:
    """A layer with systemd running in it, and nobody else on its network."""

    def __init__(self, layer):
        self.layer = layer
        self.process = start(
            ['unshare', '-m', '-p', '-n', '-u', '-i', '-C', '--fork',
             '--kill-child', 'sh', '-c', BOOT, 'boot', layer.root],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not until(self.first, 10):
            raise RuntimeError('a machine does not start')
        if not until(self.up, BOOT_SECONDS):
            raise RuntimeError('systemd does not come up: ' + self.answer(
                'systemctl list-jobs; journalctl -n 20 --no-pager')[1])

    def first(self):
        """The number, out here, of its first process, once that is systemd."""
        for pid in children(self.process.pid):
            if name(pid) == 'systemd':
                self.pid = str(pid)
                return True
        return False

    def up(self):
        """Has it started all it starts?"""
        return self.answer('systemctl is-system-running')[1].strip() in (
            'running', 'degraded')

    def inside(self, words, *spaces):
        """The words to run something in it."""
        return ['nsenter', '-t', self.pid, *spaces, *words]

    def answer(self, script):
        """Run by a shell in it: the exit status, and all that was said."""
        done = subprocess.run(
            [*self.inside(ENVIRONMENT, '-m', '-p', '-n', '-u', '-i', '-C',
                          '-r', '-w'),
             'bash', '-euo', 'pipefail', '-c', script], text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=LONGEST)
        return done.returncode, done.stdout

    def types(self, script):
        """Run by a shell in it, which must do well; what it said."""
        status, said = self.answer(script)
        if status != 0:
            raise RuntimeError(f'exit {status} of:\n{script}\n{said[-3000:]}')
        return said

    def stop(self):
        """Shut it down as its operator would."""
        self.answer('systemctl poweroff')
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
