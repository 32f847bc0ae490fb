#!/bin/sh
# SPDX-License-Identifier: ISC
# Starts Doorward for one request where only a .htaccess decides.
#
# Make the three paths fit; the folder of settings, keys and log lies outside
# of what the web server shows.

DOORWARD_CONF=/etc/doorward/doorward.conf
export DOORWARD_CONF
#exec 2>>/home/me/doorward/doorward.log
exec /usr/lib/doorward/doorward.fcgi
