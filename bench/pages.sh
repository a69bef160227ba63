#!/bin/sh
# Times pages of a running site one request after the other, from the outside:
# bench/pages.sh http://127.0.0.1:8080 [requests per page]. Prints milliseconds.
set -eu
site=$1
count=${2:-50}
times=$(mktemp)
trap 'rm -f "$times"' EXIT
work=$(curl -s "$site/explore" | grep -o 'href="/@[^"/]*/[^"]*"' | head -n 1 | cut -d'"' -f2)
printf '%-22s %8s %8s %8s\n' page p50 p95 bytes
for page in / /explore "$work" "$(dirname "$work")" /t/night '/search?q=harbour' '/search?q=harbur' '/search?q=night+rain' /explore/feed.atom; do
	: >"$times"
	i=0
	while [ "$i" -lt "$count" ]; do
		curl -s -o /dev/null --compressed -w '%{http_code} %{time_total} %{size_download}\n' "$site$page" >>"$times"
		i=$((i + 1))
	done
	if grep -qv '^200 ' "$times"; then
		echo "$page did not answer 200 each time" >&2
		exit 1
	fi
	sort -k2 -n "$times" | awk -v page="$page" -v n="$count" '
		NR == int(n * 0.5 + 0.5) { p50 = $2 * 1000 } NR == int(n * 0.95 + 0.5) { p95 = $2 * 1000 } { bytes = $3 }
		END { if (length(page) > 22) page = substr(page, 1, 19) "..."; printf "%-22s %8.1f %8.1f %8d\n", page, p50, p95, bytes }'
done
