# SPDX-License-Identifier: ISC
"""Signing keys: others verify our tokens, and nobody notices a rotation."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import jwt

import processes
from check import FASTCGI, Skipped, conversation, equal, status, true
from client import Client, together
from people import PROFILE, Person, refused

# what is signed lives for a day at most, the partner door's tokens too
OPTIONS = {'tenant': {'door_b_alg': 'ES256', 'door_a_access_seconds': '3600',
                      'door_a_refresh_idle_seconds': '43200'}}
BASE = 'https://auth.example.com'
PUBLIC = {'kty', 'crv', 'x', 'y', 'use', 'alg', 'kid'}
KEPT_MS = 300_000
DAY = 86400
RATE = 100          # requests a second
THREADS = 4
REFRESH_EACH = 10
SLOWEST = 0.95      # of it
CROWDED = 0.5       # the same, where others want the processors, too
CHECKED = 0.1       # under valgrind
MASTER_TWO = f'2 {os.urandom(32).hex()}\n'


def no_older_lives(stack):
    """Forget that lives were longer before they were set: nothing was signed."""
    stack.sql('UPDATE tenants SET tokens_until = 0')


def shop_id(stack, shop='one'):
    """Its id, as the operator sees it."""
    return json.loads(stack.doorward('tenant', 'show', shop, '--json'))['id']


def stranger(stack):
    """Who has no key and no token."""
    return Client(stack)


def keys_of(stack, tenant):
    """The served key set; every key in it is public, and nothing else is."""
    answer = status(stranger(stack).get(f'/{tenant}/.well-known/jwks.json'),
                    200, 'the keys')
    equal(answer.header('Cache-Control'), 'public, max-age=300', 'to be kept')
    for key in answer.json['keys']:
        equal(set(key), PUBLIC, 'members of a key')
        equal((key['kty'], key['alg']), ('EC', 'ES256'), 'its kind')
    return answer.json


def listed(stack, state, alg='ES256', shop='one'):
    """The kids that stand so in `key list`."""
    rows = json.loads(stack.doorward('key', 'list', shop, '--json'))
    return [r['kid'] for r in rows if (r['state'], r['alg']) == (state, alg)]


def bent(token):
    """The same with another signature."""
    head, _, sig = token.rpartition('.')
    return f'{head}.{"B" if sig[0] == "A" else "A"}{sig[1:]}'


def npm_folder():
    """Where the libraries of tests/oauth are, once `npm ci` brought them."""
    source = Path(os.environ['DW_SRC']) / 'tests/oauth'
    folder = Path(os.environ['DW_BUILD']) / 'oauth'
    if not shutil.which('node') or not shutil.which('npm'):
        raise Skipped('node and npm are not installed')
    folder.mkdir(exist_ok=True)
    lock = (source / 'package-lock.json').read_bytes()
    done = folder / 'node_modules/.package-lock.json'
    mine = folder / 'package-lock.json'
    fresh = done.exists() and mine.exists() and mine.read_bytes() == lock
    for file in ('package.json', 'package-lock.json', '.npmrc', 'verify.mjs'):
        shutil.copy(source / file, folder / file)
    if not fresh:
        try:
            processes.run(['npm', 'ci', '--ignore-scripts', '--no-audit',
                           '--no-fund'], cwd=folder, timeout=300)
        except RuntimeError as why:
            raise Skipped(f'npm ci: {str(why)[:200]}') from why
    return folder


def told(stack, tenant):
    """What a verifier knows of a tenant, and what its clock shows."""
    metadata = status(stranger(stack).get(
        f'/.well-known/oauth-authorization-server/{tenant}'), 200, 'metadata')
    return {'issuer': f'{BASE}/{tenant}', 'audience': f'{BASE}/{tenant}',
            'metadata': metadata.json, 'jwks': keys_of(stack, tenant),
            'now': stack.now_ms(), 'tokens': ()}


def node(given):
    """What their libraries make of it."""
    return json.loads(processes.run(['node', 'verify.mjs'], cwd=npm_folder(),
                                    input=json.dumps(given)))


def verified(stack, tenant, *tokens):
    """What jose and oauth4webapi find in these tokens."""
    return node({**told(stack, tenant), 'tokens': tokens})


def asked(stack, tenant, key, *steps):
    """What oauth4webapi is answered: ('introspect' or 'revoke', a token)."""
    client = {'client_id': key['id'], 'client_secret': key['key']}
    return node({**told(stack, tenant), 'asked': {
        'at': f'http://127.0.0.1:{stack.port}', 'client': client,
        'steps': steps}})


def server_key(stack, shop='one'):
    """With which a server of the shop asks about tokens."""
    key = json.loads(stack.doorward(
        'apikey', 'create', shop, '--kind', 'secret', '--scopes',
        'token:introspect token:revoke', '--json'))
    stack.secrets.add(key['key'])
    return key


# ---- whose keys --------------------------------------------------------------


@conversation('the keys are public ones, the metadata leads to them, and who '
              'has them already is told so')
def published(stack):
    one, two = shop_id(stack), shop_id(stack, 'two')
    equal([k['kid'] for k in keys_of(stack, one)['keys']],
          listed(stack, 'signs'), 'the kids')
    true(keys_of(stack, one) != keys_of(stack, two), 'each shop has its own')
    answer = stranger(stack).get(f'/{one}/.well-known/jwks.json')
    tag = answer.header('ETag')
    for value, want in ((tag, 304), (f'W/{tag}', 304), ('"x"', 200)):
        again = stranger(stack).get(f'/{one}/.well-known/jwks.json',
                                    headers=[('If-None-Match', value)])
        status(again, want, f'If-None-Match: {value}')
        equal(again.header('ETag'), tag, 'the tag')
    root = stranger(stack).get('/.well-known/jwks.json')
    platform = shop_id(stack, 'platform')
    equal(root.json, keys_of(stack, platform), 'the root is the platform')
    metadata = stranger(stack).get(
        f'/{one}/.well-known/oauth-authorization-server').json
    equal(metadata['issuer'], f'{BASE}/{one}', 'issuer')
    equal(metadata['jwks_uri'], f'{BASE}/{one}/.well-known/jwks.json', 'keys')
    for path in ('/one/.well-known/jwks.json',
                 f'/{one[:-1]}x/.well-known/jwks.json',
                 '/.well-known/oauth-authorization-server/one'):
        status(stranger(stack).get(path), 404, path)
    stack.doorward('tenant', 'suspend', 'two')
    status(stranger(stack).get(f'/{two}/.well-known/jwks.json'), 404,
           'of a suspended shop')
    stack.doorward('tenant', 'resume', 'two')


@conversation('jose, oauth4webapi and PyJWT verify a token off line, and '
              'refuse what is bent or another shop\'s')
def others(stack):
    one, two = shop_id(stack), shop_id(stack, 'two')
    login = Person(stack).sign_in()
    away = Person(stack, 'two').sign_in()
    offline(keys_of(stack, one), one, login.token)
    for token in (bent(login.token), away.token):
        try:
            offline(keys_of(stack, one), one, token)
        except (jwt.PyJWTError, KeyError):
            continue
        true(False, 'PyJWT took a token that it must not')
    good, wrong, foreign = verified(stack, one, login.token,
                                    bent(login.token), away.token)
    for library in ('jose', 'metadata'):
        equal(good[library].get('sub'), login.id, f'{library}: sub')
        for name, result in (('bent', wrong), ('foreign', foreign)):
            true('refused' in result[library], f'{library}: {name}')
    equal(good['jose']['kid'], listed(stack, 'signs')[0], 'the kid')
    theirs = verified(stack, two, away.token)[0]
    equal(theirs['metadata'].get('sub'), away.id, 'the other shop\'s own')


@conversation('with HS512 on the door no secret is published, and a change to '
              'ES256 and back works at once')
def back_and_forth(stack):
    one = shop_id(stack)
    for alg in ('HS512', 'ES256', 'HS512', 'ES256'):
        stack.doorward('tenant', 'set', 'one', 'door_b_alg', alg)
        login = Person(stack).sign_in()
        equal(jwt.get_unverified_header(login.token)['alg'], alg, 'alg')
        status(login.profile(), 200, f'the profile by {alg}')
        equal(len(keys_of(stack, one)['keys']), 1, 'one key, and no secret')


def hs512_login(stack, shop='one'):
    """Whose token nobody can verify but we."""
    login = Person(stack, shop).sign_in()
    equal(jwt.get_unverified_header(login.token)['alg'], 'HS512', 'alg')
    return login


def on_paper(language):
    """The program of this language in doc/tokens.md."""
    text = (Path(os.environ['DW_SRC']) / 'doc/tokens.md').read_text()
    return re.search(rf'^```{language}\n(.*?)^```$', text, re.M | re.S)[1]


def by_paper(stack, tenant, token):
    """What the programs of doc/tokens.md print of a token, or None each."""
    script = npm_folder() / 'paper.mjs'
    script.write_text(on_paper('js'))
    known = {'ISSUER': f'{BASE}/{tenant}', 'TOKEN': token,
             'KEYS': f'http://127.0.0.1:{stack.port}/{tenant}'
                     '/.well-known/jwks.json'}
    found = []
    for words in (['node', script.name],
                  ['/usr/bin/python3', '-c', on_paper('python')]):
        done = subprocess.run(words, cwd=script.parent, text=True, timeout=60,
                              env={**os.environ, **known},
                              stdin=subprocess.DEVNULL, capture_output=True)
        found.append(done.stdout.strip() if done.returncode == 0 else None)
    return found


@conversation('the programs of doc/tokens.md say whose a token is, and take no '
              'other')
def paper(stack):
    equal(stack.moved_ms, 0, 'time that has gone by, which they cannot know')
    one = shop_id(stack)
    login, away = Person(stack).sign_in(), Person(stack, 'two').sign_in()
    equal(by_paper(stack, one, login.token), [login.id] * 2, 'sub')
    for token in (bent(login.token), away.token, login.refresh_token):
        equal(by_paper(stack, one, token), [None] * 2, 'another token')


@conversation('oauth4webapi asks whether an HS512 token is active, and revokes '
              'it, with a client secret as its Basic encodes it')
def introspected(stack):
    one, key = shop_id(stack), server_key(stack)
    for shop in ('one', 'two'):
        stack.doorward('tenant', 'set', shop, 'door_b_alg', 'HS512')
    stack.doorward('tenant', 'set', 'one', 'door_b_access_seconds', '300')
    login, brief = hs512_login(stack), hs512_login(stack)
    away = hs512_login(stack, 'two')
    here, there, crooked = asked(
        stack, one, key, ('introspect', login.token),
        ('introspect', away.token), ('introspect', bent(login.token)))
    equal((here['path'], here['client']),
          ('/oauth/introspect', key['id'].replace('-', '%2D')), 'how it asks')
    said = here['said']
    equal((said['active'], said['sub'], said['iss'], said['token_type']),
          (True, login.id, f'{BASE}/{one}', 'Bearer'), 'an active one')
    for name, answer in (('another shop\'s', there), ('a bent one', crooked)):
        equal(answer['said'], {'active': False}, name)
    before, end, again, after, other = asked(
        stack, one, key, ('introspect', login.token),
        ('revoke', login.token), ('revoke', login.token),
        ('introspect', login.token), ('introspect', brief.token))
    equal(before['said']['active'], True, 'before its end')
    for answer in (end, again):
        equal((answer['path'], answer.get('wrong')), ('/oauth/revoke', None),
              'the revocation')
    equal(after['said'], {'active': False}, 'a revoked one')
    refused(login.profile(), 'session_ended', 'a revoked one')
    equal(other['said']['active'], True, 'somebody else\'s')
    stack.move(361)
    late = asked(stack, one, key, ('introspect', brief.token))[0]
    equal(late['said'], {'active': False}, 'an expired one')
    refused(brief.profile(), 'token_expired', 'an expired one')
    wrong = asked(stack, one, {**key, 'key': key['key'] + 'x'},
                  ('introspect', brief.token))[0]
    equal(wrong.get('status'), 401, 'a wrong secret')
    stack.doorward('tenant', 'set', 'one', 'door_b_access_seconds', '86400')
    for shop in ('one', 'two'):
        stack.doorward('tenant', 'set', shop, 'door_b_alg', 'ES256')


# ---- rotation ----------------------------------------------------------------


def offline(keys, tenant, token):
    """Verify as PyJWT does it, by the key of the kid; KeyError: unknown."""
    header = jwt.get_unverified_header(token)
    equal((header['typ'], header['alg']), ('at+jwt', 'ES256'), 'the header')
    key = {k['kid']: k for k in keys['keys']}[header['kid']]
    return jwt.decode(
        token, jwt.PyJWK(key, 'ES256').key, algorithms=['ES256'],
        audience=f'{BASE}/{tenant}', issuer=f'{BASE}/{tenant}',
        options={'verify_exp': False, 'verify_iat': False,
                 'verify_nbf': False})


class Verifier:
    """Somebody's server: keeps the keys for five minutes, as it is told."""

    def __init__(self, stack, tenant):
        self.stack = stack
        self.tenant = tenant
        self.read_at = 0
        self.keys = None

    def verify(self, token):
        """KeyError when the token names a key that was not published before."""
        now = self.stack.now_ms()
        if now - self.read_at >= KEPT_MS:
            self.keys = keys_of(self.stack, self.tenant)
            self.read_at = now
        return offline(self.keys, self.tenant, token)


