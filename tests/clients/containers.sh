# Container engines: Skopeo, Podman, Buildah, Docker, containerd. All push below clients/.

with_skopeo() {
  no "skopeo login with a wrong password" $SKOPEO login --tls-verify=false -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "skopeo login" $SKOPEO login --tls-verify=false -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "podman import" PODMAN import "$SCRATCH/rootfs.tar" made:v1
  t "podman push to a folder" PODMAN push --format oci made:v1 "oci:$SCRATCH/layout:v1"
  t "skopeo copy from oci:" $SKOPEO copy --dest-tls-verify=false "oci:$SCRATCH/layout:v1" "docker://$HOST/clients/skopeo:v1"
  t "skopeo inspect" $SKOPEO inspect --tls-verify=false "docker://$HOST/clients/skopeo:v1"
  t "skopeo copy to oci:, and the content is what was pushed" skopeo_content_same "docker://$HOST/clients/skopeo:v1"
  t "skopeo copy by digest" skopeo_by_digest
  t "skopeo copy in Docker's format" $SKOPEO copy --format v2s2 --dest-tls-verify=false "oci:$SCRATCH/layout:v1" "docker://$HOST/clients/skopeo:v2s2"
  t "skopeo copy to dir: and back" skopeo_dir
  t "skopeo copy to another repository (mount)" $SKOPEO copy --src-tls-verify=false --dest-tls-verify=false \
    "docker://$HOST/clients/skopeo:v1" "docker://$HOST/clients/skopeo-copy:v1"
  t "skopeo list-tags" skopeo_tags
  t "skopeo sync to a folder" $SKOPEO sync --src-tls-verify=false --src docker --dest dir "$HOST/clients/skopeo" "$SCRATCH/sync"
  t "skopeo delete" $SKOPEO delete --tls-verify=false "docker://$HOST/clients/skopeo-copy:v1"
  no "skopeo: deleted is gone" $SKOPEO inspect --tls-verify=false "docker://$HOST/clients/skopeo-copy:v1"
}
skopeo_content_same() { # the file is in the first layer
  local to; to=$(mktemp -d "$SCRATCH/copied.XXXXXX")
  $SKOPEO copy --src-tls-verify=false "$1" "oci:$to:x" || return 1
  local blob
  for blob in "$to"/blobs/sha256/*; do tar -xOf "$blob" ./data/random 2>/dev/null | has_sum && return 0; done
  echo "no layer has the file that was pushed"; return 1
}
skopeo_by_digest() {
  local digest; digest=$($SKOPEO inspect --tls-verify=false -f '{{.Digest}}' "docker://$HOST/clients/skopeo:v1") &&
    skopeo_content_same "docker://$HOST/clients/skopeo@$digest"
}
skopeo_dir() {
  $SKOPEO copy --src-tls-verify=false "docker://$HOST/clients/skopeo:v1" "dir:$SCRATCH/dir" &&
    $SKOPEO copy --dest-tls-verify=false "dir:$SCRATCH/dir" "docker://$HOST/clients/skopeo:dir"
}
skopeo_tags() {
  local tags; tags=$($SKOPEO list-tags --tls-verify=false "docker://$HOST/clients/skopeo") && echo "$tags" &&
    python3 -c 'import json, sys; sys.exit(sorted(json.loads(sys.argv[1])["Tags"]) != ["dir", "v1", "v2s2"])' "$tags"
}

with_podman() {
  local image=$HOST/clients/podman
  no "podman login with a wrong password" PODMAN login --tls-verify=false -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "podman login" PODMAN login --tls-verify=false -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "podman import" PODMAN import "$SCRATCH/rootfs.tar" "$image:v1"
  t "podman push" PODMAN push --tls-verify=false "$image:v1"
  t "podman push in Docker's format" PODMAN push --tls-verify=false --format v2s2 "$image:v1" "docker://$image:v2s2"
  t "podman push to another repository (mount)" PODMAN push --tls-verify=false "$image:v1" "docker://$image-copy:v1"
  t "podman rmi" PODMAN rmi "$image:v1"
  t "podman pull" PODMAN pull --tls-verify=false "$image:v1"
  t "podman: the pulled content is what was pushed" podman_content_same "$image:v1"
  t "podman pull by digest" podman_by_digest "$image"
  t "podman search lists the tags" podman_tags "$image"
}
podman_content_same() {
  local root; root=$(PODMAN image mount "$1") && has_sum <"$root/data/random" && PODMAN image umount "$1"
}
podman_by_digest() {
  local digest; digest=$($SKOPEO inspect --tls-verify=false -f '{{.Digest}}' "docker://$1:v1") && PODMAN rmi "$1:v1" &&
    PODMAN pull --tls-verify=false "$1@$digest" && podman_content_same "$1@$digest"
}
podman_tags() {
  local tags; tags=$(PODMAN search --tls-verify=false --list-tags "$1") && echo "$tags" &&
    [ "$(awk 'NR > 1 { print $2 }' <<<"$tags" | sort | tr '\n' ' ')" = "v1 v2s2 " ]
}

with_buildah() {
  local image=$HOST/clients/buildah format
  no "buildah login with a wrong password" BUILDAH login --tls-verify=false -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "buildah login" BUILDAH login --tls-verify=false -u "$USERNAME" -p "$PASSWORD" "$HOST"
  for format in oci docker; do
    t "buildah build ($format)" buildah_build $format "$image:$format"
    t "buildah push ($format)" BUILDAH push --tls-verify=false "$image:$format" "docker://$image:$format"
    t "buildah rmi ($format)" BUILDAH rmi "$image:$format"
    t "buildah pull ($format)" BUILDAH pull --tls-verify=false "$image:$format"
  done
  t "buildah manifest list: create, add, push" buildah_list "$image"
  t "buildah: the pulled content is what was pushed" buildah_content_same "$image:oci"
  t "skopeo copy of a manifest list (--all)" $SKOPEO copy --all --src-tls-verify=false --dest-tls-verify=false "docker://$image:list" "docker://$image-copy:list"
}
buildah_build() { # buildah_build FORMAT IMAGE
  local container; container=$(BUILDAH from scratch) && BUILDAH add "$container" "$SCRATCH/rootfs.tar" / &&
    BUILDAH config --label by=buildah "$container" && BUILDAH commit --format "$1" "$container" "$2" && BUILDAH rm "$container"
}
buildah_list() {
  BUILDAH manifest create list && BUILDAH manifest add --tls-verify=false list "docker://$1:oci" &&
    BUILDAH manifest push --all --tls-verify=false list "docker://$1:list"
}
buildah_content_same() {
  local container root; container=$(BUILDAH from --pull-never "$1") && root=$(BUILDAH mount "$container") && has_sum <"$root/data/random" &&
    BUILDAH umount "$container" && BUILDAH rm "$container"
}

with_docker() {
  start_engine
  local image=$HOST/clients/docker
  no "docker login with a wrong password" docker login -u "$USERNAME" -p "not-$PASSWORD" "$HOST"
  t "docker login" docker login -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "docker import" docker import "$SCRATCH/rootfs.tar" "$image:v1"
  t "docker push" docker push "$image:v1"
  t "docker push to a second repository mounts the layer" docker_mount "$image"
  t "docker pull: the same image id comes back" docker_again "$image"
  t "docker pull by digest" docker_by_digest "$image"
  t "docker: the pulled content is what was pushed" docker_content_same "$image:v1"
  t "docker push of a second tag" docker_second_tag "$image"
  t "docker manifest inspect" env DOCKER_CLI_EXPERIMENTAL=enabled docker manifest inspect --insecure "$image:v1"
  t "docker pulls what podman pushed" docker pull "$HOST/clients/podman:v1"
  t "podman pulls what docker pushed" PODMAN pull --tls-verify=false "$image:v1"
  case " $PARTS " in *" buildah "*) t "docker pulls a manifest list" docker pull "$HOST/clients/buildah:list" ;; esac
  t "docker logout" docker logout "$HOST"
  no "docker push after logout" docker push "$image:v1"
  no "docker pull of a missing tag" docker pull "$image:missing"
}
docker_mount() {
  docker tag "$1:v1" "$1-copy:v1" && docker push "$1-copy:v1" | tee "$SCRATCH/mount" && cat "$SCRATCH/mount" && grep -q "Mounted from" "$SCRATCH/mount"
}
docker_again() {
  local id; id=$(docker inspect -f '{{.Id}}' "$1:v1") && docker rmi "$1:v1" "$1-copy:v1" && docker pull "$1:v1" &&
    [ "$(docker inspect -f '{{.Id}}' "$1:v1")" = "$id" ]
}
docker_by_digest() {
  local reference; reference=$(docker inspect -f '{{index .RepoDigests 0}}' "$1:v1") && docker rmi "$1:v1" && docker pull "$reference" &&
    docker_content_same "$reference" && docker pull "$1:v1"
}
docker_second_tag() { docker tag "$1:v1" "$1:v2" && docker push "$1:v2" && docker rmi "$1:v2" && docker pull "$1:v2"; }

# containerd by itself, without Docker's pull code. The daemon's own containerd serves.
with_ctr() {
  start_engine
  local ctr="ctr -a $SCRATCH/docker-exec/containerd/containerd.sock -n tests" digest
  local user="--user $USERNAME:$PASSWORD" image=$HOST/clients/podman
  digest=$($SKOPEO inspect --tls-verify=false -f '{{.Digest}}' "docker://$image:v1")
  no "ctr pull with a wrong password" $ctr images pull --plain-http --user "$USERNAME:not-$PASSWORD" --snapshotter native "$image:v1"
  t "ctr pull" $ctr images pull --plain-http $user --snapshotter native "$image:v1"
  t "ctr pull by digest" $ctr images pull --plain-http $user --snapshotter native "$image@$digest"
  t "ctr push" $ctr images push --plain-http $user "$HOST/clients/ctr:v1" "$image:v1"
  t "ctr: what it pushed is what it pulled" skopeo_content_same "docker://$HOST/clients/ctr:v1"
}
