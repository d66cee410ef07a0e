/*
 * Does the port answer? Each port is judged by itself at the catalogue's severity, though one of 993 and 143 is enough
 * for an endpoint: where the other works, the summary says so. Every address of both families counts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cutover/limits.h"
#include "rule/rules.h"
#include "rule/subject.h"

enum state { UNKNOWN, UNTRIED, OPEN, DEAD };

/* What was seen of the addresses of one family. */
struct family {
	size_t open, dead;
};

static bool is_ipv6(const struct observation *o)
{
	return strchr(observation_address(o), ':') != NULL;
}

/* How the attempt ended, with what followed on the connection: a probe that goes on says no more than that it stood. */
static enum outcome outcome_of(const struct notes *notes, const struct observation *o)
{
	return o->outcome == OUTCOME_OK && port_is_reset(notes->judging->evidence, o) ? OUTCOME_RESET : o->outcome;
}

static enum state state_of(const struct notes *notes, const struct observation *o)
{
	static const enum state states[OUTCOME_COUNT] = {
		[OUTCOME_OK] = OPEN,
		[OUTCOME_CLOSED] = OPEN, /* a connection stood; what a silent close means is for who speaks on it */
		[OUTCOME_RESET] = DEAD,
		[OUTCOME_TIMEOUT] = DEAD,
		[OUTCOME_REFUSED] = DEAD,
		[OUTCOME_UNREACHABLE] = DEAD,
		[OUTCOME_SKIPPED] = UNTRIED,
	};
	const char *skipped = observation_text(o, FACT_SKIP_REASON, 0);
	enum outcome outcome = outcome_of(notes, o);
	if (outcome == OUTCOME_RESET && observation_int_or(o, FACT_PORT_BYTES_RECEIVED, 0, 0) > 0)
		return OPEN;
	if (str_equal(skipped, "not-asked") || str_equal(skipped, "cancelled"))
		return UNKNOWN; /* the user's wish, no gap */
	return states[outcome];
}

/* The finding when every address fails like that one, and what is said of it; what the service waits for first. */
static const struct failure {
	enum outcome outcome;
	enum finding_id id;
	const char *says; /* when no ICMP message says more */
} failures[] = {
	{OUTCOME_TIMEOUT, FINDING_PORT_TIMEOUT, NULL},
	{OUTCOME_UNREACHABLE, FINDING_PORT_UNREACHABLE, "unreachable"},
	{OUTCOME_RESET, FINDING_PORT_RESET, "opens, then is reset before any byte"},
	{OUTCOME_REFUSED, FINDING_PORT_REFUSED, "refused (RST)"},
};
enum { FAILURES = sizeof failures / sizeof failures[0] };

/* "admin-prohibited (ICMP 3/13 from 192.0.2.254)"; false without ICMP. */
static bool say_icmp(struct buf *text, const struct observation *o)
{
	const char *name = observation_text(o, FACT_PORT_ICMP_NAME, 0), *from = observation_text(o, FACT_PORT_ICMP_FROM, 0);
	if (name == NULL)
		return false;
	buf_printf(text, "%s (ICMP %lld/%lld", name, (long long)observation_int_or(o, FACT_PORT_ICMP_TYPE, 0, -1),
	           (long long)observation_int_or(o, FACT_PORT_ICMP_CODE, 0, -1));
	buf_printf(text, "%s%s)", from != NULL ? " from " : "", from != NULL ? from : "");
	return true;
}

static void say_failure(struct buf *text, const struct notes *notes, const struct observation *o)
{
	char wait[WAIT_TEXT_BYTES];
	enum outcome outcome = outcome_of(notes, o);
	if (outcome == OUTCOME_TIMEOUT)
		buf_printf(text, "no answer within %s", wait_format(notes->judging->policy->timeout_ms, wait));
	else if (!say_icmp(text, o))
		for (size_t i = 0; i < FAILURES; i++)
			if (failures[i].outcome == outcome)
				buf_puts(text, failures[i].says);
}

