# SPDX-License-Identifier: ISC
"""A marketplace's server and its customers' pages, as their own code talks."""

import json

from check import FASTCGI, among, conversation, equal, status, true
from client import Client, together
from people import Person, new_email, refused

A = '/public-api/v1/'
C = A + 'customers/'
ALL = 'customer:authenticate channel:read'
HOME = {'type': 'home', 'address1': '1 Broad Street', 'city_name': 'Lagos',
        'country_code': 'NG', 'latitude': 6.45407, 'longitude': 3.39467}
AT_ONCE = 200
DAY = 86400


class Market:
    """Its API token, and what its server does with it."""

    def __init__(self, stack, shop='one', source='market', scopes=ALL, more=()):
        self.stack = stack
        self.source = source
        made = json.loads(stack.doorward(
            'apikey', 'create', shop, '--kind', 'partner', '--source', source,
            '--scopes', scopes, '--json', *more))
        self.id, self.token = made['id'], made['key']
        stack.secrets.add(self.token)

    def server(self):
        """Its server, at an address of its own."""
        return Client(self.stack, None, None, self.token)

    def stated(self, username, **other):
        """What it says of one of its customers."""
        return {'username': username, 'name': 'Pia Obi', 'engine': 'direct',
                'source': self.source, 'email': username, **other}

    def enter(self, username, headers=(), **other):
        """Sign a customer in; the answer."""
        return self.server().post(C + 'authenticate/',
                                  self.stated(username, **other),
                                  headers=headers)


class Buyer:
    """A customer's page: it asks, and mends what can be mended, once."""

    def __init__(self, market, username=None):
        self.market = market
        self.username = username or new_email()
        self.client = Client(market.stack)
        self.access = self.refresh = None
        self.did = []

    def take(self, answer, what):
        """The pair of tokens of an answer."""
        tokens = status(answer, 200, what).json
        self.access, self.refresh = tokens['access'], tokens['refresh']
        self.did.append(what)
        return answer

    def enter(self):
        """Through the marketplace's server."""
        return self.take(self.market.enter(self.username), 'enter')

    def renew(self):
        """By its own refresh token."""
        return self.take(self.client.post(
            C + 'token/refresh/', {'refresh': self.refresh}), 'renew')

    def once(self, method, path, document=None):
        """One request with the token that it has."""
        return self.client.as_bearer(self.access).call(method, path, document)

    def call(self, method, path, document=None):
        """The same; an expired token is renewed, an ended session begun."""
        answer = self.once(method, path, document)
        mend = {'token_expired': self.renew, 'session_ended': self.enter,
                'token_invalid': self.enter}.get(answer.json.get('code')
                                                 if answer.status == 401
                                                 else None)
        if mend:
            mend()
            answer = self.once(method, path, document)
        return answer

    def profile(self):
        """Who they are."""
        return status(self.call('GET', C + 'profile/'), 200, 'profile').json


def customers(stack, username):
    """How many customers have this username."""
    return int(stack.one('SELECT COUNT(*) FROM customers WHERE username ='
                         f" '{username}'"))


# ---- (a) as a marketplace's own code does it ---------------------------------


@conversation('a new customer is made silently, and a returning one is found')
def returning(stack):
    buyer = Buyer(Market(stack))
    before = stack.counts()['outbox']
    buyer.enter()
    first = buyer.profile()
    equal((first['account'], first['email']),
          ({'name': 'Pia Obi', 'username': buyer.username, 'lang': None},
           buyer.username), 'the profile')
    stack.move(3600)
    again = Buyer(buyer.market, buyer.username)
    again.enter()
    equal(again.profile()['id'], first['id'], 'the customer')
    equal(buyer.profile()['id'], first['id'], 'the first session')
    equal(stack.counts()['outbox'], before, 'messages')


@conversation('an expired access token is renewed and goes on; a session that '
              'was signed out is begun anew')
