# Who may do what: a robot with read permission, and nobody at all. Needs Pierhead's API.

WHY='permission|denied'

with_permissions() {
  start_engine
  open_and_closed
  as_robot
  as_anonymous
  t "docker search finds the public repository" docker_search
  t "docker login" docker login -u "$USERNAME" -p "$PASSWORD" "$HOST"
}

# Two repositories with the same content: clients/closed, which the robot may read, and clients/open, which is public.
open_and_closed() {
  t "docker login" docker login -u "$USERNAME" -p "$PASSWORD" "$HOST"
  t "docker import" docker import "$SCRATCH/rootfs.tar" "$HOST/clients/closed:v1"
  local repository
  for repository in closed open secret; do
    t "docker push clients/$repository" docker_push_as "$repository"
  done
  t "the robot is made" api 201 PUT organization/clients/robots/reader '{"description":"reads"}'
  ROBOT=clients+reader ROBOT_TOKEN=$(answer token)
  t "the robot may read clients/closed" api 200 PUT "repository/clients/closed/permissions/user/$ROBOT" '{"role":"read"}'
  t "clients/open is made public" api 200 POST repository/clients/open/changevisibility '{"visibility":"public"}'
  docker logout "$HOST" >/dev/null 2>&1
}
docker_push_as() { docker tag "$HOST/clients/closed:v1" "$HOST/clients/$1:v1" && docker push "$HOST/clients/$1:v1"; }

as_robot() {
  no "docker login as the robot with a wrong token" docker login -u "$ROBOT" -p "not-$ROBOT_TOKEN" "$HOST"
  t "docker login as the robot" docker login -u "$ROBOT" -p "$ROBOT_TOKEN" "$HOST"
  docker rmi "$HOST/clients/closed:v1" >/dev/null 2>&1
  t "docker pull as the robot" docker pull "$HOST/clients/closed:v1"
  t "docker: what the robot pulled is what was pushed" docker_content_same "$HOST/clients/closed:v1"
  no_because "$WHY" "docker push as the robot" docker push "$HOST/clients/closed:v1"
  no_because "$WHY" "docker push as the robot to a new repository" docker_push_as fresh
  no "docker pull as the robot of what it may not read" docker pull "$HOST/clients/secret:v1"
  docker logout "$HOST" >/dev/null 2>&1
  local credentials="$ROBOT:$ROBOT_TOKEN"
  t "skopeo copy as the robot" as_nobody $SKOPEO copy --src-tls-verify=false --src-creds "$credentials" "docker://$HOST/clients/closed:v1" "oci:$SCRATCH/robot:v1"
  no_because "$WHY" "skopeo copy to the repository as the robot" as_nobody $SKOPEO copy --dest-tls-verify=false --dest-creds "$credentials" "oci:$SCRATCH/robot:v1" "docker://$HOST/clients/closed:v2"
  no_because "$WHY" "skopeo delete as the robot" as_nobody $SKOPEO delete --tls-verify=false --creds "$credentials" "docker://$HOST/clients/closed:v1"
  t "podman pull as the robot" as_nobody PODMAN pull --tls-verify=false --creds "$credentials" "$HOST/clients/closed:v1"
  no_because "$WHY" "podman push as the robot" as_nobody PODMAN push --tls-verify=false --creds "$credentials" "$HOST/clients/closed:v1"
}

as_anonymous() {
  docker rmi "$HOST/clients/open:v1" >/dev/null 2>&1
  t "docker pull of the public repository by nobody" as_nobody docker pull "$HOST/clients/open:v1"
  no "docker pull of a private repository by nobody" as_nobody docker pull "$HOST/clients/secret:v1"
  no "docker push to the public repository by nobody" as_nobody docker push "$HOST/clients/open:v1"
  t "skopeo inspect of the public repository by nobody" as_nobody $SKOPEO inspect --tls-verify=false "docker://$HOST/clients/open:v1"
  no "skopeo inspect of a private repository by nobody" as_nobody $SKOPEO inspect --tls-verify=false "docker://$HOST/clients/secret:v1"
  t "podman pull of the public repository by nobody" as_nobody PODMAN pull --tls-verify=false "$HOST/clients/open:v1"
  no "podman pull of a private repository by nobody" as_nobody PODMAN pull --tls-verify=false "$HOST/clients/secret:v1"
}
docker_search() { as_nobody docker search "$HOST/open" | tee "$SCRATCH/search" && grep -q 'clients/open' "$SCRATCH/search" && ! grep -q 'clients/secret' "$SCRATCH/search"; }
