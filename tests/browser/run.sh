#!/bin/sh
# SPDX-License-Identifier: ISC
# Our pages in a real browser, before the whole of Doorward.
#
# tests/browser/run.sh              all of it
# tests/browser/run.sh WORD...      the cases whose sentence has these words
#
# DW_SRC: the source tree; DW_BUILD: where it was built (build/gcc), where the
# packages of package-lock.json are put too; DW_SHOTS: a folder for pictures;
# DW_KEEP=yes: keep the throwaway folder.

set -eu

DW_SRC=${DW_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
DW_BUILD=${DW_BUILD:-$DW_SRC/build/gcc}
DW_MODULES=$DW_BUILD/browser
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1
export DW_SRC DW_BUILD DW_MODULES PATH PYTHONDONTWRITEBYTECODE

skip() {
	echo "0 passed, 0 failed, 1 skipped: $*"
	exit 0
}

for program in mariadbd mariadb-install-db mariadb lighttpd multiwatch \
    node npm chromium; do
	command -v $program >/dev/null 2>&1 || skip "$program is not installed"
done

mkdir -p "$DW_MODULES"
for file in package.json package-lock.json .npmrc; do
	cmp -s "$DW_SRC/tests/browser/$file" "$DW_MODULES/$file" && continue
	cp "$DW_SRC/tests/browser/$file" "$DW_MODULES/$file"
	rm -rf "$DW_MODULES/node_modules"
done
if [ ! -d "$DW_MODULES/node_modules" ] &&
    ! (cd "$DW_MODULES" && npm ci --no-audit --no-fund --ignore-scripts) \
	>"$DW_MODULES/npm.log" 2>&1; then
	tail -n 5 "$DW_MODULES/npm.log"
	rm -rf "$DW_MODULES/node_modules"
	skip "npm could not bring playwright-core and axe-core"
fi
exec /usr/bin/python3 "$DW_SRC/tests/browser/stage.py" "$@"
