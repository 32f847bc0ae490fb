/* SPDX-License-Identifier: ISC */
/* The tokens that nobody may take, each named by a sentence. */

#ifndef FORGERIES_H
#define FORGERIES_H

#include "crypto/forge.h"

/* clang-format off */
#define H      "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}"
#define H_ALG  "{\"typ\":\"at+jwt\",\"kid\":\"k1\""
#define H_KID  "{\"alg\":\"ES256\",\"typ\":\"at+jwt\""
#define H_TYP  "{\"alg\":\"ES256\",\"kid\":\"k1\""
#define H_ALL  "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k1\""
#define P      "{\"sub\":\"u\",\"iat\":1800000000,\"exp\":1800000300}"
#define KID_64 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

/* Each rightly signed. */
static const struct {
	const char	*what, *header;
	enum stage	 at;
} headers[] = {
	{ "alg none",                      H_ALG ",\"alg\":\"none\"}",              OPEN },
	{ "alg None",                      H_ALG ",\"alg\":\"None\"}",              OPEN },
	{ "alg nOnE",                      H_ALG ",\"alg\":\"nOnE\"}",              OPEN },
	{ "alg NONE",                      H_ALG ",\"alg\":\"NONE\"}",              OPEN },
	{ "alg none, escaped",             H_ALG ",\"alg\":\"\\u006eone\"}",        OPEN },
	{ "an empty alg",                  H_ALG ",\"alg\":\"\"}",                  OPEN },
	{ "alg HS256",                     H_ALG ",\"alg\":\"HS256\"}",             OPEN },
	{ "alg HS512",                     H_ALG ",\"alg\":\"HS512\"}",             OPEN },
	{ "alg RS256",                     H_ALG ",\"alg\":\"RS256\"}",             OPEN },
	{ "alg PS256",                     H_ALG ",\"alg\":\"PS256\"}",             OPEN },
	{ "alg ES384",                     H_ALG ",\"alg\":\"ES384\"}",             OPEN },
	{ "alg ES512",                     H_ALG ",\"alg\":\"ES512\"}",             OPEN },
	{ "alg in small letters",          H_ALG ",\"alg\":\"es256\"}",             OPEN },
	{ "alg with a blank",              H_ALG ",\"alg\":\"ES256 \"}",            OPEN },
	{ "alg missing",                   H_ALG "}",                               PEEK },
	{ "alg null",                      H_ALG ",\"alg\":null}",                  PEEK },
	{ "alg a number",                  H_ALG ",\"alg\":256}",                   PEEK },
	{ "alg a list",                    H_ALG ",\"alg\":[\"ES256\"]}",           PEEK },
	{ "alg with a NUL",                H_ALG ",\"alg\":\"ES256\\u0000\"}",      PEEK },
	{ "Alg for alg",                   H_ALG ",\"Alg\":\"ES256\"}",             PEEK },
	{ "alg twice",                     H_ALL ",\"alg\":\"none\"}",              PEEK },
	{ "alg twice, once escaped",       H_ALL ",\"\\u0061lg\":\"none\"}",        PEEK },
	{ "alg twice alike",               H_ALL ",\"alg\":\"ES256\"}",             PEEK },
	{ "kid missing",                   H_KID "}",                               PEEK },
	{ "kid empty",                     H_KID ",\"kid\":\"\"}",                  PEEK },
	{ "kid a number",                  H_KID ",\"kid\":1}",                     PEEK },
	{ "kid null",                      H_KID ",\"kid\":null}",                  PEEK },
	{ "kid of 65 characters",          H_KID ",\"kid\":\"" KID_64 "x\"}",       PEEK },
	{ "kid with a slash",              H_KID ",\"kid\":\"a/b\"}",               PEEK },
	{ "kid that climbs",               H_KID ",\"kid\":\"../../dev/null\"}",    PEEK },
	{ "kid with a blank",              H_KID ",\"kid\":\"k 1\"}",               PEEK },
	{ "kid with a quote",              H_KID ",\"kid\":\"k' OR 1\"}",           PEEK },
	{ "kid with a line feed",          H_KID ",\"kid\":\"k1\\n\"}",             PEEK },
	{ "kid with a NUL",                H_KID ",\"kid\":\"k1\\u0000\"}",         PEEK },
	{ "kid beyond ASCII",              H_KID ",\"kid\":\"k\xc3\xa9\"}",         PEEK },
	{ "kid twice",                     H_ALL ",\"kid\":\"k2\"}",                PEEK },
	{ "typ missing",                   H_TYP "}",                               PEEK },
	{ "typ a number",                  H_TYP ",\"typ\":1}",                     PEEK },
	{ "typ JWT",                       H_TYP ",\"typ\":\"JWT\"}",               OPEN },
	{ "typ empty",                     H_TYP ",\"typ\":\"\"}",                  OPEN },
	{ "typ in capitals",               H_TYP ",\"typ\":\"AT+JWT\"}",            OPEN },
	{ "typ of another token of ours",  H_TYP ",\"typ\":\"guest+jwt\"}",         OPEN },
	{ "typ with more behind",          H_TYP ",\"typ\":\"at+jwt2\"}",           OPEN },
	{ "typ twice",                     H_ALL ",\"typ\":\"JWT\"}",               PEEK },
	{ "jku",                           H_ALL ",\"jku\":\"https://x.test/\"}",   PEEK },
	{ "x5u",                           H_ALL ",\"x5u\":\"https://x.test/\"}",   PEEK },
	{ "jwk",                           H_ALL ",\"jwk\":{\"kty\":\"EC\"}}",      PEEK },
	{ "x5c",                           H_ALL ",\"x5c\":[\"MIIB\"]}",            PEEK },
	{ "x5t",                           H_ALL ",\"x5t\":\"AAAA\"}",              PEEK },
	{ "x5t#S256",                      H_ALL ",\"x5t#S256\":\"AAAA\"}",         PEEK },
	{ "crit",                          H_ALL ",\"crit\":[\"exp\"]}",            PEEK },
	{ "an empty crit",                 H_ALL ",\"crit\":[]}",                   PEEK },
	{ "b64",                           H_ALL ",\"b64\":false}",                 PEEK },
	{ "b64 null",                      H_ALL ",\"b64\":null}",                  PEEK },
	{ "zip",                           H_ALL ",\"zip\":\"DEF\"}",               PEEK },
	{ "enc",                           H_ALL ",\"enc\":\"A256GCM\"}",           PEEK },
	{ "jku, escaped",                  H_ALL ",\"\\u006aku\":\"x\"}",           PEEK },
	{ "a header that is a list",       "[" H "]",                               PEEK },
	{ "a header that is a text",       "\"ES256\"",                             PEEK },
	{ "a header that is a number",     "1",                                     PEEK },
	{ "a header that is null",         "null",                                  PEEK },
	{ "an empty map",                  "{}",                                    PEEK },
	{ "no JSON",                       "alg=ES256",                             PEEK },
	{ "two maps",                      H H,                                     PEEK },
	{ "a comma too many",              H_ALL ",}",                              PEEK },
	{ "a map without an end",          H_ALL,                                   PEEK },
	{ "single quotes",                 "{'alg':'ES256'}",                       PEEK },
	{ "a comment",                     "/**/" H,                                PEEK },
	{ "a byte order mark",             "\xef\xbb\xbf" H,                        PEEK },
	{ "bad UTF-8",                     H_ALL ",\"x\":\"\xc0\xaf\"}",            PEEK },
	{ "a bare line feed in a text",    H_ALL ",\"x\":\"\n\"}",                  PEEK },
};

