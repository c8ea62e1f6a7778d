"""Runs foreign readers of Quay's API: pubtools-quay, the Backstage plug-in, and sign-in by cookie as Ansible modules do.

Prints 'ok NAME' or 'FAIL NAME' with what went wrong, and at last 'N passed, N failed'.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
import traceback

import requests
from pubtools._quay.quay_api_client import QuayApiClient
from pubtools._quay.quay_client import QuayClient

HOST = sys.argv[1]
URL = f"https://{HOST}"
PASSWORD = "correct-horse"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
HERE = os.path.dirname(os.path.abspath(__file__))

passed = failed = 0


def test(name):
    def run(function):
        global passed, failed
        try:
            function()
            print(f"ok {name}", flush=True)
            passed += 1
        except Exception as error:  # every fault of a reader is a result, not an end
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL {name}\n  {type(error).__name__}: {error} ({place.name}:{place.lineno})", flush=True)
            failed += 1

    return run


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def expect(answer, *statuses):
    assert answer.status_code in statuses, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}"
    return answer


class World:
    """A user with an API token, and an organization with one repository that has two tags and a list."""

    def __init__(self):
        new = {"username": "admin", "password": PASSWORD, "email": "admin@example.test", "access_token": True}
        answer = expect(requests.post(f"{URL}/api/v1/user/initialize", json=new, timeout=20), 200).json()
        self.token = answer["access_token"]
        self.api = requests.Session()
        self.api.headers["Authorization"] = f"Bearer {self.token}"
        expect(self.api.post(f"{URL}/api/v1/organization/", json={"name": "acme"}), 201)
        scope = "repository:acme/web:pull,push"
        registry = requests.get(f"{URL}/v2/auth", params={"scope": scope}, auth=("admin", PASSWORD), timeout=20)
        self.registry = {"Authorization": "Bearer " + expect(registry, 200).json()["token"]}
        self.digests = {}
        for tag in ("1.0", "1.1"):
            self.digests[tag] = self.push(tag)
        entry = {"mediaType": DOCKER_MANIFEST, "size": len(self.manifest), "digest": self.digests["1.1"]}
        entry["platform"] = {"os": "linux", "architecture": "amd64"}
        body = json.dumps({"schemaVersion": 2, "mediaType": DOCKER_LIST, "manifests": [entry]}).encode()
        self.put_manifest("list", DOCKER_LIST, body)

    def push(self, tag):
        config = json.dumps(
            {"os": "linux", "architecture": "amd64", "config": {"Labels": {"version": tag}}, "rootfs": {"type": "layers", "diff_ids": []}}
        ).encode()
        layer = f"layer of {tag}".encode()
        for content in (config, layer):
            upload = requests.post(f"{URL}/v2/acme/web/blobs/uploads/", headers=self.registry, timeout=20)
            location = expect(upload, 202).headers["Location"]
            location = location if location.startswith("https") else URL + location
            joint = "&" if "?" in location else "?"
            expect(requests.put(f"{location}{joint}digest={digest(content)}", data=content, headers=self.registry, timeout=20), 201)
        described = lambda kind, content: {"mediaType": kind, "size": len(content), "digest": digest(content)}  # noqa: E731
        self.manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": DOCKER_MANIFEST,
                "config": described("application/vnd.docker.container.image.v1+json", config),
                "layers": [described("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
            }
        ).encode()
        return self.put_manifest(tag, DOCKER_MANIFEST, self.manifest)

    def put_manifest(self, tag, kind, body):
        headers = {**self.registry, "Content-Type": kind}
        return expect(requests.put(f"{URL}/v2/acme/web/manifests/{tag}", data=body, headers=headers, timeout=20), 201).headers["Docker-Content-Digest"]


world = World()


@test("pubtools-quay: reads manifests, digests and tags through the registry")
def _():
    client = QuayClient("admin", PASSWORD, HOST)
    image = f"{HOST}/acme/web:1.0"
    manifest = client.get_manifest(image, media_type=QuayClient.MANIFEST_V2S2_TYPE)
    assert len(manifest["layers"]) == 1, manifest
    assert client.get_manifest_digest(image, media_type=QuayClient.MANIFEST_V2S2_TYPE) == world.digests["1.0"]
    assert client.get_repository_tags("acme/web")["tags"] == ["1.0", "1.1", "list"]


@test("pubtools-quay: uploads a manifest list it has read")
def _():
    client = QuayClient("admin", PASSWORD, HOST)
    manifest = client.get_manifest(f"{HOST}/acme/web:list", media_type=QuayClient.MANIFEST_LIST_TYPE)
    client.upload_manifest(manifest, f"{HOST}/acme/web:copy")
    assert "copy" in client.get_repository_tags("acme/web")["tags"]


@test("pubtools-quay: deletes a tag by the API, and forgives one that is gone")
def _():
    client = QuayApiClient(world.token, HOST)
    client.delete_tag("acme/web", "copy")
    assert client.delete_tag("acme/web", "copy").status_code == 404


@test("pubtools-quay: deletes a repository by the API")
def _():
    new = {"namespace": "acme", "repository": "old", "visibility": "private", "description": ""}
    expect(world.api.post(f"{URL}/api/v1/repository", json=new), 201)
    client = QuayApiClient(world.token, HOST)
    client.delete_repository("acme/old")
    expect(world.api.get(f"{URL}/api/v1/repository/acme/old"), 404)


class Backstage:
    """The plug-in's own router in a bare Express, as the developer portal mounts it."""

    def __init__(self):
        environment = {**os.environ, "NODE_PATH": os.path.join(os.environ["READERS"], "backstage", "node_modules"), "QUAY_URL": URL, "QUAY_TOKEN": world.token}
        script = os.path.join(HERE, "backstage.cjs")
        self.process = subprocess.Popen(["node", script], env=environment, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("port "), f"the plug-in did not start: {line!r}"
        self.url = f"http://127.0.0.1:{line.split()[1]}/quay/repository/acme/web"

    def get(self, path):
        return expect(requests.get(self.url + path, timeout=20), 200).json()

    def stop(self):
        self.process.terminate()
        self.process.wait()


try:
    backstage = Backstage()
except Exception as error:
    backstage, fault = None, error


def portal():
    if backstage is None:
        raise fault
    return backstage


@test("Backstage: lists tags with size, date and digest")
def _():
    tags = {tag["name"]: tag for tag in portal().get("/tag?limit=10&page=1")["tags"]}
    assert {"1.0", "1.1", "list"} <= set(tags), list(tags)
    first = tags["1.0"]
    assert first["manifest_digest"] == world.digests["1.0"] and first["size"] > 0, first
    assert abs(first["start_ts"] - time.time()) < 600 and first["last_modified"], first
    assert tags["list"]["is_manifest_list"] is True, tags["list"]


@test("Backstage: turns the page")
def _():
    pages = [portal().get(f"/tag?page={number}&limit=2") for number in (1, 2)]
    assert [page["has_additional"] for page in pages] == [True, False], pages
    assert [len(page["tags"]) for page in pages] == [2, 1], pages
    assert {tag["name"] for page in pages for tag in page["tags"]} == {"1.0", "1.1", "list"}, pages


@test("Backstage: shows an image's labels and manifest")
def _():
    reference = world.digests["1.0"]
    labels = portal().get(f"/manifest/{reference}/labels")["labels"]
    assert {"version": "1.0"}.items() <= {label["key"]: label["value"] for label in labels}.items(), labels
    manifest = portal().get(f"/manifest/{reference}")
    assert manifest["digest"] == reference and json.loads(manifest["manifest_data"])["layers"], manifest
    assert manifest["layers"][0]["blob_digest"].startswith("sha256:"), manifest


if backstage is not None:
    backstage.stop()


class Cookies:
    """Signs in as Ansible's modules for Quay do: proof, sign-in, the next proof from the answer's header."""

    def __init__(self, name, password):
        self.http = requests.Session()
        proof = expect(self.http.get(f"{URL}/csrf_token", timeout=20), 200).json()["csrf_token"]
        given = {"username": name, "password": password}
        answer = self.http.post(f"{URL}/api/v1/signin", json=given, headers={"X-CSRF-Token": proof}, timeout=20)
        self.answer = answer
        self.http.headers["X-CSRF-Token"] = answer.headers.get("X-Next-CSRF-Token", proof)

    def call(self, method, path, body=None):
        answer = self.http.request(method, f"{URL}/api/v1{path}", json=body, timeout=20)
        self.http.headers["X-CSRF-Token"] = answer.headers.get("X-Next-CSRF-Token", self.http.headers["X-CSRF-Token"])
        return answer


@test("cookies: signs in, makes an organization, team, robot, permission and default permission, signs out")
def _():
    session = Cookies("admin", PASSWORD)
    expect(session.answer, 200)
    assert expect(session.call("GET", "/user/"), 200).json()["username"] == "admin"
    assert expect(session.call("POST", "/organization/", {"name": "beta", "email": "beta@example.test"}), 201).json() == "Created"
    expect(session.call("PUT", "/organization/beta/team/readers", {"role": "member", "description": ""}), 200)
    robot = expect(session.call("PUT", "/organization/beta/robots/ci", {"description": "CI"}), 201).json()
    assert len(robot["token"]) == 64, robot
    expect(session.call("PUT", "/organization/beta/robots/ci", {}), 400)
    new = {"namespace": "beta", "repository": "app", "visibility": "private", "description": "", "repo_kind": "image"}
    expect(session.call("POST", "/repository", new), 201)
    expect(session.call("PUT", "/repository/beta/app/permissions/user/beta+ci", {"role": "write"}), 200)
    rule = {"role": "read", "delegate": {"kind": "team", "name": "readers"}}
    expect(session.call("POST", "/organization/beta/prototypes", rule), 200)
    assert len(expect(session.call("GET", "/organization/beta/prototypes"), 200).json()["prototypes"]) == 1
    entities = expect(session.call("GET", "/entities/admin?includeOrgs=False&includeTeams=False"), 200).json()["results"]
    assert {"name": "admin", "kind": "user"}.items() <= entities[0].items(), entities
    expect(session.call("GET", "/organization/beta/robots/none"), 400, 404)
    expect(session.call("DELETE", "/organization/beta"), 204)
    expect(session.call("POST", "/signout"), 200)
    expect(session.call("GET", "/user/"), 401)


@test("cookies: a wrong password and a missing proof are refused")
def _():
    wrong = Cookies("admin", "not the password")
    assert expect(wrong.answer, 403).json()["invalidCredentials"] is True
    given = {"username": "admin", "password": PASSWORD}
    expect(requests.post(f"{URL}/api/v1/signin", json=given, timeout=20), 403)


print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
