#!/bin/sh
# SPDX-License-Identifier: ISC
# Stop the private MariaDB that db_up.sh started and remove all it wrote.

set -eu

run=${DW_RUN:-./testdb}
dir=$(cat "$run/dir" 2>/dev/null || true)
[ -n "$dir" ] || exit 0

pid=$(cat "$dir/run/pid" 2>/dev/null || true)
if [ -r "/proc/${pid:-none}/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" |
    grep -q -F -e "--datadir=$dir/data"; then
	kill -9 "$pid"		# its data are thrown away with it
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.1
	done
fi
rm -rf "$dir"
rm -f "$run/env" "$run/dir" "$run/install.log"
rmdir "$run" 2>/dev/null || true
