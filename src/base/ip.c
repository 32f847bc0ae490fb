/* SPDX-License-Identifier: ISC */
/* ip: client addresses and the networks they belong to. */

#include <arpa/inet.h>
#include <string.h>

#include "base/base.h"

enum { V4_BITS = 32, V6_BITS = 128, MAPPED_BITS = 96, TEXT_MAX = 64 };

static const unsigned char mapped[12] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

struct network {
	struct ip ip;
	int bits; /* of the 128 */
};

static bool
ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->b, mapped, sizeof(mapped)) == 0;
}

bool
ip_read(const char *s, struct ip *out)
{
	struct ip ip;

	if (s == NULL)
		return false;
	if (inet_pton(AF_INET, s, ip.b + sizeof(mapped)) == 1)
		memcpy(ip.b, mapped, sizeof(mapped));
	else if (inet_pton(AF_INET6, s, ip.b) != 1)
		return false;
	*out = ip;
	return true;
}

char *
ip_text(struct arena *a, const struct ip *ip)
{
	char *s = arena_get(a, INET6_ADDRSTRLEN);
	bool v4 = ip_is_v4(ip);

	(void)inet_ntop(v4 ? AF_INET : AF_INET6,
	    ip->b + (v4 ? sizeof(mapped) : 0), s, INET6_ADDRSTRLEN);
	return s;
}

bool
ip_is_loopback(const struct ip *ip)
{
	static const struct ip one = {{[15] = 1}};

	if (ip_is_v4(ip))
		return ip->b[12] == 127;
	return memcmp(ip, &one, sizeof(one)) == 0;
}

/* clang-format off */
/* IANA's special-purpose registries: what is no address of the public net. */
static const char special_v4[] =
	"0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16"
	" 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24"
	" 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
	" 224.0.0.0/4 240.0.0.0/4";
/* Of IPv6 only 2000::/3 is given out at all; these are its exceptions. */
static const char special_v6[] =
	"2001::/23 2001:db8::/32 2002::/16 3fff::/20";
/* clang-format on */

/* "a.b.c.d/n", "x::/n", or an address alone. */
static bool
network_read(const char *s, size_t n, struct network *out)
{
	char text[TEXT_MAX];
	char *slash;
	int64_t bits;
	bool v4;

	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if ((slash = strchr(text, '/')) != NULL)
		*slash++ = '\0';
	if (!ip_read(text, &out->ip))
		return false;
	v4 = strchr(text, ':') == NULL;
	bits = v4 ? V4_BITS : V6_BITS;
	if (slash != NULL && !number_read(slash, bits, &bits))
		return false;
	out->bits = (int)bits + (v4 ? MAPPED_BITS : 0);
	return out->bits >= MAPPED_BITS || !ip_is_v4(&out->ip);
}

/* IPv4 addresses belong to IPv4 networks only. */
static bool
network_has(const struct network *net, const struct ip *ip)
{
	size_t whole = (size_t)net->bits / 8;
	int rest = net->bits % 8;

	if (ip_is_v4(&net->ip) != ip_is_v4(ip))
		return false;
	if (memcmp(net->ip.b, ip->b, whole) != 0)
		return false;
	return rest == 0 ||
	       (net->ip.b[whole] ^ ip->b[whole]) >> (8 - rest) == 0;
}

/* The next item of the list, from *list on; its length is 0 at the end. */
static size_t
item_next(const char **list)
{
	*list += strspn(*list, " \t,");
	return strcspn(*list, " \t,");
}

bool
ip_in(const struct ip *ip, const char *networks)
{
	struct network net;
	size_t n;

	for (; (n = item_next(&networks)) > 0; networks += n)
		if (network_read(networks, n, &net) && network_has(&net, ip))
			return true;
	return false;
}

bool
ip_networks_valid(const char *networks)
{
	struct network net;
	size_t n;

	for (; (n = item_next(&networks)) > 0; networks += n)
		if (!network_read(networks, n, &net))
			return false;
	return true;
}

bool
ip_is_public(const struct ip *ip)
{
	struct ip v4;

	if (ip_is_v4(ip))
		return !ip_in(ip, special_v4);
	if (ip_in(ip, "64:ff9b::/96")) {
		memcpy(v4.b, mapped, sizeof(mapped));
		memcpy(v4.b + 12, ip->b + 12, 4);
		return !ip_in(&v4, special_v4);
	}
	return ip_in(ip, "2000::/3") && !ip_in(ip, special_v6);
}

struct ip
ip_prefix(const struct ip *ip)
{
	struct ip prefix = *ip;

	if (!ip_is_v4(ip))
		memset(prefix.b + 8, 0, 8);
	return prefix;
}