static const struct {
	const char	*what, *payload;
	enum stage	 at;
} payloads[] = {
	{ "sub twice",                "{\"sub\":\"a\",\"sub\":\"u\",\"exp\":1800000300}",  OPEN },
	{ "sub twice, once escaped",  "{\"sub\":\"a\",\"\\u0073ub\":\"u\",\"exp\":9}",     OPEN },
	{ "exp twice",                "{\"exp\":1,\"exp\":1800000300}",                    OPEN },
	{ "a name twice, deep below", "{\"a\":{\"b\":1,\"b\":2},\"exp\":1800000300}",      OPEN },
	{ "a list",                   "[]",                                                OPEN },
	{ "a list of the claims",     "[" P "]",                                           OPEN },
	{ "a number",                 "1800000300",                                        OPEN },
	{ "a text",                   "\"exp\"",                                           OPEN },
	{ "null",                     "null",                                              OPEN },
	{ "true",                     "true",                                              OPEN },
	{ "no JSON",                  "exp=1800000300",                                    OPEN },
	{ "two maps",                 P P,                                                 OPEN },
	{ "bytes behind the map",     P "x",                                               OPEN },
	{ "a NUL in a claim",         "{\"sub\":\"u\\u0000x\",\"exp\":1800000300}",        OPEN },
	{ "a NUL in a name",          "{\"sub\\u0000\":\"u\",\"exp\":1800000300}",         OPEN },
	{ "half a surrogate pair",    "{\"sub\":\"\\ud800\",\"exp\":1800000300}",          OPEN },
	{ "bad UTF-8",                "{\"sub\":\"\xff\",\"exp\":1800000300}",             OPEN },
	{ "NaN",                      "{\"sub\":NaN,\"exp\":1800000300}",                  OPEN },
	{ "17 maps deep",             "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
	    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}}"
	    "}}}}}",                                                                       OPEN },
	{ "no claims",                "{}",                                                TIMES },
	{ "exp missing",              "{\"sub\":\"u\"}",                                   TIMES },
	{ "Exp for exp",              "{\"Exp\":1800000300}",                              TIMES },
	{ "exp null",                 "{\"exp\":null}",                                    TIMES },
	{ "exp a text",               "{\"exp\":\"1800000300\"}",                          TIMES },
	{ "exp a list",               "{\"exp\":[1800000300]}",                            TIMES },
	{ "exp true",                 "{\"exp\":true}",                                    TIMES },
	{ "exp with a fraction",      "{\"exp\":1800000300.5}",                            TIMES },
	{ "exp with a zero fraction", "{\"exp\":1800000300.0}",                            TIMES },
	{ "exp of 2^63",              "{\"exp\":9223372036854775808}",                     OPEN },
	{ "exp of 2^64 and a bit",    "{\"exp\":18446744075509551916}",                    OPEN },
	{ "exp without bounds",       "{\"exp\":1e999}",                                   OPEN },
	{ "exp with an exponent",     "{\"exp\":18e8}",                                    TIMES },
	{ "exp negative",             "{\"exp\":-1}",                                      TIMES },
	{ "nbf a minute and more off","{\"nbf\":1800000061,\"exp\":1800000300}",           TIMES },
	{ "nbf at the end of time",   "{\"nbf\":9223372036854775807,\"exp\":1800000300}",  TIMES },
	{ "nbf a text",               "{\"nbf\":\"0\",\"exp\":1800000300}",                TIMES },
	{ "nbf negative",             "{\"nbf\":-1,\"exp\":1800000300}",                   TIMES },
	{ "iat a minute and more off","{\"iat\":1800000061,\"exp\":1800000300}",           TIMES },
	{ "iat null",                 "{\"iat\":null,\"exp\":1800000300}",                 TIMES },
	{ "iat with a fraction",      "{\"iat\":1799999999.5,\"exp\":1800000300}",         TIMES },
	{ "expired, and nbf no time", "{\"nbf\":\"x\",\"exp\":1}",                         TIMES },
	{ "expired, and yet to come", "{\"iat\":1800000061,\"exp\":1}",                    TIMES },
};

