# SPDX-License-Identifier: ISC
"""Bad requests: each is refused as its door promises, and leaves no trace."""

from check import conversation, equal, status, true
from people import BEGIN, CART, PROFILE, REFRESH, VERIFY, Person

JSON = ('Content-Type', 'application/json')
EMAIL = BEGIN + '/email'
PHONE = BEGIN + '/phone'
V_EMAIL = VERIFY + 'email'
V_PHONE = VERIFY + 'phone'
LOGOUT = '/v1/auth/logout'
UPDATE = PROFILE + '/update'
DEEP = b'{"email":' + b'[' * 17 + b']' * 17 + b'}'
MANY = b'{' + b','.join(b'"m%d":1' % n for n in range(2000)) + b'}'
COUNTED = ('limits', 'audit_events', 'event_counters')

# sentence, method, path, body, status, what else the answer must have
MALFORMED = (
    ('no JSON at all', 'POST', EMAIL, b'email=a@example.com', 400),
    ('a JSON document cut short', 'POST', EMAIL, b'{"email":"a@e', 400),
    ('bytes after it', 'POST', EMAIL, b'{"email":"a@example.com"} x', 400),
    ('two documents', 'POST', EMAIL, b'{"email":"a@example.com"}{}', 400),
    ('a comma too many', 'POST', EMAIL, b'{"email":"a@example.com",}', 400),
    ('single quotes', 'POST', EMAIL, b"{'email':'a@example.com'}", 400),
    ('a comment', 'POST', EMAIL, b'{/* */"email":"a@example.com"}', 400),
    ('a member twice', 'POST', EMAIL,
     b'{"email":"a@example.com","email":"b@example.com"}', 400),
    ('a member twice, once escaped', 'POST', EMAIL,
     b'{"email":"a@example.com","em\\u0061il":"b@example.com"}', 400),
    ('a raw NUL', 'POST', EMAIL, b'{"email":"a\0@example.com"}', 400),
    ('an escaped NUL', 'POST', EMAIL, b'{"email":"a\\u0000@example.com"}', 400),
    ('bad UTF-8', 'POST', EMAIL, b'{"email":"\xff\xfe@example.com"}', 400),
    ('overlong UTF-8', 'POST', EMAIL, b'{"email":"\xc0\xaf@example.com"}', 400),
    ('half a surrogate pair', 'POST', EMAIL, b'{"email":"\\ud800@e.com"}', 400),
    ('a bare line feed', 'POST', EMAIL, b'{"email":"a\n@example.com"}', 400),
    ('NaN', 'POST', EMAIL, b'{"email":NaN}', 400),
    ('17 lists deep', 'POST', EMAIL, DEEP, 400),
    ('2000 members', 'POST', EMAIL, MANY, 400),
    ('a text of 9000 bytes', 'POST', EMAIL,
     b'{"x":"' + b'a' * 9000 + b'"}', 400),
    ('a byte order mark', 'POST', EMAIL, b'\xef\xbb\xbf{}', 400),
    ('more than 64 KiB', 'POST', EMAIL,
     b'{"email":"a@example.com"' + b' ' * 65536 + b'}', 413),
)

