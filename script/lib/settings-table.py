#!/usr/bin/env python3
"""Puts the settings table of `pierhead config table` between its markers in README.md."""
import pathlib
import subprocess
import sys

table = subprocess.run([sys.argv[1], "config", "table"], check=True, capture_output=True, text=True).stdout.strip()
readme = pathlib.Path(__file__).resolve().parents[2] / "README.md"
text = readme.read_text()
before, rest = text.split("<!-- settings -->")
_, after = rest.split("<!-- /settings -->")
readme.write_text(f"{before}<!-- settings -->\n\n{table}\n\n<!-- /settings -->{after}")
