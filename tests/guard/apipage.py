#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: doc/api.html is the page of today's doc/openapi.yaml.

import os
import subprocess
import sys

from house import ROOT, Report, exists, skip

PAGE, MAKER, PAPER = "doc/api.html", "doc/api_page.py", "doc/openapi.yaml"
HERE = os.path.dirname(os.path.abspath(__file__))

if not exists(PAGE) and not exists(PAPER):
    skip(f"neither {PAGE} nor {PAPER} is there")
try:
    import yaml  # noqa: F401: what the maker needs
except ImportError:
    skip("python3-yaml is not installed")

report = Report(f"{PAGE} is made of today's {PAPER}")
done = subprocess.run(
    [sys.executable, os.path.join(HERE, "../../doc/api_page.py"), "--check"],
    env={**os.environ, "DW_SRC": ROOT}, capture_output=True, text=True,
)
if done.stderr:
    report.add(MAKER, 0, f"fails: {done.stderr.strip()}")
elif done.returncode != 0:
    report.add(PAGE, 0, "is not of today; type: python3 doc/api_page.py")
report.done("1 page")