FIELDS = (
    ('a list', 'POST', EMAIL, b'[]', 'body'),
    ('a text', 'POST', EMAIL, b'"a@example.com"', 'body'),
    ('null', 'POST', EMAIL, b'null', 'body'),
    ('no body', 'POST', EMAIL, b'', 'email'),
    ('an empty object', 'POST', EMAIL, b'{}', 'email'),
    ('an email of null', 'POST', EMAIL, b'{"email":null}', 'email'),
    ('an empty email', 'POST', EMAIL, b'{"email":""}', 'email'),
    ('a number for an email', 'POST', EMAIL, b'{"email":7}', 'email'),
    ('an email without @', 'POST', EMAIL, b'{"email":"example.com"}', 'email'),
    ('an email of two', 'POST', EMAIL,
     b'{"email":"a@example.com,b@example.com"}', 'email'),
    ('an email with CRLF', 'POST', EMAIL,
     b'{"email":"a@example.com\\r\\nBcc: b@example.com"}', 'email'),
    ('an email of 300 bytes', 'POST', EMAIL,
     b'{"email":"' + b'a' * 290 + b'@example.com"}', 'email'),
    ('no phone number', 'POST', PHONE, b'{}', 'phoneNumber'),
    ('a national number', 'POST', PHONE,
     b'{"phoneNumber":"08031234567"}', 'phoneNumber'),
    ('a number of letters', 'POST', PHONE,
     b'{"phoneNumber":"+234CALLME"}', 'phoneNumber'),
    ('a number too long', 'POST', PHONE,
     b'{"phoneNumber":"+23480312345678901"}', 'phoneNumber'),
    ('a country that is none', 'POST', PHONE,
     b'{"phoneNumber":"+9991234567"}', 'phoneNumber'),
    ('one of two fields', 'POST', BEGIN,
     b'{"email":"a@example.com"}', 'phoneNumber'),
    ('an unknown userType', 'POST', EMAIL,
     b'{"email":"a@example.com","userType":"ADMIN"}', 'userType'),
    ('no token', 'POST', V_EMAIL, b'{"email":"a@example.com"}', 'token'),
    ('a token of five', 'POST', V_EMAIL,
     b'{"email":"a@example.com","token":"12345"}', 'token'),
    ('a code that is a number', 'POST', V_PHONE,
     b'{"phoneNumber":"+2348031234567","code":123456}', 'code'),
    ('a bad contact number', 'POST', V_EMAIL,
     b'{"email":"a@example.com","token":"123456","phoneNumber":"1"}',
     'phoneNumber'),
    ('no refresh token', 'POST', REFRESH, b'{}', 'refreshToken'),
    ('a refresh token of true', 'POST', LOGOUT,
     b'{"refreshToken":true}', 'refreshToken'),
)

PATHS = (
    ('POST', '/v1/auth/passwordless', 404), ('GET', '/v1/', 404),
    ('GET', '/v1/customer', 404), ('GET', '/v1/cart/1', 404),
    ('GET', '/v2/cart', 404), ('GET', '/', 404), ('GET', '/v1/cart%0a', None),
    ('GET', '/v1/../etc/passwd', 404), ('GET', '/v1/cart%00', None),
    ('GET', '/V1/cart', 404), ('GET', '/v1//cart;x=1', 404),
    ('DELETE', '/v1/cart', 405), ('PUT', EMAIL, 405),
    ('PATCH', PROFILE, 405), ('POST', PROFILE, 405),
    ('POST', '/healthz', 405), ('BREW', '/v1/cart', None),
    ('TRACE', '/v1/cart', None),
)


def refusal(answer, want, what):
    """The door's words for this status."""
    status(answer, want, what)
    said = answer.json
    equal(said.get('status'), False, f'{what}: status')
    true(isinstance(said.get('message'), str) and said['message'],
         f'{what}: no message')
    for name, value in (('Cache-Control', 'no-store'),
                        ('X-Content-Type-Options', 'nosniff'),
                        ('Referrer-Policy', 'no-referrer')):
        equal(answer.header(name), value, f'{what}: {name}')
    true(answer.header('X-Request-Id'), f'{what}: no X-Request-Id')
    true(answer.header('Content-Type').startswith('application/json'),
         f'{what}: {answer.header("Content-Type")}')
    if want == 401:
        equal((said.get('error'), said.get('statusCode')),
              ('unauthenticated', 401), f'{what}: error, statusCode')
        true(answer.header('WWW-Authenticate').startswith('Bearer'),
             f'{what}: WWW-Authenticate')
    return said


def unchanged(stack, before, what):
    """No row but counts and the audit's."""
    after = stack.counts()
    for table in before:
        if table not in COUNTED:
            equal(after[table], before[table], f'{what}: rows of {table}')


