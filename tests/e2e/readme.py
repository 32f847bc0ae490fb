#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The README as its reader meets it: script/run, and the lines to type.

DW_SRC names the source tree; script/run builds it in build/run.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import check
import processes
from check import conversation, equal, true
from talk_pages import POLICY

SOURCE = os.environ.get('DW_SRC') or os.path.abspath(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
SECTIONS = ('The first sign-in with curl', "An operator's day", 'Webhooks')
START_SECONDS = 900     # where it has to be built
AGAIN_SECONDS = 5
MARK = '\x1e'           # stands before a line's number and exit status


class Demo:
    """A state of script/run in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='doorward-readme.')
        os.chmod(self.folder, 0o755)
        self.state = os.path.join(self.folder, 'state')
        self.port = processes.free_port()
        self.token = None

    def environment(self, **more):
        """What the script and the lines find, and nothing of proxies."""
        kept = {name: value for name, value in os.environ.items()
                if not name.lower().endswith('_proxy')}
        return {**kept, 'STATE': self.state, 'PORT': str(self.port), **more}

    def script(self, *words, **more):
        """script/run with these words: its exit status and what it said."""
        done = subprocess.run(
            ['script/run', *words], cwd=SOURCE, env=self.environment(**more),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=START_SECONDS)
        return done.returncode, done.stdout

    def started(self):
        """Start it, and wait until it is ready."""
        status, said = self.script('--detach')
        equal(status, 0, f'script/run --detach said {said}')
        return said

    def facts(self):
        """What demo.env says."""
        names = ('URL', 'TENANT', 'KEY', 'MESSAGES', 'GRACE_SECONDS')
        said = processes.run(
            ['sh', '-c', f'. "{self.state}/demo.env" && printf "%s\\n" '
             + ' '.join(f'"${name}"' for name in names)])
        return dict(zip(names, said.splitlines()))

    def home(self):
        """The folder that its files live in."""
        named = os.path.join(self.state, 'home')
        if not os.path.exists(named):
            return self.state
        with open(named, encoding='utf-8') as file:
            return file.read().strip()

    def running(self):
        """The processes that have to do with its files."""
        found = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/cmdline', 'rb') as file:
                    words = file.read().decode(errors='replace')
            except OSError:
                continue
            if self.home() + '/' in words:
                found.append((int(pid), words.replace('\0', ' ')))
        return found

    def close(self):
        """Stop it, and leave nothing."""
        self.script('--stop')
        home = self.home()
        if os.path.basename(home).startswith('doorward-demo.'):
            shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def get(port, path, headers=()):
    """The answer to a GET, and its body."""
    link = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
    try:
        link.request('GET', path, headers=dict(headers))
        answer = link.getresponse()
        return answer, answer.read().decode()
    finally:
        link.close()


# ---- what the README says ----------------------------------------------------


def readme():
    """Its text."""
    with open(os.path.join(SOURCE, 'README.md'), encoding='utf-8') as file:
        return file.read()


def lines_typed():
    """The lines to type; those that are continued are one."""
    sections = [readme().partition(f'\n## {title}\n')[2].partition('\n## ')[0]
                for title in SECTIONS]
    blocks = re.findall(r'^```sh\n(.*?)^```$', ''.join(sections), re.S | re.M)
    found = []
    for line in ''.join(blocks).splitlines():
        if found and found[-1].endswith('\\'):
            found[-1] += '\n' + line
        else:
            found.append(line)
    return found


def typed(demo, lines):
    """Type the lines into one shell: of each its exit status and output."""
    script = ''.join(f"{line}\nprintf '\\036%d %d\\n' {n} $?\n"
                     for n, line in enumerate(lines))
    done = subprocess.run(
        ['sh'], input=script, cwd=SOURCE, env=demo.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=120)
    found, rest = [], done.stdout
    for n in range(len(lines)):
        said, _, rest = rest.partition(f'{MARK}{n} ')
        status, _, rest = rest.partition('\n')
        found.append((int(status or -1), said.strip()))
    return found


def member(text, *path):
    """A member of a JSON text; None where there is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def is_done(said):
    """An envelope that says yes."""
    return member(said, 'status') is True


def is_login(said):
    """An envelope with a pair of tokens."""
    return bool(is_done(said) and member(said, 'data', 'token')
                and member(said, 'data', 'refreshToken'))


# What the lines that say something say, in their order.
SAID = (
    ('a code is asked for', is_done),
    ('the code is read', lambda said: re.fullmatch(r'\d{6}', said)),
    ('it is traded', is_login),
    ('the profile is shown', lambda said:
     member(said, 'data', 'emailVerified') is True),
    ('the profile is changed', lambda said:
     member(said, 'data', 'fullName') == 'Ada Obi'),
    ('the next pair of tokens comes', lambda said:
     member(said, 'token') and member(said, 'refreshToken')),
    ('the customer signs out', is_done),
    ('the access token is dead', lambda said:
     member(said, 'code') == 'session_ended'),
    ('a mail is asked for again', is_done),
    ('the link is read', lambda said:
     re.fullmatch(r'http://127\.0\.0\.1:\d+/signin#token=[\w-]{43}&email=\S+',
                  said)),
    ('the link is traded', is_login),
    ('a code is asked for by phone', is_done),
    ('it is traded, too', is_login),
    ('a merchant asks for a code', is_done),
    ('it is traded, and a shop is founded', lambda said: is_login(said) and
     member(said, 'data', 'shop', 'name') == "Meg's Shoes"),
    ('its key is listed', lambda said: '"pk_' in said),
    ('nobody is its customer yet', lambda said: '"data":[]' in said),
    ('a partner signs a customer in', lambda said:
     member(said, 'access') and member(said, 'refresh')),
    ('their profile is shown', lambda said:
     member(said, 'account', 'username') == 'pia'),
    ('the token is good', lambda said: member(said, 'active') is True
     and member(said, 'idp') == 'partner:demo-market'),
    ('the customer is found', lambda said: 'Ada Obi' in said),
    ('and shown', lambda said: re.search(r'^email +ada\S+ \(proven ', said,
                                         re.M)),
    ('the session is listed', lambda said: 'curl/' in said),
    ('it is revoked', lambda said: said == '1 session ended.'),
    ('the trail is shown', lambda said: 'by_operator' in said
     and 'customer_status' in said and 'signed_up' in said),
    ('nothing was refused', lambda said: 'refused' in said
     or said == 'The trail holds nothing of the kind.'),
    ('all that is held is handed out', lambda said:
     member(said, 'profile', 'full_name') == 'Ada Obi'
     and len(member(said, 'sessions')) == 2),
    ('it is deleted', lambda said: said.startswith('Deleted all of customer')),
    ('no message is dead', lambda said: said.count('\n') == 0),
    ('a monitor is told', lambda said:
     'doorward_outbox_messages{state="dead",kind="email"} 0' in said),
    ('the events are listed', lambda said: 'session.merged' in said),
    ('a webhook is made', lambda said:
     re.search(r'^whsec_[\w-]{43}$', said, re.M)),
    ('an event is queued', lambda said: said.startswith('Queued.')),
    ('it is in the log', lambda said: 'webhook.test' in said),
    ('nothing was dead', lambda said: said == '0 queued again.'),
)


# ---- conversations -----------------------------------------------------------


@conversation('script/run --detach starts all of it, and demo.env says where')
def starts(demo):
    said = demo.started()
    facts = demo.facts()
    equal(facts['URL'], f'http://127.0.0.1:{demo.port}', 'URL')
    true(re.fullmatch(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}',
                      facts['TENANT']), f'TENANT {facts["TENANT"]}')
    true(facts['KEY'].startswith('pk_'), f'KEY {facts["KEY"]}')
    true(os.path.isabs(facts['MESSAGES']) and os.path.isdir(facts['MESSAGES']),
         f'MESSAGES {facts["MESSAGES"]}')
    equal(facts['GRACE_SECONDS'], '10', 'GRACE_SECONDS')
    for word in (facts['URL'], facts['KEY'], 'curl', '1000 times'):
        true(word in said, f'{word} is not in what it said: {said}')


