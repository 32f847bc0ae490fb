# SPDX-License-Identifier: ISC
"""Merchants found shops, hold their keys, and look after their customers."""

from check import conversation, equal, status
from client import Client, new_address
from people import BEGIN, CART, PROFILE, Person, new_email, refused

OPTIONS = {'founding': 'open'}
VERIFY = '/v1/auth/passwordless/merchant/verify-email'
SHOPS = '/v1/merchant/shops'
KEYS = '/v1/merchant/api-keys'
CUSTOMERS = '/v1/customers'


class Merchant:
    """Somebody with an address, and a client without a key."""

    def __init__(self, stack, email=None, address=None):
        self.stack = stack
        self.email = email or new_email()
        self.client = Client(stack, None, address or new_address())

    def ask(self, **more):
        """Have a mail sent and read it."""
        answer = self.client.post(BEGIN + '/email', {
            'email': self.email, 'userType': 'MERCHANT', **more})
        status(answer, 200, 'asking for a mail')
        return self.stack.newest(self.email,
                                 len(self.stack.arrived(self.email)) + 1)

    def verify(self, token, **more):
        """Show a code or a link's token; the answer."""
        return self.client.post(VERIFY, {
            'email': self.email, 'token': token, **more})

    def sign_in(self, name=None):
        """The whole way; founds a shop of this name."""
        more = {'businessName': name} if name else {}
        answer = self.verify(self.ask(**more).code)
        data = status(answer, 200, 'signing in').data
        self.bearer = self.client.as_bearer(data['token'])
        return data


def customer_of(stack, key, email=None):
    """A customer at the door of the shop with this key."""
    person = Person(stack, None, email)
    person.client = Client(stack, key, new_address())
    return person


@conversation('a new merchant names a shop, founds it by signing in, and holds '
              'its key; a customer signs in with that key; the merchant finds '
              'them, turns them away, and lets them in again')
def founding(stack):
    meg = Merchant(stack)
    data = meg.sign_in("Meg's Shoes")
    user, shop = data['user'], data['shop']
    equal((user['role'], user['tenantId'], shop['name'], shop['approved']),
          ({'name': 'Merchant', 'slug': 'merchant'}, shop['id'],
           "Meg's Shoes", False), 'the merchant and the shop')
    listed = status(meg.bearer.get(KEYS), 200, 'the keys').data
    equal([k['prefix'] for k in listed], [shop['apiKey'][:8]], 'its key')
    person = customer_of(stack, shop['apiKey'])
    login = person.sign_in()
    equal(login.data['user']['tenantId'], shop['id'], "the customer's shop")
    found = status(meg.bearer.get(f'{CUSTOMERS}?search={person.email[:9]}'),
                   200, 'searching').data
    equal([c['id'] for c in found['data']], [login.id], 'who is found')
    one = f'{CUSTOMERS}/{login.id}'
    message = person.mail()
    status(meg.bearer.call('PATCH', one + '/deactivate'), 200, 'deactivate')
    refused(login.profile(), 'session_ended', 'the access token')
    refused(login.refresh(), 'session_ended', 'the refresh token')
    status(person.verify(message.code), 400, 'a code sent before')
    status(person.verify(message.token), 400, 'a link sent before')
    equal(status(meg.bearer.get(one), 200, 'looking').data['status'],
          'disabled', 'the status')
    status(meg.bearer.call('PATCH', one + '/activate'), 200, 'activate')
    stack.move(3600)
    equal(person.sign_in().id, login.id, 'in again')


@conversation('a second sign-in founds nothing; refresh and logout are for '
              'merchants, too')
def again(stack):
    meg = Merchant(stack)
    shop = meg.sign_in('Once')['user']['tenantId']
    stack.move(3600)
    data = meg.sign_in('Twice')
    equal((data['user']['tenantId'], 'shop' in data), (shop, False), 'again')
    answer = meg.client.post('/v1/auth/refresh-token',
                             {'refreshToken': data['refreshToken']})
    next_data = status(answer, 200, 'refresh').json
    equal((next_data['user']['tenantId'], 'customer' in next_data),
          (shop, False), 'refreshed')
    answer = meg.client.post('/v1/auth/customer/refresh-token',
                             {'refreshToken': next_data['refreshToken']})
    equal(answer.status in (401, 404), True, "the customers' path")
    status(meg.client.post('/v1/auth/logout', {
        'refreshToken': next_data['refreshToken']}), 200, 'logout')
    refused(meg.client.as_bearer(next_data['token']).get(KEYS),
            'session_ended', 'after that')