def expired(stack):
    buyer = Buyer(Market(stack))
    buyer.enter()
    stack.move(30 * DAY + 60)
    refused(buyer.once('GET', C + 'profile/'), 'token_expired', 'after 30 days')
    buyer.profile()
    equal(buyer.did, ['enter', 'renew'], 'what it did')
    status(buyer.client.post(C + 'logout/', {'refresh': buyer.refresh}), 204,
           'logout')
    refused(buyer.once('GET', C + 'profile/'), 'session_ended', 'after it')
    answer = buyer.client.post(C + 'token/refresh', {'refresh': buyer.refresh})
    refused(answer, 'token_not_valid', 'its refresh token')
    buyer.profile()
    equal(buyer.did, ['enter', 'renew', 'enter'], 'what it did')
    equal(customers(stack, buyer.username), 1, 'customers')


@conversation('browsing needs the API token alone')
def browsing(stack):
    market = Market(stack)
    said = status(market.server().get(A + 'channel/'), 200, 'channel').json
    equal((said['app_id'], said['source'], said['scopes'], said['expires_at']),
          (market.id, 'market', ALL.split(), None), 'the channel')


@conversation('addresses are added, listed, changed and removed, and are '
              'nobody else\'s')
def locations(stack):
    market = Market(stack)
    buyer, other = Buyer(market), Buyer(market)
    foreign = Buyer(Market(stack, 'two'), buyer.username)
    for each in (buyer, other, foreign):
        each.enter()
    at = C + 'locations/'
    home = status(buyer.call('POST', at, HOME), 201, 'adding').json
    equal({k: home[k] for k in HOME}, HOME, 'what was added')
    stack.move(1)
    work = status(buyer.call('POST', at, {'type': 'work'}), 201, 'two').json
    listed = status(buyer.call('GET', at), 200, 'the list').json
    equal([x['id'] for x in listed], [work['id'], home['id']], 'newest first')
    listed = buyer.call('GET', at + '?page=2&page_size=1').json
    equal(listed, [home], 'the second page of one')
    status(buyer.call('GET', at + '?page_size=101'), 400, 'too large a page')
    one = f'{at}{home["id"]}/'
    for stranger in (other, foreign):
        status(stranger.call('GET', one), 404, 'reading it')
        status(stranger.call('PATCH', one, {'type': 'work'}), 404, 'changing')
        status(stranger.call('DELETE', one), 404, 'removing it')
        equal(stranger.call('GET', at).json, [], 'their own')
    now = status(buyer.call('PATCH', one, {
        'type': 'friend_house', 'latitude': -89.1234567, 'address1': None}),
        200, 'changing').json
    equal((now['type'], now['latitude'], now['address1'], now['longitude']),
          ('friend_house', -89.123457, None, 3.39467), 'what was changed')
    equal(status(buyer.call('GET', one), 200, 'reading').json, now, 'it')
    fault = status(buyer.call('PATCH', one, {'longitude': 181}), 400, 'off')
    true('longitude' in fault.json, 'which field')
    status(buyer.call('DELETE', one), 204, 'removing')
    status(buyer.call('DELETE', one), 404, 'removing it again')


@conversation('of sixty addresses at once fifty are kept', FASTCGI)
def fifty(stack):
    buyer = Buyer(Market(stack))
    buyer.enter()
    answers = together([lambda: buyer.once('POST', C + 'locations/', HOME)]
                       * 60)
    equal(sorted({a.status for a in answers}), [201, 409], 'statuses')
    equal(sum(a.status == 201 for a in answers), 50, 'kept')


@conversation('a profile is changed and sent back whole, but for email and '
              'username')