@conversation('every line of the README does what is said of it')
def first_signin(demo):
    lines = lines_typed()
    outputs = []
    for line, (status, said) in zip(lines, typed(demo, lines)):
        equal(status, 0, f'{line}: said {said!r}; its status')
        if said:
            outputs.append(said)
    equal(len(outputs), len(SAID), f'lines that say something: {outputs}')
    for said, (what, holds) in zip(outputs, SAID):
        true(holds(said), f'{what}: {said}')
    logins = [said for said in outputs if member(said, 'data', 'customer')]
    demo.token = member(logins[-1], 'data', 'token')


@conversation('started a second time it says that it runs, and all is well')
def runs_already(demo):
    status, said = demo.script('--detach')
    equal(status, 0, 'the exit status')
    true(demo.facts()['URL'] in said and 'already' in said, f'it said {said}')


@conversation('a port that is taken is named, and nothing is started')
def port_taken(demo):
    other = os.path.join(demo.folder, 'other')
    status, said = demo.script('--detach', STATE=other)
    equal(status, 1, 'the exit status')
    true(f'{demo.port} is taken' in said, f'it said {said}')
    true(not os.path.exists(other + '/demo.env'), 'it has a demo.env')


@conversation('the sign-in page runs its own script, talks to its own origin, '
              'and that is all')
