# SPDX-License-Identifier: ISC
"""doc/install.md from a bare machine to the first sign-in, for each web server."""

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import machine
import walk
from machine import Layer, Machine, bare
from check import equal, true
from processes import run, start, stop, until

SRC = Path(os.environ['DW_SRC'])
MAIL_PATIENCE = 30
TREE = '/root/doorward'
# what part 2 leaves in the shell for part 4
CARRIED = '\necho "KEY=$KEY" >/root/shell\n'
UNITS = ('doorward.socket', 'doorward@1', 'doorward-courier')
LEFT = ('/usr/bin/doorward', '/usr/lib/doorward', '/usr/share/doorward',
        '/etc/doorward', '/usr/share/doc/doorward')


class Report:
    """Counts what was shown, and says it."""

    def __init__(self):
        self.begun = time.monotonic()
        self.passed = self.failed = 0

    def case(self, sentence, function, *with_what):
        """Run one; what it answers, or None when it failed."""
        begun = time.monotonic()
        try:
            answer = function(*with_what) or True
        except Exception as wrong:          # whatever it is, the rest runs
            self.failed += 1
            self.say(f'FAILED {sentence}: {type(wrong).__name__}: {wrong}')
            return None
        self.passed += 1
        self.say(f'ok ({time.monotonic() - begun:.1f} s): {sentence}')
        return answer

    def say(self, words):
        print(f'[{time.monotonic() - self.begun:6.1f} s] {words}', flush=True)


# ---- the package ------------------------------------------------------------


def with_source(layer):
    """Our tree in it, as a clone has it."""
    tree = layer.path(TREE)
    tree.mkdir(parents=True)
    run(['sh', '-c', 'tar -cf - --exclude=./build --exclude=./var '
         '--exclude=./.git --exclude=Makefile.in --exclude=configure . | '
         'tar -xf - -C "$0"', tree], cwd=SRC)
    return layer


def with_packages(layer):
    """What the walk installs is there to be installed without a network."""
    layer.types('apt-get update -qq; apt-get install -y --download-only '
                + ' '.join(walk.packages()))
    return layer


def built(layer, folder):
    """The package, by the walk's lines."""
    layer.types(f'cd {TREE}\n' + walk.lines('The program')
                + walk.lines('A package').splitlines()[0])
    deb, = layer.path('/root').glob('doorward_*.deb')
    run(['cp', deb, folder])
    return folder / deb.name


def sound(deb):
    """Lintian knows no fault of it, and it cannot ask anything."""
    run(['lintian', '--allow-root', '--fail-on', 'error,warning', deb],
        timeout=300)
    control = run(['sh', '-c', 'dpkg-deb --ctrl-tarfile "$0" | tar -t', deb])
    true('templates' not in control and 'config' not in control.split(),
         f'it has questions: {control}')


def brought(layer, deb):
    """It is there to be installed, with what it depends on."""
    layer.path(TREE).mkdir(parents=True)
    run(['cp', deb, layer.path('/root')])
    layer.types(f'apt-get install -y --download-only /root/{deb.name}')
    return layer


def begins(host):
    """Nothing runs that nobody has configured."""
    host.types(f'cd {TREE}\n' + walk.lines('A package').splitlines()[-1])
    for unit in UNITS:
        equal(host.answer(f'systemctl is-active {unit}')[1].strip(),
              'inactive', unit)
        equal(host.answer(f'systemctl is-enabled {unit}')[1].strip(),
              'disabled', unit)
    equal(host.answer('pgrep -fl doorward')[1], '', 'processes')
    said = host.types('systemd-analyze verify --man=no /usr/lib/systemd/system/doorward'
                      '.socket /usr/lib/systemd/system/doorward@1.service '
                      '/usr/lib/systemd/system/doorward-courier.service 2>&1')
    true('doorward' not in said, said)


# ---- the walk ---------------------------------------------------------------


def prepared(host):
    """Part 2: database, settings, shop."""
    host.types(walk.lines('The database, the settings, the first shop')
               + CARRIED)


def mail_of(host, folder):
    """A mail server where the preset settings look for one."""
    path = Path(tempfile.mkdtemp(prefix='mail-', dir=folder))
    path.chmod(0o755)
    server = start(host.inside(
        ['/usr/bin/python3', SRC / 'tests/mailserver.py', '--tls', 'none',
         '--port', '25', path], '-n'), stdout=open(path / 'said', 'wb'))
    true(until(lambda: 'ready' in (path / 'said').read_text(), 20),
         'no mail server')
    return server, path


