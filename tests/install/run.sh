#!/bin/sh
# SPDX-License-Identifier: ISC
# doc/install.md, typed line by line on bare Debian machines with systemd: the
# package is built, installed, configured behind each web server, used, purged.
#
# A machine is a folder of debootstrap's in namespaces of its own (processes,
# mounts, cgroups, and a network with nothing but loopback), all in memory.
# Needs root; everything is gone when this ends. DW_SRC: the source tree.
#
# tests/install/run.sh           the whole of it
# tests/install/run.sh SETUP...  some of the web servers

set -eu

DW_SRC=${DW_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1
export DW_SRC PATH PYTHONDONTWRITEBYTECODE

skip() {
	echo "0 passed, 0 failed, 1 skipped: $*"
	exit 0
}

[ "$(id -u)" = 0 ] || skip "only root may make machines"
for program in debootstrap lintian unshare nsenter; do
	command -v $program >/dev/null 2>&1 || skip "$program is not installed"
done
unshare -m -p -n -u -i -C --fork mount -t tmpfs none /mnt 2>/dev/null ||
    skip "this machine lets nobody make namespaces"
exec unshare -m --propagation private \
    /usr/bin/python3 "$DW_SRC/tests/install/main.py" "$@"