def send(stack, client, method, path, body, headers=(JSON,)):
    """A request with this body, as it is."""
    return client.raw(method, path, client.headers(headers), body)


@conversation('bodies that are not JSON, or hold what JSON may not')
def malformed(stack):
    before = stack.counts()
    for what, method, path, body, want in MALFORMED:
        answer = send(stack, stack.client(), method, path, body)
        refusal(answer, want, what)
    unchanged(stack, before, 'malformed bodies')


@conversation('fields that are missing, wrong or of another type are named')
def fields(stack):
    before = stack.counts()
    for what, method, path, body, field in FIELDS:
        answer = send(stack, stack.client(), method, path, body)
        said = refusal(answer, 422, what)
        equal(said['message'], 'Validation error', f'{what}: message')
        true(field in said.get('errors', {}), f'{what}: errors {said}')
        true(all(s.startswith(n) for n, s in said['errors'].items()),
             f'{what}: a sentence without its field: {said}')
    unchanged(stack, before, 'bad fields')


@conversation('other types of bodies than JSON')
def types(stack):
    before = stack.counts()
    body = b'{"email":"a@example.com"}'
    for kind in ('text/plain', 'application/x-www-form-urlencoded',
                 'application/jsonp', 'application/json; charset=latin1',
                 'multipart/form-data; boundary=x', 'application/json,x'):
        answer = send(stack, stack.client(), 'POST', EMAIL, body,
                      (('Content-Type', kind),))
        refusal(answer, 415, kind)
    answer = send(stack, stack.client(), 'POST', EMAIL, body, ())
    refusal(answer, 415, 'none')
    unchanged(stack, before, 'other types')
    for kind in ('application/json;charset=utf-8', 'Application/JSON',
                 'application/json; charset="UTF-8"'):
        answer = send(stack, stack.client(), 'POST', V_EMAIL, b'{}',
                      (('Content-Type', kind),))
        refusal(answer, 422, kind)


@conversation('paths that lead nowhere, and methods that nobody serves')
def paths(stack):
    before = stack.counts()
    for method, path, want in PATHS:
        body = b'' if method in ('POST', 'PUT', 'PATCH') else None
        answer = send(stack, stack.client(), method, path, body, ())
        what = f'{method} {path}'
        true(400 <= answer.status < 502, f'{what}: {answer.status}')
        if want:
            status(answer, want, what)
        if want == 405:
            true(answer.header('Allow'), f'{what}: no Allow')
        if want and path.startswith('/v1/') and '..' not in path:
            refusal(answer, want, what)
    unchanged(stack, before, 'paths')
    status(stack.client().get('/v1/cart/'), 401, 'a slash at the end')


@conversation('Authorization that is malformed, doubled, or in a second place')
def authorization(stack):
    login = Person(stack).sign_in()
    client, token = login.person.client, login.token
    before = stack.counts()
    head, claims, _ = token.split('.')
    for what, said, want in (
            ('none', [], 401), ('Basic', ['Basic YTpi'], 401),
            ('no token', ['Bearer'], 400), ('two words', ['Bearer a b'], 400),
            ('bad bytes', ['Bearer a,b'], 400),
            ('another token', ['Bearer abc'], 401),
            ('two dots', ['Bearer ..'], 401),
            ('no signature', [f'Bearer {head}.{claims}.'], 401),
            ('a wrong one', [f'Bearer {token[:-2]}AA'], 401),
            ('none as alg', ['Bearer eyJhbGciOiJub25lIn0.' + claims + '.'],
             401),
            ('the same twice', [f'Bearer {token}', f'Bearer {token}'], 400),
            ('two of them', [f'Bearer {token}', 'Bearer abc'], 400)):
        headers = [('Authorization', s) for s in said]
        answer = client.get(PROFILE, headers=headers)
        if len(said) == 2 and stack.setup == 'nginx':
            status(answer, want, f'{what}, in the words of nginx')
        else:
            refusal(answer, want, what)
    answer = login.bearer.get(f'{PROFILE}?access_token={token}')
    refusal(answer, 400, 'in the query, too')
    answer = client.get(f'{PROFILE}?access_token={token}')
    refusal(answer, 401, 'in the query only')
    unchanged(stack, before, 'Authorization')
    status(login.profile(), 200, 'the token as it should be')