class Load:
    """Profile reads and off-line verifications, so many a second; each tenth is
    a refresh, whose token is verified at once."""

    def __init__(self, stack, tenant, logins):
        self.stack = stack
        self.tenant = tenant
        self.logins = logins
        self.signed = [Person(stack).sign_in() for _ in range(THREADS)]
        self.done = 0
        self.wrong = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.begun = time.monotonic()
        self.threads = [threading.Thread(target=self.run, args=(i,))
                        for i in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def sign(self, verifier, number):
        """A token that is signed at this moment."""
        login = self.signed[number] = renewed(self.signed[number])
        verifier.verify(login.token)

    def once(self, verifier, turn):
        """One request, and one verification."""
        login = self.logins[turn % len(self.logins)]
        verifier.verify(login.token)
        answer = login.bearer.get(PROFILE)
        if answer.status != 200:
            raise RuntimeError(f'{answer.status}: {answer.body[:200]!r}')

    def run(self, number):
        """At an even pace, until it is over."""
        verifier, turn = Verifier(self.stack, self.tenant), 0
        while not self.over.is_set():
            try:
                if turn % REFRESH_EACH == 0:
                    self.sign(verifier, number)
                else:
                    self.once(verifier, turn + number)
            except Exception as why:    # each is a failure of the rotation
                self.wrong.append(f'{type(why).__name__}: {why}')
            turn += 1
            with self.lock:
                self.done += 1
            due = self.begun + turn * THREADS / RATE
            self.over.wait(max(0, due - time.monotonic()))

    def end(self):
        """How many requests, and how many a second."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.done, self.done / (time.monotonic() - self.begun)


def renewed(login):
    """The next pair of tokens."""
    data = status(login.refresh(), 200, 'a refresh').json
    return type(login)(login.person, {**login.data, **data})


def kids_of(logins):
    """Which keys signed them."""
    return {jwt.get_unverified_header(login.token)['kid'] for login in logins}


def turn_through(stack, load, pause):
    """From the rotation to the old key's end, and past it; old and new kid."""
    old = listed(stack, 'signs')[0]
    equal(kids_of(load.logins), {old}, 'all by the old key')
    stack.doorward('key', 'rotate', 'one', '--alg', 'ES256')
    new = listed(stack, 'published')[0]
    for seconds in (100, 200, 55):          # published, it does not sign
        pause()
        stack.move(seconds)
        fresh = [renewed(login) for login in load.logins]
        equal(kids_of(fresh), {old}, 'still by the old key')
        load.logins[:] = fresh
    for seconds in (70, 10):                # it signs; the old one verifies
        pause()
        stack.move(seconds)
    load.logins += [renewed(login) for login in load.logins[:4]]
    equal(kids_of(load.logins), {old, new}, 'by both keys')
    equal(listed(stack, 'overlapping'), [old], 'the old one')
    pause()
    stack.move(DAY - 600)                   # the last tokens of the old one
    pause()
    load.logins[:] = [renewed(login) for login in load.logins[-4:]]
    equal(kids_of(load.logins), {new}, 'all by the new key')
    pause()
    stack.move(1200)                        # past its end
    load.logins[:] = [renewed(login) for login in load.logins]
    pause()
    return old, new


def least_of_it():
    """What is asked of this machine as it is now; that it is less, it says."""
    waiting, processors = os.getloadavg()[0], os.cpu_count()
    if os.environ.get('DW_WORKERS') == 'valgrind':
        print('    under valgrind a tenth of the rate is enough', flush=True)
        return CHECKED
    if waiting <= 1.5 * processors:
        return SLOWEST
    print(f'    the machine is busy with others ({waiting:.1f} for '
          f'{processors} processors): half the rate is enough', flush=True)
    return CROWDED


@conversation('a rotation under a hundred requests a second fails nobody',
              FASTCGI)
def under_load(stack):
    tenant = shop_id(stack)
    no_older_lives(stack)
    stack.move(3600)
    logins = [Person(stack).sign_in() for _ in range(8)]
    first = logins[0]
    load = Load(stack, tenant, list(logins))
    try:
        old, new = turn_through(stack, load, lambda: time.sleep(1.5))
    finally:
        done, rate = load.end()
    print(f'    {done} requests and verifications, {rate:.0f} a second, '
          f'{len(load.wrong)} failed', flush=True)
    equal(load.wrong[:3], [], 'failures')
    if rate < RATE * SLOWEST:
        true(rate >= RATE * least_of_it(), f'only {rate:.0f} a second')
    equal(listed(stack, 'retired'), [old], 'the old key')
    equal([k['kid'] for k in keys_of(stack, tenant)['keys']], [new], 'keys')
    refused(first.profile(), 'token_invalid', 'a token of the old key')
    stack.move(DAY + 60)
    stack.courier_run()
    equal(stack.one(f"SELECT COUNT(*) FROM signing_keys WHERE kid = '{old}'"),
          '0', 'purged')


@conversation('two rotations at once make one new key each')
def at_once(stack):
    for _ in range(3):
        before = listed(stack, 'signs') + listed(stack, 'signs', 'HS512')
        stack.move(3600)
        together([lambda: stack.doorward('key', 'rotate', 'one')] * 2)
        after = (listed(stack, 'published')
                 + listed(stack, 'published', 'HS512'))
        equal(len(after), 2, 'new keys')
        true(not set(before) & set(after), 'they are new')
        stack.move(360)


@conversation('a key that others may know is out of the set and signs nothing '
              'at once, and its tokens are dead within a minute')
def compromised(stack):
    tenant = shop_id(stack)
    login = Person(stack).sign_in()
    status(login.profile(), 200, 'before it')
    kid = jwt.get_unverified_header(login.token)['kid']
    stack.doorward('key', 'retire', 'one', kid, '--now')
    kids = [k['kid'] for k in keys_of(stack, tenant)['keys']]
    true(kid not in kids and kids, 'another in its place')
    true(kid not in kids_of([renewed(Person(stack).sign_in())
                             for _ in range(4)]), 'it signs no more')
    stack.move(60)
    refused(login.profile(), 'token_invalid', 'its token')
    again = renewed(login)
    status(again.profile(), 200, 'the session lives')
    Verifier(stack, tenant).verify(again.token)


@conversation('the newest key retired while it takes over: the shop signs on '
              'when the one before it ends')
def newest_retired(stack):
    stack.move(3600)
    stack.doorward('key', 'rotate', 'one', '--alg', 'ES256')
    new = listed(stack, 'published')[0]
    stack.move(3600)
    stack.doorward('key', 'retire', 'one', new, '--now')
    for _ in range(4):
        status(Person(stack).sign_in().profile(), 200, 'a sign-in')
        stack.move(DAY / 2)
    true(listed(stack, 'signs'), 'a key that signs')


@conversation('a second master key added under running workers is noticed by '
              'nobody')
def second_master(stack):
    tenant, key = shop_id(stack), server_key(stack)
    old = Person(stack).sign_in()
    kids = [k['kid'] for k in keys_of(stack, tenant)['keys']]
    with (stack.folder / 'master.key').open('a', encoding='ascii') as file:
        file.write(MASTER_TWO)
    stack.move(360)
    stack.doorward('key', 'rotate', 'one')
    for _ in range(4):          # whichever worker answers
        true(len(keys_of(stack, tenant)['keys']) == len(kids) + 1, 'keys')
    stack.move(420)
    for _ in range(4):
        login = Person(stack).sign_in()
        status(login.profile(), 200, 'by the new key')
    true(kids_of([login]) & set(listed(stack, 'signs')), 'the new one signs')
    status(old.profile(), 200, 'by the old key')
    answer = asked(stack, tenant, key, ('introspect', login.token))[0]
    equal(answer['said']['active'], True, 'introspected')
