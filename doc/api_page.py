#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Makes doc/api.html, a page for people, of doc/openapi.yaml.

python3 doc/api_page.py            write the page
python3 doc/api_page.py --check    say with 1 that it is not of today
"""

import html
import json
import os
import re
import sys
from urllib.parse import urlencode

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get('DW_SRC') or os.path.join(HERE, '..')
METHODS = ('get', 'post', 'put', 'patch', 'delete')
SENT = ('required', '')
ANSWERED = ('', 'not always')
KINDS = {'string': 'text', 'integer': 'whole number', 'number': 'number',
         'boolean': 'true or false', 'object': 'object', 'array': 'list',
         'null': 'null'}


def path_of(name):
    """A file beside the document."""
    return os.path.join(ROOT, 'doc', name)


def read(path):
    """A file's text."""
    with open(path, encoding='utf-8') as file:
        return file.read()


# ---- words --------------------------------------------------------------------

def tag(name, inside, **attributes):
    """An element; inside is HTML already."""
    said = ''.join(f' {key.rstrip("_")}="{html.escape(str(value))}"'
                   for key, value in attributes.items())
    return f'<{name}{said}>{inside}</{name}>'


def slug(text):
    """An anchor."""
    return re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-')


def inline(text):
    """Code, bold and links within a line."""
    parts = re.split(r'(`[^`]+`)', ' '.join(text.split()))
    out = []
    for part in parts:
        if part.startswith('`') and len(part) > 1:
            out.append(tag('code', html.escape(part[1:-1])))
            continue
        said = html.escape(part, quote=False)
        said = re.sub(r'\*\*(.+?)\*\*', r'<strong>\1</strong>', said)
        out.append(re.sub(r'\[([^\]]+)\]\((https?:[^)\s]+)\)',
                          r'<a href="\2">\1</a>', said))
    return ''.join(out)


def table(lines):
    """A table, which may be wider than its page."""
    rows = [[cell.strip() for cell in line.strip().strip('|').split('|')]
            for line in lines]
    head = ''.join(tag('th', inline(c), scope='col') for c in rows[0])
    body = ''.join(tag('tr', ''.join(tag('td', inline(c)) for c in row)) + '\n'
                   for row in rows[2:])
    return tag('div', tag('table', f'<thead><tr>{head}</tr></thead>\n'
                                   f'<tbody>\n{body}</tbody>'),
               class_='wide', tabindex=0, role='region', aria_label='Table')


def block(text, level):
    """A heading, a list, a table, code or a paragraph."""
    lines = text.split('\n')
    if lines[0].startswith('#'):
        title = lines[0].lstrip('# ')
        return tag(f'h{level}', inline(title), id=slug(title))
    if lines[0].startswith('|'):
        return table(lines)
    if lines[0].startswith('```'):
        return tag('pre', tag('code', html.escape('\n'.join(lines[1:-1]))),
                   tabindex=0)
    if re.match(r'[*-] ', lines[0]):
        items = re.split(r'\n[*-] ', '\n' + text)[1:]
        return tag('ul', ''.join(tag('li', inline(i)) + '\n' for i in items))
    return tag('p', inline(text))


def prose(text, level=3):
    """The Markdown of a description, as far as this document uses it."""
    found = re.split(r'\n\s*\n', (text or '').strip())
    return '\n'.join(block(part, level) for part in found if part)


# ---- schemas ------------------------------------------------------------------

