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
  left=$grace
  while [ "$left" -gt 0 ] && kill -0 "$store" 2>/dev/null; do
    sleep 1
    left=$((left - 1))
    # Once more, for a store that was too young to listen the first time.
    [ "$left" -eq $((grace - 5)) ] && kill -"$signal" "$store" 2>/dev/null
  done
  kill -KILL 0
) &
exec 3<&-
# The supervisor speaks through stdin only; signals sent to the group must not end the keeper before the store.
trap '' INT TERM HUP QUIT
wait "$store"
code=$?
kill -TERM 0 2>/dev/null
exit "$code"
