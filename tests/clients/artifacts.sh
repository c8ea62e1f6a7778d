# Clients of artifacts: crane, ORAS, Helm, cosign. All push below clients/.

with_crane() {
  local image=$HOST/clients/crane
  # 'crane auth login' only writes the password down, so a wrong one shows at the first request.
  no "crane with a wrong password" crane_wrong_password
  t "crane auth login" crane auth login --insecure -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "crane append (push)" crane append --insecure --new_layer "$SCRATCH/rootfs.tar" --new_tag "$image:v1"
  t "crane digest, manifest, config" crane_looks "$image:v1"
  t "crane pull, by tag and by digest" crane_pull "$image"
  t "crane export: the content is what was pushed" crane_content_same "$image:v1"
  t "crane tag" crane tag --insecure "$image:v1" v2
  t "crane ls" crane_tags "$image" v1 v2
  t "crane copy to another repository (mount)" crane copy --insecure "$image:v1" "$image-copy:v1"
  t "crane validate" crane validate --insecure --remote "$image-copy:v1"
  t "crane catalog" crane_catalog
  # docker-registry 2.8 cannot delete a tag.
  if [ -z "$SELF_TEST" ]; then
    t "crane delete of a tag" crane delete --insecure "$image:v2"
    t "crane ls after it" crane_tags "$image" v1
  fi
  t "crane delete by digest" crane_delete "$image-copy"
  no "crane: deleted is gone" crane manifest --insecure "$image-copy:v1"
}
crane_wrong_password() {
  export DOCKER_CONFIG=$SCRATCH/crane-wrong; mkdir -p "$DOCKER_CONFIG"
  crane auth login --insecure -u "$USERNAME" -p "not-$PASSWORD" "$HOST" && crane ls --insecure "$HOST/clients/skopeo"
  local status=$?
  export DOCKER_CONFIG=$SCRATCH/docker-config
  return $status
}
crane_looks() { crane digest --insecure "$1" && crane manifest --insecure "$1" && crane config --insecure "$1"; }
crane_pull() {
  local digest; digest=$(crane digest --insecure "$1:v1") && crane pull --insecure "$1:v1" "$SCRATCH/crane.tar" &&
    crane pull --insecure --format=oci "$1@$digest" "$SCRATCH/crane-oci"
}
crane_content_same() { crane export --insecure "$1" - | tar -xOf - ./data/random | has_sum || crane export --insecure "$1" - | tar -xOf - data/random | has_sum; }
crane_tags() { # crane_tags REPOSITORY TAG…
  local tags; tags=$(crane ls --insecure "$1") && shift && echo "$tags" && [ "$(sort <<<"$tags" | tr '\n' ' ')" = "$* " ]
}
crane_catalog() { crane catalog --insecure "$HOST" | tee "$SCRATCH/catalog" && grep -qx clients/crane "$SCRATCH/catalog"; }
crane_delete() { local digest; digest=$(crane digest --insecure "$1:v1") && crane delete --insecure "$1@$digest"; }

with_oras() {
  local artifact=$HOST/clients/oras folder=$SCRATCH/oras
  mkdir -p "$folder"; echo "what is delivered" >"$folder/delivery.txt"; echo '{"spdxVersion":"SPDX-2.3"}' >"$folder/sbom.json"
  no "oras login with a wrong password" oras login --plain-http -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "oras login" oras login --plain-http -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "oras push" in_folder "$folder" oras push --plain-http --artifact-type application/vnd.example.delivery "$artifact:v1" delivery.txt:text/plain
  t "oras pull: the content is what was pushed" oras_pull "$artifact:v1"
  t "oras pull by digest" oras_by_digest "$artifact"
  t "oras attach" in_folder "$folder" oras attach --plain-http --artifact-type application/spdx+json "$artifact:v1" sbom.json:application/spdx+json
  t "oras discover" oras_discover "$artifact:v1"
  t "oras copy with referrers to another repository" oras copy -r --from-plain-http --to-plain-http "$artifact:v1" "$artifact-copy:v1"
  t "oras discover in the copy" oras_discover "$artifact-copy:v1"
  t "oras tag" oras tag --plain-http "$artifact:v1" v2
  t "oras repo tags" oras_tags "$artifact"
  t "oras manifest fetch" oras manifest fetch --plain-http "$artifact:v2"
  t "oras manifest delete" oras manifest delete --plain-http -f "$artifact-copy:v1"
  no "oras: deleted is gone" oras manifest fetch --plain-http "$artifact-copy:v1"
}
in_folder() { local folder=$1; shift; (cd "$folder" && timeout 120 "$@"); }
oras_pull() { rm -rf "$SCRATCH/oras-got" && oras pull --plain-http -o "$SCRATCH/oras-got" "$1" && cmp "$SCRATCH/oras/delivery.txt" "$SCRATCH/oras-got/delivery.txt"; }
oras_by_digest() { local digest; digest=$(oras resolve --plain-http "$1:v1") && oras_pull "$1@$digest"; }
oras_discover() { oras discover --plain-http "$1" | tee "$SCRATCH/discover" && grep -q application/spdx+json "$SCRATCH/discover"; }
oras_tags() { # the fallback tag 'sha256-…' is there only where a registry has no referrers API
  local tags; tags=$(oras repo tags --plain-http "$1") && echo "$tags" && [ "$(grep -v '^sha256-' <<<"$tags" | sort | tr '\n' ' ')" = "v1 v2 " ] &&
    { [ -n "$SELF_TEST" ] || ! grep -q '^sha256-' <<<"$tags"; }
}