class Paper:
    """The document, and what its references lead to."""

    def __init__(self, text):
        self.all = yaml.load(text, getattr(yaml, 'CSafeLoader',
                                           yaml.SafeLoader))

    def follow(self, thing):
        """The thing itself; what stands beside $ref wins."""
        while isinstance(thing, dict) and '$ref' in thing:
            at = self.all
            for name in thing['$ref'][2:].split('/'):
                at = at.get(name.replace('~1', '/').replace('~0', '~'))
                if at is None:
                    sys.exit(f'{thing["$ref"]} leads nowhere')
            thing = {**at, **{k: v for k, v in thing.items() if k != '$ref'}}
        return thing

    def whole(self, schema):
        """A schema with its allOf folded into it."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or 'allOf' not in schema:
            return schema if isinstance(schema, dict) else {}
        out = {k: v for k, v in schema.items() if k != 'allOf'}
        members, required = {}, list(out.get('required', ()))
        for part in map(self.whole, schema['allOf']):
            for name, value in part.get('properties', {}).items():
                members[name] = value
            required += part.get('required', ())
            for key, value in part.items():
                out.setdefault(key, value)
        out['properties'] = {**members, **schema.get('properties', {})}
        out['required'] = required
        return out

    def choices(self, schema):
        """What a value may be: one schema, or several."""
        schema = self.whole(schema)
        several = schema.get('anyOf') or schema.get('oneOf')
        return [self.whole(s) for s in several] if several else [schema]


def kind(paper, schema):
    """What a value is, in a few words."""
    said = []
    for of in paper.choices(schema):
        types = of.get('type') or ('object' if 'properties' in of else None)
        types = types if isinstance(types, list) else [types]
        for name in types:
            word = KINDS.get(name, '')
            if name == 'string':
                word = {'email': 'e-mail address', 'uuid': 'UUID',
                        'date-time': 'time', 'date': 'date',
                        'uri': 'address (URI)'}.get(of.get('format'), word)
            if name == 'array':
                word += f' of {kind(paper, of.get("items", {}))}s'
            said.append(word)
        if 'const' in of:
            said = said[:-1] + [f'`{json.dumps(of["const"])}`']
        if 'enum' in of:
            said[-1] = ' or '.join(f'`{value}`' for value in of['enum'])
    return ' or '.join(dict.fromkeys(word for word in said if word))


def bounds(schema):
    """How long, how many, how large."""
    words = []
    for low, high, what in (('minLength', 'maxLength', 'characters'),
                            ('minItems', 'maxItems', 'items'),
                            ('minimum', 'maximum', '')):
        a, b = schema.get(low), schema.get(high)
        if a is not None and b is not None:
            words.append(f'{a} to {b} {what}')
        elif b is not None:
            words.append(f'at most {b} {what}')
        elif a is not None:
            words.append(f'at least {a} {what}')
    if 'default' in schema:
        words.append(f'`{schema["default"]}` unless given')
    return [word.strip() for word in words]


def field(paper, name, schema, mark=''):
    """A member or parameter: a term and its meaning."""
    of = paper.choices(schema)[0]
    whole = paper.whole(schema)
    facts = [f'<span class="kind">{inline(word)}</span>' for word in
             [kind(paper, schema)] + bounds(of) if word]
    if mark:
        facts.insert(0, f'<span class="must">{mark}</span>')
    meaning = whole.get('description') or of.get('description')
    return tag('div', tag('dt', tag('code', html.escape(name)) + ' '
                          + ', '.join(facts))
               + (tag('dd', prose(meaning)) if meaning else '')) + '\n'


def members(paper, schema, marks, before=''):
    """All members of an object, those of inner ones behind dots.

    marks: what those are called that must be there, and the others.
    """
    out = ''
    of = paper.whole(schema)
    for name, inner in of.get('properties', {}).items():
        out += field(paper, before + name, inner,
                     marks[name not in of.get('required', ())])
        for choice in paper.choices(inner):
            if 'properties' in choice:
                out += members(paper, choice, marks, f'{before}{name}.')
            elif 'properties' in paper.whole(choice.get('items', {})):
                out += members(paper, choice['items'], marks,
                               f'{before}{name}[].')
    return out


def fields(paper, schema, marks):
    """The members of what a body may be."""
    several = paper.choices(schema)
    out = ''
    for number, of in enumerate(several):
        listed = members(paper, of, marks)
        if len(several) > 1:
            out += tag('p', 'Either:' if number == 0 else 'Or:')
        if listed:
            out += tag('dl', '\n' + listed)
        elif of.get('description'):
            out += prose(of['description'])
    return out


def examples(paper, content):
    """(a summary or '', the value) for each example."""
    if 'example' in content:
        return [('', content['example'])]
    found = [paper.follow(e) for e in content.get('examples', {}).values()]
    return [(e.get('summary', ''), e.get('value')) for e in found]


def shown(value):
    """A value as people read it."""
    return value if isinstance(value, str) else json.dumps(
        value, indent=2, ensure_ascii=False)


def sample(paper, content):
    """The examples of a body."""
    out = ''
    for summary, value in examples(paper, content):
        out += tag('h5', inline(summary or 'Example'))
        out += tag('pre', tag('code', html.escape(shown(value), quote=False)),
                   tabindex=0)
    return out


# ---- operations ---------------------------------------------------------------

def scheme_link(name):
    """A scheme, and where it is described."""
    return f'<a href="#key-{slug(name)}"><code>{html.escape(name)}</code></a>'


def callers(security):
    """(the smallest sets of schemes that open it, what may be added)"""
    sets = [frozenset(need) for need in security]
    least = [s for s in sets if not any(other < s for other in sets)]
    more = frozenset().union(*sets) - frozenset().union(*least)
    return least, sorted(more)


def security_words(security):
    """Who may call."""
    least, more = callers(security)
    if not security or frozenset() in least:
        said = 'Open to all'
        more = sorted(frozenset().union(*map(frozenset, security)))
    else:
        said = 'Needs ' + ' or '.join(
            ' and '.join(map(scheme_link, sorted(s))) for s in least)
    if more:
        said += '; may come with ' + ', '.join(map(scheme_link, more))
    return tag('p', said + '.', class_='kind')


def quoted(text):
    """For a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def credentials(paper, security):
    """The header lines of the first way in that is more than nothing."""
    ways = [need for need in security if need] or [{}]
    for name in ways[0]:
        scheme = paper.all['components']['securitySchemes'][name]
        if scheme['type'] != 'apiKey':
            yield f'Authorization: {scheme["scheme"].title()} …'
        elif scheme['in'] == 'header':
            yield f'{scheme["name"]}: …'


