# SPDX-License-Identifier: ISC
"""The shipped files with their lines for https chosen."""

import json

import talk_servers
from check import conversation, equal, status, true
from client import new_address

OPTIONS = {'recorded': False, 'probe': True, 'tls': True}


@conversation('over TLS the worker learns that it is https, and from whom')
def https(stack):
    address = new_address()
    link = stack.web.connection(address)
    try:
        link.request('GET', '/v1/a', headers={'Authorization': 'Bearer x'})
        answer = link.getresponse()
        equal(answer.status, 200, 'status')
        env = json.loads(answer.read())['env']
    finally:
        link.close()
    equal(env.get('HTTPS'), 'on', 'HTTPS')
    equal(env.get('REQUEST_SCHEME'), 'https', 'scheme')
    equal(env.get('REMOTE_ADDR'), address, 'address')
    equal(env.get('HTTP_AUTHORIZATION'), 'Bearer x', 'Authorization')
    if stack.setup != 'htaccess':
        equal(answer.headers['Strict-Transport-Security'], 'max-age=31536000',
              'Strict-Transport-Security')


@conversation('so do pages come')
def page(stack):
    link = stack.web.connection()
    try:
        link.request('GET', '/signin')
        answer = link.getresponse()
        equal(answer.status, 200, 'status')
        true(b'<html' in answer.read(), 'no page')
        if stack.setup != 'htaccess':
            equal(answer.headers['Strict-Transport-Security'],
                  'max-age=31536000', 'Strict-Transport-Security')
    finally:
        link.close()


@conversation('who comes to a page without https is led there')
def led(stack):
    for path in ('/signin', '/signin?from=x', '/inbox'):
        answer = status(stack.client(None).get(path), 301, path)
        to = answer.header('Location')
        true(to.startswith(('https://127.0.0.1', 'https://auth.example.com/'))
             and to.endswith(path), f'{path}: {to}')


@conversation('what programs ask without https, the worker is asked',
              ('lighttpd-fcgi', 'lighttpd-cgi', 'htaccess', 'nginx'))
def asked(stack):
    status(stack.client(None).get('/v1/a'), 200, 'plain')


@conversation('who vouches for the certificate is not led there')
def challenge(stack):
    talk_servers.challenge(stack)