def profile(stack):
    buyer = Buyer(Market(stack))
    buyer.enter()
    now = status(buyer.call('PATCH', C + 'profile/', {
        'account': {'name': 'Pia A. Obi', 'lang': 'fr-ca'},
        'secondary_mobile_number': '+234 803 123 4567'}), 200, 'change').json
    equal((now['account']['name'], now['account']['lang'],
           now['secondary_mobile_number']),
          ('Pia A. Obi', 'fr-CA', '+2348031234567'), 'the profile')
    equal(status(buyer.call('PATCH', C + 'profile/', now), 200, 'whole').json,
          now, 'sent back')
    fault = status(buyer.call('PATCH', C + 'profile/', {
        'email': new_email()}), 400, 'another email').json
    equal(list(fault), ['email'], 'which field')


# ---- (b) another email or name -----------------------------------------------


@conversation('another email or name is kept out, taken in or refused, as the '
              'shop has it')
def conflicts(stack):
    try:
        for policy, want, said, kept in (
                ('keep', 200, 'email,name', 'Pia Obi'),
                ('update', 200, None, 'Pia Lund'),
                ('refuse', 409, None, 'Pia Obi')):
            stack.doorward('tenant', 'set', 'one', 'identity_conflict', policy)
            buyer = Buyer(Market(stack))
            buyer.enter()
            email = new_email()
            answer = buyer.market.enter(buyer.username, name='Pia Lund',
                                        email=email)
            status(answer, want, policy)
            equal(answer.header('X-Identity-Conflict'), said, policy)
            shown = buyer.profile()
            equal((shown['account']['name'], shown['email']),
                  (kept, email if kept == 'Pia Lund' else buyer.username),
                  policy)
            equal(customers(stack, buyer.username), 1, f'{policy}: customers')
    finally:
        stack.doorward('tenant', 'set', 'one', 'identity_conflict', 'keep')


# ---- (c) at once -------------------------------------------------------------


@conversation('two hundred first calls at once for one username make one '
              'customer', FASTCGI)
def crowd(stack):
    market, username = Market(stack), new_email()
    answers = together([lambda: market.enter(username)] * AT_ONCE)
    good = sum(a.status == 200 for a in answers)
    print(f'    {good} of {AT_ONCE} answered 200', flush=True)
    true(good >= 180, f'only {good}: {sorted({a.status for a in answers})}')
    equal(customers(stack, username), 1, 'customers')


# ---- (d) tokens that are not good --------------------------------------------


@conversation('inactive, expired, foreign and unknown tokens are answered '
              'alike, and told apart in the audit')
def bad_tokens(stack):
    inactive, short = Market(stack), Market(stack, more=('--days', '1'))
    network = Market(stack, more=('--networks', '203.0.113.0/24'))
    stack.doorward('apikey', 'disable', 'one', inactive.id)
    status(short.enter(new_email()), 200, 'before it expires')
    stack.move(DAY + 60)
    unknown = Client(stack, None, None, 'pt_' + 'x' * 43)
    answers = [m.enter(new_email()) for m in (inactive, short, network)]
    answers.append(unknown.post(C + 'authenticate/',
                                inactive.stated(new_email())))
    answers.append(Market(stack).enter(new_email(), [('app-id', inactive.id)]))
    for answer in answers:
        refused(answer, 'token_invalid', 'a token')
        equal(answer.shown, answers[0].shown, 'the answer')
    for market, why in ((inactive, 'inactive'), (short, 'expired'),
                        (network, 'from a foreign network')):
        equal(stack.one("SELECT detail FROM audit_events WHERE event ="
                        f" 'key_refused' AND actor = 'key:{market.id}'"),
              why, 'audited')
    stack.doorward('apikey', 'enable', 'one', inactive.id)
    status(inactive.enter(new_email(), [('app-id', inactive.id)]), 200,
           'active again, under its id')
    foreign = inactive.enter(new_email(), source='bazaar')
    status(foreign, 403, 'another source')
    equal(stack.one("SELECT detail FROM audit_events WHERE event ="
                    " 'source_refused'"), 'bazaar', 'audited')


