"""A large registry in an SQLite file, written by SQL.

The file is made with the migrations up to SCHEMA and filled; the program then brings it up to date as it would any old
registry. So nothing here has to follow later changes of the schema, and what later migrations keep (counts, sizes, what
names are found by) is worked out by them. How long that takes on a registry of this size is measured on the way.
"""

import hashlib, json, pathlib, sqlite3, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = "2026-11-24-001000_create_log_exports"

DAY = 86_400_000
DAYS = 30
NOW = int(time.time() * 1000)
FIRST = (NOW // DAY - DAYS) * DAY

ORGANIZATIONS = 200
REPOSITORIES = 100_000
LARGEST = 20_000  # repositories of org0
TAGS = 1_000_000
BUSY_TAGS = 50_000  # tags of org0/busy, which is repository 1
MANIFESTS = 100_000
BUSY_MANIFESTS = 10_000
USERS = 20_000
MEMBERS = 500  # users in some team of org0
COLLABORATORS = 200  # users with permissions on repositories of org0 alone, ten each, but for the first
GRANTS = 2_000  # repositories of org0 that the first one, and each of the first robot accounts, have permissions on
LAYERS = 5_000
EVENTS = 5_000_000

EVENT_INDEXES = {
    "events_by_namespace": "(namespace_id, at, id)",
    "events_by_repository": "(repository_id, at, id)",
    "events_by_actor": "(actor_kind, actor_id, at, id)",
    "events_by_time": "(at, id)",
}
SERIES = "WITH RECURSIVE n(i) AS (SELECT {low} UNION ALL SELECT i + 1 FROM n WHERE i < {high})"


def fill(path, scale=1.0):
    """Fills a new file at `path`; with `scale` below 1 with less of everything, for trying this out."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY", "foreign_keys=OFF"):
        db.execute(f"PRAGMA {pragma}")
    migrate(db)
    db.execute("BEGIN")
    for step in (namespaces, repositories, contents, tags, events):
        step(db, scale)
    db.execute("COMMIT")
    broken = db.execute("PRAGMA foreign_key_check").fetchone()
    assert broken is None, f"a row that refers to nothing: {broken}"
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


def people(path, scale):
    """Users, members, collaborators and what is granted to robot accounts, into a file that is migrated: its triggers count."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("BEGIN")
    users, largest = max(int(USERS * scale), MEMBERS + COLLABORATORS), int(LARGEST * scale)
    first, space = (db.execute(f"SELECT 1 + MAX(id) FROM {table}").fetchone()[0] for table in ("users", "namespaces"))
    numbered(db, f"INSERT INTO namespaces (id, name, kind, created_at) SELECT {space} + i, printf('user%06d', i), 'user', {FIRST}", users)
    numbered(db, f"INSERT INTO users (id, namespace_id, name, email, enabled, standing, credentials_at, created_at, last_sign_in) SELECT {first} + i, "
                 f"{space} + i, printf('user%06d', i), printf('user%06d@example.test', i), i % 50 <> 7, CASE WHEN i % 1000 = 9 THEN 'superuser' "
                 f"WHEN i % 1000 = 11 THEN 'read_only_superuser' ELSE 'plain' END, {FIRST}, {FIRST}, CASE WHEN i % 3 = 0 THEN 0 ELSE {FIRST} + i * 7919 END", users)
    # The teams of org0 are the first ten.
    numbered(db, f"INSERT INTO team_members (team_id, user_id, created_at) SELECT 4 + i % 7, {first} + i, {FIRST}", MEMBERS)
    grant = "INSERT INTO repository_permissions (repository_id, {0}, role, created_at) SELECT"
    some = f"1 + (i * 7919) % {largest}"
    others = f"{first + MEMBERS + 1} + i / 10"
    numbered(db, f"{grant.format('user_id')} {some}, {others}, 'read', {FIRST}", (COLLABORATORS - 1) * 10)
    many = min(GRANTS, largest)
    numbered(db, f"{grant.format('user_id')} 1 + i, {first + MEMBERS}, 'write', {FIRST}", many)
    for (robot,) in db.execute("SELECT id FROM robots WHERE namespace_id = 1 ORDER BY id LIMIT 3").fetchall():
        numbered(db, f"{grant.format('robot_id')} 1 + i, {robot}, 'write', {FIRST}", many)
    db.execute("COMMIT")
    db.close()


def migrate(db):
    db.execute("CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, "
               "run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)")
    for folder in sorted((ROOT / "migrations/sqlite").iterdir()):
        if folder.name <= SCHEMA:
            db.executescript((folder / "up.sql").read_text())
            db.execute("INSERT INTO __diesel_schema_migrations (version) VALUES (?)", [folder.name.split("_")[0].replace("-", "")])


def numbered(db, insert, count):
    db.execute(f"{insert.split(' SELECT ')[0]} {SERIES.format(low=0, high=count - 1)} SELECT {insert.split(' SELECT ', 1)[1]} FROM n")


def namespaces(db, scale):
    numbered(db, f"INSERT INTO namespaces (id, name, kind, created_at) SELECT 1 + i, 'org' || i, 'organization', {FIRST}", ORGANIZATIONS)
    numbered(db, f"INSERT INTO teams (id, organization_id, name, role, description, created_at) SELECT 1 + i, 1 + i / 10, "
                 f"'team' || (i % 10), CASE i % 10 WHEN 0 THEN 'creator' ELSE 'member' END, '', {FIRST}", ORGANIZATIONS * 10)


def repositories(db, scale):
    count, largest = int(REPOSITORIES * scale), int(LARGEST * scale)
    owner = f"CASE WHEN i < {largest} THEN 0 ELSE 1 + i % {ORGANIZATIONS - 1} END"
    name = f"'org' || ({owner}) || CASE WHEN i = 0 THEN '/busy' ELSE '/group-' || (i % 50) || '/service-' || printf('%06d', i) END"
    numbered(db, f"INSERT INTO repositories (id, namespace_id, name, visibility, description, created_at, pushed_at) SELECT 1 + i, "
                 f"1 + {owner}, {name}, CASE i % 10 WHEN 0 THEN 'public' ELSE 'private' END, 'Service number ' || i, {FIRST}, "
                 f"{FIRST} + (i * 7919) % {DAYS * DAY}", count)
    # carol's teams: one reads 2,000 repositories of org0 and one writes to the busy one.
    numbered(db, f"INSERT INTO repository_permissions (repository_id, team_id, role, created_at) SELECT 1 + i, 2, 'read', {FIRST}", int(2_000 * scale))
    db.execute(f"INSERT INTO repository_permissions (repository_id, team_id, role, created_at) VALUES (1, 3, 'write', {FIRST})")


def contents(db, scale):
    """Manifests that are what their digests say, each of one configuration and two layers of a common stock."""
    layers = [(10 + number, digest(f"layer {number}"), 1_000_000 + number * 7919 % 50_000_000) for number in range(LAYERS)]
    first_config = 10 + LAYERS
    blobs, manifests, references = list(layers), [], []
    for number in range(int(MANIFESTS * scale)):
        config = (first_config + number, digest(f"config {number}"), 1500)
        mine = [layers[number % LAYERS], layers[number * 31 % LAYERS]] if number % LAYERS != number * 31 % LAYERS else [layers[number % LAYERS]]
        blobs.append(config)
        text = manifest(config, mine)
        size = config[2] + sum(layer[2] for layer in mine)
        manifests.append((1 + number, digest(text), OCI, OCI_CONFIG, size, text.encode(), FIRST))
        parts = [("config", config, OCI_CONFIG)] + [("layer", layer, OCI_LAYER) for layer in mine]
        references += [(1 + number, place, kind, blob[1], media_type, blob[2]) for place, (kind, blob, media_type) in enumerate(parts)]
    db.executemany(f"INSERT INTO blobs (id, digest, size, created_at) VALUES (?, ?, ?, {FIRST})", blobs)
    db.executemany("INSERT INTO manifests (id, digest, media_type, config_media_type, content_size, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)", manifests)
    db.executemany("INSERT INTO manifest_references (manifest_id, position, kind, digest, media_type, size) VALUES (?, ?, ?, ?, ?, ?)", references)


OCI = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def manifest(config, layers):
    described = lambda media_type, blob: {"mediaType": media_type, "digest": blob[1], "size": blob[2]}
    return json.dumps({"schemaVersion": 2, "mediaType": OCI, "config": described(OCI_CONFIG, config),
                       "layers": [described(OCI_LAYER, layer) for layer in layers]})


def tags(db, scale):
    """The busy repository has its own manifests first; every other one has two and ten tags or so that point at them."""
    busy, own, repositories, manifests = (int(number * scale) for number in (BUSY_TAGS, BUSY_MANIFESTS, REPOSITORIES, MANIFESTS))
    numbered(db, f"INSERT INTO repository_manifests (repository_id, manifest_id, media_type, pushed_at) SELECT 1, 1 + i, '{OCI}', {FIRST} + i", own)
    for half in (0, 1):
        numbered(db, f"INSERT INTO repository_manifests (repository_id, manifest_id, media_type, pushed_at) SELECT 2 + i, "
                     f"1 + (i * 2 + {half}) % {manifests}, '{OCI}', {FIRST} + i", repositories - 1)
    at = f"{FIRST} + (i * 104729) % {DAYS * DAY}"
    columns = "repository_id, name, manifest_id, created_at, updated_at, pulls"
    numbered(db, f"INSERT INTO tags ({columns}) SELECT 1, 'v' || i, 1 + i % {own}, {FIRST} + i * 50, {FIRST} + i * 50, i % 97", busy)
    others = f"2 + i % {repositories - 1}"
    numbered(db, f"INSERT INTO tags ({columns}) SELECT {others}, 'v' || (i / {repositories - 1}), "
                 f"1 + ((i % {repositories - 1}) * 2 + (i / {repositories - 1}) % 2) % {manifests}, {at}, {at}, i % 13", int(TAGS * scale) - busy)
    db.execute("INSERT INTO tag_events (repository_id, tag, to_digest, actor, at) SELECT t.repository_id, t.name, m.digest, 'carol', t.created_at "
               "FROM tags t JOIN manifests m ON m.id = t.manifest_id ORDER BY t.created_at")
    db.execute(f"INSERT OR IGNORE INTO repository_blobs (repository_id, blob_id, linked_at) SELECT l.repository_id, b.id, {FIRST} "
               "FROM repository_manifests l JOIN manifest_references r ON r.manifest_id = l.manifest_id JOIN blobs b ON b.digest = r.digest")


def events(db, scale):
    """Three of a hundred are the busy repository's; 'pull_repo' is what most are."""
    count = int(EVENTS * scale)
    for name in EVENT_INDEXES:
        db.execute(f"DROP INDEX {name}")
    repository = f"CASE WHEN i % 100 < 3 THEN 1 ELSE 1 + (i * 7919) % {int(REPOSITORIES * scale)} END"
    numbers = f"SELECT i, {repository} AS r, {FIRST} + (i * 7919000003) % {NOW - FIRST} AS at"
    db.execute(
        f"INSERT INTO events (kind, at, actor_kind, actor_id, actor_name, ip, user_agent, namespace_id, namespace_name, repository_id, "
        f"repository_name, tag, times, details, credential) {SERIES.format(low=0, high=count - 1)} SELECT CASE WHEN i % 50 = 1 THEN 'push_repo' "
        f"WHEN i % 1000 = 2 THEN 'delete_tag' ELSE 'pull_repo' END, at, 'robot', 1 + i % 997, 'org0+robot' || (i % 997), '10.0.' || (i % 200) || '.7', "
        f"'containerd/2.0.1', s.namespace_id, substr(s.name, 1, instr(s.name, '/') - 1), s.id, s.name, 'v' || (i % 300), 1, '{{}}', 'registry_token' "
        f"FROM ({numbers} FROM n) q JOIN repositories s ON s.id = q.r")
    for name, columns in EVENT_INDEXES.items():
        db.execute(f"CREATE INDEX {name} ON events {columns}")
