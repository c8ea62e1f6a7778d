"""One Pierhead of one's own, on a database that is filled behind its back."""

import http.client, os, pathlib, shutil, sqlite3, subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("BENCH_BINARY", ROOT / "target/debug/pierhead")
PORT = int(os.environ.get("PORT", 18106))
PASSWORD = "correct horse battery"


def psql(url, *statements):
    for statement in statements:
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", url, "-c", statement], check=True)


class Place:
    """A folder, and on PostgreSQL a database, that end with the measurement."""

    def __init__(self, purpose, arguments):
        kind, *rest = arguments or ["sqlite"]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"pierhead-{purpose}-"))
        self.url = self.name = None
        if kind == "postgres":
            self.server = rest[0]
            self.name = f"pierhead_{purpose}_{os.getpid()}"
            psql(self.server, f"CREATE DATABASE {self.name}")
            self.url = self.server.rsplit("/", 1)[0] + f"/{self.name}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)
        if self.name:
            psql(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")

    def sqlite(self):
        """The database file, for bulk changes while no server is up."""
        db = sqlite3.connect(self.folder / "data/pierhead.db", isolation_level=None)
        for pragma in ["journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"]:
            db.execute(f"PRAGMA {pragma}")
        return db


class Server:
    """A running Pierhead. Its administrator is `admin`."""

    def __init__(self, place):
        settings = {"LISTEN": f"127.0.0.1:{PORT}", "DATA_DIR": str(place.folder / "data"), "ADMIN_USERNAME": "admin",
                    "ADMIN_PASSWORD": PASSWORD, "LOG__REQUESTS": "none", "LIMITS__API_REQUESTS": "0"}
        if place.url:
            settings["DATABASE_URL"] = place.url
        environment = os.environ | {f"PIERHEAD_{name}": value for name, value in settings.items()}
        self.log = open(place.folder / "server.log", "ab")
        self.process = subprocess.Popen([BINARY, "serve"], env=environment, cwd=place.folder, stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/live")
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit("the server did not start")
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)

    def ask(self, path, method="GET", body=None, headers=()):
        """The answer's status, headers and body, on a connection that is kept."""
        self.connection.request(method, path, body, dict(headers))
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def cpu(self):
        """Seconds of CPU this process has used so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