def curl(paper, method, path, operation):
    """The request as one types it."""
    base = paper.all['servers'][0]
    url = base['url']
    for name, of in base.get('variables', {}).items():
        url = url.replace(f'{{{name}}}', of['default'])
    for of in map(paper.follow, operation.get('parameters', ())):
        if of['in'] == 'path':
            path = path.replace(f'{{{of["name"]}}}', str(of.get('example', '…')))
    lines = [f'curl -X {method.upper()} {quoted(url + path)}'
             if method != 'get' else f'curl {quoted(url + path)}']
    lines += [f'-H {quoted(line)}' for line in
              credentials(paper, operation['security'])]
    body = paper.follow(operation.get('requestBody'))
    for kind_, content in (body or {}).get('content', {}).items():
        found = examples(paper, content)
        lines.append(f'-H {quoted("Content-Type: " + kind_)}')
        if found:
            lines.append(f'-d {quoted(typed(kind_, found[0][1]))}')
        break
    return tag('pre', tag('code', html.escape(' \\\n  '.join(lines),
                                              quote=False)), tabindex=0)


def typed(kind_, value):
    """A body of that type as it is sent, in one line."""
    if kind_ == 'application/x-www-form-urlencoded':
        return urlencode(value)
    return value if isinstance(value, str) else json.dumps(
        value, ensure_ascii=False)


