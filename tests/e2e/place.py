# SPDX-License-Identifier: ISC
"""What the web servers' user may read: our files, or, for root, a copy."""

import os
import pwd
import shutil
from pathlib import Path

from database import USER

SRC = Path(os.environ['DW_SRC'])


def build():
    """Where the programs were built that are to run now."""
    return Path(os.environ['DW_BUILD'])


def as_user():
    """How Popen starts what serves: root's runs as a plain user, too."""
    if os.getuid() != 0:
        return {}
    of = pwd.getpwnam(USER)
    return {'user': of.pw_uid, 'group': of.pw_gid, 'extra_groups': []}


def give(path):
    """Let the web servers' user own this."""
    if os.getuid() == 0:
        of = pwd.getpwnam(USER)
        os.chown(path, of.pw_uid, of.pw_gid)


def rewrite(path, text):
    """Another text for a file that workers may be about to read."""
    after = path.with_name(path.name + '.new')
    after.write_text(text)
    after.rename(path)


class Place:
    """Where the programs, their module, texts and pages are for that user."""

    def __init__(self, folder):
        self.programs = build()
        self.modules = build() / 'src/net/.libs'
        self.templates = SRC / 'conf/templates'
        self.pages = SRC / 'web'
        self.suppressions = SRC / 'tests/valgrind.supp'
        self.probe = SRC / 'tests/e2e/probe.py'
        if os.getuid() == 0:
            self.copy(Path(folder))

    def copy(self, folder):
        """Root's tree may be closed to others."""
        folder.mkdir()
        for name in ('doorward', 'doorward.fcgi'):
            shutil.copy(self.programs / name, folder)
        shutil.copy(self.modules / 'net.so', folder)
        self.programs = self.modules = folder
        for name in ('templates', 'pages'):
            shutil.copytree(getattr(self, name), folder / name)
            setattr(self, name, folder / name)
        for name in ('suppressions', 'probe'):
            setattr(self, name, shutil.copy(getattr(self, name), folder))
        for path in [folder, *folder.rglob('*')]:
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
