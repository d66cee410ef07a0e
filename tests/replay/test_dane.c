/* TLSA records beside the certificates of MX hosts and the chain of signatures. */
#include "dns_world.h"
#include "replay.h"

#define HOST "mail.contoso.com"
#define NAME "_25._tcp." HOST
#define KEY "aaaaaaaabbbbbbbbaaaaaaaabbbbbbbbaaaaaaaabbbbbbbbaaaaaaaabbbbbbbb"
#define CERTIFICATE "ccccccccddddddddccccccccddddddddccccccccddddddddccccccccdddddddd"
#define OTHER "eeeeeeeeffffffffeeeeeeeeffffffffeeeeeeeeffffffffeeeeeeeeffffffff"
#define STRANGER "1111111122222222111111112222222211111111222222221111111122222222"

/* One or two records, the signatures down to them, and what the host shows: its own certificate and its authority's. */
static struct observation *world_with(struct world *world, const char *result, const char *first, const char *second)
{
	struct observation *o = ask_resolver(world, NAME, "TLSA", OUTCOME_OK);
	give(o, ROW_TEXT(DNS_OTHER_TYPE, 0, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 0, first));
	if (second != NULL)
		give(o, ROW_TEXT(DNS_OTHER_TYPE, 1, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 1, second));
	observe(world, "dnssec", NAME, "198.51.100.53", ENDED(OK), TEXT(DNSSEC_RESULT, result), ROW_TEXT(DNSSEC_NAME, 0, NAME),
	        ROW_TEXT(DNSSEC_STATUS, 0, result), ROW_TEXT(DNSSEC_REASON, 0, "why so"));
	return observe(world, "dane", HOST ":25", "192.0.2.25", ENDED(OK), ROW_TEXT(CERT_SHA256, 0, CERTIFICATE), ROW_TEXT(CERT_KEY_SHA256, 0, KEY),
	               ROW_TEXT(CERT_SHA256, 1, OTHER), ROW_TEXT(CERT_KEY_SHA256, 1, OTHER), BOOL(CERT_NAME_OK, true));
}

static void key(struct world *world) { world_with(world, "secure", "3 1 1 " KEY, NULL); }
static void upper(struct world *world) { world_with(world, "secure", "3 0 1 CCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDDCCCCCCCCDDDDDDDD", NULL); }
static void anchor(struct world *world) { world_with(world, "secure", "2 1 1 " OTHER, NULL); }
static void anchor_not_sent(struct world *world) { world_with(world, "secure", "2 1 1 " STRANGER, NULL); }
static void next_key(struct world *world) { world_with(world, "secure", "3 1 1 " STRANGER, "3 1 1 " KEY); }
static void stale(struct world *world) { world_with(world, "secure", "3 1 1 " STRANGER, "3 0 1 " KEY); }
static void not_the_leaf(struct world *world) { world_with(world, "secure", "3 1 1 " OTHER, NULL); }
static void whole_key(struct world *world) { world_with(world, "secure", "3 1 0 " OTHER OTHER, NULL); }
static void with_digest(struct world *world, const char *record, const char *digest)
{
	world_with(world, "secure", record, NULL);
	give(world->evidence.observations[0], ROW_TEXT(DNS_OTHER_SHA256, 0, digest));
}

static void whole_key_is_it(struct world *world) { with_digest(world, "3 1 0 3059", KEY); }
static void whole_certificate(struct world *world) { with_digest(world, "3 0 0 3082", CERTIFICATE); }
static void whole_stranger(struct world *world) { with_digest(world, "3 0 0 3082", STRANGER); }
static void whole_key_for_certificate(struct world *world) { with_digest(world, "3 0 0 3059", KEY); }
static void whole_anchor(struct world *world) { with_digest(world, "2 0 0 3082", OTHER); }
static void whole_anchor_not_sent(struct world *world) { with_digest(world, "2 0 0 3082", STRANGER); }