def parameters(paper, operation):
    """Those of path, query and headers."""
    listed = [paper.follow(p) for p in operation.get('parameters', ())]
    out = ''
    for where, title in (('path', 'In the path'), ('query', 'In the query'),
                         ('header', 'Headers')):
        of = [p for p in listed if p['in'] == where]
        if of:
            out += tag('h4', title) + tag('dl', '\n' + ''.join(
                field(paper, p['name'], {**paper.follow(p['schema']),
                                         'description': p['description']},
                      SENT[not p.get('required')]) for p in of))
    return out


def body_of(paper, operation):
    """What is sent."""
    body = paper.follow(operation.get('requestBody'))
    out = ''
    for name, content in (body or {}).get('content', {}).items():
        title = f'Body, {tag("code", html.escape(name))}'
        out += tag('h4', title) + fields(paper, content.get('schema', {}), SENT)
    return out


def answer(paper, status, response):
    """One status of an operation; refusals of many are described once."""
    of = paper.follow(response)
    name = response.get('$ref', '').rpartition('/')[2]
    title = tag('strong', status) + ' '
    if name and status[0] != '2':
        link = tag('a', inline(of['description']), href=f'#answer-{slug(name)}')
        return tag('p', title + link, class_=f'answer s{status[0]}') + '\n'
    return tag('details', tag('summary', title + inline(of['description']))
               + tag('div', answer_html(paper, of), class_='inside'),
               class_=f's{status[0]}') + '\n'


def answer_html(paper, of):
    """An answer's headers, members and examples."""
    inside = ''
    if of.get('headers'):
        inside += tag('p', 'Headers: ' + ', '.join(
            f'<a href="#header-{slug(name)}">{tag("code", html.escape(name))}'
            '</a>' for name in of['headers']))
    for name, content in of.get('content', {}).items():
        inside += tag('p', tag('code', html.escape(name)), class_='kind')
        inside += fields(paper, content.get('schema', {}), ANSWERED)
        inside += sample(paper, content)
    return inside


def badge(method):
    """GET, coloured."""
    return tag('span', method.upper(), class_=f'method {method}')


def operation_html(paper, method, path, operation):
    """An operation, whole."""
    answers = ''.join(answer(paper, str(status), of) for status, of in
                      operation['responses'].items())
    inside = (
        tag('h3', inline(operation['summary'])) + '\n'
        + tag('p', f'{badge(method)} <code>{html.escape(path)}</code>',
              class_='route') + '\n'
        + security_words(operation['security']) + '\n'
        + prose(operation.get('description'), 4) + '\n'
        + parameters(paper, operation) + body_of(paper, operation)
        + tag('h4', 'Try it') + curl(paper, method, path, operation) + '\n'
        + tag('h4', 'Answers') + '\n' + answers)
    return tag('article', inside, id=operation['operationId']) + '\n\n'


# ---- the page -----------------------------------------------------------------

def operations(paper):
    """(its tag, method, path, operation) in the document's order."""
    for path, item in paper.all['paths'].items():
        for method in METHODS:
            if method in item:
                of = dict(item[method])
                of.setdefault('security', paper.all.get('security', []))
                of['parameters'] = (list(item.get('parameters', ()))
                                    + list(of.get('parameters', ())))
                yield of['tags'][0], method, path, of


def contents(paper, listed):
    """The table of contents."""
    titles = re.findall(r'^## (.+)$', paper.all['info']['description'], re.M)
    titles += ['Keys and tokens']
    out = tag('h3', 'In general') + tag('ul', ''.join(
        tag('li', tag('a', inline(t), href=f'#{slug(t)}')) for t in titles))
    for of in paper.all['tags']:
        rows = ''.join(
            tag('li', tag('a', badge(method) + tag('span', inline(
                operation['summary'])), href=f'#{operation["operationId"]}'))
            + '\n'
            for name, method, _, operation in listed if name == of['name'])
        out += '\n' + tag('h3', inline(of['name'].capitalize())) + tag(
            'ul', '\n' + rows)
    titles = ('Refusals', 'Headers of answers')
    out += tag('h3', 'Of many') + tag('ul', ''.join(
        tag('li', tag('a', t, href=f'#{slug(t)}')) for t in titles))
    return tag('nav', tag('h2', 'Contents') + out, aria_label='Contents')


