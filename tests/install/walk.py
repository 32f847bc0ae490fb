# SPDX-License-Identifier: ISC
"""The lines of doc/install.md that are to be typed, by their headings."""

import os
import re
from pathlib import Path

TEXT = Path(os.environ['DW_SRC'], 'doc/install.md').read_text()
# a set-up of tests/e2e by its heading in the walk
HEADINGS = {'lighttpd-fcgi': 'lighttpd, FastCGI',
            'lighttpd-cgi': 'lighttpd, CGI',
            'apache-fcgid': 'Apache, mod_fcgid',
            'apache-cgi': 'Apache, CGI',
            'htaccess': 'Apache, only a .htaccess',
            'nginx': 'nginx, FastCGI'}


def sections():
    """What stands under each heading, without those below it."""
    parts = re.split(r'^#{2,3} (?:\d+\. )?(.*)$', TEXT, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def lines(heading):
    """The lines of its blocks, as one script."""
    blocks = re.findall(r'^```sh\n(.*?)^```$', sections()[heading],
                        flags=re.M | re.S)
    if not blocks:
        raise RuntimeError(f'nothing to type under {heading}')
    return ''.join(blocks)


def hook():
    """What certbot is told to run when it has renewed the certificate."""
    return re.search(r"--deploy-hook '(.*)'$", sections()['https'], re.M)[1]


def packages():
    """What the walk asks apt-get for, on all machines together."""
    asked = re.findall(r'^apt-get install -y (?:--\S+ )*([a-z].*)$', TEXT,
                       flags=re.M)
    return sorted({name for line in asked for name in line.split()})
