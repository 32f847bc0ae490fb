#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: each foreign library's header is included in one room only.

import re

from house import Report, files, includes, room

# header (as a pattern): the room that knows it
FOREIGN = [
    (r"(json-c/)?json\w*\.h|json-c/.*", "base"),
    (r"fcgi\w*\.h|fastcgi\.h", "http"),
    (r"(mysql|mariadb)/.*|mysql\w*\.h|mysqld_error\.h|errmsg\.h", "db"),
    (r"(mariadb_\w+|ma_\w+)\.h", "db"),
    (r"curl/.*", "net"),
    (r"openssl/.*|sodium\.h|sodium/.*|jwt\.h|crypt\.h|fido\.h", "crypto"),
    (r"liboath/.*", "crypto"),
    (r"qrencode\.h", "api"),
]
# the C library, the compiler and the kernel: free for all
PLATFORM = re.compile(
    r"(sys|netinet|arpa|net|linux|sanitizer)/.*|(assert|ctype|dirent|dlfcn|err|"
    r"errno|fcntl|fnmatch|ftw|getopt|glob|grp|ifaddrs|inttypes|langinfo|"
    r"libgen|limits|locale|math|netdb|poll|pthread|pwd|regex|sched|search|setjmp|signal|"
    r"spawn|stdarg|stdalign|stdatomic|stdbool|stddef|stdint|stdio|"
    r"stdio_ext|stdlib|stdnoreturn|string|strings|syslog|sysexits|termios|"
    r"time|unistd|utime|wait|wchar|wctype)\.h"
)

report = Report("each foreign library has one room, the only one to include it")
sources = files("src", ".c", ".h")
for path in sources:
    for line, quote, header in includes(path):
        if quote != "<" or PLATFORM.fullmatch(header):
            continue
        owner = next((r for p, r in FOREIGN if re.fullmatch(p, header)), None)
        if owner is None:
            report.add(path, line, f"<{header}> has no room yet: see FOREIGN")
        elif owner != room(path):
            report.add(path, line, f"<{header}> belongs to src/{owner}")
report.done(f"{len(sources)} files")