/* The host is an alias; the name behind it has records that fit, or the given result of the chain. */
static void aliased(struct world *world, const char *result)
{
	world_with(world, "secure", "3 1 1 " STRANGER, NULL);
	add_alias(ask_resolver(world, HOST, "A", OUTCOME_OK), "real.contoso.com", 60);
	struct observation *o = ask_resolver(world, "_25._tcp.real.contoso.com", "TLSA", OUTCOME_OK);
	give(o, ROW_TEXT(DNS_OTHER_TYPE, 0, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 0, "3 1 1 " KEY));
	observe(world, "dnssec", "_25._tcp.real.contoso.com", "198.51.100.53", ENDED(OK), TEXT(DNSSEC_RESULT, result), ROW_TEXT(DNSSEC_REASON, 0, "why so"));
	observe(world, "dane", "real.contoso.com:25", "192.0.2.25", ENDED(OK), ROW_TEXT(CERT_KEY_SHA256, 0, KEY));
}

static void alias(struct world *world) { aliased(world, "secure"); }
static void alias_to_unsigned(struct world *world) { aliased(world, "insecure"); }

static void before_sha512(struct world *world) { world_with(world, "secure", "3 1 2 " OTHER OTHER, NULL); }

static void sha512(struct world *world, const char *record)
{
	struct observation *o = world_with(world, "secure", record, NULL);
	give(o, ROW_TEXT(CERT_SHA512, 0, CERTIFICATE CERTIFICATE), ROW_TEXT(CERT_KEY_SHA512, 0, KEY KEY), ROW_TEXT(CERT_SHA512, 1, OTHER OTHER),
	     ROW_TEXT(CERT_KEY_SHA512, 1, OTHER OTHER));
}

static void long_key(struct world *world) { sha512(world, "3 1 2 " KEY KEY); }
static void long_certificate(struct world *world) { sha512(world, "3 0 2 " CERTIFICATE CERTIFICATE); }
static void long_anchor(struct world *world) { sha512(world, "2 1 2 " OTHER OTHER); }
static void long_stranger(struct world *world) { sha512(world, "3 1 2 " KEY STRANGER); }
static void web_usage(struct world *world) { world_with(world, "secure", "1 1 1 " KEY, NULL); }
static void short_digest(struct world *world) { world_with(world, "secure", "3 1 1 aaaa", NULL); }
static void web_usage_beside(struct world *world) { world_with(world, "secure", "1 1 1 " KEY, "3 1 1 " KEY); }
static void not_signed(struct world *world) { world_with(world, "insecure", "3 1 1 " STRANGER, NULL); }
static void bogus(struct world *world) { world_with(world, "bogus", "3 1 1 " KEY, NULL); }
static void unknown(struct world *world) { world_with(world, "unknown", "3 1 1 " STRANGER, NULL); }

static void anchor_of_another_name(struct world *world)
{
	struct observation *o = world_with(world, "secure", "2 1 1 " OTHER, NULL);
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == FACT_CERT_NAME_OK)
			o->facts[i].value.flag = false;
}

static void leaf_of_another_name(struct world *world)
{
	struct observation *o = world_with(world, "secure", "3 1 1 " KEY, NULL);
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == FACT_CERT_NAME_OK)
			o->facts[i].value.flag = false;
}

static void out_of_reach(struct world *world) { world_with(world, "secure", "3 1 1 " STRANGER, NULL)->outcome = OUTCOME_TIMEOUT; }

static void no_starttls(struct world *world)
{
	struct observation *o = world_with(world, "secure", "3 1 1 " KEY, NULL);
	give(o, BOOL(STARTTLS_OFFERED, false));
	o->outcome = OUTCOME_DENIED;
}

/* The second address of the host shows another certificate. */
static void one_of_two(struct world *world)
{
	key(world);
	observe(world, "dane", HOST ":25", "192.0.2.26", ENDED(OK), ROW_TEXT(CERT_SHA256, 0, STRANGER), ROW_TEXT(CERT_KEY_SHA256, 0, STRANGER));
}

static void unchecked(struct world *world)
{
	ask_resolver(world, NAME, "TLSA", OUTCOME_OK);
	give(world->evidence.observations[0], ROW_TEXT(DNS_OTHER_TYPE, 0, "TLSA"), ROW_TEXT(DNS_OTHER_DATA, 0, "3 1 1 " STRANGER));
	observe(world, "dane", HOST ":25", "192.0.2.25", ENDED(OK), ROW_TEXT(CERT_SHA256, 0, CERTIFICATE), ROW_TEXT(CERT_KEY_SHA256, 0, KEY));
}

