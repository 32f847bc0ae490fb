# SPDX-License-Identifier: ISC
"""What a conversation is, and how it says that something is wrong."""

# the set-ups; see setups.py
ALL = ('lighttpd-fcgi', 'lighttpd-cgi', 'apache-fcgid', 'apache-cgi',
       'htaccess', 'nginx')
# workers behind one socket that are replaced at once when one ends
WATCHED = ('lighttpd-fcgi', 'nginx')
# enough where the web server has no part in it
FASTCGI = ('lighttpd-fcgi',)


class Wrong(Exception):
    """The first thing that was not as it should be."""


class Skipped(Exception):
    """What this machine lacks for the conversation; said aloud, and counted."""


def short(value):
    """A value for people, not too long."""
    text = repr(value)
    return text if len(text) <= 600 else text[:600] + ' …'


def equal(got, want, what):
    """got must be want."""
    if got != want:
        raise Wrong(f'{what}: {short(got)}, not {short(want)}')


def true(condition, what):
    """condition must hold."""
    if not condition:
        raise Wrong(what)


def among(got, wanted, what):
    """got must be one of them."""
    if got not in wanted:
        raise Wrong(f'{what}: {short(got)}, none of {short(wanted)}')


def status(answer, want, what):
    """The answer's status must be want, or one of want."""
    wanted = want if isinstance(want, tuple) else (want,)
    if answer.status not in wanted:
        raise Wrong(f'{what}: {answer.status}, not {want}: '
                    f'{answer.body[:300]!r}')
    return answer


def conversation(sentence, through=ALL):
    """Mark a function of a part: it takes a stack, and its name is this."""
    def mark(function):
        function.sentence = sentence
        function.through = through
        return function
    return mark


def of_part(part):
    """A part's conversations, in the order in which they are written."""
    found = [f for f in vars(part).values() if hasattr(f, 'sentence')
             and f.__module__ == part.__name__]
    return sorted(found, key=lambda f: f.__code__.co_firstlineno)
