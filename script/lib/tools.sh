# The foreign programs that Pierhead is tested with, at fixed versions where their source has versions. They are kept in
# target/test-tools, so a second run installs nothing.

TOOLS=$ROOT/target/test-tools

CRANE=github.com/google/go-containerregistry/cmd/crane@v0.21.9
ORAS=oras.land/oras/cmd/oras@v1.3.3
HELM=helm.sh/helm/v4/cmd/helm@v4.2.4
# The conformance program has no releases; this is its main branch of 2026-08-31.
CONFORMANCE=github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111
COSIGN=2.5.0

# go_install MODULE@VERSION: installs it unless that very version is there already.
go_install() {
  local program=${1%@*} version=${1#*@}
  program=${program##*/}
  [ "$(cat "$TOOLS/bin/$program.version" 2>/dev/null)" = "$version" ] && [ -x "$TOOLS/bin/$program" ] && return 0
  command -v go >/dev/null || { REASON="Go is not installed, which $program is built with"; return 1; }
  mkdir -p "$TOOLS/bin"
  writable_go_folders
  # No debug information: linking Helm is a good part of its build.
  run_logged "install-$program" 1800 env GOBIN="$TOOLS/bin" CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' "$1" ||
    { REASON="go install $1 failed: see $LOGS/install-$program.log"; return 1; }
  echo "$version" >"$TOOLS/bin/$program.version"
}

# Go wants its caches below HOME, which need not be writable.
writable_go_folders() {
  [ ! -w "${HOME:-/nonexistent}" ] || return 0
  export GOPATH=$TOOLS/go GOCACHE=$TOOLS/go-build GOFLAGS="${GOFLAGS:-} -modcacherw"
}

install_conformance() { apt_install curl && go_install "$CONFORMANCE"; }

install_clients() {
  apt_install podman buildah skopeo curl ca-certificates libdevmapper1.02.1 libsystemd0 || return 1
  [ -z "${CLIENTS_SELF_TEST:-}" ] || apt_install docker-registry apache2-utils || return 1
  install_engine || return 1
  # A client that cannot be installed fails its own tests, not those of the others.
  install_cosign || echo "     $REASON"
  local program
  for program in "$CRANE" "$ORAS" "$HELM"; do go_install "$program" || echo "     $REASON"; done
  return 0
}

# Docker Engine is unpacked, not installed: there need not be a service manager.
install_engine() {
  [ ! -x "$TOOLS/engine/usr/sbin/dockerd" ] || return 0
  apt_lists && unpack_debs "$TOOLS/engine" "" docker.io containerd runc || { REASON="Docker Engine: ${REASON:-see $LOGS/apt-download.log}"; return 1; }
}

# cosign takes minutes to compile; Debian's next release has it built, and it runs on this one.
install_cosign() {
  [ "$(cat "$TOOLS/cosign.version" 2>/dev/null)" = "$COSIGN" ] && return 0
  next_debian || return 1
  local found
  # shellcheck disable=SC2086  # options are words
  found=$(apt-cache $NEXT_APT policy cosign | awk '/Candidate:/ { print $2 }')
  case $found in "$COSIGN"-*) ;; *) REASON="cosign: expected $COSIGN, trixie has '$found'"; return 1 ;; esac
  unpack_debs "$TOOLS/cosign" "$NEXT_APT" cosign || { REASON="cosign: see $LOGS/apt-download.log"; return 1; }
  echo "$COSIGN" >"$TOOLS/cosign.version"
}

PUBTOOLS_QUAY=0.38.0
BACKSTAGE_QUAY=1.18.1
# The plug-in's types and permission names; any 1.x does for what the plug-in's back end takes from it.
BACKSTAGE_QUAY_COMMON=1.19.0

# install_readers: programs that read Quay's API, in $TOOLS/readers.
install_readers() {
  local readers=$TOOLS/readers wanted="$PUBTOOLS_QUAY $BACKSTAGE_QUAY $BACKSTAGE_QUAY_COMMON"
  # Node.js from elsewhere brings its own npm, which Debian's package refuses to be installed beside.
  command -v npm >/dev/null || apt_install nodejs npm || return 1
  apt_install python3-venv python3-dev gcc libkrb5-dev openssl curl || return 1
  [ "$(cat "$readers/version" 2>/dev/null)" != "$wanted" ] || return 0
  rm -rf "$readers" && mkdir -p "$readers/backstage" || return 1
  run_logged install-pubtools 1800 bash -c "python3 -m venv '$readers/venv' && '$readers/venv/bin/pip' install -q pubtools-quay==$PUBTOOLS_QUAY" ||
    { REASON="pip install pubtools-quay failed: see $LOGS/install-pubtools.log"; return 1; }
  cat >"$readers/backstage/package.json" <<J
{ "private": true, "dependencies": { "@backstage-community/plugin-quay-backend": "$BACKSTAGE_QUAY" },
  "overrides": { "@backstage-community/plugin-quay-common": "$BACKSTAGE_QUAY_COMMON" } }
J
  run_logged install-backstage 900 npm install --prefix "$readers/backstage" --no-audit --no-fund --ignore-scripts ||
    { REASON="npm install of the Backstage plug-in failed: see $LOGS/install-backstage.log"; return 1; }
  echo "$wanted" >"$readers/version"
}

# What tests/browser needs: Chromium, and in $TOOLS/browser the npm packages of its lock file.
install_browser() {
  local folder=$TOOLS/browser own=$ROOT/tests/browser wanted
  command -v npm >/dev/null || apt_install nodejs npm || return 1
  apt_install chromium fonts-dejavu-core || return 1
  wanted=$(sha256sum <"$own/package-lock.json")
  [ "$(cat "$folder/version" 2>/dev/null)" != "$wanted" ] || return 0
  rm -rf "$folder" && mkdir -p "$folder" && cp "$own/package.json" "$own/package-lock.json" "$folder" || return 1
  run_logged install-browser 600 npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts ||
    { REASON="npm ci for tests/browser failed: see $LOGS/install-browser.log"; return 1; }
  echo "$wanted" >"$folder/version"
}