static void note_failures(struct notes *notes, enum finding_id id, bool wants_ipv6)
{
	for (size_t i = 0; i < notes->subject->count; i++) {
		size_t index = notes->subject->seen[i];
		const struct observation *o = notes->judging->evidence->observations[index];
		if (state_of(notes, o) != DEAD || is_ipv6(o) != wants_ipv6)
			continue;
		struct buf text;
		buf_init(&text, 1024);
		say_failure(&text, notes, o);
		notes_add(notes, id, index, "%s", text.bytes);
		buf_clear(&text);
	}
}

/*
 * All addresses are dead: which failure names the finding? IPv4 decides when the families differ, and within a family
 * the one that the service would wait for longest.
 */
static enum finding_id worst_failure(const struct notes *notes, bool is_of_ipv6)
{
	for (size_t rank = 0; rank < FAILURES; rank++)
		for (size_t i = 0; i < notes->subject->count; i++) {
			const struct observation *o = notes->judging->evidence->observations[notes->subject->seen[i]];
			if (state_of(notes, o) == DEAD && is_ipv6(o) == is_of_ipv6 &&
			    outcome_of(notes, o) == failures[rank].outcome)
				return failures[rank].id;
		}
	return FINDING_PORT_REFUSED;
}

/* What telnet would have printed, the words of Microsoft's own troubleshooter. */
static void quote_telnet(const struct notes *notes, struct finding *finding)
{
	for (size_t i = 0; i < notes->subject->count; i++) {
		const struct observation *o = notes->judging->evidence->observations[notes->subject->seen[i]];
		const char *words = observation_text(o, FACT_PORT_TELNET, 0);
		if (words != NULL && state_of(notes, o) == DEAD) {
			finding_arg(finding, "telnet", words);
			return;
		}
	}
}

/* Adds every open address: "192.0.2.1, 2001:db8::1". */
static void list_open(struct buf *list, const struct notes *notes)
{
	size_t start = list->length;
	for (size_t i = 0; i < notes->subject->count; i++) {
		const struct observation *o = notes->judging->evidence->observations[notes->subject->seen[i]];
		if (state_of(notes, o) == OPEN)
			buf_printf(list, "%s%s", list->length > start ? ", " : "", observation_address(o));
	}
}

static void raise_all_dead(struct notes *notes, bool is_of_ipv6)
{
	enum finding_id id = worst_failure(notes, is_of_ipv6);
	note_failures(notes, id, false);
	note_failures(notes, id, true);
	char *hint = port_sibling_hint(notes);
	struct finding *finding = notes_raise(notes, id, NAME_ADDRESSES, hint);
	free(hint);
	quote_telnet(notes, finding);
}

/* A family that is dead as a whole beside a living one, and single dead addresses within a living family. */
static void raise_partly_dead(struct notes *notes, const struct family *v4, const struct family *v6)
{
	note_failures(notes, v4->open > 0 ? FINDING_PORT_ADDRESS_DEAD : FINDING_PORT_FAMILY_DEAD, false);
	note_failures(notes, v6->open > 0 ? FINDING_PORT_ADDRESS_DEAD : FINDING_PORT_FAMILY_DEAD, true);
	struct buf tail;
	buf_init(&tail, LIMIT_FACT_BYTES);
	buf_puts(&tail, "; open: ");
	list_open(&tail, notes);
	struct finding *address = notes_raise(notes, FINDING_PORT_ADDRESS_DEAD, NAME_ADDRESSES, tail.bytes);
	struct finding *family = notes_raise(notes, FINDING_PORT_FAMILY_DEAD, NAME_ADDRESSES,
	                                     v4->open > 0 ? "; IPv4 answers" : "; IPv6 answers");
	if (address != NULL)
		quote_telnet(notes, address);
	if (family != NULL)
		quote_telnet(notes, family);
	buf_clear(&tail);
}

