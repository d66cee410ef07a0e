/* check_host() by the sections of RFC 7208; each limit at, below and above its value. */
#include "proto/spf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/str.h"
#include "base/xalloc.h"

/* A zone: "name TYPE data|data"; data "!nx" NXDOMAIN, "!fail" SERVFAIL. A name that is not there is NXDOMAIN. */
static const char *const zone[] = {
    "plain.test TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
    "two.test TXT v=spf1 -all|v=spf1 +all",
    "other.test TXT hello|v=spf10 -all|v=spf1",
    "none.test TXT nothing here",
    "fail.test TXT !fail",
    "upper.test TXT V=SPF1 IP4:192.0.2.1 ~ALL",
    "a.test TXT v=spf1 a/24 -all",
    "a.test A 192.0.2.77",
    "a.test AAAA 2001:db8:1::1",
    "dual.test TXT v=spf1 a:a.test/32//48 -all",
    "mx.test TXT v=spf1 mx -all",
    "mx.test MX m1.mx.test|m2.mx.test",
    "m1.mx.test A 198.51.100.1",
    "m2.mx.test A 192.0.2.1",
    "inc.test TXT v=spf1 include:plain.test ?all",
    "incfail.test TXT v=spf1 include:allfail.test ~all",
    "allfail.test TXT v=spf1 -all",
    "incnone.test TXT v=spf1 include:none.test -all",
    "inctemp.test TXT v=spf1 include:fail.test -all",
    "incperm.test TXT v=spf1 include:two.test -all",
    "redir.test TXT v=spf1 redirect=plain.test",
    "redirall.test TXT v=spf1 -all redirect=plain.test",
    "redirnone.test TXT v=spf1 redirect=none.test",
    "loop.test TXT v=spf1 include:loop.test -all",
    "bad.test TXT v=spf1 ip4:192.0.2.300 -all",
    "badmech.test TXT v=spf1 ipv4:192.0.2.1 -all",
    "badall.test TXT v=spf1 all:x -all",
    "badcidr.test TXT v=spf1 ip4:192.0.2.0/33 -all",
    "zerocidr.test TXT v=spf1 ip4:192.0.2.0/024 -all",
    "badredirect.test TXT v=spf1 redirect=a.test redirect=a.test",
    "badspec.test TXT v=spf1 include:foo -all",
    "late.test TXT v=spf1 +all ip4:nonsense",
    "unknownmod.test TXT v=spf1 moo=cow.%{d} ip4:192.0.2.1 -all",
    "badmod.test TXT v=spf1 moo=%{q} -all",
    "exists.test TXT v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all",
    "1.2.0.192.in-addr._spf.exists.test A 127.0.0.2",
    "local.test TXT v=spf1 exists:%{l1r-}.%{o}.x.test -all",
    "bob.mail.test.x.test A 127.0.0.2",
    "ptr.test TXT v=spf1 ptr -all",
    "1.2.0.192.in-addr.arpa PTR host.ptr.test|other.example",
    "host.ptr.test A 192.0.2.1",
    "p.test TXT v=spf1 exists:%{p}.ok.test -all",
    "host.ptr.test.ok.test A 127.0.0.2",
    "ten.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test ip4:192.0.2.1 -all",
    "eleven.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test -all",
    "inten.test TXT v=spf1 include:ten.test -all",
    "eleventh.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test redirect=a.test",
    "void2.test TXT v=spf1 a:v1.test a:v2.test ip4:192.0.2.1 -all",
    "void3.test TXT v=spf1 a:v1.test a:v2.test a:v3.test ip4:192.0.2.1 -all",
    "mx10.test TXT v=spf1 mx -all",
    "mx10.test MX m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m2.mx.test",
    "mx11.test TXT v=spf1 mx -all",
    "mx11.test MX m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m2.mx.test",
    /* Syntax, each in a record that would pass without it (4.6, 12). */
    "s1.test TXT v=spf1  a:a.test/24   -all ",
    "s2.test TXT v=spf1 a: -all",
    "s3.test TXT v=spf1 include -all",
    "s4.test TXT v=spf1 ip4 -all",
    "s5.test TXT v=spf1 ip6:192.0.2.1 -all",
    "s6.test TXT v=spf1 ip4:2001:db8::1 -all",
    "s7.test TXT v=spf1 ip6:2001:db8::/129 -all",
    "s8.test TXT v=spf1 a:1.2.3.4 -all",
    "s9.test TXT v=spf1 a/33 -all",
    "s10.test TXT v=spf1 a//129 -all",
    "s11.test TXT v=spf1 --all",
    "s12.test TXT v=spf1 exists -all",
    "s13.test TXT v=spf1 exp=a.test exp=a.test -all",
    "s14.test TXT v=spf1 exists:%{c}.x.test -all",
    "s15.test TXT v=spf1 exists:%{d0}.x.test -all",
    "s16.test TXT v=spf1 exists:%(d).x.test -all",
    "s17.test TXT v=spf1 ip4:192.0.2.0/0 -all",
    "s18.test TXT v=spf1 ip6:2001:db8::192.0.2.1 -all",
    "s19.test TXT v=spf1 ip4:192.0.2.1 ?all exp=explain.test",
    "s20.test TXT v=spf1 -ip4:192.0.2.1 +all",
    "s21.test TXT v=spf1 ?ip4:192.0.2.1 -all",
    "s22.test TXT v=spf1 ~ip4:192.0.2.1 -all",
    "s23.test TXT v=spf1 redirect= -all",
    "s24.test TXT v=spf1 a:a.test. -all",
    "s25.test TXT v=spf1 mx/24//64 a:a_b.test -all",
    "s26.test TXT v=spf1 ip4:192.0.2.1\xc3\xa9 -all",
    "s27.test TXT v=spf1",
    "s28.test TXT v=spf1 exists:%%%-.x.test -all",
    "s29.test TXT v=spf1 1mod=x -all",
    "s30.test TXT v=spf1 a-1_.b=x ip4:192.0.2.1 -all",
    "%%20.x.test A 127.0.0.2",
    /* Macros (7.3). */
    "mcap.test TXT v=spf1 exists:%{S}.x.test -all",
    "bob%40mail.test.x.test A 127.0.0.2",
    "mh.test TXT v=spf1 exists:%{h}.x.test -all",
    "mh.test.x.test A 127.0.0.2",
    "m6.test TXT v=spf1 exists:%{ir}.%{v}.x.test -all",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.x.test A 127.0.0.2",
    "mlong.test TXT v=spf1 exists:%{l}.%{l}.%{l}.%{l}.%{l}.%{l}.end.test -all",
    /* Limits at, below and above (4.6.4). */
    "nine.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test ip4:192.0.2.1 -all",
    "tenredirect.test TXT v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test redirect=plain.test",
    ("free.test TXT v=spf1 ip4:198.51.100.1 ip4:198.51.100.2 ip4:198.51.100.3 ip4:198.51.100.4 ip4:198.51.100.5 ip4:198.51.100.6 ip4:198.51.100.7 "
    "ip4:198.51.100.8 ip4:198.51.100.9 ip4:198.51.100.10 ip4:198.51.100.11 ip4:192.0.2.1 -all"),
    "early.test TXT v=spf1 ip4:192.0.2.1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test -all",
    "tenexists.test TXT v=spf1 exists:a.test/ -all",
    "void1.test TXT v=spf1 a:v1.test ip4:192.0.2.1 -all",
    "voidnodata.test TXT v=spf1 a:none.test a:two.test a:other.test ip4:192.0.2.1 -all",
    "voidmx.test TXT v=spf1 mx:v1.test mx:v2.test mx:v3.test ip4:192.0.2.1 -all",
    "voidexists.test TXT v=spf1 exists:v1.test exists:v2.test exists:v3.test ip4:192.0.2.1 -all",
    "voidinclude.test TXT v=spf1 include:v1.test -all",
    "mx9.test TXT v=spf1 mx -all",
    "mx9.test MX m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m1.mx.test|m2.mx.test",
    "mxtemp.test TXT v=spf1 mx -all",
    "mxtemp.test MX broken.mx.test|m2.mx.test",
    "broken.mx.test A !fail",
    "ptr10.test TXT v=spf1 ptr:ok10.test -all",
    "10.2.0.192.in-addr.arpa PTR p1.x|p2.x|p3.x|p4.x|p5.x|p6.x|p7.x|p8.x|p9.x|h.ok10.test|p11.x",
    "h.ok10.test A 192.0.2.10",
    "ptr11.test TXT v=spf1 ptr:ok11.test -all",
    "11.2.0.192.in-addr.arpa PTR p1.x|p2.x|p3.x|p4.x|p5.x|p6.x|p7.x|p8.x|p9.x|p10.x|h.ok11.test",
    "h.ok11.test A 192.0.2.11",
    "ptrfail.test TXT v=spf1 ptr -all",
    "12.2.0.192.in-addr.arpa PTR !fail",
    "nest.test TXT v=spf1 include:nest1.test -all",
    "nest1.test TXT v=spf1 include:nest2.test -all",
    "nest2.test TXT v=spf1 redirect=plain.test",
    "redirloop.test TXT v=spf1 redirect=redirloop.test",
    "redirtemp.test TXT v=spf1 redirect=fail.test",
    "redirtwo.test TXT v=spf1 redirect=two.test",
    "inctemp2.test TXT v=spf1 ip4:192.0.2.1 include:fail.test -all",
};

