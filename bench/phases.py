"""What is measured. Each figure is taken from each server in turn before the next one, so that whatever else
the machine does meets all of them alike."""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.parse

import registry
from servers import machine_busy

MIB, GIB = 1 << 20, 1 << 30
# The namespace of the administrator that Pierhead is started with; the peers get the same names.
NAMESPACE = "admin/bench-"

QUICK = dict(repeat=1, starts=3, secs=2.0, manifests=20, small_blobs=200, big=256 * MIB, big_gets=4, big_pushes=2,
             small_pushes=400, tags=5000, repos=2000, mixed_secs=4.0, api_repos=20000)
DEFAULT = dict(repeat=3, starts=5, secs=3.0, manifests=50, small_blobs=500, big=GIB, big_gets=2, big_pushes=1,
               small_pushes=1000, tags=10000, repos=5000, mixed_secs=6.0, api_repos=100000)
FULL = dict(DEFAULT, repeat=5, starts=10, secs=5.0, big_gets=4, small_pushes=2000, mixed_secs=15.0)

SYNC_CALLS = ("fsync", "fdatasync", "sync_file_range", "syncfs", "rename", "renameat", "renameat2")


class Meter:
    """What the server and the rest of the machine used between start and stop."""

    def __init__(self, server):
        self.server = server

    def start(self):
        self.server.reset_peak()
        self.cpu0, self.busy0, self.t0 = self.server.cpu(), machine_busy(), time.monotonic()

    def stop(self):
        self.cpu, self.busy = self.server.cpu() - self.cpu0, machine_busy() - self.busy0
        self.wall = time.monotonic() - self.t0
        self.peak = self.server.peak_memory()

    def add_to(self, sample):
        others = self.busy - self.cpu - sample.get("client_cpu_s", 0)
        sample.update(server_cpu_s=self.cpu, peak_mib=self.peak,
                      others_share=max(0.0, others / (self.wall * os.cpu_count())))
        if sample.get("ops"):
            sample["cpu_us"] = self.cpu / sample["ops"] * 1e6
        if sample.get("bytes"):
            sample["cpu_s_gib"] = self.cpu / sample["bytes"] * GIB