def page(demo):
    for path in ('/signin', '/signin?from=mail'):
        answer, body = get(demo.port, path)
        equal(answer.status, 200, path)
        equal(answer.getheader('Content-Security-Policy'), POLICY, path)
        loaded = re.findall(r'(?:src|href)="([^"]+)"', body)
        equal(len(loaded), 2, 'what it loads')
        for name in loaded:
            equal(get(demo.port, '/' + name)[0].status, 200, name)
    equal(get(demo.port, '/signinx')[0].status, 404, 'a path beside it')
    equal(get(demo.port, '/readyz')[0].status, 200, '/readyz')
    answer, _ = get(demo.port, '/healthz', {'X_Forwarded_For': '192.0.2.1'})
    equal(answer.status, 403, 'a forwarding header with underscores')


def settings_of(lines):
    """Lines "key = value" as a map; comments are left out."""
    return dict(line.split(' = ', 1) for line in lines
                if ' = ' in line and not line.startswith('#'))


@conversation('the settings that the README shows are taken')
def settings(demo):
    with open(demo.home() + '/conf/doorward.conf', encoding='utf-8') as file:
        ours = settings_of(file.read().splitlines())
    blocks = re.findall(r'^```conf\n(.*?)^```$', readme(), re.S | re.M)
    shown = settings_of(''.join(blocks).splitlines())
    true({'public_url', 'smtp_url', 'smtp_user'} <= set(shown), f'only {shown}')
    here = {key: ours[key] for key in ('db_user', 'master_key_file')}
    path = os.path.join(demo.folder, 'doorward.conf')
    with open(path, 'w', encoding='utf-8') as file:
        for key, value in {**ours, **shown, **here}.items():
            file.write(f'{key} = {value}\n')
    said = processes.run(
        [os.path.join(SOURCE, 'build/run/doorward'), '-c', path,
         'tenant', 'list'])
    true('demo' in said, f'it said {said}')


@conversation('every file that the README names is there')
def files(_):
    named = re.findall(r'\]\(([^)#:]+)\)', readme())
    true(len(named) > 5, f'only {named}')
    for name in named:
        true(os.path.exists(os.path.join(SOURCE, name)), f'no {name}')


@conversation('stopped, nothing of it runs; started again it is there within '
              'five seconds, and so is what was')
def again(demo):
    before = demo.facts()
    equal(demo.script('--stop')[0], 0, 'the exit status of --stop')
    equal(demo.running(), [], 'what still runs')
    true(not os.path.exists(demo.state + '/demo.env'), 'demo.env is there')
    begun = time.monotonic()
    demo.started()
    seconds = time.monotonic() - begun
    true(seconds < AGAIN_SECONDS, f'it took {seconds:.1f} s')
    equal(demo.facts(), before, 'demo.env')
    answer, body = get(demo.port, '/v1/customers/profile',
                       {'Authorization': f'Bearer {demo.token}'})
    equal(answer.status, 200, f'the profile, {body},')


@conversation('in the foreground it shows the log until SIGTERM, and takes all '
              'that it started along')
def foreground(demo):
    demo.script('--stop')
    log = os.path.join(demo.folder, 'foreground.log')
    with open(log, 'w', encoding='utf-8') as file:
        script = processes.start(
            ['script/run'], cwd=SOURCE, env=demo.environment(), stdout=file,
            stderr=file)
    true(processes.until(
        lambda: os.path.exists(demo.state + '/demo.env'), 60), 'never ready')

    def shown():
        get(demo.port, '/healthz')
        with open(log, encoding='utf-8') as file:
            return 'GET /healthz 200' in file.read()

    true(processes.until(shown, 20, 0.5), 'the log does not show the request')
    script.send_signal(signal.SIGTERM)
    equal(script.wait(60), 0, 'the exit status')
    equal(demo.running(), [], 'what still runs')


def main():
    """All of them, in their order: the later need the earlier."""
    demo = Demo()
    good, bad = 0, 0
    try:
        for talk in check.of_part(sys.modules[__name__]):
            try:
                talk(demo)
            except Exception as wrong:
                bad += 1
                print(f'FAILED: {talk.sentence}\n'
                      f'    {type(wrong).__name__}: {wrong}', flush=True)
            else:
                good += 1
                print(f'ok: {talk.sentence}', flush=True)
    finally:
        demo.close()
    print(f'{good} passed, {bad} failed', flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