def schemes(paper):
    """The keys and tokens."""
    out = tag('h2', 'Keys and tokens', id='keys-and-tokens')
    for name, of in paper.all['components']['securitySchemes'].items():
        how = (f'header `{of["name"]}`' if of['type'] == 'apiKey'
               else f'header `Authorization: {of["scheme"].title()} …`')
        out += tag('h3', f'<code>{html.escape(name)}</code> '
                   f'<span class="kind">{inline(how)}</span>',
                   id=f'key-{slug(name)}') + prose(of.get('description'))
    return tag('section', out, class_='about')


def header_names(paper, listed):
    """{ name: header } of all answers."""
    found = {}
    for _, _, _, operation in listed:
        for response in operation['responses'].values():
            for name, of in paper.follow(response).get('headers', {}).items():
                found.setdefault(name, paper.follow(of))
    return found


def headers(paper, listed):
    """What answers say beside their bodies."""
    rows = ''.join(field(paper, name, {
        **paper.follow(of['schema']),
        'description': of.get('description')}).replace(
        '<div>', f'<div id="header-{slug(name)}">', 1)
        for name, of in sorted(header_names(paper, listed).items()))
    return tag('section', tag('h2', 'Headers of answers',
                              id='headers-of-answers')
               + tag('dl', '\n' + rows))


def refusals(paper, listed):
    """The answers that several operations share, with their statuses."""
    found = {}
    for _, _, _, operation in listed:
        for status, of in operation['responses'].items():
            name = of.get('$ref', '').rpartition('/')[2]
            if name and str(status)[0] != '2':
                found[(str(status), name)] = paper.follow(of)
    out = tag('h2', 'Refusals', id='refusals') + '\n'
    for (status, name), of in sorted(found.items(), key=lambda row: row[0][0]):
        title = tag('strong', status) + ' ' + inline(of['description'])
        out += tag('details', tag('summary', title)
                   + tag('div', answer_html(paper, of), class_='inside'),
                   class_=f's{status[0]}', id=f'answer-{slug(name)}') + '\n'
    return tag('section', out)


def page(text):
    """The page of a document."""
    paper = Paper(text)
    listed = list(operations(paper))
    info = paper.all['info']
    head = tag('h1', f'{inline(info["title"])} API')
    head += tag('p', f'{inline(info["summary"])} Version {info["version"]}.',
                class_='lead')
    out = tag('section', prose(info['description']), class_='about') + '\n'
    out += schemes(paper) + '\n'
    for of in paper.all['tags']:
        out += tag('h2', inline(of['name'].capitalize()),
                   id=slug('tag ' + of['name']))
        out += prose(of['description']) + '\n\n'
        out += ''.join(operation_html(paper, *row[1:]) for row in listed
                       if row[0] == of['name'])
    out += refusals(paper, listed) + '\n' + headers(paper, listed)
    return f'''<!DOCTYPE html>
<!-- SPDX-License-Identifier: ISC -->
<!-- Made of doc/openapi.yaml by doc/api_page.py. -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
    content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html.escape(info["title"])} API</title>
<style>
{read(os.path.join(HERE, 'api_page.css'))}</style>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<div class="page">
<header>{head}</header>
{contents(paper, listed)}
<main id="main">
{out}</main>
</div>
</body>
</html>
'''.replace('aria_label', 'aria-label')


def main(words):
    """Write it, or compare."""
    made = page(read(path_of('openapi.yaml')))
    if words == ['--check']:
        there = (os.path.exists(path_of('api.html'))
                 and read(path_of('api.html')))
        return 0 if there == made else 1
    with open(path_of('api.html'), 'w', encoding='utf-8') as out:
        out.write(made)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
