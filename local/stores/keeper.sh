#!/bin/sh
# Runs a store and ends it when stdin closes, so that a supervisor that dies, even by kill -9, leaves nothing.
#   keeper.sh SIGNAL GRACE_SECONDS COMMAND [ARGS]
# It is started as the leader of its own process group; the group is what is killed at the end.
signal=$1 grace=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
store=$!
(
  cat <&3 >/dev/null
  kill -"$signal" "$store" 2>/dev/null
  sleep "$grace"
  kill -KILL 0
) &
exec 3<&-
# The supervisor speaks through stdin only; signals sent to the group must not end the keeper before the store.
trap '' INT TERM HUP QUIT
wait "$store"
code=$?
kill -TERM 0 2>/dev/null
exit "$code"
