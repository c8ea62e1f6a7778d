# What the client scripts share: checks, the picture of a small image, and calls to Pierhead's API.

. "$ROOT/script/lib/common.sh"
. "$ROOT/script/lib/tools.sh"

# t NAME COMMAND…: a check that must succeed.
t() {
  if attempt "${@:2}"; then PASSED=$((PASSED + 1)); echo "ok   $1"
  else FAILED=$((FAILED + 1)); echo "FAIL $1"; tail -n 5 "$SCRATCH/log" | indent; fi
}

# no NAME COMMAND…: a check that must be refused.
no() {
  if attempt "${@:2}"; then FAILED=$((FAILED + 1)); echo "FAIL $1 (was let through)"
  else PASSED=$((PASSED + 1)); echo "ok   $1"; fi
}

# no_because PATTERN NAME COMMAND…: must be refused, and the client must show a message that says why.
no_because() {
  local pattern=$1 name=$2; shift 2
  if attempt "$@"; then FAILED=$((FAILED + 1)); echo "FAIL $name (was let through)"
  elif grep -qiE "$pattern" "$SCRATCH/log"; then PASSED=$((PASSED + 1)); echo "ok   $name: $(grep -iE "$pattern" "$SCRATCH/log" | tail -n 1 | cut -c 1-160)"
  else FAILED=$((FAILED + 1)); echo "FAIL $name (refused, but no word of /$pattern/)"; tail -n 5 "$SCRATCH/log" | indent; fi
}

attempt() {
  local run=(timeout 120)
  [ "$(type -t "$1")" != function ] || run=()
  "${run[@]}" "$@" >"$SCRATCH/log" 2>&1 </dev/null
}

closing_line() {
  echo "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ]
}

# The clients find their configuration, credentials and caches below HOME and in these variables.
private_home() {
  export HOME=$SCRATCH/home XDG_RUNTIME_DIR=$SCRATCH/xdg REGISTRY_AUTH_FILE=$SCRATCH/auth.json DOCKER_CONFIG=$SCRATCH/docker-config
  export HELM_REGISTRY_CONFIG=$SCRATCH/helm-registry.json COSIGN_PASSWORD=''
  unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME DOCKER_HOST
  mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$DOCKER_CONFIG"
  # Podman 4 refuses to start when the file that is named does not exist.
  echo '{}' >"$REGISTRY_AUTH_FILE"
  export PATH=$TOOLS/engine/usr/sbin:$TOOLS/engine/usr/bin:$TOOLS/bin:$TOOLS/cosign/usr/bin:$PATH
}

# A small root file system, as $SCRATCH/rootfs.tar and as an OCI layout; SUM is the checksum of data/random in it.
make_image() {
  mkdir -p "$SCRATCH/rootfs/etc" "$SCRATCH/rootfs/data"
  echo "a test image" >"$SCRATCH/rootfs/etc/issue"
  head -c 300000 /dev/urandom >"$SCRATCH/rootfs/data/random"
  tar -C "$SCRATCH/rootfs" -cf "$SCRATCH/rootfs.tar" .
  SUM=$(sha256sum <"$SCRATCH/rootfs/data/random")
}

has_sum() { [ "$(sha256sum)" = "$SUM" ]; } # has_sum <FILE

SKOPEO="skopeo --insecure-policy"
PODMAN() { podman --root "$SCRATCH/podman" --runroot "$SCRATCH/podman-run" --storage-driver vfs --cgroup-manager cgroupfs --events-backend file "$@"; }
BUILDAH() { buildah --root "$SCRATCH/buildah" --runroot "$SCRATCH/buildah-run" --storage-driver vfs "$@"; }

# The daemon needs no bridge, iptables or overlay. Registries on 127.0.0.0/8 are plain HTTP to it without configuration.
start_engine() {
  [ -z "${DOCKER_HOST:-}" ] || return 0
  export DOCKER_HOST=unix://$SCRATCH/docker.sock
  dockerd --data-root "$SCRATCH/docker" --exec-root "$SCRATCH/docker-exec" --pidfile "$SCRATCH/docker.pid" -H "$DOCKER_HOST" \
    --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs >"$LOGS/dockerd.log" 2>&1 </dev/null &
  SERVICES+=("$!")
  for _ in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
  t "dockerd runs" docker version
}

docker_content_same() { # docker_content_same IMAGE: the file in it is the one that was pushed
  local container
  container=$(docker create --network none "$1" /none) || return 1
  docker cp "$container:/data/random" - | tar -xOf - | has_sum
  local status=$?
  docker rm "$container" && return $status
}

# as_nobody COMMAND…: without any credentials. The command may be a function.
as_nobody() {
  local -x HOME DOCKER_CONFIG REGISTRY_AUTH_FILE HELM_REGISTRY_CONFIG
  HOME=$(mktemp -d "$SCRATCH/nobody.XXXXXX")
  DOCKER_CONFIG=$HOME REGISTRY_AUTH_FILE=$HOME/auth.json HELM_REGISTRY_CONFIG=$HOME/helm.json
  echo '{}' >"$REGISTRY_AUTH_FILE"
  local run=(timeout 120)
  [ "$(type -t "$1")" != function ] || run=()
  "${run[@]}" "$@"
}

# api STATUS METHOD PATH [JSON]: one call with $API_TOKEN; fails unless the answer has that status. Body: $SCRATCH/answer.
api() {
  local wanted=$1 method=$2 path=$3 got; local -a send=() token=()
  [ -z "${4:-}" ] || send=(-H 'Content-Type: application/json' -d "$4")
  [ -z "${API_TOKEN:-}" ] || token=(-H "Authorization: Bearer $API_TOKEN")
  got=$(curl -sS -m 30 -o "$SCRATCH/answer" -w '%{http_code}' -X "$method" "${token[@]}" "${send[@]}" "http://$HOST/api/v1/$path") || return 1
  [ "$got" = "$wanted" ] || { echo "$method $path: $got instead of $wanted"; head -c 600 "$SCRATCH/answer"; return 1; }
}

# answer NAME: a text member of the last answer.
answer() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$SCRATCH/answer" "$1"; }

# The first user of a server without users; sets API_TOKEN.
initialize() {
  API_TOKEN='' api 200 POST user/initialize "{\"username\":\"$1\",\"password\":\"$2\",\"email\":\"$1@example.test\",\"access_token\":true}" &&
    API_TOKEN=$(answer access_token) && [ -n "$API_TOKEN" ]
}
