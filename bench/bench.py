#!/usr/bin/env python3
"""Measures Pierhead beside Debian's docker-registry and nginx, and compares every byte that comes back.
script/bench builds what this needs and starts it; see README.md."""
import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from issuer import Issuer
from phases import DEFAULT, FULL, QUICK, Bench
from servers import DockerRegistry, Nginx, Pierhead, StandIn
from table import table


def options():
    p = argparse.ArgumentParser(prog="script/bench", description=__doc__.splitlines()[0])
    size = p.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="about 3 minutes: each figure once, big blobs of 256 MiB")
    size.add_argument("--full", action="store_true", help="about 20 minutes: each figure five times")
    p.add_argument("--only", metavar="PHASE,...", help="of " + ",".join(Bench.PHASES))
    p.add_argument("--out", metavar="DIR", help="also write table.md and results.json there")
    p.add_argument("--stand-in", action="store_true", help="docker-registry with a token service in Pierhead's place: tests the benchmark")
    p.add_argument("--loadgen", required=True, help=argparse.SUPPRESS)
    p.add_argument("--pierhead", help=argparse.SUPPRESS)
    p.add_argument("--check-options", action="store_true", help=argparse.SUPPRESS)
    o = p.parse_args()
    o.phases = o.only.split(",") if o.only else Bench.PHASES
    unknown = set(o.phases) - set(Bench.PHASES)
    if unknown:
        p.error(f"no such phase: {', '.join(sorted(unknown))} (there are {', '.join(Bench.PHASES)})")
    return o


def setting(mode, work):
    """What the figures were taken on."""
    with open("/proc/cpuinfo") as f:
        models = [line.split(":", 1)[1].strip() for line in f if line.startswith("model name")]
    fs = subprocess.run(["df", "--output=fstype", work], capture_output=True, text=True).stdout.split()[-1]
    return (f"{mode} run, {os.cpu_count()} CPUs ({models[0] if models else platform.machine()}), Linux {platform.release()}, "
            f"data on {fs}, all on 127.0.0.1")


def run(o, sizes, work, began):
    """Measures the phases asked for: the results, and the phases that broke off."""
    servers, failed, issuer = [], [], None
    try:
        registry = shutil.which("docker-registry")
        if o.stand_in:
            issuer = Issuer(os.path.join(work, "issuer"))
            servers.append(StandIn("stand-in", os.path.join(work, "stand-in"), registry, issuer))
        else:
            servers.append(Pierhead("pierhead", os.path.join(work, "pierhead"), o.pierhead))
        for name, kind, binary in (("docker-registry", DockerRegistry, registry), ("nginx", Nginx, shutil.which("nginx"))):
            if binary:
                servers.append(kind(name, os.path.join(work, name), binary))
            else:
                print(f"{name} is not installed: left out")
        bench = Bench(servers, sizes, o.loadgen, work)
        for s in servers:
            bench.note(s, "first start", {"start_ms": s.start()})
        for phase in o.phases:
            print(f"{phase} ({time.monotonic() - began:.0f} s)", flush=True)
            bench.revive()
            try:
                getattr(bench, phase)()
            except Exception:
                traceback.print_exc()
                failed.append(phase)
        return bench, failed
    finally:
        for s in servers:
            s.stop()
        if issuer:
            issuer.stop()


def main():
    o = options()
    if o.check_options:
        return 0  # script/bench asks before it spends minutes on a build
    mode, sizes = ("quick", QUICK) if o.quick else ("full", FULL) if o.full else ("default", DEFAULT)
    # so that an interrupted run ends its servers and removes its data as well
    for sig in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, lambda *args: sys.exit(143))
    began = time.monotonic()
    work = tempfile.mkdtemp(prefix="pierhead-bench-")
    try:
        bench, failed = run(o, sizes, work, began)
        ours = bench.servers[0].name
        text = f"{setting(mode, work)}, {time.monotonic() - began:.0f} s\n\n{table(bench.results, ours, sizes)}"
        print("\n" + text, flush=True)
        if o.out:
            os.makedirs(o.out, exist_ok=True)
            with open(os.path.join(o.out, "table.md"), "w") as f:
                f.write(text)
            with open(os.path.join(o.out, "results.json"), "w") as f:
                json.dump({"setup": setting(mode, work), "sizes": sizes, "results": bench.results}, f, indent=1)
    finally:
        # docker-registry's very many small files can take minutes on a slow disk
        print(f"removing {work}", flush=True)
        subprocess.run(["rm", "-rf", work], start_new_session=True)
    errors = sum(x.get("errors", 0) for xs in bench.results[ours].values() for x in xs)
    if errors:
        print(f"{ours} gave {errors} wrong answers or failures: its figures do not count")
    if failed:
        print(f"these phases broke off: {', '.join(failed)}")
    return 1 if errors or failed else 0


if __name__ == "__main__":
    sys.exit(main())
