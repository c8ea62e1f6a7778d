# A throw-away PostgreSQL: its own cluster in the scratch folder, on a free port, as the user its package made.

# Sets POSTGRES_URL (without a database). Starting it again is free. Its files are in memory where a tmpfs can be had: a
# database is some six hundred of them, and each test makes one.
start_postgres() {
  [ -z "${POSTGRES_URL:-}" ] || return 0
  apt_install postgresql || return 1
  local folder=$SCRATCH/pg port bin=()
  POSTGRES_BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  [ -x "$POSTGRES_BIN/initdb" ] || { REASON="no initdb in $POSTGRES_BIN"; return 1; }
  mkdir -p "$folder" && chmod 700 "$folder"
  mount -t tmpfs -o size=4g,mode=700 tmpfs "$folder" 2>/dev/null || echo "PostgreSQL's files are on the disk: no tmpfs" >&2
  AS_POSTGRES=()
  if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
    chown postgres: "$folder"
    AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups)
  fi
  # Nothing here survives the script, so nothing needs to reach the disk.
  (cd / && "${AS_POSTGRES[@]}" "$POSTGRES_BIN/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync) \
    >"$LOGS/postgres-initdb.log" 2>&1 || { REASON="initdb failed: see $LOGS/postgres-initdb.log"; return 1; }
  port=$(free_port)
  (cd / && exec "${AS_POSTGRES[@]}" "$POSTGRES_BIN/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=256MB -c max_connections=400 -c shared_buffers=64MB) \
    >"$LOGS/postgres.log" 2>&1 </dev/null &
  POSTGRES_PID=$! POSTGRES_FOLDER=$folder POSTGRES_PORT=$port
  SERVICES+=("$POSTGRES_PID")
  for _ in $(seq 150); do
    if "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$port"; then POSTGRES_URL=postgres://postgres@127.0.0.1:$port; return 0; fi
    kill -0 "$POSTGRES_PID" 2>/dev/null || break
    sleep 0.2
  done
  REASON="PostgreSQL did not start: see $LOGS/postgres.log"
  return 1
}

# database_url sqlite|postgres NAME: the value for PIERHEAD_DATABASE_URL; empty is Pierhead's default, SQLite.
database_url() {
  [ "$1" = postgres ] || return 0
  "$POSTGRES_BIN/createdb" -h 127.0.0.1 -p "$POSTGRES_PORT" -U postgres "$2" || return 1
  echo "$POSTGRES_URL/$2"
}
