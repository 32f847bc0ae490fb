# SPDX-License-Identifier: ISC
# What script/run starts: where it lives, as whom it runs, how it is stopped.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # names shared with script/run

# ---- where it lives, and as whom it runs ------------------------------------

# Root starts everything as nobody, and where nobody cannot enter the state's
# folder, the files live in a folder of their own, which STATE/home names.
# $as: what goes before a command for that.
place_find() {
	as=
	home=$state
	closed=no
	[ "$(id -u)" = 0 ] || return 0
	as="setpriv --reuid=nobody --regid=nogroup --clear-groups"
	if [ -f "$state/home" ]; then
		home=$(cat "$state/home")
	elif ! $as test -x "$state"; then
		closed=yes
	fi
}

place_make() {
	if [ "$closed" = yes ]; then
		home=$(mktemp -d /var/lib/doorward-demo.XXXXXX) ||
		    give_up "there is no place for files of nobody"
		chmod 755 "$home"
		echo "$home" >"$state/home"
		say "nobody, as whom it runs, cannot enter $state:" \
		    "the files live in $home"
	fi
	for folder in conf data log messages run; do
		mkdir -p "$home/$folder" || give_up "$home cannot be written"
		[ -z "$as" ] || chown -R nobody:nogroup "$home/$folder"
		chmod 700 "$home/$folder" 2>/dev/null
	done
	$as test -w "$home/conf" ||
	    give_up "$home is another user's: be that user, or set STATE"
	sockets_make
}

# A socket's path has at most 107 bytes.
sockets_make() {
	sockets=$home/run
	if [ ${#sockets} -gt 90 ]; then
		sockets=$(mktemp -d /tmp/doorward-run.XXXXXX)
		[ -z "$as" ] || chown nobody:nogroup "$sockets"
	fi
	echo "$sockets" >"$home/run/sockets"
}

# The programs from the build; a copy of them where nobody cannot reach it.
programs_place() {
	bin=$src/build/run
	modules=$bin/src/net/.libs
	tree=$src
	for file in "$bin/doorward.fcgi" "$bin/doorward" "$modules/net.so" \
	    "$src/conf/templates/en/signin.email.txt" \
	    "$src/web/signin/index.html" "$src/web/inbox/index.html"; do
		$as test -r "$file" || break
		file=
	done
	[ -n "$file" ] || return 0
	bin=$home/app
	modules=$home/app
	tree=$home/app
	rm -rf "$bin"
	mkdir -p "$bin/conf" &&
	    cp build/run/doorward.fcgi build/run/doorward \
	    build/run/src/net/.libs/net.so "$bin" &&
	    cp -R web "$bin" && cp -R conf/templates "$bin/conf" &&
	    chmod -R a+rX "$bin"
	# shellcheck disable=SC2181 # of the whole chain
	[ $? = 0 ] || give_up "the programs could not be copied"
}

# ---- processes --------------------------------------------------------------

# is_ours PID WORD: does a process of this number run with this argument?
is_ours() {
	grep -qzxF -e "$2" "/proc/${1:-none}/cmdline" 2>/dev/null
}

# What each of ours has among its arguments, and nobody else.
word_of() {
	case $1 in
	mariadb) echo "--datadir=$home/data/mariadb" ;;
	web) echo "$home/conf/lighttpd.conf" ;;
	courier) echo "$home/conf/doorward.conf" ;;
	esac
}

# The number under which it runs, or nothing.
pid_of() {
	pid=$(cat "$home/run/$1.pid" 2>/dev/null)
	! is_ours "$pid" "$(word_of "$1")" || echo "$pid"
}

# Whatever else works on these files: workers that outlived their web server,
# or a server whose number nobody wrote down.
stray_pids() {
	grep -lzxF -e "$(word_of mariadb)" -e "$(word_of web)" \
	    -e "$(word_of courier)" /proc/[0-9]*/cmdline 2>/dev/null |
	    while read -r file; do
		case $(head -z -n 1 "$file" 2>/dev/null | tr -d '\0') in
		mariadbd | lighttpd | */multiwatch | */doorward.fcgi) ;;
		*/doorward) grep -qzxF courier "$file" || continue ;;
		*) continue ;;
		esac
		echo "$file" | cut -d / -f 3
	    done
}

# spawn NAME COMMAND...: in the background, deaf to this terminal.
spawn() {
	name=$1
	shift
	# shellcheck disable=SC2086 # words
	setsid $as "$@" </dev/null >>"$home/log/$name.log" 2>&1 9>&- &
	pid=$!
	echo "$pid" >"$home/run/$name.pid"
	# until then it is a copy of this script
	while ! is_ours "$pid" "$(word_of "$name")"; do
		grep -q . "/proc/$pid/cmdline" 2>/dev/null || break
		sleep 0.02
	done
}

# halt SIGNAL SECONDS NAME: ask; returns 1 when it is still there after that.
halt() {
	tenths=$(($2 * 10))
	pid=$(pid_of "$3")
	[ -n "$pid" ] || return 0
	kill "-$1" "$pid" 2>/dev/null
	while [ -n "$(pid_of "$3")" ]; do
		[ $tenths -gt 0 ] || return 1
		tenths=$((tenths - 1))
		sleep 0.1
	done
}

strays_stop() {
	for pid in $(stray_pids); do
		kill "-$1" "$pid" 2>/dev/null
	done
}

all_stop() {
	rm -f "$state/demo.env"
	# first those who ask the database; the web server ends what it has begun
	halt INT 3 web || halt TERM 2 web || halt KILL 2 web
	halt TERM 10 courier || halt KILL 2 courier
	strays_stop TERM
	halt TERM 60 mariadb || halt KILL 5 mariadb
	for _ in $(seq 50); do
		[ -n "$(stray_pids)" ] || break
		sleep 0.1
	done
	strays_stop KILL
	folder=$(cat "$home/run/sockets" 2>/dev/null)
	case $folder in
	/tmp/doorward-run.*) rm -rf "$folder" ;;
	esac
	rm -f "$home/run/"*.pid "$home/run/sockets"
}

any_runs() {
	[ -n "$(pid_of mariadb)$(pid_of web)$(pid_of courier)" ]
}

all_run() {
	[ -f "$state/demo.env" ] && [ -n "$(pid_of mariadb)" ] &&
	    [ -n "$(pid_of web)" ] && [ -n "$(pid_of courier)" ]
}