static void note_untried(struct notes *notes, size_t index, const struct observation *o)
{
	const char *reason = observation_text(o, FACT_SKIP_REASON, 0);
	const char *family = is_ipv6(o) ? "IPv6" : "IPv4";
	if (str_equal(reason, "deadline"))
		notes_add(notes, FINDING_PORT_NOT_TESTED, index, "not tried, the deadline came first");
	else
		notes_add(notes, FINDING_PORT_NOT_TESTED, index, "not tried, this machine has no %s%s", family,
		          str_equal(reason, "no-family") ? "" : " route there");
}

/* Once a host: what is open from here may be closed to Microsoft. */
static void raise_view(const struct notes *notes)
{
	const struct judging *j = notes->judging;
	struct finding *view = finding_about(j->findings, FINDING_PORT_VIEW_FROM_HERE, notes->subject->host);
	if (view == NULL) {
		struct buf open;
		buf_init(&open, LIMIT_FACT_BYTES);
		list_open(&open, notes);
		view = findings_add(j->findings, j->policy, FINDING_PORT_VIEW_FROM_HERE, notes->subject->host,
		                    "open from this machine, which does not prove that Microsoft gets through");
		finding_arg(view, "host", notes->subject->host);
		finding_arg_int(view, "port", notes->subject->port);
		finding_arg(view, "address", open.bytes);
		buf_clear(&open);
	}
	for (size_t i = 0; i < notes->subject->count; i++)
		if (state_of(notes, j->evidence->observations[notes->subject->seen[i]]) == OPEN)
			finding_because(view, notes->subject->seen[i]);
}

/*
 * Microsoft reaches none of these addresses, and the user has been told so: that they are dead from here as well
 * follows and is no second fault. Who has taken that verdict back wants to know about the ports.
 */
static bool is_told_by_host(const struct notes *notes)
{
	const struct policy *policy = notes->judging->policy;
	const char *id = catalogue_get(FINDING_HOST_PRIVATE_ADDRESS)->id;
	const struct finding *told =
		finding_about(notes->judging->findings, FINDING_HOST_PRIVATE_ADDRESS, notes->subject->host);
	bool is_kept = !names_has(&policy->ignore, id) && (policy->only.count == 0 || names_has(&policy->only, id));
	return told != NULL && told->severity == SEVERITY_FAIL && is_kept;
}

static void judge_port(struct notes *notes)
{
	struct family v4 = {0}, v6 = {0};
	for (size_t i = 0; i < notes->subject->count; i++) {
		size_t index = notes->subject->seen[i];
		const struct observation *o = notes->judging->evidence->observations[index];
		struct family *family = is_ipv6(o) ? &v6 : &v4;
		enum state state = state_of(notes, o);
		family->open += state == OPEN;
		family->dead += state == DEAD;
		if (state == OPEN)
			notes_add(notes, FINDING_PORT_OPEN, index, "open");
		if (state == UNTRIED)
			note_untried(notes, index, o);
	}
	bool is_open = v4.open + v6.open > 0;
	if (is_open && (v4.open > 0 || v4.dead == 0) && (v6.open > 0 || v6.dead == 0))
		notes_raise(notes, FINDING_PORT_OPEN, NAME_ADDRESSES, NULL);
	if (is_open) {
		raise_partly_dead(notes, &v4, &v6);
		raise_view(notes);
	} else if (v4.dead + v6.dead > 0 && !is_told_by_host(notes)) {
		raise_all_dead(notes, v4.dead == 0);
	}
	notes_raise(notes, FINDING_PORT_NOT_TESTED, NAME_ADDRESSES, NULL);
}

void rule_port(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	static const char *const probes[] = {"port", NULL};
	const struct judging judging = {evidence, policy, findings};
	subjects_each(&judging, probes, judge_port);
}