static const char *const type_names[] = {"TXT", "A", "AAAA", "MX", "PTR"};
enum { KEPT = 1024, ITEMS = 16 };
static void *kept[KEPT]; /* what answers point to, until the next test */
static size_t kept_count;

static void *keep(void *memory)
{
	ck_assert_uint_lt(kept_count, KEPT);
	return kept[kept_count++] = memory;
}

static bool look_up(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	(void)user;
	answer->outcome = OUTCOME_NXDOMAIN;
	answer->count = 0;
	for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++) {
		const char *blank = strchr(zone[i], ' '), *data = strchr(blank + 1, ' ') + 1;
		char *owner = xstrndup(zone[i], (size_t)(blank - zone[i])), *word = xstrndup(blank + 1, (size_t)(data - blank - 2));
		bool is_owner = str_equal_nocase(owner, name), is_type = str_equal(word, type_names[type]);
		free(owner);
		free(word);
		if (!is_owner)
			continue;
		answer->outcome = answer->outcome == OUTCOME_NXDOMAIN ? OUTCOME_NODATA : answer->outcome;
		if (!is_type)
			continue;
		if (str_equal(data, "!fail")) {
			answer->outcome = OUTCOME_SERVFAIL;
			return true;
		}
		const char **items = keep(xcalloc(ITEMS, sizeof *items));
		char *copy = keep(xstrdup(data));
		for (char *at = strtok_r(copy, "|", &copy); at != NULL; at = strtok_r(NULL, "|", &copy))
			items[answer->count++] = at;
		answer->outcome = OUTCOME_OK;
		answer->items = items;
		return true;
	}
	return true;
}

