#!/bin/sh
# Stops the test server once no test process has held users.lock for 20 s.
# $1 is the directory of the locks, $2 the data directory. flock belongs to util-linux, which every Debian has.
base=$1
pid_file=$2/postmaster.pid

exec 9>"$base/watcher.lock"
flock --nonblock 9 || exit 0

stop() {
	# start.lock first, as the tests take them: nobody can begin to use the server while it is stopped.
	exec 8>"$base/start.lock"
	flock --nonblock 8 || return 1
	exec 7>"$base/users.lock"
	flock --nonblock 7 || return 1
	pid=$(head -n 1 "$pid_file") || return 0
	sockets=$(sed -n 5p "$pid_file")
	kill -s INT "$pid" || return 0
	while kill -s 0 "$pid" 2>/dev/null; do sleep 0.2; done
	rmdir "$sockets"
	return 0
}

idle=0
while [ -e "$pid_file" ]; do
	sleep 2
	if flock --nonblock "$base/users.lock" true; then
		idle=$((idle + 1))
	else
		idle=0
	fi
	if [ "$idle" -ge 10 ]; then
		stop && exit 0
		exec 7>&- 8>&-
		idle=0
	fi
done
