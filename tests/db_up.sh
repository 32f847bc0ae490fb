#!/bin/sh
# SPDX-License-Identifier: ISC
# Start the private MariaDB of the tests, or see that it runs; what the tests
# need to know of it goes to $DW_RUN/env. DW_DB_TLS: yes (preset), no, or wrong
# for a certificate of another name. Exits with 77 when there is no mariadbd.

set -eu
umask 022

run=${DW_RUN:-./testdb}
tls=${DW_DB_TLS:-yes}
lifetime=3600			# seconds; a forgotten server stops by itself
room_kib=1000000
PATH=$PATH:/usr/sbin:/sbin

for program in mariadbd mariadb-install-db openssl timeout; do
	if ! command -v $program >/dev/null 2>&1; then
		echo "db_up: $program is not installed: no database tests" >&2
		exit 77
	fi
done

# Is it our server that runs under this number?
is_ours() {
	[ -r "/proc/${1:-none}/cmdline" ] || return 1
	tr '\0' ' ' <"/proc/$1/cmdline" |
	    grep -q -F -e "--datadir=$2/data"
}

stop() {
	kill "$1"
	for _ in $(seq 100); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -9 "$1"
}

# In memory, where that has room: each test makes all tables anew.
folder_base() {
	room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	base=${TMPDIR:-/tmp}
	[ ${#base} -le 60 ] || base=/tmp
	[ ! -w /dev/shm ] || [ "${room:-0}" -lt $room_kib ] || base=/dev/shm
}

# The folder is short, so that the socket's path is, and open to the server only.
folder_make() {
	folder_base
	dir=$(mktemp -d "$base/doorward-db.XXXXXX")
	mkdir "$dir/run" "$dir/tls"
	printf '%s\n' "$dir" >"$run/dir"
}

# $1: file's name, $2: common name
authority_make() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 2 -subj "/CN=$2" -keyout "$dir/tls/$1.key" \
	    -out "$dir/tls/$1.pem" 2>/dev/null
}

# $1: file's name, $2: the names it is for
certificate_make() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj "/CN=$1" -keyout "$dir/tls/$1.key" -out "$dir/tls/$1.req" \
	    2>/dev/null
	printf 'subjectAltName=%s\n' "$2" >"$dir/tls/$1.ext"
	openssl x509 -req -in "$dir/tls/$1.req" -days 2 -CAcreateserial \
	    -CA "$dir/tls/ca.pem" -CAkey "$dir/tls/ca.key" \
	    -extfile "$dir/tls/$1.ext" -out "$dir/tls/$1.pem" 2>/dev/null
}

certificates_make() {
	authority_make ca "Test authority"
	authority_make other "Other authority"
	certificate_make yes "IP:127.0.0.1,DNS:localhost"
	certificate_make wrong "DNS:db.example"
}

data_make() {
	# No way in over TCP without a password.
	echo "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root'" \
	    "AND Host <> 'localhost'); FLUSH PRIVILEGES;" |
	    tr -d '\n' | sed 's/; /;\n/g' >"$dir/init.sql"
	if [ "$(id -u)" = 0 ]; then
		chown -R "$user" "$dir"
	fi
	mariadb-install-db --no-defaults --force --datadir="$dir/data" $as \
	    --skip-test-db --skip-name-resolve --innodb-log-file-size=16M \
	    --auth-root-authentication-method=normal >"$run/install.log" 2>&1
}

server_run() {
	files=
	if [ "$tls" != no ]; then
		files="--ssl-ca=$dir/tls/ca.pem --ssl-cert=$dir/tls/$tls.pem"
		files="$files --ssl-key=$dir/tls/$tls.key"
	fi
	: >"$dir/run/log"
	timeout $lifetime mariadbd --no-defaults --datadir="$dir/data" $as \
	    --socket="$dir/run/sock" --pid-file="$dir/run/pid" \
	    --tmpdir="$dir/run" --init-file="$dir/init.sql" \
	    --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
	    --innodb-buffer-pool-size=16M --innodb-log-file-size=16M \
	    --innodb-flush-log-at-trx-commit=0 --performance-schema=OFF \
	    --character-set-server=utf8mb4 --max-connections=64 $files \
	    </dev/null >"$dir/run/log" 2>&1 &
	starter=$!
}

# 0: it answers; 1: it has given up.
server_wait() {
	for _ in $(seq 300); do
		grep -q 'ready for connections' "$dir/run/log" && return 0
		kill -0 "$starter" 2>/dev/null || return 1
		sleep 0.1
	done
	kill "$starter"
	return 1
}

env_write() {
	cat >"$run/env.new" <<-END
	DW_DB_SOCKET='$dir/run/sock'; export DW_DB_SOCKET
	DW_DB_PID=$(cat "$dir/run/pid"); export DW_DB_PID
	DW_DB_PORT=$port; export DW_DB_PORT
	DW_DB_CA='$dir/tls/ca.pem'; export DW_DB_CA
	DW_DB_CA_OTHER='$dir/tls/other.pem'; export DW_DB_CA_OTHER
	END
	mv "$run/env.new" "$run/env"
}

mkdir -p "$run"
user=nobody
as=
[ "$(id -u)" != 0 ] || as=--user=$user

dir=$(cat "$run/dir" 2>/dev/null || true)
if [ -n "$dir" ] && [ -d "$dir/data/mysql" ]; then
	pid=$(cat "$dir/run/pid" 2>/dev/null || true)
	if is_ours "$pid" "$dir"; then
		[ ! -f "$run/env" ] || [ ! -S "$dir/run/sock" ] || exit 0
		stop "$pid"
	fi
else
	[ -z "$dir" ] || rm -rf "$dir"
	folder_make
	certificates_make
	data_make || {
		cat "$run/install.log" >&2
		exit 1
	}
fi

rm -f "$run/env"
for _ in 1 2 3 4 5; do
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
	server_run
	if server_wait; then
		env_write
		exit 0
	fi
done
cat "$dir/run/log" >&2
exit 1