static const struct {
	const char *name, *domain, *address, *sender;
	enum spf_result result;
	int lookups;
	const char *problem;
} cases[] = {
    {"4.4 no such domain", "gone.test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.3 a single label", "test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.5 no record", "none.test", "192.0.2.1", NULL, SPF_NONE, 0, ""},
    {"4.5 v=spf10 is none, a bare v=spf1 is one", "other.test", "192.0.2.1", NULL, SPF_NEUTRAL, 0, ""},
    {"4.5 two records", "two.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "several SPF records"},
    {"4.4 the server fails", "fail.test", "192.0.2.1", NULL, SPF_TEMPERROR, 0, "fail.test"},
    {"5.6 ip4 inside", "plain.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"5.6 ip4 outside", "plain.test", "192.0.3.1", NULL, SPF_FAIL, 0, ""},
    {"5.6 ip6 inside", "plain.test", "2001:db8:ffff::1", NULL, SPF_PASS, 0, ""},
    {"5.6 ip6 outside", "plain.test", "2001:db9::1", NULL, SPF_FAIL, 0, ""},
    {"4.6.1 case does not matter", "upper.test", "192.0.2.2", NULL, SPF_SOFTFAIL, 0, ""},
    {"5.3 a with a prefix", "a.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.3 a of the other family", "a.test", "2001:db8:1::1", NULL, SPF_PASS, 1, ""},
    {"5.3 dual prefix, IPv6", "dual.test", "2001:db8:1:ff::9", NULL, SPF_PASS, 1, ""},
    {"5.3 dual prefix, IPv4", "dual.test", "192.0.2.78", NULL, SPF_FAIL, 1, ""},
    {"5.4 mx", "mx.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.4 mx, another address", "mx.test", "192.0.2.2", NULL, SPF_FAIL, 1, ""},
    {"5.2 include passes", "inc.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.2 include that fails does not match", "incfail.test", "192.0.2.1", NULL, SPF_SOFTFAIL, 1, ""},
    {"5.2 include of nothing", "incnone.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "none.test"},
    {"5.2 include with a temperror", "inctemp.test", "192.0.2.1", NULL, SPF_TEMPERROR, 1, "fail.test"},
    {"5.2 include with a permerror", "incperm.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "several SPF records"},
    {"6.1 redirect", "redir.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"6.1 redirect behind all is ignored", "redirall.test", "192.0.2.1", NULL, SPF_FAIL, 0, ""},
    {"6.1 redirect to nothing", "redirnone.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "none.test"},
    {"5.2 an include loop ends at the limit", "loop.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6 a malformed address", "bad.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.300"},
    {"4.6 an unknown mechanism", "badmech.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ipv4:192.0.2.1"},
    {"5.1 all takes no argument", "badall.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "all:x"},
    {"5.6 a prefix over 32", "badcidr.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.0/33"},
    {"5.6 a prefix with a leading zero", "zerocidr.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.0/024"},
    {"6 redirect twice", "badredirect.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "redirect=a.test"},
    {"7.1 a domain-spec needs a dot", "badspec.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "include:foo"},
    {"4.6 an error behind a match still counts", "late.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:nonsense"},
    {"6 an unknown modifier is ignored", "unknownmod.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"6 but must be well formed", "badmod.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "moo=%{q}"},
    {"7 macros i, v, d, reversed", "exists.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"7 macros, another address", "exists.test", "192.0.2.2", NULL, SPF_FAIL, 1, ""},
    {"7.3 macros l and o, split at a dash", "local.test", "192.0.2.1", "bob-smith@mail.test", SPF_PASS, 1, ""},
    {"5.5 ptr", "ptr.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.5 ptr without a name", "ptr.test", "192.0.2.9", NULL, SPF_FAIL, 1, ""},
    {"7.3 macro p", "p.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 ten look-ups", "ten.test", "192.0.2.1", NULL, SPF_PASS, 10, ""},
    {"4.6.4 eleven look-ups", "eleven.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 the include counts too", "inten.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 redirect counts too", "eleventh.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"4.6.4 two voids", "void2.test", "192.0.2.1", NULL, SPF_PASS, 2, ""},
    {"4.6.4 three voids", "void3.test", "192.0.2.1", NULL, SPF_PERMERROR, 3, "more than 2 look-ups without an answer"},
    {"4.6.4 ten hosts of one mx", "mx10.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 eleven hosts of one mx", "mx11.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "more than 10 hosts of one \"mx\""},
    {"4.6.1 blanks between and behind", "s1.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.3 a colon needs a name", "s2.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "a:"},
    {"5.2 include needs a name", "s3.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "include"},
    {"5.6 ip4 needs an address", "s4.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4"},
    {"5.6 ip6 with an IPv4 address", "s5.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip6:192.0.2.1"},
    {"5.6 ip4 with an IPv6 address", "s6.test", "2001:db8::1", NULL, SPF_PERMERROR, 0, "ip4:2001:db8::1"},
    {"5.6 a prefix over 128", "s7.test", "2001:db8::1", NULL, SPF_PERMERROR, 0, "ip6:2001:db8::/129"},
    {"12 an address is no name", "s8.test", "1.2.3.4", NULL, SPF_PERMERROR, 0, "a:1.2.3.4"},
    {"5.3 a prefix over 32", "s9.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "a/33"},
    {"5.3 a second prefix over 128", "s10.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "a//129"},
    {"4.6.1 two qualifiers", "s11.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "--all"},
    {"5.7 exists needs a name", "s12.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exists"},
    {"6 exp twice", "s13.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exp=a.test"},
    {"7.2 macro c outside an explanation", "s14.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exists:%{c}.x.test"},
    {"7.1 zero labels", "s15.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exists:%{d0}.x.test"},
    {"7.1 a per cent sign that begins nothing", "s16.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exists:%(d).x.test"},
    {"5.6 a prefix of nothing is everybody", "s17.test", "203.0.113.1", NULL, SPF_PASS, 0, ""},
    {"5.6 IPv6 with an IPv4 tail", "s18.test", "2001:db8::192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"6.2 an explanation changes nothing", "s19.test", "192.0.2.9", NULL, SPF_NEUTRAL, 0, ""},
    {"4.6.2 a minus in front", "s20.test", "192.0.2.1", NULL, SPF_FAIL, 0, ""},
    {"4.6.2 a question mark in front", "s21.test", "192.0.2.1", NULL, SPF_NEUTRAL, 0, ""},
    {"4.6.2 a tilde in front", "s22.test", "192.0.2.1", NULL, SPF_SOFTFAIL, 0, ""},
    {"6.1 redirect to no name", "s23.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "redirect="},
    {"12 a dot at the end of a name", "s24.test", "192.0.2.77", NULL, SPF_PASS, 1, ""},
    {"12 an underscore in a name", "s25.test", "192.0.2.1", NULL, SPF_FAIL, 2, ""},
    {"3.1 bytes beyond ASCII", "s26.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "ip4:192.0.2.1\xc3\xa9"},
    {"4.7 nothing but the version", "s27.test", "192.0.2.1", NULL, SPF_NEUTRAL, 0, ""},
    {"7.1 escapes", "s28.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"12 a modifier begins with a letter", "s29.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "1mod=x"},
    {"12 and goes on with letters, digits, dashes, dots", "s30.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"7.3 a capital letter escapes", "mcap.test", "192.0.2.1", "bob@mail.test", SPF_PASS, 1, ""},
    {"7.2 macro h is the domain when no greeting is known", "mh.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"7.3 IPv6 by its nibbles", "m6.test", "2001:db8::1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 nine look-ups", "nine.test", "192.0.2.1", NULL, SPF_PASS, 9, ""},
    {"4.6.4 ten, the last a redirect", "tenredirect.test", "192.0.2.1", NULL, SPF_PASS, 10, ""},
    {"4.6.4 addresses cost nothing", "free.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"4.6.4 what is not reached is not counted", "early.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
    {"5.7 exists takes no prefix", "tenexists.test", "192.0.2.1", NULL, SPF_PERMERROR, 0, "exists:a.test/"},
    {"4.6.4 one void", "void1.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"4.6.4 an answer without records is void", "voidnodata.test", "192.0.2.1", NULL, SPF_PERMERROR, 3, "more than 2 look-ups without an answer"},
    {"4.6.4 mx can be void", "voidmx.test", "192.0.2.1", NULL, SPF_PERMERROR, 3, "more than 2 look-ups without an answer"},
    {"4.6.4 exists can be void", "voidexists.test", "192.0.2.1", NULL, SPF_PERMERROR, 3, "more than 2 look-ups without an answer"},
    {"5.2 include of a name that does not exist", "voidinclude.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "v1.test"},
    {"4.6.4 nine hosts of one mx", "mx9.test", "192.0.2.1", NULL, SPF_PASS, 1, ""},
    {"5.4 a host that cannot be looked up", "mxtemp.test", "192.0.2.1", NULL, SPF_TEMPERROR, 1, "broken.mx.test"},
    {"4.6.4 the tenth name of an address", "ptr10.test", "192.0.2.10", NULL, SPF_PASS, 1, ""},
    {"4.6.4 the eleventh is not looked at", "ptr11.test", "192.0.2.11", NULL, SPF_FAIL, 1, ""},
    {"5.5 an error at the names is no match", "ptrfail.test", "192.0.2.12", NULL, SPF_FAIL, 1, "12.2.0.192.in-addr.arpa"},
    {"5.2 includes inside includes", "nest.test", "192.0.2.1", NULL, SPF_PASS, 3, ""},
    {"6.1 a redirect loop ends at the limit", "redirloop.test", "192.0.2.1", NULL, SPF_PERMERROR, 11, "more than 10 look-ups"},
    {"6.1 redirect with a temperror", "redirtemp.test", "192.0.2.1", NULL, SPF_TEMPERROR, 1, "fail.test"},
    {"6.1 redirect to two records", "redirtwo.test", "192.0.2.1", NULL, SPF_PERMERROR, 1, "several SPF records"},
    {"4.6.2 a match in front of an error", "inctemp2.test", "192.0.2.1", NULL, SPF_PASS, 0, ""},
};

static void forget(void)
{
	while (kept_count > 0)
		free(kept[--kept_count]);
}

static struct spf_query make_query(const char *domain, const char *address)
{
	struct spf_query query = {.domain = domain, .lookup = look_up};
	query.family = address == NULL ? 0 : strchr(address, ':') != NULL ? 6 : 4;
	if (address != NULL)
		ck_assert_int_eq(inet_pton(query.family == 4 ? AF_INET : AF_INET6, address, query.address), 1);
	return query;
}

START_TEST(check_host_follows_the_rfc)
{
	static struct spf_report report;
	struct spf_query query = make_query(cases[_i].domain, cases[_i].address);
	query.sender = cases[_i].sender;
	enum spf_result result = spf_evaluate(&query, &report);
	ck_assert_msg(result == cases[_i].result, "%s: %s (%s)", cases[_i].name, spf_result_name(result), report.problem);
	ck_assert_msg(report.lookups == cases[_i].lookups, "%s: %d look-ups", cases[_i].name, report.lookups);
	ck_assert_msg(str_equal(report.problem, cases[_i].problem), "%s: problem %s", cases[_i].name, report.problem);
	forget();
}
END_TEST

/* RFC 7208 7.3: a name over 253 octets loses labels from its left. */
static bool look_up_long(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	if (type == SPF_TYPE_A) {
		ck_assert_uint_le(strlen(name), 253);
		ck_assert_msg(str_in_domain(name, "end.test"), "%s", name);
		*(int *)user += 1;
	}
	return look_up(user, name, type, answer);
}

START_TEST(long_names_lose_labels_from_the_left)
{
	static struct spf_report report;
	int seen = 0;
	struct spf_query query = make_query("mlong.test", "192.0.2.1");
	query.lookup = look_up_long;
	query.user = &seen;
	query.sender = "a-local-part-of-fifty-octets-that-is-no-more-no-less@mail.test";
	ck_assert_int_eq(spf_evaluate(&query, &report), SPF_FAIL);
	ck_assert_int_eq(seen, 1);
	forget();
}
END_TEST

START_TEST(a_walk_counts_the_worst_case_beyond_the_limit)
{
	static struct spf_report report;
	struct spf_query query = make_query("inten.test", NULL);
	query.is_walk = true;
	spf_evaluate(&query, &report);
	ck_assert_int_eq(report.lookups, 11);
	ck_assert_int_eq(report.row_count, 14);
	ck_assert_str_eq(report.rows[0].term, "include:ten.test");
	ck_assert_int_eq(report.rows[1].depth, 1);
	ck_assert_str_eq(report.rows[1].domain, "ten.test");
	ck_assert_int_eq(report.rows[10].lookups, 11);
	query.domain = "void3.test";
	spf_evaluate(&query, &report);
	ck_assert_int_eq(report.voids, 3);
	ck_assert(report.rows[2].is_void);
	forget();
}
END_TEST

static int budget; /* look-ups answered so far this run, to play a slow network */

static bool look_up_slowly(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	return budget-- > 0 && look_up(user, name, type, answer);
}

START_TEST(an_unknown_answer_makes_it_wait)
{
	static struct spf_report report;
	struct spf_query query = make_query("mx.test", "192.0.2.1");
	query.lookup = look_up_slowly;
	for (int known = 0; known < 4; known++) {
		budget = known;
		ck_assert_int_eq(spf_evaluate(&query, &report), SPF_WAIT);
	}
	budget = 4;
	ck_assert_int_eq(spf_evaluate(&query, &report), SPF_PASS);
	forget();
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("spf");
	tcase_add_loop_test(tcase, check_host_follows_the_rfc, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, long_names_lose_labels_from_the_left);
	tcase_add_test(tcase, a_walk_counts_the_worst_case_beyond_the_limit);
	tcase_add_test(tcase, an_unknown_answer_makes_it_wait);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/spf", fill)
