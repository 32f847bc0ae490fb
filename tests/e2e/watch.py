# SPDX-License-Identifier: ISC
"""What went wrong behind answers that looked right: logs and checkers."""

import json
import re

OUR_FAULT = ('internal', 'db', 'sealed', 'configuration_wrong',
             'answer_unsent')
# Apache starts a CGI program when it has the head; when the body is too much
# or never comes, the program's answer is for nobody
EARLY = ('apache-cgi', 'htaccess')
SUMMARY = re.compile(r'ERROR SUMMARY: (\d+) errors')
MOST = 5


def lines_of(text, setup):
    """Complaints about lines: no JSON object, or one that tells of a defect."""
    faults = set(OUR_FAULT)
    if setup in EARLY:
        faults.remove('answer_unsent')
    found = []
    for line in filter(None, text.splitlines()):
        try:
            event = json.loads(line)['event']
        except (ValueError, TypeError, KeyError):
            found.append(f'a line of the log is no event: {line[:300]}')
        else:
            if event in faults:
                found.append(f'a defect: {line[:300]}')
    return found


def valgrind_of(folder, under):
    """What valgrind found in the workers, if they ran under it."""
    found, ended = [], 0
    for path in sorted(folder.glob('valgrind.*')):
        text = path.read_text(errors='replace')
        summary = SUMMARY.search(text)
        ended += summary is not None
        if summary and summary[1] != '0':
            found.append(f'{path.name}: {text[:3000]}')
    if under and not ended:
        found.append('no worker ended under valgrind as it should')
    return found


def sanitizers_of(folder):
    """What the sanitizers found in workers and couriers."""
    return [f'{path.name}: {path.read_text(errors="replace")[:3000]}'
            for path in sorted(folder.glob('sanitizer.*'))]


def faults(stack):
    """All of it, a few of each."""
    text = stack.logs()
    found = lines_of(text, stack.setup)[:MOST]
    found += [f'the log holds a secret: {leak}'
              for leak in stack.secrets.leaks(text)[:MOST]]
    return (found + valgrind_of(stack.folder, stack.web.under)[:MOST]
            + sanitizers_of(stack.folder)[:MOST])