@conversation('keys and lengths that come twice, headers that are too long')
def headers(stack):
    person = Person(stack)
    before = stack.counts()
    key = person.client.key
    both = [('X-MerchantApiKey', key), ('X-MerchantApiKey', key), JSON]
    answer = person.client.raw('POST', EMAIL, both, b'{"email":"a@e.com"}')
    refusal(answer, 401, 'the key twice')
    for length in ('5, 5', '-1', '+5', '0x5', '5 5', 'five'):
        answer = send(stack, person.client, 'POST', EMAIL, b'12345',
                      (JSON, ('Content-Length', length)))
        true(400 <= answer.status < 412, f'length {length}: {answer.status}')
    answer = person.client.get(PROFILE, headers=[('X-Session-Id', 'x' * 7000)])
    true(400 <= answer.status < 432, f'a long header: {answer.status}')
    for bad in ('%ff', '%zz', 'access_token=%', 'access_token=a&access_token=b',
                '%00=1'):
        answer = person.client.get(f'{PROFILE}?{bad}')
        true(400 <= answer.status < 402, f'query {bad}: {answer.status}')
    unchanged(stack, before, 'headers')


@conversation('a profile takes no bad values, and a proven address is not '
              'changed by it')
def profile(stack):
    login = Person(stack).sign_in()
    for document, field in (
            ({'dateOfBirth': '2021-02-29'}, 'dateOfBirth'),
            ({'profileUrl': 'javascript:alert(1)'}, 'profileUrl'),
            ({'profileUrl': 'http://example.com'}, 'profileUrl'),
            ({'fullName': 'x' * 201}, 'fullName'),
            ({'fullName': 'a\nb'}, 'fullName'),
            ({'phoneNumber': '12'}, 'phoneNumber'),
            ({'fullName': ['a']}, 'fullName')):
        said = refusal(login.bearer.call('PATCH', UPDATE, document), 422,
                       str(document))
        true(field in said['errors'], f'{document}: {said}')
    good = {'fullName': 'Ada Løvelace', 'dateOfBirth': '2020-02-29',
            'profileUrl': 'https://example.com/ada', 'nationality': 'GB'}
    status(login.bearer.call('PATCH', UPDATE, {
        **good, 'email': 'other@example.com', 'status': 'disabled',
        'id': '0' * 36}), 200, 'good values')
    data = login.profile().data
    equal({name: data[name] for name in good}, good, 'what is kept')
    equal((data['email'], data['status'], data['id']),
          (login.person.email, 'active', login.id), 'what may not be changed')


@conversation('a cart takes no bad lines')
def carts(stack):
    client = stack.client()
    guest = [('X-Session-Id', client.get('/v1/generate/session/id').data)]
    line = {'productId': 'p', 'quantity': 1}
    for items in ('p', [1], [{}], [{**line, 'quantity': 0}],
                  [{**line, 'quantity': 1000}], [{**line, 'quantity': 1.5}],
                  [{**line, 'quantity': '1'}], [{**line, 'quantity': 1e30}],
                  [{**line, 'productId': ''}],
                  [{**line, 'productId': 'x' * 129}],
                  [line, line], [line, {**line, 'productId': 'p '}],
                  [{**line, 'attributes': []}],
                  [{**line, 'attributes': {'x': 'y' * 2100}}]):
        answer = client.put(CART, {'items': items}, headers=guest)
        true(answer.status in (400, 422), f'{items}: {answer.status}')
        refusal(answer, answer.status, str(items)[:80])
    equal(client.get(CART, headers=guest).data['items'], [], 'the cart')