with_helm() {
  # Helm falls back to Docker's credentials, where another client may have left some.
  local -x DOCKER_CONFIG=$SCRATCH/helm-docker
  local charts=oci://$HOST/clients/charts version
  no "helm registry login with a wrong password" helm registry login --plain-http -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "helm registry login" helm registry login --plain-http -u "$USERNAME" -p "$PASSWORD" "$HOST"
  for version in 1.1.0 1.2.0 2.0.0+build.7; do
    t "helm package and push $version" helm_push "$charts" "$version"
  done
  t "helm pull: the chart is what was pushed" helm_pull "$charts" 1.1.0 1.1.0
  t "helm pull of a range takes the newest in it" helm_pull "$charts" '^1.0.0' 1.2.0
  t "helm pull of a version with build metadata" helm_pull "$charts" 2.0.0+build.7 2.0.0+build.7
  t "helm pull by digest" helm_by_digest "$charts"
  t "helm show chart" helm show chart --plain-http "$charts/web" --version 1.2.0
  t "helm template" helm template --plain-http release "$charts/web" --version 1.2.0
  no "helm pull of a missing version" helm pull --plain-http "$charts/web" --version 9.9.9 -d "$SCRATCH"
  t "helm registry logout" helm registry logout "$HOST"
  no "helm push after logout" helm push --plain-http "$SCRATCH/web-1.1.0.tgz" "$charts"
}
helm_push() { # helm_push CHARTS VERSION
  mkdir -p "$SCRATCH/chart/web/templates"
  printf 'apiVersion: v2\nname: web\nversion: %s\ndescription: A test chart\n' "$2" >"$SCRATCH/chart/web/Chart.yaml"
  printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n' >"$SCRATCH/chart/web/templates/config.yaml"
  helm package "$SCRATCH/chart/web" -d "$SCRATCH" && helm push --plain-http "$SCRATCH/web-$2.tgz" "$1"
}
helm_pull() { # helm_pull CHARTS WANTED EXPECTED
  local to; to=$(mktemp -d "$SCRATCH/helm.XXXXXX")
  helm pull --plain-http "$1/web" --version "$2" -d "$to" && cmp "$SCRATCH/web-$3.tgz" "$to"/web-*.tgz
}
helm_by_digest() {
  local to digest; to=$(mktemp -d "$SCRATCH/helm.XXXXXX")
  digest=$(helm show chart --plain-http "$1/web" --version 1.2.0 2>&1 | sed -nE 's/^Digest: (sha256:[0-9a-f]+)$/\1/p') && [ -n "$digest" ] &&
    helm pull --plain-http "$1/web@$digest" -d "$to" && cmp "$SCRATCH/web-1.2.0.tgz" "$to"/web*.tgz
}

with_cosign() {
  local image=$HOST/clients/signed digest reference registry="--allow-http-registry"
  t "cosign: an image to sign" crane append --insecure --new_layer "$SCRATCH/rootfs.tar" --new_tag "$image:v1"
  digest=$(crane digest --insecure "$image:v1")
  reference=$image@$digest
  # Without a network there is no transparency log, so signatures are by key.
  t "cosign generate-key-pair" in_folder "$SCRATCH" cosign generate-key-pair
  t "cosign generate-key-pair (of somebody else)" in_folder "$SCRATCH" cosign generate-key-pair --output-key-prefix other
  no "cosign sign with a wrong password" cosign_wrong_password "$reference"
  t "cosign login" cosign login "$HOST" -u "$USERNAME" -p "$PASSWORD"
  no "cosign verify before it is signed" cosign verify --key "$SCRATCH/cosign.pub" --insecure-ignore-tlog=true $registry "$image:v1"
  t "cosign sign (signature tag)" cosign sign --yes --key "$SCRATCH/cosign.key" --tlog-upload=false $registry "$reference"
  t "cosign verify" cosign verify --key "$SCRATCH/cosign.pub" --insecure-ignore-tlog=true $registry "$image:v1"
  no "cosign verify with another key" cosign verify --key "$SCRATCH/other.pub" --insecure-ignore-tlog=true $registry "$image:v1"
  echo '{"spdxVersion":"SPDX-2.3"}' >"$SCRATCH/predicate.json"
  t "cosign attest" cosign attest --yes --key "$SCRATCH/cosign.key" --tlog-upload=false --type spdxjson --predicate "$SCRATCH/predicate.json" $registry "$reference"
  t "cosign verify-attestation" cosign verify-attestation --key "$SCRATCH/cosign.pub" --insecure-ignore-tlog=true --type spdxjson $registry "$image:v1"
  t "cosign tree" cosign tree $registry "$image:v1"
  # The same with the signature as a referrer of the image.
  t "cosign sign (referrer)" env COSIGN_EXPERIMENTAL=1 cosign sign --yes --key "$SCRATCH/cosign.key" --tlog-upload=false \
    --registry-referrers-mode=oci-1-1 $registry "$reference"
  t "cosign verify (referrer)" env COSIGN_EXPERIMENTAL=1 cosign verify --key "$SCRATCH/cosign.pub" --insecure-ignore-tlog=true --experimental-oci11 $registry "$reference"
  t "cosign copy to another repository" cosign copy --force $registry "$image:v1" "$image-copy:v1"
  t "cosign verify of the copy" cosign verify --key "$SCRATCH/cosign.pub" --insecure-ignore-tlog=true $registry "$image-copy:v1"
}
cosign_wrong_password() {
  cosign sign --yes --key "$SCRATCH/cosign.key" --tlog-upload=false --allow-http-registry --registry-username "$USERNAME" --registry-password "not-$PASSWORD" "$1"
}