static const struct {
	const char	*what, *payload;
	enum err	 e;
} times[] = {
	{ "live",                          P,                                             OK },
	{ "the last second of the leeway", "{\"exp\":1799999941}",                        OK },
	{ "one second on",                 "{\"exp\":1799999940}",           ERR_TOKEN_EXPIRED },
	{ "long ago",                      "{\"exp\":1}",                    ERR_TOKEN_EXPIRED },
	{ "1970",                          "{\"exp\":0}",                    ERR_TOKEN_EXPIRED },
	{ "exp at the end of time",        "{\"exp\":9223372036854775807}",               OK },
	{ "nbf and iat within the leeway",
	    "{\"nbf\":1800000060,\"iat\":1800000060,\"exp\":1800000300}",                 OK },
	{ "nbf and iat in 1970",           "{\"nbf\":0,\"iat\":0,\"exp\":1800000300}",    OK },
};

/* Bent tokens; %h, %p and %s are the segments of a good one. */
static const struct {
	const char	*what, *mould;
} moulds[] = {
	{ "nothing",                             "" },
	{ "one dot",                             "." },
	{ "two dots",                            ".." },
	{ "three dots",                          "..." },
	{ "a header alone",                      "%h" },
	{ "two segments",                        "%h.%p" },
	{ "four segments",                       "%h.%p.%s.%s" },
	{ "five segments, as JWE has",           "%h.%p.%s.%s.%s" },
	{ "a dot at the end",                    "%h.%p.%s." },
	{ "a dot before",                        ".%h.%p.%s" },
	{ "an empty signature",                  "%h.%p." },
	{ "an empty payload",                    "%h..%s" },
	{ "an empty header",                     ".%p.%s" },
	{ "padding behind the signature",        "%h.%p.%s=" },
	{ "padding behind the payload",          "%h.%p=.%s" },
	{ "padding behind the header",           "%h=.%p.%s" },
	{ "a plus",                              "%h.%p.+%s" },
	{ "a slash",                             "%h.%p./%s" },
	{ "a blank before",                      " %h.%p.%s" },
	{ "a blank behind",                      "%h.%p.%s " },
	{ "a line feed behind",                  "%h.%p.%s\n" },
	{ "a line feed within",                  "%h.%p.\n%s" },
	{ "a tab within",                        "%h.\t%p.%s" },
	{ "a percent escape",                    "%h%%2E%p.%s" },
	{ "its scheme before it",                "Bearer %h.%p.%s" },
	{ "two tokens",                          "%h.%p.%s,%h.%p.%s" },
	{ "commas for dots",                     "%h,%p,%s" },
	{ "a byte beyond ASCII",                 "%h.%p.%s\xc3\xa9" },
	{ "a header of 4n+1 characters",         "%hAA.%p.%s" },
	{ "a header with a byte more",           "%hAAAA.%p.%s" },
	{ "a signature of one character",        "%h.%p.A" },
	{ "JSON serialisation",                  "{\"payload\":\"%p\"}" },
};

/* clang-format on */

#endif
