# SPDX-License-Identifier: ISC
"""The six ways to run Doorward: what each is called, and what it needs."""

import web_apache
import web_lighttpd
import web_nginx

SETUPS = {
    'lighttpd-fcgi': web_lighttpd.Fcgi,
    'lighttpd-cgi': web_lighttpd.Cgi,
    'apache-fcgid': web_apache.Fcgid,
    'apache-cgi': web_apache.Cgi,
    'htaccess': web_apache.Htaccess,
    'nginx': web_nginx.Nginx,
}
