# SPDX-License-Identifier: ISC
# What script/run fills its state with: database, settings, shop, web server.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # names shared with script/run

# ---- the database -----------------------------------------------------------

sql() {
	mariadb --no-defaults --socket="$sockets/my.sock" --user=root
}

database_install() {
	[ ! -d "$home/data/mariadb" ] || return 0
	say "making a private MariaDB in $home/data"
	rm -rf "$home/data/unfinished"
	# shellcheck disable=SC2086 # words
	if ! step "$home/log/install.log" $as mariadb-install-db \
	    --no-defaults --datadir="$home/data/unfinished" --force \
	    --skip-test-db --skip-name-resolve --innodb-log-file-size=16M \
	    --auth-root-authentication-method=normal; then
		give_up "it could not be made: $home/log/install.log"
	fi
	mv "$home/data/unfinished" "$home/data/mariadb"
}

database_start() {
	spawn mariadb mariadbd --no-defaults --datadir="$home/data/mariadb" \
	    --socket="$sockets/my.sock" --skip-networking --skip-name-resolve \
	    --tmpdir="$home/run" --innodb-buffer-pool-size=16M \
	    --innodb-log-file-size=16M --performance-schema=OFF \
	    --character-set-server=utf8mb4 --max-connections=64
	for _ in $(seq 600); do
		if echo 'SELECT 1' | sql >/dev/null 2>&1; then
			return 0
		fi
		[ -n "$(pid_of mariadb)" ] || break
		sleep 0.1
	done
	tail -n 20 "$home/log/mariadb.log" >&2
	give_up "MariaDB does not start; all of it: $home/log/mariadb.log"
}

# Who serves may read and write rows; only who migrates may change tables.
database_users() {
	sql <<-END || give_up "the users of the database could not be made"
	CREATE DATABASE IF NOT EXISTS doorward CHARACTER SET utf8mb4;
	CREATE OR REPLACE USER doorward@localhost
	    IDENTIFIED BY '$(cat "$home/conf/db.password")';
	GRANT SELECT, INSERT, UPDATE, DELETE ON doorward.* TO doorward@localhost;
	CREATE OR REPLACE USER doorward_owner@localhost
	    IDENTIFIED BY '$(cat "$home/conf/owner.password")';
	GRANT ALL ON doorward.* TO doorward_owner@localhost;
	END
}

# ---- configuration ----------------------------------------------------------

# secret FILE [WORDS]: make it once; WORDS and 64 hex digits.
secret() {
	[ -s "$home/conf/$1" ] || (
		umask 077
		echo "${2-}$(openssl rand -hex 32)" >"$home/conf/$1.new" &&
		    mv "$home/conf/$1.new" "$home/conf/$1"
	)
}

# conf_write FILE USER PASSWORD-FILE
conf_write() {
	cat >"$home/conf/$1" <<-END
	# Written by script/run at each start.
	environment = development
	public_url = $url
	default_shop = demo
	founding = open
	module_dir = $modules
	template_dir = $tree/conf/templates
	master_key_file = $home/conf/master.key
	db_socket = $sockets/my.sock
	db_name = doorward
	db_user = $2
	db_password_file = $home/conf/$3
	email_channel = file
	sms_channel = file
	whatsapp_channel = file
	message_dir = $home/messages
	mail_from = no-reply@demo.example
	client_address_factor = $factor
	refresh_grace_seconds = $grace
	metrics_from = 127.0.0.1
	END
}

# The shipped configuration of the web server, with our paths.
conf_web() {
	sed -e "s|^var\.worker .*|var.worker = \"$bin/doorward.fcgi\"|" \
	    -e "s|^var\.settings .*|var.settings = \"$home/conf/doorward.conf\"|" \
	    -e "s|^var\.pages .*|var.pages = \"$tree/web\"|" \
	    -e "s|^var\.sockets .*|var.sockets = \"$sockets\"|" \
	    -e "s|^var\.logs .*|var.logs = \"$home/log\"|" \
	    -e "s|^var\.workers .*|var.workers = \"$workers\"|" \
	    -e "s|^server\.bind .*|server.bind = \"127.0.0.1\"|" \
	    -e "s|^server\.port .*|server.port = $port|" \
	    -e "/^server\.username /d" -e "/^server\.groupname /d" \
	    -e "/^server\.pid-file /d" \
	    conf/lighttpd.conf >"$home/conf/lighttpd.conf"
}

