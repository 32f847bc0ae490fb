/* SPDX-License-Identifier: ISC */
/* ip: addresses and networks. */

#include "test.h"

static const struct {
	const char *what, *text, *canonical;
} addresses[] = {
    {"IPv4", "192.0.2.1", "192.0.2.1"},
    {"IPv4 in IPv6's clothes", "::ffff:192.0.2.1", "192.0.2.1"},
    {"IPv4 in IPv6's clothes, in hex", "::FFFF:c000:0201", "192.0.2.1"},
    {"IPv6, shortened", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
    {"IPv6's loopback", "::1", "::1"},
    {"all zeros", "::", "::"},
    {"nothing", "", NULL},
    {"three parts", "192.0.2", NULL},
    {"one number", "3221225985", NULL},
    {"octal", "0300.0.2.1", NULL},
    {"a leading zero", "192.0.2.01", NULL},
    {"hex", "0xc0.0.2.1", NULL},
    {"a part too large", "192.0.2.256", NULL},
    {"a port", "192.0.2.1:80", NULL},
    {"brackets", "[::1]", NULL},
    {"a zone", "fe80::1%eth0", NULL},
    {"blanks", " 192.0.2.1", NULL},
    {"a blank behind", "192.0.2.1 ", NULL},
    {"nine parts", "1:2:3:4:5:6:7:8:9", NULL},
    {"two gaps", "1::2::3", NULL},
    {"a name", "localhost", NULL},
};

START_TEST(test_addresses)
{
	struct ctx *c = test_ctx();
	struct ip ip;
	size_t i;
	bool good;

	for (i = 0; i < COUNT(addresses); i++) {
		good = ip_read(addresses[i].text, &ip);
		ck_case(addresses[i].what,
		    good == (addresses[i].canonical != NULL));
		if (good)
			ck_case(addresses[i].what,
			    strcmp(ip_text(c->arena, &ip),
				addresses[i].canonical) == 0);
	}
	ck_assert(!ip_read(NULL, &ip));
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *ip, *networks;
	bool in;
} memberships[] = {
    {"in the first", "10.1.2.3", "10.0.0.0/8", true},
    {"in the last of several", "192.0.2.9",
	"10.0.0.0/8, 2001:db8::/32,192.0.2.8/29", true},
    {"blanks between", "192.0.2.9", "  10.0.0.0/8\t192.0.2.8/29  ", true},
    {"an address alone", "192.0.2.1", "192.0.2.1", true},
    {"its neighbour", "192.0.2.2", "192.0.2.1", false},
    {"the last address of a network", "192.0.2.15", "192.0.2.8/29", true},
    {"the first one behind it", "192.0.2.16", "192.0.2.8/29", false},
    {"the one before it", "192.0.2.7", "192.0.2.8/29", false},
    {"host bits in the network say nothing", "10.9.9.9", "10.1.2.3/8", true},
    {"an odd length in the network", "10.128.0.0", "10.0.0.0/9", false},
    {"all of IPv4", "203.0.113.9", "0.0.0.0/0", true},
    {"all of IPv4 is no IPv6", "2001:db8::1", "0.0.0.0/0", false},
    {"all of IPv6", "2001:db8::1", "::/0", true},
    {"all of IPv6 is no IPv4", "203.0.113.9", "::/0", false},
    {"IPv4 in IPv6's clothes", "::ffff:10.1.2.3", "10.0.0.0/8", true},
    {"a network in IPv6's clothes", "10.1.2.3", "::ffff:10.0.0.0/104", true},
    {"an IPv6 network", "2001:db8:1:2::3", "2001:db8:1::/48", true},
    {"the next IPv6 network", "2001:db8:2::3", "2001:db8:1::/48", false},
    {"none", "10.1.2.3", "", false},
    {"a bad one holds nobody", "10.1.2.3", "10.0.0.0/33", false},
    {"a bad one does not hide a good one", "10.1.2.3", "x 10.0.0.0/8", true},
};

START_TEST(test_networks)
{
	struct ip ip;
	size_t i;

	for (i = 0; i < COUNT(memberships); i++) {
		ck_case(memberships[i].what, ip_read(memberships[i].ip, &ip));
		ck_case(memberships[i].what,
		    ip_in(&ip, memberships[i].networks) == memberships[i].in);
	}
}
END_TEST

static const struct {
	const char *what, *networks;
	bool valid;
} lists[] = {
    {"none", "", true},
    {"blanks", " , ", true},
    {"several", "10.0.0.0/8, ::1 192.0.2.0/24", true},
    {"a length too large", "10.0.0.0/33", false},
    {"an IPv6 length too large", "::/129", false},
    {"no length behind the slash", "10.0.0.0/", false},
    {"a signed length", "10.0.0.0/+8", false},
    {"a mask", "10.0.0.0/255.0.0.0", false},
    {"two slashes", "10.0.0.0/8/8", false},
    {"a name among them", "10.0.0.0/8 proxy.example", false},
    {"a semicolon between", "10.0.0.0/8;::1", false},
    {"more than all of IPv4 in IPv6's clothes", "::ffff:0.0.0.0/95", false},
    {"far too long",
	"0000000000000000000000000000000000000000000000000000000000000000",
	false},
};

START_TEST(test_lists_of_networks)
{
	size_t i;

	for (i = 0; i < COUNT(lists); i++)
		ck_case(lists[i].what,
		    ip_networks_valid(lists[i].networks) == lists[i].valid);
}
END_TEST

static const struct {
	const char *text;
	bool loopback;
} loopbacks[] = {
    {"127.0.0.1", true},
    {"127.255.255.254", true},
    {"::1", true},
    {"::ffff:127.0.0.1", true},
    {"128.0.0.1", false},
    {"126.255.255.255", false},
    {"0.0.0.0", false},
    {"::", false},
    {"::2", false},
    {"::127.0.0.1", false},
};

START_TEST(test_loopback)
{
	struct ip ip;
	size_t i;

	for (i = 0; i < COUNT(loopbacks); i++) {
		ck_case(loopbacks[i].text, ip_read(loopbacks[i].text, &ip));
		ck_case(loopbacks[i].text,
		    ip_is_loopback(&ip) == loopbacks[i].loopback);
	}
}
END_TEST

static const struct {
	const char *what, *text;
	bool is_public;
} publics[] = {
    {"a public address", "8.8.8.8", true},
    {"the last before 10/8", "9.255.255.255", true},
    {"the first behind 10/8", "11.0.0.0", true},
    {"this net", "0.0.0.0", false},
    {"this net, on its end", "0.255.255.255", false},
    {"private, ten", "10.0.0.1", false},
    {"shared by carriers", "100.64.0.1", false},
    {"shared by carriers, on its end", "100.127.255.255", false},
    {"behind what carriers share", "100.128.0.0", true},
    {"loopback", "127.0.0.1", false},
    {"loopback, on its end", "127.255.255.255", false},
    {"link-local: the cloud's metadata", "169.254.169.254", false},
    {"private, 172", "172.16.0.1", false},
    {"private, 172, on its end", "172.31.255.255", false},
    {"behind private 172", "172.32.0.0", true},
    {"protocol assignments", "192.0.0.170", false},
    {"documentation, one", "192.0.2.1", false},
    {"6to4's relays", "192.88.99.1", false},
    {"private, 192", "192.168.1.1", false},
    {"benchmarks", "198.19.255.255", false},
    {"documentation, two", "198.51.100.1", false},
    {"documentation, three", "203.0.113.1", false},
    {"the last before multicast", "223.255.255.255", true},
    {"multicast", "224.0.0.1", false},
    {"reserved", "240.0.0.1", false},
    {"broadcast", "255.255.255.255", false},
    {"public, mapped", "::ffff:8.8.8.8", true},
    {"private, mapped", "::ffff:10.0.0.1", false},
    {"loopback, mapped, in hex", "::ffff:7f00:1", false},
    {"IPv4-compatible", "::8.8.8.8", false},
    {"private behind NAT64", "64:ff9b::10.0.0.1", false},
    {"public behind NAT64", "64:ff9b::8.8.8.8", true},
    {"NAT64 of a site", "64:ff9b:1::808:808", false},
    {"unspecified", "::", false},
    {"IPv6's loopback", "::1", false},
    {"public IPv6", "2606:4700::1111", true},
    {"discard", "100::1", false},
    {"Teredo", "2001::1", false},
    {"public, behind the protocols'", "2001:200::1", true},
    {"IPv6's documentation", "2001:db8::1", false},
    {"IPv6's second documentation", "3fff:fff::1", false},
    {"6to4", "2002:a00:1::1", false},
    {"segment routing", "5f00::1", false},
    {"unique local", "fd00::1", false},
    {"IPv6's link-local", "fe80::1", false},
    {"site-local", "fec0::1", false},
    {"IPv6's multicast", "ff02::1", false},
};

START_TEST(test_publics)
{
	struct ip ip;
	size_t i;

	for (i = 0; i < COUNT(publics); i++) {
		ck_case(publics[i].what, ip_read(publics[i].text, &ip));
		ck_case(
		    publics[i].what, ip_is_public(&ip) == publics[i].is_public);
	}
}
END_TEST

START_TEST(test_prefixes)
{
	struct ctx *c = test_ctx();
	struct ip ip, prefix;

	ck_assert(ip_read("192.0.2.77", &ip));
	prefix = ip_prefix(&ip);
	ck_assert_str_eq(ip_text(c->arena, &prefix), "192.0.2.77");
	ck_assert(ip_read("2001:db8:1:2:ffff:4:5:6", &ip));
	prefix = ip_prefix(&ip);
	ck_assert_str_eq(ip_text(c->arena, &prefix), "2001:db8:1:2::");
	test_done(c);
}
END_TEST

SUITE(ip, test_addresses, test_networks, test_lists_of_networks, test_loopback,
    test_publics, test_prefixes)