@conversation('an API token is no customer\'s token, nor the reverse')
def swapped(stack):
    buyer = Buyer(Market(stack))
    buyer.enter()
    for path in (C + 'profile/', C + 'locations/', '/v1/customers/profile'):
        refused(buyer.market.server().get(path), 'token_invalid', path)
    page = buyer.client.as_bearer(buyer.access)
    refused(page.get(A + 'channel/'), 'token_invalid', 'the channel')
    refused(page.post(C + 'authenticate/', buyer.market.stated(new_email())),
            'token_invalid', 'signing somebody in')
    refused(page.as_bearer(buyer.refresh).get(C + 'profile/'), 'token_invalid',
            'a refresh token')


# ---- (e) whom a partner's word reaches ---------------------------------------


def kept(stack, customer):
    """All rows that say who this customer is, but for when they were seen."""
    of = f"customer_id = UNHEX(REPLACE('{customer}', '-', ''))"
    rows = 'COUNT(*), GROUP_CONCAT(CONCAT_WS(0x7c, {}) ORDER BY {})'
    return [stack.one(f'SELECT CONCAT_WS(0x20, {rows.format(what, by)})'
                      f' FROM {table} WHERE {of}')
            for table, what, by in (
                ('(SELECT id AS customer_id, c.* FROM customers c) k',
                 'status, email, email_proven_at, full_name, source, username,'
                 ' email_source, name_source, updated_at', 'id'),
                ('identities', 'kind, HEX(value), proven_at', 'kind, value'),
                ('sessions', 'HEX(id), door, idp, generation, ended_at,'
                 ' end_reason', 'id'))]


@conversation('a partner that vouches for addresses reaches nobody whom it '
              'did not create')
def vouching(stack):
    ann = Person(stack)
    login = ann.sign_in()
    market = Market(stack, scopes=ALL + ' vouch_email')
    other = Market(stack, source='bazaar', scopes=ALL + ' vouch_email')
    before = kept(stack, login.id)
    equal([row[:2] for row in before], ['1 ', '1 ', '1 '], 'what is hers')
    # signing in by her address: a customer of its own, who is not found by it
    thief = Buyer(market)
    thief.take(market.enter(thief.username, email=ann.email), 'sign-in')
    mine = thief.profile()['id']
    true(mine != login.id, 'signed in as somebody else')
    equal(kept(stack, login.id), before, 'the victim, after a sign-in')
    again = market.enter(thief.username, email=ann.email)
    equal(status(again, 200, 'once more').header('X-Identity-Conflict'), None,
          'what differs')
    equal(thief.profile()['id'], mine, 'the thief')
    equal(stack.one('SELECT GROUP_CONCAT(kind) FROM identities WHERE'
                    f" customer_id = UNHEX(REPLACE('{mine}', '-', ''))"),
          'partner', 'how the thief is found')
    equal(kept(stack, login.id), before, 'the victim, after two')
    # under her address as the username, which is a name like any other
    twin = Buyer(market, ann.email)
    twin.enter()
    true(twin.profile()['id'] not in (mine, login.id), 'merged by username')
    equal(kept(stack, login.id), before, 'the victim, after a username')
    # stating it: it is what this customer's partner said, and no more
    link = thief.once('PATCH', C + 'profile/', {'email': ann.email})
    equal(status(link, 200, 'stating the address').json['id'], mine, 'whose')
    foreign = Buyer(market)
    foreign.enter()
    link = foreign.once('PATCH', C + 'profile/', {'email': ann.email})
    equal(list(status(link, 400, 'stating another').json), ['email'], 'field')
    equal(kept(stack, login.id), before, 'the victim, after a link')
    # linking by a proof: not while it is a partner who says who is there
    person = Person(stack, email=ann.email)
    code = person.mail().code
    for page in (thief, twin, foreign):
        answer = person.client.as_bearer(page.access).post(
            '/v1/auth/passwordless/customer/verify-email',
            {'email': ann.email, 'token': code})
        equal(status(answer, 403, 'linking').json['code'], 'reauth_required',
              'code')
    equal(kept(stack, login.id), before, 'the victim, after a proof')
    # nor is another partner's customer of the same name and address
    pia = Buyer(market)
    pia.enter()
    whole = kept(stack, pia.profile()['id'])
    second = Buyer(other, pia.username)
    second.enter()
    true(second.profile()['id'] != pia.profile()['id'], 'merged by address')
    equal(kept(stack, pia.profile()['id']), whole, 'the other market\'s')
    # the code that nobody could use is hers
    equal(status(ann.verify(code), 200, 'her code').data['customer']['id'],
          login.id, 'who has the address')
    equal(status(login.profile(), 200, 'her session').data['id'], login.id,
          'and her first session')