/* No records, and a proof of that which is broken. */
static void bogus_absence(struct world *world)
{
	ask_resolver(world, NAME, "TLSA", OUTCOME_NXDOMAIN);
	observe(world, "dnssec", NAME, "198.51.100.53", ENDED(OK), TEXT(DNSSEC_RESULT, "bogus"), ROW_TEXT(DNSSEC_REASON, 0, "no signed proof"));
}

static void all_is_bogus(struct world *world)
{
	observe(world, "dnssec", "contoso.com", "198.51.100.53", ENDED(OK), TEXT(DNSSEC_RESULT, "bogus"), ROW_TEXT(DNSSEC_NAME, 0, "contoso.com"),
	        ROW_TEXT(DNSSEC_TYPE, 0, "DNSKEY"), ROW_TEXT(DNSSEC_STATUS, 0, "bogus"), ROW_TEXT(DNSSEC_REASON, 0, "no key"));
	bogus(world);
}

#define OK {{"dane-ok", "pass", HOST, "matches the certificate on port 25"}}
#define MISMATCH(says) {{"dane-mismatch", "fail", HOST, says}}
#define UNUSABLE(says) {{"dane-unusable", "info", HOST, says}}
#define NO_RECORD "no record of " NAME " matches the certificate on port 25 of 192.0.2.25"

static const struct replay_case cases[] = {
    {"the key's digest", key, OK},
    {"the certificate's digest", upper, OK},
    {"the certificate's key, whatever its name", leaf_of_another_name, OK},
    {"an authority of the chain", anchor, OK},
    {"an authority of another name's chain", anchor_of_another_name, MISMATCH("is not for this name")},
    {"an authority that is not sent along", anchor_not_sent, MISMATCH(NO_RECORD)},
    {"the next key beside the present one", next_key, OK},
    {"neither matches", stale, MISMATCH(NO_RECORD)},
    {"usage 3 is for the host's own certificate alone", not_the_leaf, MISMATCH(NO_RECORD)},
    {"one of two addresses", one_of_two, MISMATCH("of 192.0.2.26")},
    {"STARTTLS is not offered", no_starttls, MISMATCH("192.0.2.25 offers no STARTTLS")},
    {"the key's digest by SHA-512", long_key, OK},
    {"the certificate's digest by SHA-512", long_certificate, OK},
    {"an authority's digest by SHA-512", long_anchor, OK},
    {"another digest by SHA-512", long_stranger, MISMATCH(NO_RECORD)},
    {"the whole key", whole_key_is_it, OK},
    {"the whole certificate", whole_certificate, OK},
    {"the whole certificate of another", whole_stranger, MISMATCH(NO_RECORD)},
    {"the whole key where a certificate belongs", whole_key_for_certificate, MISMATCH(NO_RECORD)},
    {"an authority's whole certificate", whole_anchor, OK},
    {"an authority that is not sent along, but in the record", whole_anchor_not_sent, {{0}}},
    {"a recording without the digest of a whole key", whole_key, {{0}}},
    {"an alias, whose target has records that fit", alias, {{"dane-ok", "pass", "real.contoso.com", NULL}}},
    {"an alias, whose target's records senders do not heed", alias_to_unsigned,
     {{"dane-mismatch", "fail", HOST, NO_RECORD}, {"dane-unusable", "info", "real.contoso.com", "the zone is not signed"}}},
    {"a recording without digests by SHA-512", before_sha512, {{0}}},
    {"a usage that mail does not heed", web_usage, UNUSABLE("usage 2 or 3")},
    {"a digest of the wrong length", short_digest, UNUSABLE("right length")},
    {"a usage that mail does not heed, beside a good one", web_usage_beside, OK},
    {"the port was out of reach", out_of_reach, {{0}}},
    {"an unsigned zone", not_signed, UNUSABLE("the zone is not signed: why so")},
    {"signatures that nobody looked at", unchecked, {{0}}},
    {"signatures of which nothing is known", unknown, {{0}}},
    {"broken signatures", bogus, {{"dnssec-bogus", "fail", HOST, "TLSA: why so; senders that check DANE hold mail back"}}},
    {"a broken proof of absence", bogus_absence, {{"dnssec-bogus", "fail", HOST, "no signed proof"}}},
    {"the whole domain is bogus", all_is_bogus, {{"dnssec-bogus", "fail", "contoso.com", "no key"}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {cases, NULL};
	static const char *const families[] = {"dane-", NULL};
	static const struct replay_suite suite = {"replay/dane", tables, families};
	return replay_main(&suite);
}
