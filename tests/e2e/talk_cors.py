# SPDX-License-Identifier: ISC
"""Pages of storefronts that call, and pages that should not."""

from check import conversation, equal, status, true
from people import BEGIN, PROFILE, Person

EMAIL = BEGIN + '/email'
GOOD = 'https://one.example'
OTHER_SHOP = 'https://two.example'
BAD = ('https://evil.example', 'null', '*', 'https://one.example.evil.example',
       'http://one.example', 'https://one.example:8443', 'https://ONE.example',
       'https://one.example/', 'https://one.example https://two.example',
       'https://one.example, https://two.example', 'one.example', '')


def preflight(client, origin, path=EMAIL, method='POST'):
    """What a browser asks first."""
    return client.raw('OPTIONS', path, [
        ('Origin', origin), ('Access-Control-Request-Method', method),
        ('Access-Control-Request-Headers', 'x-merchantapikey,content-type')])


def allowed(answer):
    """Which origin may read this answer; never all, never with cookies."""
    origin = answer.header('Access-Control-Allow-Origin')
    true(origin not in ('*', 'null'), f'any origin: {origin}')
    equal(answer.header('Access-Control-Allow-Credentials'), None,
          'credentials')
    return origin


@conversation('a page of any shop may ask what it may send, others learn '
              'nothing')
def preflights(stack):
    client = stack.client(None)
    for origin in (GOOD, OTHER_SHOP, 'http://localhost:3000'):
        answer = status(preflight(client, origin), 204, origin)
        equal(allowed(answer), origin, f'allowed to {origin}')
        true('POST' in answer.header('Access-Control-Allow-Methods'), 'methods')
        true('X-MerchantApiKey' in answer.header(
            'Access-Control-Allow-Headers'), 'headers')
        true('Origin' in answer.header('Vary'), 'Vary')
        equal(answer.body, b'', 'body')
    for origin in BAD:
        answer = status(preflight(client, origin), 204, repr(origin))
        equal(allowed(answer), None, f'allowed to {origin!r}')
    answer = preflight(client, GOOD, '/healthz', 'GET')
    equal(allowed(answer), None, 'a path that is for no page')
    status(preflight(client, GOOD, '/v1/nothing'), 404, 'an unknown path')


@conversation('a page of the shop itself calls and reads, its refusals too')
def own_page(stack):
    person = Person(stack)
    origin = [('Origin', GOOD)]
    answer = person.client.post(EMAIL, {'email': person.email}, headers=origin)
    equal(allowed(status(answer, 200, 'initiate')), GOOD, 'initiate')
    exposed = answer.header('Access-Control-Expose-Headers')
    for name in ('X-Request-Id', 'Retry-After', 'RateLimit',
                 'RateLimit-Policy'):
        true(name in exposed, f'{name} is not exposed')
    for document, want in (({'email': person.email}, 429),
                           ({'email': 'nonsense'}, 422)):
        answer = person.client.post(EMAIL, document, headers=origin)
        equal(allowed(status(answer, want, 'refused')), GOOD, f'a {want}')
    answer = person.client.get(PROFILE, headers=origin)
    equal(allowed(status(answer, 401, 'no token')), GOOD, 'a 401')
    code = stack.newest(person.email).code
    answer = person.client.post(
        '/v1/auth/passwordless/customer/verify-email',
        {'email': person.email, 'token': code}, headers=origin)
    login = status(answer, 200, 'verify').data
    equal(allowed(answer), GOOD, 'verify')
    bearer = person.client.as_bearer(login['token'])
    equal(allowed(bearer.get(PROFILE, headers=origin)), GOOD, 'profile')
    person.client.post('/v1/auth/logout',
                       {'refreshToken': login['refreshToken']})
    answer = bearer.get(PROFILE, headers=origin)
    equal(allowed(status(answer, 401, 'ended')), GOOD, 'an ended session')
    equal(allowed(person.client.get('/v1/generate/session/id')), None,
          'without an Origin')


@conversation('a page of another shop, or of nobody, gets nothing done')
def foreign_page(stack):
    person = Person(stack)
    before = stack.counts()
    for origin in (OTHER_SHOP,) + BAD[:-1]:
        person.client = stack.client()
        answer = person.client.post(EMAIL, {'email': person.email},
                                    headers=[('Origin', origin)])
        equal(allowed(status(answer, 403, repr(origin))), None, repr(origin))
    after = stack.counts()
    for table in ('challenges', 'outbox', 'customers'):
        equal(after[table], before[table], f'rows of {table}')
    login = Person(stack).sign_in()
    answer = login.bearer.get(PROFILE, headers=[('Origin', OTHER_SHOP)])
    equal(allowed(status(answer, 403, 'profile')), None, 'profile')
    true(b'@' not in answer.body, 'the refusal tells something')
