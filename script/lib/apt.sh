# Debian packages.

# apt_install PACKAGE…: installs those that are missing, without starting any of their services.
apt_install() {
  local lock status
  # Parts and what is installed in the background take turns: the policy below is one file.
  exec {lock}>"$SCRATCH/apt.lock" && flock "$lock"
  install_missing "$@"; status=$?
  exec {lock}>&-
  return $status
}

install_missing() {
  local missing=() package
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || { REASON="not root, and these packages are missing: ${missing[*]}"; return 1; }
  apt_lists || return 1
  local status=0
  forbid_services
  DEBIAN_FRONTEND=noninteractive run_logged apt-install 600 apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${missing[@]}" || status=1
  allow_services
  [ $status = 0 ] || REASON="apt-get install ${missing[*]} failed: see $LOGS/apt-install.log"
  return $status
}

apt_lists() {
  [ ! -e "$SCRATCH/apt-lists-fresh" ] || return 0
  run_logged apt-update 300 apt-get update -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 ||
    { REASON="apt-get update failed: see $LOGS/apt-update.log"; return 1; }
  touch "$SCRATCH/apt-lists-fresh"
}

# Packages start their services when they are configured unless a policy says no, and PostgreSQL's makes a cluster.
CLUSTER_POLICY=/etc/postgresql-common/createcluster.d/pierhead-tests.conf
forbid_services() {
  OWN_POLICY=
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    OWN_POLICY=yes
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  fi
  mkdir -p "${CLUSTER_POLICY%/*}" && echo "create_main_cluster = false" >"$CLUSTER_POLICY"
}
allow_services() {
  [ -z "$OWN_POLICY" ] || rm -f /usr/sbin/policy-rc.d
  rm -f "$CLUSTER_POLICY"
}

# unpack_debs FOLDER APT_OPTIONS PACKAGE…: unpacks packages below FOLDER without installing them.
unpack_debs() {
  local folder=$1 options=$2 debs; shift 2
  debs=$(mktemp -d "$SCRATCH/debs.XXXXXX") && chmod 755 "$debs" && rm -rf "$folder.new" && mkdir -p "$folder.new" || return 1
  # shellcheck disable=SC2086  # options are words
  (cd "$debs" && run_logged apt-download 300 apt-get $options -q -o Acquire::Retries=3 download "$@") || return 1
  local deb
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$folder.new" || return 1; done
  rm -rf "$debs" "$folder" && mv "$folder.new" "$folder"
}

# A second apt root for the next Debian release: same mirror, but its own lists and status, so the machine stays as it is.
# Sets NEXT_APT to the options that select it.
next_debian() {
  local root=$SCRATCH/apt mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
  [ -n "$mirror" ] || { REASON="apt has no Debian archive configured"; return 1; }
  mkdir -p "$root"/etc/apt/{sources.list.d,preferences.d,trusted.gpg.d,apt.conf.d} "$root"/var/lib/{apt/lists/partial,dpkg} \
    "$root/var/cache/apt/archives/partial"
  : >"$root/var/lib/dpkg/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$root/etc/apt/sources.list"
  cat >"$root/apt.conf" <<C
Dir "$root/"; Dir::Etc "etc/apt"; Dir::State "var/lib/apt"; Dir::State::status "$root/var/lib/dpkg/status"; Dir::Cache "var/cache/apt";
APT::Architecture "$(dpkg --print-architecture)"; Acquire::Languages "none"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
C
  NEXT_APT="-c $root/apt.conf"
  run_logged apt-next 300 apt-get -c "$root/apt.conf" update -q -o Acquire::Retries=3 || { REASON="apt-get update for trixie failed: see $LOGS/apt-next.log"; return 1; }
}
