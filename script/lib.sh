# SPDX-License-Identifier: ISC
# What the scripts share: packages, and words with the seconds before them.
# shellcheck shell=sh

begun=$(date +%s)

say() {
	printf '[%4d s] %s\n' $(($(date +%s) - begun)) "$*"
}

# Those of script/packages for these occasions (build run test) that are not
# installed, nor provided by another package, on one line.
packages_missing() {
	have=$(dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' |
	    sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//')
	for occasion in "$@"; do
		sed -n "s/^$occasion //p" script/packages
	done | while read -r package; do
		echo "$have" | grep -qxF "$package" || printf '%s ' "$package"
	done
}

# Install them; what they bring is not started. $1: prefix for root, or empty.
packages_install() {
	prefix=$1
	shift
	policy=/usr/sbin/policy-rc.d
	ours=no
	if [ ! -e $policy ]; then
		ours=yes
		printf '#!/bin/sh\nexit 101\n' | $prefix tee $policy >/dev/null
		$prefix chmod 755 $policy
	fi
	status=0
	$prefix apt-get -qq update &&
	    $prefix env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    install --no-install-recommends "$@" || status=$?
	[ $ours = no ] || $prefix rm -f $policy
	return $status
}

# Have what these occasions need, or say what to type and return 1.
packages_need() {
	if ! command -v dpkg-query >/dev/null; then
		say "not a Debian: trusting that everything is installed"
		return 0
	fi
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" = 0 ]; then
		prefix=
	elif sudo -n true 2>/dev/null; then
		prefix=sudo
	else
		say "these packages are missing; as root:"
		echo "    apt-get install $missing"
		return 1
	fi
	say "installing $missing"
	mkdir -p build/log
	# shellcheck disable=SC2086 # one word per package
	packages_install "$prefix" $missing >build/log/packages.log 2>&1 </dev/null
	missing=$(packages_missing "$@")
	[ -z "$missing" ] && return 0
	tail -n 20 build/log/packages.log
	say "still missing: $missing"
	return 1
}

# Have ./configure, newer than what it is made of.
configure_make() {
	if [ ! -e Makefile.in ] || [ -n "$(find configure.ac m4/doorward.m4 \
	    -newer configure 2>/dev/null || echo none)" ]; then
		autoreconf -i
	fi
}

# configure_in FOLDER ARGUMENT...: a build of its own in build/FOLDER, once.
configure_in() {
	folder=build/$1
	shift
	configure_make || return 1
	mkdir -p "$folder"
	if [ "$(cat "$folder/configured" 2>/dev/null)" != "$PWD $*" ]; then
		(cd "$folder" && ../../configure -q "$@") || return 1
		echo "$PWD $*" >"$folder/configured"
	fi
}
