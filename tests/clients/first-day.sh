#!/bin/bash
# The first day with Pierhead: from an empty folder to a public image, with nothing but the program, the API and clients.
#
#   first-day.sh     uses target/debug/pierhead, or the program in PIERHEAD_TEST_BINARY
#
# Last line: 'N passed, N failed'.
set -u -o pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
. "$HERE/lib.sh"
. "$ROOT/script/lib/pierhead.sh"
begin_scratch
private_home
make_image

PIERHEAD_BINARY=${PIERHEAD_TEST_BINARY:-$TARGET/debug/pierhead}
PIERHEAD_ADMIN_USERNAME='' start_pierhead first-day || { echo "FAIL $REASON"; FAILED=1; closing_line; exit; }
HOST=$PIERHEAD_HOST
image=$HOST/acme/web

t "the first user" initialize ada correct-horse
no "there is no second first user" initialize eve correct-horse
t "an organization" api 201 POST organization/ '{"name":"acme","email":"acme@example.test"}'
t "a private repository" api 201 POST repository '{"namespace":"acme","repository":"web","visibility":"private","description":"","repo_kind":"image"}'

t "an image" PODMAN import "$SCRATCH/rootfs.tar" made:v1
t "an image in a folder" PODMAN push --format oci made:v1 "oci:$SCRATCH/layout:v1"
t "skopeo copies it into the repository" $SKOPEO copy --dest-tls-verify=false --dest-creds ada:correct-horse "oci:$SCRATCH/layout:v1" "docker://$image:v1"

t "a robot" api 201 PUT organization/acme/robots/deploy '{"description":"deploys"}'
token=$(answer token)
t "read permission for the robot" api 200 PUT repository/acme/web/permissions/user/acme+deploy '{"role":"read"}'

start_engine
no "nobody can pull the image" docker pull "$image:v1"
t "docker login as the robot" docker login -u acme+deploy -p "$token" "$HOST"
t "docker pull as the robot" docker pull "$image:v1"
t "the pulled content is what was pushed" docker_content_same "$image:v1"
no_because 'permission|denied' "docker push as the robot is refused" docker push "$image:v1"
t "docker logout" docker logout "$HOST"

t "the repository is made public" api 200 POST repository/acme/web/changevisibility '{"visibility":"public"}'
t "docker rmi" docker rmi "$image:v1"
t "anybody can pull the image" as_nobody docker pull "$image:v1"
closing_line
