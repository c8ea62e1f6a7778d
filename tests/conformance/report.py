"""Counts the results of the OCI conformance program.

report.py JUNIT.XML ALLOWED-SKIPS.TXT VERSION EXIT-STATUS

Prints each failure and each skip, and last 'N passed, N failed'. Exits with 1, and without that line, if the report
cannot be read.
"""

import sys
import xml.etree.ElementTree as ElementTree

# The program exits with 0 when its configuration cannot be loaded, so few tests are as bad as a failure. A run has 680
# or more.
FEWEST = 500


def allowed_skips(path, version):
    """Names of the tests that may be skipped in this version. A line is 'VERSION | NAME | REASON'; '*' is any version."""
    names = {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{path}:{number}: wanted 'VERSION | NAME | REASON'")
        if parts[0] in ("*", version):
            names[parts[1]] = parts[2]
    return names


def reason(case):
    lines = [line.strip() for line in (case.findtext("system-out") or "").splitlines() if line.strip()]
    return " / ".join(lines[:3])[:400] or "no reason given"


def main(junit, skips, version, status):
    try:
        cases = list(ElementTree.parse(junit).getroot().iter("testcase"))
        allowed = allowed_skips(skips, version)
    except (OSError, ElementTree.ParseError, ValueError) as error:
        print(f"FAIL {error}")
        return 1
    passed, failed, used = 0, 0, set()
    for case in cases:
        name, result = case.get("name"), case.get("status")
        if result == "passed":
            passed += 1
        elif result == "skipped" and name in allowed:
            passed += 1
            used.add(name)
            print(f"allowed skip {name}: {allowed[name]}")
        else:
            failed += 1
            print(f"FAIL {name} ({result}): {reason(case)}")
    for name in sorted(set(allowed) - used):
        failed += 1
        print(f"FAIL {name}: listed in allowed-skips.txt, but it was not skipped")
    if len(cases) < FEWEST:
        failed += 1
        print(f"FAIL only {len(cases)} tests ran, of {FEWEST} or more")
    if status != 0 and failed == 0:
        failed += 1
        print(f"FAIL the program ended with status {status}, although no test failed")
    print(f"{passed} passed, {failed} failed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
