#!/bin/sh
# Starts a binary on an empty data directory and tells how long after the line
# with its URL the demo works hang on the wall, and how much processor time the
# server and its tools took until then: bench/demo.sh bin/vitrine [seconds to
# wait at most]. Needs psql; leaves nothing behind.
set -eu
binary=$1
most=${2:-1800}
dir=$(mktemp -d)
chmod 755 "$dir" # the database's own user looks in
port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 20000) }')
PORT=$port DATA_DIR=$dir/data ADMIN_ADDR=off LOG_LEVEL=warn "$binary" serve >"$dir/out" 2>"$dir/log" &
server=$!
trap 'kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
now() { date +%s.%N; }
since() { echo "$(now) $1" | awk '{ printf "%.1f", $1 - $2 }'; }
# spent is user and system time, of ended children too; PostgreSQL is not among them.
ticks=$(getconf CLK_TCK)
spent() { awk -v hz="$ticks" '{ printf "%.0f", ($14 + $15 + $16 + $17) / hz }' "/proc/$server/stat"; }
told() { echo "$1 after $(since "$open") s; processor $(spent) s; load average $(cut -d' ' -f1-3 /proc/loadavg)"; }
begun=$(now)
while ! grep -q 'Vitrine is open at' "$dir/out"; do
	kill -0 "$server" || { cat "$dir/out" "$dir/log" >&2; exit 1; }
	sleep 0.05
done
open=$(now)
echo "the URL after $(since "$begun") s; load average $(cut -d' ' -f1-3 /proc/loadavg)"
conf=$(find "$dir/data/postgres" -name '*.conf' -exec grep -l '^unix_socket_directories' {} + | head -n 1)
socket=$(sed -n "s/^unix_socket_directories *= *'\(.*\)'.*/\1/p" "$conf")
PGPASSWORD=$(cat "$(find "$dir/data/postgres" -maxdepth 2 -name password)")
export PGPASSWORD
ask() { psql -X -q -A -t -h "$socket" -U "${PGUSER:-vitrine}" -d vitrine -c "$1"; }
for want in 1 10 30 100 200 300 all; do
	while :; do
		if [ "$want" = all ]; then
			[ "$(ask "select state from demo")" = full ] && break
		else
			[ "$(ask "select count(*) from works where state = 'published'")" -ge "$want" ] && break
		fi
		kill -0 "$server" || exit 1
		[ "$(since "$open" | cut -d. -f1)" -lt "$most" ] || { echo "$want: not within $most s"; ask "select state, count(*) from works group by 1"; tail -n 5 "$dir/log"; exit 1; }
		sleep 0.2
	done
	told "$want published"
done
ask "select count(*) || ' works, ' || (select count(*) from media) || ' files, ' || count(*) filter (where state = 'published') || ' published' from works"
while [ "$(ask "select count(*) from tasks where state = 'ready'")" -gt 0 ] || [ "$(ask "select count(*) from outbox where sent_at is null")" -gt 0 ]; do
	kill -0 "$server" || exit 1
	[ "$(since "$open" | cut -d. -f1)" -lt "$most" ] || { echo "the last size: not within $most s"; exit 1; }
	sleep 1
done
told "the last size, AVIF included,"