conf_make() {
	secret master.key "1 " && secret db.password && secret owner.password &&
	    conf_write doorward.conf doorward db.password &&
	    conf_write owner.conf doorward_owner owner.password &&
	    conf_web
	# shellcheck disable=SC2181 # of the whole chain
	[ $? = 0 ] || give_up "$home/conf could not be written"
	[ -z "$as" ] || chown -R nobody:nogroup "$home/conf"
}

# ---- the shop ---------------------------------------------------------------

doorward() {
	"$bin/doorward" -c "$home/conf/doorward.conf" "$@"
}

# tenant SLUG OPTION...: 0 when it was made just now.
tenant() {
	if doorward tenant show "$1" >/dev/null 2>&1; then
		return 1
	fi
	doorward tenant create "$@" >/dev/null ||
	    give_up "the tenant $1 could not be made"
}

# key_make FILE OPTION...: an API key of the demo shop, once, as "id:key".
key_make() {
	file=$home/conf/$1
	shift
	[ ! -s "$file" ] || return 0
	(
		umask 077
		doorward apikey create demo "$@" --json 2>/dev/null |
		    sed -n 's/^{"id":"\([^"]*\)".*"key":"\([^"]*\)".*/\1:\2/p' \
			>"$file.new" && [ -s "$file.new" ] &&
		    mv "$file.new" "$file"
	) || give_up "an API key of the demo shop could not be made"
}

shop_make() {
	DOORWARD_SQL_DIR=$src/sql "$bin/doorward" -c "$home/conf/owner.conf" \
	    migrate >"$home/log/migrate.log" 2>&1 || {
		cat "$home/log/migrate.log" >&2
		give_up "the schema could not be brought up to date"
	}
	tenant platform --platform --name "Demo platform"
	if tenant demo --name "Demo Shop"; then
		doorward tenant set demo phone_countries '*' ||
		    give_up "the demo shop could not be set up"
	fi
	if [ ! -s "$home/conf/demo.key" ]; then
		doorward apikey create demo --name demo \
		    >"$home/conf/demo.key" 2>/dev/null ||
		    give_up "the demo shop's key could not be made"
	fi
	key=$(cat "$home/conf/demo.key")
	key_make introspect.key --kind secret --name "back end" \
	    --scopes "token:introspect token:revoke"
	key_make partner.key --kind partner --name "demo market" \
	    --source demo-market
	introspect_key=$(cat "$home/conf/introspect.key")
	partner_token=$(sed 's/^[^:]*://' "$home/conf/partner.key")
	tenant_id=$(doorward tenant show demo --json |
	    sed -n 's/^{"id":"\([^"]*\)".*/\1/p')
	[ -n "$key" ] || give_up "the demo shop has no key"
	[ -n "$tenant_id" ] || give_up "there is no demo shop"
}

# ---- the web server and the courier -----------------------------------------

# Does somebody listen here, on 127.0.0.1 or on all addresses?
port_taken() {
	for address in 0100007F 00000000 00000000000000000000000000000000 \
	    0000000000000000FFFF00000100007F; do
		! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		    grep -q " $address:$(printf %04X "$port") [0-9A-F:]* 0A " ||
		    return 0
	done
	return 1
}

web_start() {
	spawn web lighttpd -D -f "$home/conf/lighttpd.conf"
	spawn courier "$bin/doorward" -c "$home/conf/doorward.conf" courier
	for _ in $(seq 300); do
		curl --noproxy "*" -fsS -o /dev/null "$url/readyz" 2>/dev/null && break
		[ -n "$(pid_of web)" ] || break
		sleep 0.1
	done
	if [ -z "$(pid_of web)" ] || [ -z "$(pid_of courier)" ] ||
	    ! curl --noproxy "*" -fsS -o /dev/null "$url/readyz"; then
		tail -n 5 "$home/log/web.log" "$home/log/error.log" \
		    "$home/log/doorward" "$home/log/courier.log" >&2
		give_up "it does not answer; the logs are in $home/log"
	fi
}

env_write() {
	cat >"$state/demo.env.new" <<-END
	URL='$url'
	TENANT='$tenant_id'
	KEY='$key'
	INTROSPECT_KEY='$introspect_key'
	PARTNER_TOKEN='$partner_token'
	MESSAGES='$home/messages'
	GRACE_SECONDS='$grace'
	doorward() { '$bin/doorward' -c '$home/conf/doorward.conf' "\$@"; }
	END
	mv "$state/demo.env.new" "$state/demo.env" ||
	    give_up "$state/demo.env could not be written"
}
