"""Starts and stops the servers that are measured, and reads what they use."""
import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

ADMIN, PASSWORD = "admin", "a-word-for-the-benchmark-only"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree(pid):
    """pid and its descendants (nginx has workers)"""
    kids = {}
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{p}/stat") as f:
                stat = f.read()
        except OSError:
            continue
        kids.setdefault(int(stat[stat.rindex(")") + 2:].split()[1]), []).append(int(p))
    out, todo = [], [pid]
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def cpu_clock(pid):
    """The CPU seconds of a process. Its clock counts nanoseconds, /proc/PID/stat only ticks of 10 ms."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # the kernel's MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
    except OSError:
        return 0.0


def machine_busy():
    """The CPU seconds that the whole machine has been busy (stolen time counts: it is lost to us)."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:9]]
    return (sum(v) - v[3] - v[4]) / os.sysconf("SC_CLK_TCK")


def status_mib(pid, key):
    try:
        with open(f"/proc/{pid}/status") as f:
            for line in f:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class Server:
    """A server with its own empty folder and port. Subclasses say how it is started."""
    can_push = True
    user = password = None

    def __init__(self, name, root, binary):
        self.name, self.root, self.binary = name, root, binary
        self.addr = f"127.0.0.1:{free_port()}"
        self.url = "http://" + self.addr
        self.data = os.path.join(root, "data")
        self.proc = None
        os.makedirs(self.data)

    def argv(self):
        raise NotImplementedError

    def env(self):
        return {}

    def ping(self):
        """None while nothing answers, else the status of GET /v2/"""
        c = http.client.HTTPConnection(self.addr, timeout=5)
        try:
            c.request("GET", "/v2/")
            return c.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            c.close()

    def start(self):
        """The milliseconds until it answered first."""
        argv, env = self.argv(), dict(os.environ, **self.env())
        with open(os.path.join(self.root, "log"), "ab") as log:
            t = time.monotonic()
            # a session of its own: an interrupt at the keyboard is for us, who then stop it properly
            self.proc = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env,
                                         cwd=self.root, start_new_session=True)
        while time.monotonic() - t < 60 and self.proc.poll() is None:
            if self.ping() in (200, 401):
                return (time.monotonic() - t) * 1000
            time.sleep(0.001)
        with open(os.path.join(self.root, "log"), errors="replace") as log:
            raise RuntimeError(f"{self.name} did not start:\n{log.read()[-2000:]}")

    def stop(self):
        if self.proc is None:
            return
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
            try:
                self.proc.wait(20)
            except subprocess.TimeoutExpired:
                for p in tree(self.proc.pid):
                    os.kill(p, signal.SIGKILL)
                self.proc.wait()
        self.proc = None

    def wipe(self):
        """Starts again with nothing stored."""
        self.stop()
        shutil.rmtree(self.data)
        os.makedirs(self.data)
        self.start()

    def pids(self):
        return tree(self.proc.pid)

    def cpu(self):
        return sum(map(cpu_clock, self.pids()))

    def memory(self):
        return sum(status_mib(p, "VmRSS") for p in self.pids())

    def peak_memory(self):
        return sum(status_mib(p, "VmHWM") for p in self.pids())

    def reset_peak(self):
        for p in self.pids():
            with open(f"/proc/{p}/clear_refs", "w") as f:
                f.write("5")


class Pierhead(Server):
    """As its users run it: private repositories, tokens from its own service, SQLite."""
    user, password = ADMIN, PASSWORD

    def argv(self):
        return [self.binary]

    def env(self):
        return {"PIERHEAD_LISTEN": self.addr, "PIERHEAD_DATA_DIR": self.data, "PIERHEAD_ADMIN_USERNAME": ADMIN,
                "PIERHEAD_ADMIN_PASSWORD": PASSWORD, "PIERHEAD_ADMIN_EMAIL": "admin@example.test",
                "PIERHEAD_LIMITS__API_REQUESTS": "0"}

    def add_repositories(self, namespace, count):
        """Writes empty repositories into the database: by API it would take longer than all the rest."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.data, "pierhead.db"), timeout=60)) as db, db:
            db.execute("""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                          INSERT INTO repositories (namespace_id, name, visibility, description, created_at)
                          SELECT id, name || printf('/x%06d', i), CASE i % 2 WHEN 0 THEN 'public' ELSE 'private' END, '', 0
                          FROM n, namespaces WHERE name = ?""", (count, namespace))


class DockerRegistry(Server):
    issuer = None

    def env(self):
        return {"OTEL_TRACES_EXPORTER": "none"}

    def argv(self):
        auth = ""
        if self.issuer:
            auth = (f"auth:\n  token:\n    realm: {self.issuer.realm}\n    service: bench\n    issuer: bench\n"
                    f"    rootcertbundle: {self.issuer.cert}\n")
        path = os.path.join(self.root, "config.yml")
        with open(path, "w") as f:
            f.write("version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n"
                    "  delete:\n    enabled: true\n  cache:\n    blobdescriptor: inmemory\n  filesystem:\n"
                    f"    rootdirectory: {self.data}\n  maintenance:\n    uploadpurging:\n      enabled: false\n"
                    f"http:\n  addr: {self.addr}\n  secret: bench\n{auth}")
        return [self.binary, "serve", path]


class StandIn(DockerRegistry):
    """Debian's registry behind a token service, in Pierhead's place: tests the benchmark itself."""
    user, password = ADMIN, PASSWORD

    def __init__(self, name, root, binary, issuer):
        super().__init__(name, root, binary)
        self.issuer = issuer


class Nginx(Server):
    """The same content as static files: the practical limit for pulls."""
    can_push = False

    def argv(self):
        root = self.root
        user = "user root;" if os.geteuid() == 0 else ""
        temp = " ".join(f"{k}_temp_path {root}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        path = os.path.join(root, "nginx.conf")
        with open(path, "w") as f:
            f.write(f"""{user}
worker_processes auto;
daemon off;
pid {root}/nginx.pid;
error_log {root}/error.log error;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=20000 inactive=60s;
  {temp}
  types {{ }}
  default_type application/octet-stream;
  server {{
    listen {self.addr};
    root {self.data};
    location = /v2/ {{ default_type application/json; return 200 '{{}}'; }}
    location ~ /manifests/ {{ default_type application/vnd.oci.image.manifest.v1+json; }}
  }}
}}
""")
        return [self.binary, "-p", root, "-c", path, "-e", f"{root}/error.log"]

    def put(self, path, data):
        file = self.data + path
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as f:
            f.write(data)
