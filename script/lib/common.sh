# Counting, logs, and services that end with the script. Sourced by script/test and by the scripts in tests/.

ROOT=${ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
LOGS=$ROOT/target/test-logs
PASSED=0 FAILED=0 REASON=
SERVICES=() # process ids, in the order they were started

indent() { sed 's/^/     /'; }

begin_scratch() {
  mkdir -p "$LOGS"
  # A short path, because a Unix socket's may have 107 bytes at most.
  SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/pht.XXXXXX") || exit 1
  chmod 755 "$SCRATCH" # PostgreSQL runs as another user
  trap finish EXIT
  trap 'exit 130' INT TERM HUP
}

finish() {
  local status=$?
  finish_services
  unmount_below "$SCRATCH"
  rm -rf "$SCRATCH"
  exit $status
}

# The newest first: a server before its database.
finish_services() {
  local i
  for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do stop "${SERVICES[i]}"; done
  SERVICES=()
}

# stop PID [SIGNAL]: ends a process, with its group if it leads one.
stop() {
  local pid=$1 signal=${2:-TERM} whom=$1
  kill -0 -- "-$pid" 2>/dev/null && whom=-$pid
  kill "-$signal" -- "$whom" 2>/dev/null || return 0
  for _ in $(seq 200); do
    kill -0 -- "$whom" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "$whom" 2>/dev/null
  wait "$pid" 2>/dev/null
  return 0
}

# What dockerd and podman mounted, innermost first.
unmount_below() {
  awk -v below="$1/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r |
    while read -r mount; do umount -l "$mount" 2>/dev/null; done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# run_logged LOG SECONDS COMMAND…: the command in a process group of its own, so that ending the script ends all of it.
run_logged() {
  local log=$LOGS/$1.log seconds=$2 pid status; shift 2
  set -m
  timeout -k 30 "$seconds" "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  SERVICES+=("$pid")
  wait "$pid"; status=$?
  forget "$pid"
  [ $status != 124 ] || echo "stopped after $seconds s" >>"$log"
  return $status
}

# in_background COMMAND…: with what the processor has left over. Sets BACKGROUND, whose end `join_background` awaits.
in_background() {
  set -m
  (
    set +m
    SERVICES=()
    trap 'finish_services; exit 143' TERM
    renice -n 19 -p "$BASHPID" >/dev/null 2>&1
    "$@"
  ) </dev/null >>"$LOGS/background.log" 2>&1 &
  BACKGROUND=$!
  set +m
  SERVICES+=("$BACKGROUND")
}

join_background() {
  [ -n "${BACKGROUND:-}" ] || return 0
  renice -n 0 -g "$BACKGROUND" >/dev/null 2>&1
  wait "$BACKGROUND"
  forget "$BACKGROUND"
  BACKGROUND=
}

forget() {
  local pid rest=()
  for pid in "${SERVICES[@]}"; do [ "$pid" = "$1" ] || rest+=("$pid"); done
  SERVICES=("${rest[@]}")
}

add() { # add NAME PASSED FAILED
  PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3))
  printf '   %-28s %s passed, %s failed\n' "$1" "$2" "$3"
}

not_run() { # a part that cannot run is a failure, never silence
  add "$part" 0 1
  echo "     could not run: $1"
}

check_command() { # check_command NAME LOG SECONDS COMMAND…
  local name=$1 log=$2; shift
  if run_logged "$@"; then add "$name" 1 0
  else add "$name" 0 1; tail -n 30 "$LOGS/$log.log" | indent; fi
}

# Takes over the 'N passed, N failed' that a test script closes with, and shows what failed in it.
add_closing_line() { # add_closing_line LOG
  local counts
  counts=$(tail -n 1 "$LOGS/$1.log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
  if [ -z "$counts" ] || [ "$counts" = "0 0" ]; then
    add "$1" 0 1
    echo "     ended without a result:"; tail -n 15 "$LOGS/$1.log" | indent
    return
  fi
  # shellcheck disable=SC2086  # two numbers
  add "$1" $counts
  grep -A 6 -E '^FAIL ' "$LOGS/$1.log" | grep -vE '^(ok |--$|[0-9]+ passed, )' | cut -c 1-400 | head -100 | indent
}

run_part() {
  local begun=$SECONDS before=$((PASSED + FAILED))
  part=$1
  echo "== $part"
  "part_$part"
  [ $((PASSED + FAILED)) -gt "$before" ] || not_run "it ran no test"
  echo "   $((SECONDS - begun)) s"
}
