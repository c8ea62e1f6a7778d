# Pierhead itself: built once, started fresh for each use.

PIERHEAD_PASSWORD=correct-horse
PIERHEAD_PID=

# Sets PIERHEAD_BINARY. It is the program that `cargo test` has built: the same code as a release, with checks for overflow
# on top, and its dependencies that do the work (SQLite, hashing, TLS) are optimized in it, too. Another build of
# everything would find nothing that this one hides.
pierhead_binary() {
  [ -z "${PIERHEAD_BINARY:-}" ] || return 0
  PIERHEAD_BINARY=${PIERHEAD_TEST_BINARY:-}
  if [ -z "$PIERHEAD_BINARY" ]; then
    # All of the workspace with its tests, because a part of it would have dependencies compiled once more, with other
    # features.
    run_logged build 2400 cargo test "${LOCKED[@]}" --workspace --no-run || {
      REASON="cargo test --no-run failed: see $LOGS/build.log"; return 1; }
    PIERHEAD_BINARY=$TARGET/debug/pierhead
  fi
  [ -x "$PIERHEAD_BINARY" ] || { REASON="no program at $PIERHEAD_BINARY"; PIERHEAD_BINARY=; return 1; }
}

# start_pierhead NAME [DATABASE_URL]: sets PIERHEAD_HOST and PIERHEAD_PID. The administrator is named by
# PIERHEAD_ADMIN_USERNAME (default 'admin'; empty for a server without users).
start_pierhead() {
  local name=$1 database=${2:-} admin=${PIERHEAD_ADMIN_USERNAME-admin} port
  local -a settings
  port=$(free_port)
  PIERHEAD_HOST=127.0.0.1:$port
  settings=(PIERHEAD_LISTEN="$PIERHEAD_HOST" PIERHEAD_DATA_DIR="$SCRATCH/$name")
  [ -z "$database" ] || settings+=(PIERHEAD_DATABASE_URL="$database")
  [ -z "$admin" ] || settings+=(PIERHEAD_ADMIN_USERNAME="$admin" PIERHEAD_ADMIN_PASSWORD="$PIERHEAD_PASSWORD" PIERHEAD_ADMIN_EMAIL=admin@example.test)
  mkdir -p "$SCRATCH/$name"
  # An empty folder and a bare environment: nothing of the machine's may matter.
  (cd "$SCRATCH/$name" && exec env -i PATH="$PATH" HOME="$SCRATCH/$name" RUST_BACKTRACE=1 "${settings[@]}" "$PIERHEAD_BINARY") \
    >"$LOGS/$name-server.log" 2>&1 </dev/null &
  PIERHEAD_PID=$!
  SERVICES+=("$PIERHEAD_PID")
  for _ in $(seq 150); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' -m 5 "http://$PIERHEAD_HOST/health/ready")" != 200 ] || return 0
    kill -0 "$PIERHEAD_PID" 2>/dev/null || break
    sleep 0.2
  done
  REASON="Pierhead did not become ready: $(tail -n 3 "$LOGS/$name-server.log" | tr '\n' ' ')(see $LOGS/$name-server.log)"
  stop_pierhead
  return 1
}

stop_pierhead() {
  [ -n "$PIERHEAD_PID" ] || return 0
  stop "$PIERHEAD_PID"
  forget "$PIERHEAD_PID"
  PIERHEAD_PID=
}