class Bench:
    PHASES = ["start", "manifests", "blobs", "push", "tags", "catalog", "mixed", "tokens", "api", "sync"]

    def __init__(self, servers, sizes, loadgen, work):
        self.servers, self.size, self.loadgen, self.work = servers, sizes, loadgen, work
        self.pushing = [s for s in servers if s.can_push]
        self.results = {s.name: {} for s in servers}
        self.clients = {s.name: registry.Registry(s.url, s.user, s.password) for s in servers}
        self.seed = int(time.time()) % 1_000_000 * 1_000_000

    # ---- tools ------------------------------------------------------------------------------

    def note(self, server, row, sample):
        self.results[server.name].setdefault(row, []).append(sample)
        show = " ".join(f"{k}={sample[k]:.1f}" for k in ("start_ms", "idle_mib", "ops_s", "mib_s", "cpu_us", "cpu_s_gib", "peak_mib")
                        if k in sample)
        errors = f" ERRORS {sample['errors']}: {sample.get('error_samples', [''])[:2]}" if sample.get("errors") else ""
        print(f"  {row:20} {server.name:16} {show}{sample.get('calls', '')}{errors}", flush=True)

    @contextlib.contextmanager
    def trying(self, server, row):
        """A server that fails here is noted as such and measured on."""
        try:
            yield
        except (AssertionError, OSError, ValueError, KeyError, RuntimeError) as e:
            self.note(server, row, {"errors": 1, "error_samples": [f"{type(e).__name__}: {e}"]})

    def tool(self, command, **args):
        argv = [self.loadgen, command]
        for k, v in args.items():
            argv += ["--" + k.replace("_", "-"), str(v)]
        return argv

    def load(self, server, command, **args):
        """Runs the load generator; the server's CPU is read just around the timed part."""
        if server.user:
            args.update({"user": server.user, "pass": server.password})
        args = {"addr": server.addr, "marks": 1, **args}
        meter, sample = Meter(server), None
        p = subprocess.Popen(self.tool(command, **args), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            for line in p.stdout:
                if line == "start\n":
                    meter.start()
                elif line == "stop\n":
                    meter.stop()
                else:
                    sample = json.loads(line)
                    break
                p.stdin.write("\n")
                p.stdin.flush()
        finally:
            p.stdin.close()
            if sample is None:
                p.kill()
            p.wait()
        if sample is None:
            return {"errors": 1, "error_samples": [f"loadgen {command} ended with {p.returncode}"]}
        meter.add_to(sample)
        return sample

    def measure(self, row, servers, command, **args):
        for _ in range(self.size["repeat"]):
            for s in servers:
                self.note(s, row, self.load(s, command, **args))

    def plan(self, name, lines):
        path = os.path.join(self.work, name + ".plan")
        with open(path, "w") as f:
            for line in lines:
                f.write(json.dumps(line) + "\n")
        return path

    def next_seed(self):
        self.seed += 1_000_000
        return self.seed

    def wipe(self, server):
        self.clients[server.name].close()
        server.wipe()

    def revive(self):
        """One server that has crashed does not end the run."""
        for s in self.servers:
            if s.proc.poll() is not None:
                self.note(s, "start", {"errors": 1, "error_samples": [f"had ended with {s.proc.returncode}"]})
                self.clients[s.name].close()
                s.start()

    # ---- phases -----------------------------------------------------------------------------

    def start(self):
        for _ in range(self.size["starts"]):
            for s in self.servers:
                self.clients[s.name].close()
                s.stop()
                ms = s.start()
                time.sleep(0.5)  # what it does first in the background is part of being idle
                self.note(s, "start", {"start_ms": ms, "idle_mib": s.memory()})

    def manifests(self):
        """Realistic manifests: ten layers, 1.8 KB."""
        repo = NAMESPACE + "manifests"
        layers, config = [os.urandom(2048) for _ in range(10)], registry.config()
        images = {f"v{i}": registry.manifest(config, layers, version=str(i)) for i in range(self.size["manifests"])}
        for s in self.servers:
            with self.trying(s, "manifest by tag"):
                if not s.can_push:
                    for tag, m in images.items():
                        s.put(f"/v2/{repo}/manifests/{tag}", m)
                        s.put(f"/v2/{repo}/manifests/{registry.sha(m)}", m)
                    continue
                c = self.clients[s.name]
                for b in layers + [config]:
                    c.push_blob(repo, b)
                for tag, m in images.items():
                    c.put_manifest(repo, tag, m)
                if s.user and c.once("GET", f"/v2/{repo}/manifests/v0").status != 401:
                    raise AssertionError("the repository is not private")
        for what, ref in (("tag", lambda tag, m: tag), ("digest", lambda tag, m: registry.sha(m))):
            plan = self.plan(what, [{"path": f"/v2/{repo}/manifests/{ref(t, m)}", "digest": registry.sha(m), "size": len(m)}
                                    for t, m in images.items()])
            self.measure(f"manifest by {what}", self.servers, "get", plan=plan, conns=16, secs=self.size["secs"])

    def blobs(self):
        z = self.size
        for row, count, size, args in (("blob 64 KiB", z["small_blobs"], 65536, dict(conns=16, secs=z["secs"])),
                                       ("blob big", 1, z["big"], dict(conns=1, max=z["big_gets"], secs=120))):
            repo, seed, plan = NAMESPACE + row.replace(" ", "-").lower(), self.next_seed(), os.path.join(self.work, "blobs.plan")
            same = dict(repo=repo, count=count, size=size, seed=seed)
            subprocess.run(self.tool("plan", out=plan, **same), check=True, stdout=subprocess.DEVNULL)
            for s in self.servers:
                if s.can_push:
                    sample = self.load(s, "push", conns=4, **same)
                    if sample["errors"]:
                        self.note(s, row, {k: sample.get(k) for k in ("errors", "error_samples")})
                else:
                    subprocess.run(self.tool("tree", plan=plan, root=s.data), check=True, stdout=subprocess.DEVNULL)
            self.measure(row, self.servers, "get", plan=plan, **args)

    def push(self):
        z = self.size
        for _ in range(z["repeat"]):
            seed = self.next_seed()
            for s in self.pushing:
                self.note(s, "push big", self.load(s, "push", repo=NAMESPACE + "push-big", count=z["big_pushes"], size=z["big"], conns=1,
                                                   mode="stream", seed=seed))
                self.wipe(s)  # gives the disk back
        for _ in range(z["repeat"]):
            seed = self.next_seed()
            for s in self.pushing:
                self.note(s, "push small", self.load(s, "push", repo=NAMESPACE + "push-small", count=z["small_pushes"], size=4096,
                                                     conns=8, seed=seed))

    def listing(self, row, path, field, want, middle):
        """Checks that the listing has everything once, then measures pages of 100 at the start and in the middle."""
        for s in self.pushing:
            with self.trying(s, row):
                c = self.clients[s.name]
                found = [x for page in c.pages(f"{path}?n=1000") for x in page[field] or []]
                if len(found) != len(set(found)) or not want <= set(found):
                    raise AssertionError(f"{len(want - set(found))} of {len(want)} missing, {len(found) - len(set(found))} twice")
                first = len(json.loads(c.get(f"{path}?n=100").need(200).body)[field])
                if first != 100 and s is self.servers[0]:
                    raise AssertionError(f"a page of 100 has {first}")
                if first != 100:
                    self.results[s.name].setdefault(row, []).append({"note": f"[ignores n: {first:,} at once]"})
        plan = self.plan("page", [{"path": f"{path}?n=100"}, {"path": f"{path}?n=100&last={middle}"}])
        self.measure(row, self.pushing, "get", plan=plan, conns=8, secs=self.size["secs"])

    def tags(self):
        repo, count = NAMESPACE + "tags", self.size["tags"]
        for s in self.pushing:
            self.note(s, "manifest PUT", self.load(s, "populate", kind="tags", repo=repo, count=count, conns=8))
        want = {f"t{i:06}" for i in range(count)} | {"base"}
        self.listing("tag page", f"/v2/{repo}/tags/list", "tags", want, f"t{count // 2:06}")

    def catalog(self):
        repo, count = NAMESPACE + "many", self.size["repos"]
        for s in self.pushing:
            self.note(s, "new repository", self.load(s, "populate", kind="repos", repo=repo, count=count, conns=8))
        want = {f"{repo}-r{i:06}" for i in range(count)}
        self.listing("catalog page", "/v2/_catalog", "repositories", want, f"{repo}-r{count // 2:06}")

    def mixed(self):
        for i in range(self.size["repeat"]):
            for s in self.pushing:
                self.note(s, "mixed", self.load(s, "mixed", repo=f"{NAMESPACE}mixed{i}", pullers=32, pushers=4, images=16, layers=4,
                                                layer_size=256 << 10, secs=self.size["mixed_secs"], seed=self.next_seed() % 10**12))

    def tokens(self):
        for s in self.pushing:
            if not s.user:
                continue
            with self.trying(s, "token"):
                c = self.clients[s.name]
                c.push_blob(NAMESPACE + "tokens", b"x")  # the repository has to be there
                challenge = c.once("GET", f"/v2/{NAMESPACE}tokens/tags/list").need(401)["WWW-Authenticate"]
                u = urllib.parse.urlsplit(c.token_url(challenge))
                plan = self.plan("token", [{"path": f"{u.path}?{u.query}", "contains": '"token"'}])
                for _ in range(self.size["repeat"]):
                    self.note(s, "token", self.load(s, "get", addr=u.netloc, plan=plan, conns=8, secs=self.size["secs"], basic=1))

    def api(self):
        """The API that pages and scripts ask: the user, a page of many repositories, a page of many tags."""
        s = self.servers[0]
        if not hasattr(s, "add_repositories"):
            return
        with self.trying(s, "api repositories"):
            tagged, many = NAMESPACE + "api-tags", self.size["api_repos"]
            self.load(s, "populate", kind="tags", repo=tagged, count=self.size["tags"], conns=8)
            s.add_repositories(NAMESPACE.split("/")[0], many)
            pages = [("api user", "/api/v1/user/", '"username"'),
                     ("api repositories", f"/api/v1/repository?namespace={NAMESPACE.split('/')[0]}&limit=50", '"repositories"'),
                     ("api repositories public", "/api/v1/repository?public=true&last_modified=true&limit=50", '"repositories"'),
                     ("api tags", f"/api/v1/repository/{tagged}/tag/?limit=100&onlyActiveTags=true", '"manifest_digest"'),
                     ("api tag history", f"/api/v1/repository/{tagged}/tag/?limit=100&page=50", '"manifest_digest"')]
            for row, path, contains in pages:
                plan = self.plan("api", [{"path": path, "contains": contains}])
                for _ in range(self.size["repeat"]):
                    self.note(s, row, self.load(s, "get", plan=plan, conns=8, secs=self.size["secs"], basic=1))

    def sync(self):
        """What a server does so that a small push survives a power cut: a rate without it would be no merit."""
        if not shutil.which("strace"):
            print("  strace is not installed: sync calls left out", flush=True)
            return
        for s in self.pushing:
            with self.trying(s, "sync blob"):
                self.trace(s)

    def trace(self, s):
        out = os.path.join(self.work, "strace")
        calls = ",".join("?" + c for c in SYNC_CALLS)  # not every architecture has all of them
        argv = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", "signal=none", "-o", out]
        for p in s.pids():
            argv += ["-p", str(p)]
        c, repo = self.clients[s.name], NAMESPACE + "sync"
        config = registry.config("sync")
        c.push_blob(repo, config)  # the repository is made and the token fetched before
        tracer = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)
        try:
            time.sleep(0.5)
            if tracer.poll() is not None:
                print(f"  strace cannot attach to {s.name}: {tracer.stderr.read().strip()[:200]}", flush=True)
                return
            counts = {"sync blob": [], "sync manifest": []}
            for i in range(3):
                layer = os.urandom(4096)
                before = self.lines(out)
                c.push_blob(repo, layer)
                time.sleep(0.2)
                between = self.lines(out)
                c.put_manifest(repo, f"t{i}", registry.manifest(config, [layer]))
                time.sleep(0.2)
                after = self.lines(out)
                counts["sync blob"].append(between[len(before):])
                counts["sync manifest"].append(after[len(between):])
        finally:
            if tracer.poll() is None:
                tracer.send_signal(signal.SIGINT)
            tracer.communicate()
        for row, runs in counts.items():
            # the middle one of three: background work can fall into one
            lines = sorted(runs, key=len)[1]
            # an interrupted call has two lines, the second says "resumed"
            names = [m.group(1) for m in (re.search(r"^\d+ +(\w+)\(", x) for x in lines) if m]
            text = ", ".join(f"{names.count(n)} {n}" for n in SYNC_CALLS if n in names)
            self.note(s, row, {"calls": text or "none"})

    @staticmethod
    def lines(path):
        if not os.path.exists(path):
            return []
        with open(path) as f:
            return f.read().splitlines()