@conversation('who proves an address that was vouched for ends all sessions, '
              'and the partner signs the same customer in again')
def owner(stack):
    market = Market(stack, scopes=ALL + ' vouch_email')
    buyer = Buyer(market)
    buyer.enter()
    mine = buyer.profile()['id']
    person = Person(stack, email=buyer.username)
    login = person.sign_in()
    equal(login.id, mine, 'whose address it is')
    refused(buyer.once('GET', C + 'profile/'), 'session_ended', 'the market\'s')
    refused(buyer.client.post(C + 'token/refresh/', {
        'refresh': buyer.refresh}), 'token_not_valid', 'nor by its refresh')
    # by the scope the operator trusts its word: one person is one customer
    stack.move(1)
    again = Buyer(market, buyer.username)
    equal(again.take(market.enter(buyer.username), 'again').header(
        'X-Identity-Conflict'), None, 'what differs')
    equal(again.profile()['id'], mine, 'the customer')
    equal(status(login.profile(), 200, 'the owner').data['id'], mine,
          'who is still there')
    # but by that word alone no sign-in data is changed
    answer = person.client.as_bearer(again.access).post(
        '/v1/auth/passwordless/customer/verify-email',
        {'email': new_email(), 'token': '000000'})
    equal(status(answer, 403, 'adding an address').json['code'],
          'reauth_required', 'code')
    other = Buyer(Market(stack, source='bazaar', scopes=ALL + ' vouch_email'),
                  buyer.username)
    other.enter()
    true(other.profile()['id'] != mine, 'another partner got in')


# ---- (f) how often -----------------------------------------------------------


@conversation('a token has a limit of its own, that all workers share')
def often(stack):
    market = Market(stack, more=('--per-minute', '20'))
    other = Market(stack)
    # at the beginning of a minute
    stack.move_to((stack.now_ms() // 60000 + 1) * 60000 + 100)
    answers = [market.server().get(A + 'channel/') for _ in range(25)]
    equal([a.status for a in answers], [200] * 20 + [429] * 5, 'statuses')
    over = answers[-1]
    wait = int(over.header('Retry-After'))
    left = 60 - stack.now_ms() % 60000 / 1000
    true(left - 5 <= wait <= left + 15, f'Retry-After {wait}, {left} are left')
    true(f't={wait}' in over.header('RateLimit'), over.header('RateLimit'))
    true('q=20;w=60' in over.header('RateLimit-Policy'), 'the policy')
    status(other.server().get(A + 'channel/'), 200, 'another token')
    stack.move(wait)
    status(market.server().get(A + 'channel/'), 200, 'after that')


# ---- (g) a shop that is shut -------------------------------------------------


@conversation('a suspended shop serves neither its partners nor their '
              'customers')
def suspended(stack):
    market = Market(stack, 'two')
    buyer = Buyer(market)
    buyer.enter()
    stack.doorward('tenant', 'suspend', 'two')
    try:
        status(market.enter(new_email()), 403, 'authenticate')
        status(market.server().get(A + 'channel/'), 403, 'the channel')
        for path in ('profile/', 'locations/'):
            status(buyer.once('GET', C + path), 403, path)
        status(buyer.client.post(C + 'token/refresh/', {
            'refresh': buyer.refresh}), 403, 'refresh')
    finally:
        stack.doorward('tenant', 'resume', 'two')
    buyer.profile()
