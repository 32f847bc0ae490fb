# SPDX-License-Identifier: ISC
"""What reaches the worker of a request: seen by a program in its place."""

import hashlib

from check import conversation, equal, status, true

OPTIONS = {'probe': True, 'recorded': False}


def env_of(answer):
    """The variables that arrived."""
    return status(answer, 200, 'the probe').json['env']


@conversation('Authorization and the headers of ours arrive as they were sent')
def headers(stack):
    env = env_of(stack.client().get('/v1/a', headers=[
        ('Authorization', 'Bearer abc.def'), ('X-Session-Id', 's-1'),
        ('Origin', 'https://one.example'), ('User-Agent', 'tests')]))
    for name, value in (
            ('AUTHORIZATION', 'Bearer abc.def'), ('X_SESSION_ID', 's-1'),
            ('ORIGIN', 'https://one.example'), ('USER_AGENT', 'tests'),
            ('X_MERCHANTAPIKEY', stack.keys['one'])):
        equal(env.get(f'HTTP_{name}'), value, name)
    env = env_of(stack.client().get('/v1/a'))
    true(not env.get('HTTP_AUTHORIZATION'), 'Authorization from nowhere')


@conversation('method, path, query and the client\'s address arrive, and no '
              'https where there is none')
def line(stack):
    client = stack.client()
    for method in ('GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'):
        env = env_of(client.raw(method, '/v1/a/b~c?x=%2F&y=a%20b+c', [],
                                b'' if method in ('PUT', 'PATCH') else None))
        equal(env.get('REQUEST_METHOD'), method, 'method')
        equal(env.get('PATH_INFO'), '/v1/a/b~c', 'path')
        equal(env.get('QUERY_STRING'), 'x=%2F&y=a%20b+c', 'query')
        equal(env.get('REMOTE_ADDR'), client.address, 'address')
        true(not env.get('HTTPS'), f'HTTPS: {env.get("HTTPS")}')
        equal(env.get('REQUEST_SCHEME'), 'http', 'scheme')


@conversation('every way into the house leads to the worker')
def ways(stack):
    for path in ('/', '/healthz', '/readyz', '/metrics',
                 '/.well-known/openid-configuration', '/oauth/token', '/v1/a',
                 '/public-api/a', '/api/a', '/sauth/a', '/signinx', '/cgi-bin',
                 '/server-info', '/index.html', '/favicon.ico'):
        env = env_of(stack.client().get(path))
        equal(env.get('PATH_INFO'), path, path)


@conversation('nobody sets a proxy for us, or an address, by a header')
def forged(stack):
    client = stack.client()
    env = env_of(client.get('/v1/a', headers=[
        ('Proxy', 'http://evil.example'), ('Https', 'on'),
        ('Remote-Addr', '203.0.113.9')]))
    true(not env.get('HTTP_PROXY'), f'HTTP_PROXY: {env.get("HTTP_PROXY")}')
    true(not env.get('HTTPS'), 'HTTPS')
    equal(env.get('REMOTE_ADDR'), client.address, 'address')
    for name in ('X_Forwarded_For', 'X_Forwarded_Proto'):
        answer = client.get('/v1/a', headers=[(name, 'https')])
        if 'lighttpd' in stack.setup:
            status(answer, 403, name)
        else:
            true('HTTP_' + name.upper() not in env_of(answer), name)
    for name in ('X.Forwarded.For', 'X-Forwarded_For', 'X_Forwarded-For'):
        env = env_of(client.get('/v1/a', headers=[(name, '203.0.113.9')]))
        # the workers refuse it where the real one is there, too
        equal('HTTP_X_FORWARDED_FOR' in env, 'lighttpd' in stack.setup, name)


@conversation('lines of X-Forwarded-For are one list, however many')
def lines(stack):
    for said in (['192.0.2.1'], ['192.0.2.1', '192.0.2.2'],
                 ['192.0.2.1', '192.0.2.2, 192.0.2.3', '192.0.2.4']):
        env = env_of(stack.client().get('/v1/a', headers=[
            ('X-Forwarded-For', line) for line in said]))
        equal(env.get('HTTP_X_FORWARDED_FOR'), ', '.join(said),
              f'{len(said)} lines')
    env = env_of(stack.client().get('/v1/a'))
    true('HTTP_X_FORWARDED_FOR' not in env, 'from nowhere')


@conversation('settings come from the file that is named, not from the query')
def settings(stack):
    env = env_of(stack.client().get('/v1/a?-c+/etc/passwd'))
    equal(env.get('QUERY_STRING'), '-c+/etc/passwd', 'query')
    if stack.setup in ('lighttpd-cgi', 'apache-cgi', 'htaccess'):
        equal(env.get('DOORWARD_CONF'), str(stack.conf_path), 'DOORWARD_CONF')


@conversation('bodies arrive to the byte')
def bodies(stack):
    for size in (0, 1, 8192, 65536, 65537, 500000):
        body = bytes(n * 7 % 251 for n in range(size))
        answer = stack.client().raw('POST', '/v1/a', [], body)
        said = status(answer, 200, f'{size} bytes').json
        equal(said['length'], size, 'length')
        equal(said['sha256'], hashlib.sha256(body).hexdigest(), 'bytes')
