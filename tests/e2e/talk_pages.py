# SPDX-License-Identifier: ISC
"""The pages of web/: every file comes, guarded, and nothing beside it."""

import re

from check import conversation, equal, status, true
from place import SRC

OPTIONS = {'recorded': False}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; "
          "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
          "form-action 'none'")
GUARDS = (('Content-Security-Policy', POLICY),
          ('X-Content-Type-Options', 'nosniff'),
          ('Referrer-Policy', 'no-referrer'),
          ('Cross-Origin-Opener-Policy', 'same-origin'),
          ('Cache-Control', 'no-cache'))
TYPES = {'.html': 'text/html; ?charset=utf-8',
         '.css': 'text/css; ?charset=utf-8',
         '.js': 'text/javascript; ?charset=utf-8',
         '.json': 'application/json', '.svg': r'image/svg\+xml',
         '.png': 'image/png', '.ico': r'image/(x-icon|vnd\.microsoft\.icon)'}


def guarded(answer, what):
    """A page's headers."""
    for name, value in GUARDS:
        equal(answer.header(name), value, f'{what}: {name}')


@conversation('every file of the pages comes as it is, typed and guarded')
def files(stack):
    found = [p for p in (SRC / 'web').rglob('*') if p.is_file()]
    true(found, 'no files')
    for path in found:
        name = '/' + str(path.relative_to(SRC / 'web'))
        answer = status(stack.client(None).get(name), 200, name)
        equal(answer.body, path.read_bytes(), f'{name}: its bytes')
        true(re.fullmatch(TYPES[path.suffix], answer.header('Content-Type')),
             f'{name}: {answer.header("Content-Type")}')
        guarded(answer, name)


@conversation('a page comes by its name, and what it loads is there')
def page(stack):
    for name in ('signin', 'inbox'):
        index = SRC / 'web' / name / 'index.html'
        for path in (f'/{name}', f'/{name}?from=x'):
            answer = status(stack.client(None).get(path), 200, path)
            equal(answer.body, index.read_bytes(), path)
            guarded(answer, path)
            true(answer.header('Content-Type').startswith('text/html'), path)
        loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^":]+)"',
                            index.read_text())
        true(loaded, 'it loads nothing')
        for path in loaded:
            status(stack.client(None).get('/' + path), 200, path)


@conversation('nothing beside it is shown, and no list of files')
def beside(stack):
    for path in ('/signin/nothing', '/signin/../../sql/schema.sql', '/sign',
                 '/signin/%2e%2e/%2e%2e/conf/nginx.conf', '/signinx',
                 '/inbox/nothing', '/inboxes', '/signin/style.css/x'):
        answer = stack.client(None).get(path)
        true(answer.status in (400, 403, 404), f'{path}: {answer.status}')
    for path in ('/signin/', '/signin/.', '/inbox/', '/signin//'):
        answer = stack.client(None).get(path)
        true(b'Index of' not in answer.body, f'{path}: a list')


@conversation('with a slash at its end a page leads to where it works')
def slash(stack):
    for name in ('signin', 'inbox'):
        for query in ('', '?from=x&y=a%20b'):
            path = f'/{name}/{query}'
            answer = status(stack.client(None).get(path), 301, path)
            equal(answer.header('Location'), f'/{name}{query}', path)