@conversation('nobody crosses: merchants and customers, one shop and another')
def crossing(stack):
    meg, bob = Merchant(stack), Merchant(stack)
    megs, bobs = meg.sign_in('Megs'), bob.sign_in('Bobs')
    with_key = Client(stack, bobs['shop']['apiKey'], new_address())
    merchant = with_key.as_bearer(megs['token'])
    status(merchant.get(CUSTOMERS), 403, "meg at bob's shop")
    refused(merchant.get(PROFILE), 'token_invalid', 'a merchant as customer')
    status(meg.bearer.get(PROFILE), 404, 'customers of the platform')
    status(meg.bearer.get(CART), 404, 'carts of the platform')
    login = customer_of(stack, megs['shop']['apiKey']).sign_in()
    for path in (CUSTOMERS, KEYS):
        refused(login.bearer.get(path), 'token_invalid', path)
    refused(login.bearer.post(SHOPS, {'businessName': 'Mine'}),
            'token_invalid', SHOPS)
    other = customer_of(stack, bobs['shop']['apiKey']).sign_in()
    status(meg.bearer.get(f'{CUSTOMERS}/{other.id}'), 404, "bob's customer")
    status(meg.bearer.call('PATCH', f'{CUSTOMERS}/{other.id}/deactivate'),
           404, "turning bob's customer away")
    status(other.profile(), 200, 'who is still in')


@conversation('a challenge begun for a customer opens no merchant path; a name '
              'said by somebody else names no shop')
def challenges(stack):
    person = Person(stack)
    answer = person.client.post(BEGIN + '/email', {
        'email': person.email, 'userType': 'CUSTOMER'})
    status(answer, 200, 'initiate')
    message = stack.newest(person.email, 1)
    answer = person.client.post(VERIFY, {
        'email': person.email, 'token': message.code})
    status(answer, 400, 'at the merchant path')
    meg = Merchant(stack)
    mail = Merchant(stack, meg.email).ask(businessName='Not Hers')
    data = status(meg.verify(mail.code), 200, 'verify').data
    equal((data['user']['tenantId'], 'shop' in data), (None, False), 'no shop')
    meg.bearer = meg.client.as_bearer(data['token'])
    status(meg.bearer.get(CUSTOMERS), 403, 'without a shop')


@conversation('three shops a day are founded from one address, and names are '
              'names')
def limits(stack):
    address = new_address()
    meg = Merchant(stack, address=address)
    meg.sign_in()
    for name in ('http://evil.example', 'www.evil.example', 'a\nb',
                 'x' * 101, '', 7):
        status(meg.bearer.post(SHOPS, {'businessName': name}), 422, repr(name))
    status(meg.bearer.post(SHOPS, {'businessName': 'x' * 10000}), (400, 422),
           'ten thousand letters')
    for number in range(3):
        answer = meg.bearer.post(SHOPS, {'businessName': f'Shop {number}'})
        status(answer, 200, 'founding')
    answer = meg.bearer.post(SHOPS, {'businessName': 'One too many'})
    status(answer, 429, 'the fourth')
    status(meg.bearer.get(CUSTOMERS), 403, 'which of them?')


@conversation('the operator approves, suspends and deletes a founded shop; its '
              'data stays until its time has come, and then nothing does')
def operator(stack):
    meg = Merchant(stack)
    data = meg.sign_in('Short Lived')
    shop, key = data['shop']['id'], data['shop']['apiKey']
    person = customer_of(stack, key)
    login = person.sign_in()
    stack.doorward('tenant', 'suspend', shop)
    status(login.profile(), 403, "the customer's door")
    status(person.ask(), 403, 'initiate')
    status(meg.bearer.get(CUSTOMERS), 403, "the merchant's door")
    stack.doorward('tenant', 'resume', shop)
    status(login.profile(), 200, 'after that')
    stack.doorward('tenant', 'approve', shop)
    stack.doorward('tenant', 'delete', shop)
    status(login.profile(), 403, 'while it is being deleted')
    of_shop = f"tenant_id = UNHEX('{shop.replace('-', '')}')"
    kept = f'SELECT COUNT(*) FROM customers WHERE {of_shop}'
    stack.courier_run()
    equal(int(stack.one(kept)), 1, 'within the grace')
    stack.move(31 * 86400)
    for _ in range(3):
        stack.courier_run()
    equal(int(stack.one(kept)), 0, 'after it')
    refused(login.profile(), 'token_invalid', 'the token')
    refused(person.ask(), 'key_unknown', 'the key')
