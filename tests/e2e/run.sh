#!/bin/sh
# SPDX-License-Identifier: ISC
# Conversations with the whole of Doorward: real web server, database, courier.
#
# tests/e2e/run.sh            every conversation, through all six set-ups
# tests/e2e/run.sh --long     through lighttpd with the workers under valgrind,
#                             then 200,000 requests, to see that no memory is
#                             kept
# tests/e2e/run.sh PART...    some parts; --list names them
# --through SETUP             one set-up; more than once: several
#
# DW_SRC: the source tree; DW_BUILD: where it was built (build/gcc);
# DW_WORKERS=valgrind: the workers run under it; DW_KEEP=yes: keep the folders.
# DW_CONTRACT=yes: hold the answers of named parts, too, against the document;
# DW_CONTRACT=no: those of none.
# Of a build with --enable-sanitizers the sanitizers' findings count, too.

set -eu

DW_SRC=${DW_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
DW_BUILD=${DW_BUILD:-$DW_SRC/build/gcc}
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1
export DW_SRC DW_BUILD PATH PYTHONDONTWRITEBYTECODE

for program in mariadbd mariadb-install-db mariadb openssl; do
	if ! command -v $program >/dev/null 2>&1; then
		echo "0 passed, 0 failed, 1 skipped: $program is not installed"
		exit 0
	fi
done
status=0
# every answer of a whole run is held against doc/openapi.yaml
contract=$DW_SRC/build/contract
wanted=no
held=no
whole=
# is a part named? or is it the whole, perhaps through some set-ups only
named=no
before=
for word; do
	[ "$before" = --through ] || [ "$word" = --through ] || named=yes
	before=$word
done
[ $named = yes ] || { wanted=yes whole=--whole; }
if [ "${DW_CONTRACT:-$wanted}" = yes ]; then
	if sh "$DW_SRC/tests/contract/prepare.sh" "$contract"; then
		DW_CLIENT=$contract
		DW_RECORD=$(mktemp "${TMPDIR:-/tmp}/doorward-said.XXXXXX")
		held=yes
		export DW_CLIENT DW_RECORD
		trap 'rm -f "$DW_RECORD"' EXIT
	elif [ $? != 77 ]; then
		status=1
	fi
fi
/usr/bin/python3 "$DW_SRC/tests/e2e/main.py" "$@" || status=1
if [ $held = yes ]; then
	node "$contract/validate.mjs" "$contract/openapi.json" "$DW_RECORD" \
	    $whole || status=1
fi
# without a part named: what the README says, to the letter
if [ $named = no ] && [ "${DW_README:-yes}" = yes ]; then
	/usr/bin/python3 "$DW_SRC/tests/e2e/readme.py" || status=1
fi
exit $status
