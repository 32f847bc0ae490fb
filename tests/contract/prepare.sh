#!/bin/sh
# SPDX-License-Identifier: ISC
# Makes ready what holds Doorward to doc/openapi.yaml: npm packages, the linted
# document as JSON, and a client that is generated from it.
#
# tests/contract/prepare.sh FOLDER     all of it goes there, nothing elsewhere
#
# Exits with 77 where node or npm is not installed.

set -u

home=$(cd "$(dirname "$0")" && pwd)
paper=$home/../../doc/openapi.yaml
folder=$1
passed=0
failed=0

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "0 passed, 0 failed, 1 skipped: no node or npm: the contract"
	exit 77
fi
mkdir -p "$folder/log" && folder=$(cd "$folder" && pwd) || exit 1
NO_COLOR=1
NO_UPDATE_NOTIFIER=1
REDOCLY_TELEMETRY=off
REDOCLY_SUPPRESS_UPDATE_NOTICE=true
export NO_COLOR NO_UPDATE_NOTIFIER REDOCLY_TELEMETRY \
    REDOCLY_SUPPRESS_UPDATE_NOTICE

# step NAME SENTENCE COMMAND...: count it; when it fails, show what it said.
step() {
	log=$folder/log/$1
	sentence=$2
	shift 2
	if (cd "$folder" && "$@") >"$log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok: $sentence"
	else
		failed=$((failed + 1))
		echo "FAILED: $sentence"
		tail -n 60 "$log"
		return 1
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}

# Once for each lock and each node.
packages() {
	want="$(node --version) $(cksum <package-lock.json)"
	[ "$(cat installed 2>/dev/null)" = "$want" ] && return 0
	rm -f installed
	npm ci --no-progress && echo "$want" >installed
}

# Anew for each document and each file of ours.
client() {
	want="$(cat openapi.json signin.ts tsconfig.json installed | cksum)"
	[ "$(cat client.made 2>/dev/null)" = "$want" ] && return 0
	rm -rf client js client.made
	node_modules/.bin/openapi-ts -i openapi.json -o client \
	    -c @hey-api/client-fetch --no-log-file || return 1
	node_modules/.bin/tsc -p . && echo "$want" >client.made
}

(cd "$home" && cp package.json package-lock.json .npmrc redocly.yaml \
    tsconfig.json ./*.mjs signin.ts "$folder") || exit 1
step install 'the packages of the lock are installed' packages || finish
step lint 'doc/openapi.yaml is well-formed and complete' \
    node_modules/.bin/redocly lint --config redocly.yaml "$paper"
step bundle 'it can be read whole' \
    node_modules/.bin/redocly bundle --config redocly.yaml "$paper" \
    -o openapi.json || finish
step selftest 'the validator finds seeded faults' node selftest.mjs
step client 'a client is generated, and its types fit' client
finish