def signs_in(host, mail, email='ada@example.com'):
    """The code of the mail that was asked for, by part 4 for one, opens a
    session."""
    text = mail / 'last/text'
    true(until(text.exists, MAIL_PATIENCE), 'no mail: ' + host.answer(
        'journalctl -u doorward-courier --no-pager | tail -n 20')[1])
    code = re.search(r'\b(\d{6})\b', text.read_text())[1]
    answer = json.loads(host.types(
        '. /root/shell; curl -fsS http://127.0.0.1/v1/auth/passwordless/'
        'customer/verify-email -H "X-MerchantApiKey: $KEY" --json '
        f"""'{{"email":"{email}","token":"{code}"}}'"""))
    token = answer['data']['token']
    said = host.types('curl -fsS http://127.0.0.1/v1/customers/profile -H '
                      f"'Authorization: Bearer {token}'")
    true(email in said, said)


def serves(host, setup, folder):
    """Parts 3 and 4, and then the sign-in they lead to."""
    server, mail = mail_of(host, folder)
    try:
        host.types(walk.lines(walk.HEADINGS[setup]))
        said = host.types('. /root/shell\n'
                          + walk.lines('See that it works'))
        for word in ('<title>', '"status":true', ' 0 faults, 0 warnings;'):
            true(word in said, said)
        signs_in(host, mail)
    finally:
        stop(server)


def needs_no_daemon(host, folder):
    """deliver = inline; and the README's crontab, in cron's environment."""
    line = re.search(r'^\* \* \* \* \*  (/.*)$', (SRC / 'README.md').read_text(),
                     re.M)[1]
    host.types('''
        systemctl disable -q --now doorward-courier
        sed -i 's|^#deliver = .*|deliver = inline|' /etc/doorward/doorward.conf
        grep -q '^deliver = inline' /etc/doorward/doorward.conf''')
    server, mail = mail_of(host, folder)
    try:
        host.types('''
            . /root/shell
            curl -fsS http://127.0.0.1/v1/auth/passwordless/initiate/email \\
              -H "X-MerchantApiKey: $KEY" --json '{"email":"bob@example.com"}'
            ''')
        signs_in(host, mail, 'bob@example.com')
    finally:
        stop(server)
    said = host.types('cd /; runuser -u www-data -- env -i HOME=/tmp '
                      f"PATH=/usr/bin:/bin SHELL=/bin/sh /bin/sh -c '{line}'")
    equal(said, '', 'what cron would mail')
    equal(host.answer('pgrep -fl courier')[1], '', 'couriers')


def keeps_serving(host):
    """Workers that are killed come back; none that waits is lost. A courier
    that is killed takes its helpers along, and comes back, too."""
    host.types('''
        kill -9 $(pgrep -x doorward.fcgi)
        curl -fsS --max-time 20 http://127.0.0.1/readyz
        sleep 2
        test "$(pgrep -xc doorward.fcgi)" = 4
        old=$(pgrep -f '[d]oorward -c')
        systemctl kill --kill-whom=main -s KILL doorward-courier; sleep 2
        systemctl is-active doorward-courier
        for pid in $old; do test ! -e /proc/$pid; done''')


# whose workers the web server starts
RELOADED = ('lighttpd-fcgi', 'apache-fcgid')
# requests, one after the other, while something is typed
ASKING = '''
rm -f /root/over
(until [ -e /root/over ]; do
	curl -sk -o /dev/null -w '%{{http_code}}\\n' {at}://127.0.0.1/readyz
done) >/root/answers &
sleep 1
{lines}
sleep 3
touch /root/over
wait
sort /root/answers | uniq -c
'''


# a certificate as certbot leaves it, for root alone
CERTIFIED = '''
mkdir -p /etc/letsencrypt/{live,archive}/auth.example.com
cd /etc/letsencrypt
chmod 700 live archive
for file in privkey fullchain; do
	ln -s ../../archive/auth.example.com/${file}1.pem \\
	  live/auth.example.com/$file.pem
done
'''
NEW_KEY = '''
cd /etc/letsencrypt/live/auth.example.com
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} \\
  -keyout privkey.pem -out fullchain.pem 2>/dev/null
'''
# the settings to choose, chosen
CHOSEN = r'''
sed -i 's/^\([ \t]*\)#\([^ ]\)/\1\2/' /etc/lighttpd/lighttpd.conf
systemctl restart lighttpd
'''


def answers_while(host, at, lines):
    """How often each status was answered while these are typed; 000: none."""
    said = host.types(ASKING.format(at=at, lines=lines))
    return {status: int(n) for n, status in
            re.findall(r'^ *(\d+) (\d{3})$', said, re.M)}


