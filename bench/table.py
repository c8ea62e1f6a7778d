"""The table: one row a figure, one column a server."""
import statistics

MIB = 1 << 20

# name, label, unit, the sample's key, Pierhead's target, whether bytes count (a rate in MiB/s) or operations
ROWS = [
    ("start", "start to first answer", "ms", "start_ms", 40, None),
    ("first start", "first start, empty data folder", "ms", "start_ms", None, None),
    ("start", "idle memory", "MiB", "idle_mib", 30, None),
    ("manifest by tag", "manifest GET by tag, 16 connections", "CPU-µs", "cpu_us", 60, "ops"),
    ("manifest by digest", "manifest GET by digest, 16 connections", "CPU-µs", "cpu_us", 45, "ops"),
    ("blob 64 KiB", "64 KiB blob GET, 16 connections", "CPU-µs", "cpu_us", 90, "ops"),
    ("blob big", "{big} blob GET, 1 connection", "CPU-s/GiB", "cpu_s_gib", 0.40, "bytes"),
    ("push big", "{big} blob push, streamed as Docker does", "CPU-s/GiB", "cpu_s_gib", 1.15, "bytes"),
    ("push small", "4 KiB blob push (POST+PUT), 8 connections", "CPU-µs", "cpu_us", 700, "ops"),
    ("manifest PUT", "manifest PUT, new tags, 8 connections", "CPU-µs", "cpu_us", 600, "ops"),
    ("tag page", "page of 100 of {tags:,} tags, 8 connections", "CPU-µs", "cpu_us", 250, "ops"),
    ("new repository", "new repository (mounts, manifest), 8 conn.", "CPU-µs", "cpu_us", None, "ops"),
    ("catalog page", "page of 100 of {repos:,} repositories, 8 conn.", "CPU-µs", "cpu_us", 300, "ops"),
    ("mixed", "32 pulling, 4 pushing: an image of 1 MiB", "CPU-µs", "cpu_us", None, "ops"),
    ("mixed", "peak memory of that", "MiB", "peak_mib", 120, None),
    ("token", "token for a password, 8 connections", "CPU-µs", "cpu_us", None, "ops"),
    ("api user", "API: the current user, 8 connections", "CPU-µs", "cpu_us", 2000, "ops"),
    ("api repositories", "API: page of 50 of {api_repos:,} repositories", "CPU-µs", "cpu_us", 2000, "ops"),
    ("api repositories public", "API: page of 50 public ones among them", "CPU-µs", "cpu_us", 2000, "ops"),
    ("api tags", "API: page of 100 of {tags:,} tags", "CPU-µs", "cpu_us", 2000, "ops"),
    ("api tag history", "API: the 50th page of their history", "CPU-µs", "cpu_us", 2000, "ops"),
    ("sync blob", "sync calls and renames of a 4 KiB blob push", "calls", "calls", None, None),
    ("sync manifest", "sync calls and renames of a manifest PUT", "calls", "calls", None, None),
]

LEGEND = """CPU is the server's own, per operation or per GiB moved; in brackets the rate (and the 99th percentile).
~ other processes used more than 15% of the machine meanwhile: trust the CPU figure, not the rate.
Client and servers share the machine. {ours} serves private repositories and checks a bearer token on each
request; docker-registry and nginx run without any authentication, which favours them.
"""


def median(samples, key):
    values = [s[key] for s in samples if s.get(key) is not None]
    return statistics.median(values) if values else None


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def cell(samples, key, rate):
    errors = sum(s.get("errors", 0) for s in samples)
    notes = sorted({s["note"] for s in samples if s.get("note")})
    if key == "calls":
        text = next((s["calls"] for s in samples if s.get("calls")), "-")
    else:
        value = median(samples, key)
        text = "-" if value is None else number(value)
        if value is not None and rate:
            noisy = "~" if (median(samples, "others_share") or 0) > 0.15 else ""
            if rate == "bytes":
                text += f" ({noisy}{number(median(samples, 'mib_s'))} MiB/s)"
            else:
                p99 = median([s.get("latency", {}) for s in samples], "p99_us")
                tail = f", {number(p99 / 1000)} ms" if p99 else ""
                text += f" ({noisy}{number(median(samples, 'ops_s'))}/s{tail})"
    if notes:
        text += " " + "; ".join(notes)
    return text + (f" {errors} ERRORS" if errors else "")


def verdict(samples, key, target):
    value = median(samples, key)
    if target is None or value is None or any(s.get("errors") for s in samples):
        return ""
    return "met" if value <= target else "MISSED"


def table(results, ours, sizes):
    """Markdown, padded so that it reads well in a terminal too."""
    names = list(results)
    big = f"{sizes['big'] // MIB} MiB" if sizes["big"] < 1024 * MIB else f"{sizes['big'] // (1024 * MIB)} GiB"
    lines = [["figure", "unit", "target", ours, ""] + [n for n in names if n != ours]]
    for name, label, unit, key, target, rate in ROWS:
        if not any(results[n].get(name) for n in names):
            continue
        cells = {n: cell(results[n][name], key, rate) if results[n].get(name) else "-" for n in names}
        label = label.format(big=big, tags=sizes["tags"], repos=sizes["repos"], api_repos=sizes["api_repos"])
        lines.append([label, unit, "" if target is None else f"{target:g}" if target >= 1 else f"{target:.2f}",
                      cells[ours], verdict(results[ours].get(name, []), key, target)] + [cells[n] for n in names if n != ours])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * w for w in widths])
    rows = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    return "\n".join(rows) + "\n\n" + LEGEND.format(ours=ours)
