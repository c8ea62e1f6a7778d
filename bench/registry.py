"""A small registry client (standard library only) for preparing and checking: HTTP/1.1 on one kept-alive
connection, bearer tokens fetched as the challenge says."""
import base64
import hashlib
import http.client
import json
import re
import urllib.parse
import urllib.request

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def sha(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def dumps(value):
    return json.dumps(value, separators=(",", ":")).encode()


def config(label=""):
    return dumps({"architecture": "amd64", "os": "linux", "config": {"Labels": {"bench": label}},
                  "rootfs": {"type": "layers", "diff_ids": []}})


def manifest(config_blob, layers, **annotations):
    m = {"schemaVersion": 2, "mediaType": MANIFEST,
         "config": {"mediaType": CONFIG, "digest": sha(config_blob), "size": len(config_blob)},
         "layers": [{"mediaType": LAYER, "digest": sha(b), "size": len(b)} for b in layers]}
    if annotations:
        m["annotations"] = annotations
    return dumps(m)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name):
        return self.headers.get(name)

    def need(self, want):
        if self.status != want:
            raise AssertionError(f"status {self.status} instead of {want}: {self.body[:200]!r}")
        return self


class Registry:
    def __init__(self, url, user=None, password=None, timeout=120):
        u = urllib.parse.urlsplit(url)
        self.host, self.port, self.timeout = u.hostname, u.port, timeout
        self.user, self.password = user, password
        self.conn = None
        self.tokens = {}

    def once(self, method, path, body=None, headers=None):
        for attempt in (0, 1):
            if self.conn is None:
                self.conn = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            try:
                self.conn.request(method, path, body=body, headers=headers or {})
                r = self.conn.getresponse()
                a = Answer(r.status, r.headers, r.read())
                if r.will_close:
                    self.close()
                return a
            except (http.client.HTTPException, OSError):
                # the server may have closed the kept-alive connection: once more on a new one
                self.close()
                if attempt:
                    raise

    def close(self):
        if self.conn is not None:
            self.conn.close()
            self.conn = None

    @property
    def basic(self):
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    @staticmethod
    def token_url(challenge):
        p = dict((k.lower(), v) for k, v in re.findall(r'(\w+)="([^"]*)"', challenge))
        q = [("service", p.get("service", ""))] + [("scope", s) for s in p.get("scope", "").split(" ") if s]
        return p["realm"] + "?" + urllib.parse.urlencode(q)

    def token(self, challenge):
        r = urllib.request.Request(self.token_url(challenge), headers={"Authorization": self.basic})
        with urllib.request.urlopen(r, timeout=self.timeout) as f:
            d = json.load(f)
        return "Bearer " + (d.get("token") or d["access_token"])

    def request(self, method, path, body=None, headers=None):
        if body is None and method in ("POST", "PUT"):
            body = b""
        headers = dict(headers or {})
        m = re.match(r"/v2/(.+?)/(?:blobs|manifests|tags)/", path)
        key = (m.group(1) if m else path.split("?")[0], method in ("GET", "HEAD"))
        if key in self.tokens:
            headers["Authorization"] = self.tokens[key]
        a = self.once(method, path, body, headers)
        if a.status == 401 and self.user and a["WWW-Authenticate"]:
            # no token yet, or its time is over
            headers["Authorization"] = self.tokens[key] = self.token(a["WWW-Authenticate"])
            a = self.once(method, path, body, headers)
        return a

    def get(self, path):
        return self.request("GET", path)

    def push_blob(self, repo, data):
        a = self.request("POST", f"/v2/{repo}/blobs/uploads/").need(202)
        u = urllib.parse.urlsplit(a["Location"])
        path = f"{u.path}?{u.query + '&' if u.query else ''}digest={urllib.parse.quote(sha(data))}"
        self.request("PUT", path, data, {"Content-Type": "application/octet-stream"}).need(201)

    def put_manifest(self, repo, tag, data):
        a = self.request("PUT", f"/v2/{repo}/manifests/{tag}", data, {"Content-Type": MANIFEST}).need(201)
        if a["Docker-Content-Digest"] not in (None, sha(data)):
            raise AssertionError("wrong Docker-Content-Digest of a manifest PUT")

    def pages(self, path):
        """Every page of a listing, following the Link headers."""
        out = []
        while path:
            a = self.get(path).need(200)
            out.append(json.loads(a.body))
            m = re.search(r'<([^>]+)>\s*;\s*rel="?next"?', a["Link"] or "")
            u = urllib.parse.urlsplit(m.group(1)) if m else None
            path = f"{u.path}?{u.query}" if u else None
        return out