def is_updated(host, setup):
    """The lines for a new version, on the same one; no request is lost."""
    typed = walk.lines('Later').splitlines(keepends=True)
    typed = typed[:3 if setup in RELOADED else 2]
    before = host.types('pgrep -x doorward.fcgi || true')
    equal(set(answers_while(host, 'http', ''.join(typed))), {'200'},
          'the answers')
    after = host.types('pgrep -x doorward.fcgi || true')
    true(not set(before.split()) & set(after.split()), 'the old workers')


def is_renewed(host):
    """https, and then a renewal: the new key is there. lighttpd may cut a
    connection that is being made when it reloads, and no other."""
    host.types(CERTIFIED + NEW_KEY.format(name='first') + walk.lines('https')
               + CHOSEN)
    answers = answers_while(host, 'https', NEW_KEY.format(name='second')
                            + walk.hook() + '\n')
    true(answers.pop('000', 0) <= 1 and set(answers) == {'200'},
         f'the answers: {answers}')
    said = host.types('curl -skv https://127.0.0.1/readyz 2>&1')
    true('CN=second' in said, said)


def log_is_kept(host):
    """What the workers say after a rotation is in the file of that name."""
    said = host.types('''
        cd /var/log/lighttpd
        test -s doorward
        logrotate -f /etc/logrotate.d/doorward
        logrotate -f /etc/logrotate.d/lighttpd
        test -s doorward.1
        curl -s -o /dev/null http://127.0.0.1/v1/customers/profile \\
          -H 'Authorization: Bearer x'
        sleep 1
        head -c 1 doorward''')
    equal(said.strip()[-1:], '{', 'what the file begins with')


def is_purged(host):
    """Nothing of it is left but the database."""
    host.types(walk.lines('Later').splitlines()[-1])
    for path in LEFT:
        true(not host.layer.path(path).exists(), f'{path} is still there')
    said = host.answer(
        'dpkg -s doorward; systemctl list-unit-files "doorward*" --no-legend;'
        ' systemctl list-units --all "doorward*" --no-legend;'
        ' pgrep -fl doorward; find / -xdev -name "*doorward*" -not -path'
        ' "/root*" -not -path "/var/log/*" -not -path "/proc/*"'
        ' -not -path "/var/lib/mysql/*" -not -path "/etc/nginx/*"')[1]
    equal([line for line in said.splitlines() if 'is not installed' not in line
           and not line.startswith('Use dpkg --info')], [], 'what is left')


# ---- the whole of it ---------------------------------------------------------


def walked(report, folder, below, setup):
    """One web server, on a machine of its own."""
    with Machine(Layer(folder, setup, below)) as host:
        if not report.case(f'{setup}: from the walk to a sign-in', serves,
                           host, setup, folder):
            return
        report.case(f'{setup}: an update loses no request', is_updated, host,
                    setup)
        if setup == 'lighttpd-cgi':
            report.case('it needs no daemon', needs_no_daemon, host, folder)
        if setup == 'lighttpd-fcgi':
            report.case('its log goes on after a rotation', log_is_kept, host)
            report.case('a certificate of certbot can be renewed', is_renewed,
                        host)
        if setup == 'nginx':
            report.case('workers and courier that are killed come back',
                        keeps_serving, host)
            report.case('a purge leaves nothing', is_purged, host)


def from_source(report, folder, below):
    """make install on the machine that has built it."""
    layer = Layer(folder, 'source', below)
    if not report.case('it is built and installed without a package',
                       layer.types, f'cd {TREE}\nmake -s distclean || true\n'
                       + walk.lines('Without a package')):
        return
    with Machine(layer) as host:
        if report.case('then part 2 does as well', prepared, host):
            report.case('and so does nginx', serves, host, 'nginx', folder)


def tell(report, folder, setups):
    """The story."""
    ground = report.case('a bare machine', bare, folder)
    ground = ground and report.case('its packages', with_packages, ground)
    if not ground:
        return
    maker = with_source(Layer(folder, 'maker', ground))
    deb = report.case('the package is built', built, maker, folder)
    if not deb:
        return
    report.case('lintian finds nothing, and it has no questions', sound, deb)
    layer = brought(Layer(folder, 'prepared', ground), deb)
    with Machine(layer) as host:
        if not report.case('it is installed, and nothing runs', begins, host) \
                or not report.case('database, settings and shop', prepared,
                                   host):
            return
    for setup in setups:
        walked(report, folder, layer, setup)
    from_source(report, folder, maker)


def main(words):
    """In memory, in a place that nobody else sees."""
    report = Report()
    folder = Path(tempfile.mkdtemp(prefix='doorward-install.'))
    try:
        run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder])
        tell(report, folder, words or list(walk.HEADINGS))
    finally:
        run(['umount', '-l', folder])
        folder.rmdir()
    print(f'{report.passed} passed, {report.failed} failed', flush=True)
    return report.failed != 0 or report.passed == 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
