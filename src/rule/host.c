/* The host's name: does public DNS lead to an address that Microsoft can reach? */
#include <string.h>

#include "base/buf.h"
#include "cutover/limits.h"
#include "model/public_address.h"
#include "rule/rules.h"
#include "rule/subject.h"

/* Letters, digits and inner hyphens (RFC 1123 2.1), two labels at least, the last not a number. */
static bool is_qualified(const char *name)
{
	const char *last = name;
	size_t labels = 0;
	for (const char *label = name;; label++, labels++) {
		size_t length = strcspn(label, ".");
		size_t plain = strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
		if (length == 0 || plain != length || label[0] == '-' || label[length - 1] == '-')
			return false;
		last = label;
		label += length;
		if (*label == '\0')
			break;
	}
	return labels > 0 && last[strspn(last, "0123456789")] != '\0';
}

/* How one of the two questions ended; OUTCOME_COUNT when it was not asked, or a recording does not say. */
static enum outcome answer_of(const struct observation *o, enum fact_key key)
{
	const char *name = observation_text(o, key, 0);
	return name != NULL ? outcome_from_name(name) : OUTCOME_COUNT;
}

static bool either(enum outcome a, enum outcome b, enum outcome wanted)
{
	return a == wanted || b == wanted;
}

/* Each id once a host: what several places saw alike joins the reasons. */
static struct finding *raise(const struct notes *notes, enum finding_id id, size_t index, const char *summary)
{
	const struct judging *j = notes->judging;
	const char *host = notes->subject->host;
	struct finding *finding = finding_about(j->findings, id, host);
	if (finding == NULL)
		finding = findings_add(j->findings, j->policy, id, host, "%s", summary);
	finding_because(finding, index);
	finding_arg(finding, "host", host);
	return finding;
}

/* No address came back: why? "No answer" says nothing about the host. */
static void judge_failed(struct notes *notes, size_t index, const struct observation *o)
{
	enum outcome v4 = answer_of(o, FACT_HOST_V4), v6 = answer_of(o, FACT_HOST_V6);
	if (v4 == OUTCOME_COUNT && v6 == OUTCOME_COUNT)
		v4 = v6 = o->outcome;
	if (either(v4, v6, OUTCOME_NXDOMAIN) && !either(v4, v6, OUTCOME_NODATA))
		raise(notes, FINDING_HOST_NOT_FOUND, index, "the name does not exist (NXDOMAIN)");
	else if (either(v4, v6, OUTCOME_SERVFAIL) || either(v4, v6, OUTCOME_REFUSED))
		raise(notes, FINDING_HOST_SERVFAIL, index,
		      observation_flag(o, FACT_HOST_CD_WORKS, 0)
		          ? "SERVFAIL, but an answer without DNSSEC checks (CD=1): DNSSEC is the reason"
		      : either(v4, v6, OUTCOME_SERVFAIL) ? "every resolver asked answers SERVFAIL"
		                                         : "every resolver asked answers REFUSED");
	else if (either(v4, v6, OUTCOME_NODATA) && (v4 == v6 || either(v4, v6, OUTCOME_NXDOMAIN)))
		raise(notes, FINDING_HOST_NO_ADDRESS, index, "the name exists, but has neither A nor AAAA");
}

/* All addresses and the ranges that they are in; false when Microsoft can reach one of them. */
static bool list_private(const struct policy *policy, const struct observation *o, struct buf *summary,
                         struct buf *addresses)
{
	uint32_t rows = observation_rows(o, FACT_HOST_ADDRESS);
	for (uint32_t row = 0; row < rows; row++) {
		const char *text = observation_text(o, FACT_HOST_ADDRESS, row);
		struct special_range range;
		if (text == NULL || address_is_public(policy, text, &range))
			return false;
		buf_printf(summary, "%s%s is %s", row > 0 ? ", " : "", text, range.name);
		buf_printf(addresses, "%s%s", row > 0 ? ", " : "", text);
	}
	return rows > 0;
}

static void judge_private(struct notes *notes, size_t index, const struct observation *o)
{
	struct buf summary, addresses;
	buf_init(&summary, LIMIT_FACT_BYTES);
	buf_init(&addresses, LIMIT_FACT_BYTES);
	if (list_private(notes->judging->policy, o, &summary, &addresses))
		finding_arg(raise(notes, FINDING_HOST_PRIVATE_ADDRESS, index, summary.bytes), "address", addresses.bytes);
	buf_clear(&summary);
	buf_clear(&addresses);
}

/* Addresses, none of IPv4, and DNS itself says that there is no A: with -6 nobody asked. */
static bool is_ipv6_only(const struct observation *o)
{
	uint32_t rows = observation_rows(o, FACT_HOST_ADDRESS);
	for (uint32_t row = 0; row < rows; row++) {
		const char *text = observation_text(o, FACT_HOST_ADDRESS, row);
		if (text == NULL || strchr(text, ':') == NULL)
			return false;
	}
	return rows > 0 && answer_of(o, FACT_HOST_V4) == OUTCOME_NODATA;
}

static void judge_observation(struct notes *notes, size_t index)
{
	const struct observation *o = notes->judging->evidence->observations[index];
	if (observation_flag(o, FACT_HOST_IS_ADDRESS, 0)) {
		finding_arg(raise(notes, FINDING_HOST_IS_ADDRESS, index, "an address, not a host name"), "address",
		            notes->subject->host);
		judge_private(notes, index, o);
		return;
	}
	/* A name that nobody can look up outside is one fault, however the look-up here ended. */
	if (!is_qualified(notes->subject->host)) {
		raise(notes, FINDING_HOST_NOT_QUALIFIED, index, "not a full host name with its domain");
		return;
	}
	/* Addresses of --connect say nothing about DNS. */
	if (observation_flag(o, FACT_HOST_OVERRIDDEN, 0))
		return;
	if (observation_rows(o, FACT_HOST_ADDRESS) == 0)
		judge_failed(notes, index, o);
	judge_private(notes, index, o);
	if (is_ipv6_only(o))
		raise(notes, FINDING_HOST_IPV6_ONLY, index, "AAAA, but no A");
}

static void judge_host(struct notes *notes)
{
	for (size_t i = 0; i < notes->subject->count; i++)
		judge_observation(notes, notes->subject->seen[i]);
}

void rule_host(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"host", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_host);
}
