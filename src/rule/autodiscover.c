/* Where Outlook is led by DNS alone: autodiscover.DOMAIN and _autodiscover._tcp.DOMAIN. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/microsoft.h"
#include "rule/dns_rows.h"
#include "rule/old_place.h"
#include "rule/rules.h"
#include "rule/wildcard.h"

/* The records that are there in their own right; what only a wildcard answers is not. */
struct leads {
	const struct dns_view *view;
	char *name, *srv_name;
	const struct dns_entry *alias;        /* the answer with the alias, or NULL */
	const char *target, *end;             /* what it points to, and where its chain ends */
	const struct dns_entry *addresses[2]; /* A and AAAA of the name itself, or NULL */
	const struct dns_entry *srv;          /* the SRV answer, or NULL */
	const struct dns_entry *absent;       /* an answer that says that there is no alias or address, or NULL */
	bool is_shown;                        /* the ladder stands with a finding */
};

static bool has_alias(const struct leads *leads, const struct dns_entry *entry)
{
	return entry != NULL && str_equal_nocase(observation_text(entry->o, FACT_DNS_CNAME_OWNER, 0), leads->name);
}

/* A word on CNAME alone leaves addresses open, unless none were asked for. */
static bool says_absent(const struct leads *leads, const struct dns_entry *entry, const char *type)
{
	if (entry == NULL)
		return false;
	if (entry->o->outcome == OUTCOME_NXDOMAIN || wildcard_explains(leads->view, entry))
		return true;
	bool is_enough =
	    str_equal(type, "A") || (str_equal(type, "CNAME") && !dns_view_asked(leads->view, leads->name, "A"));
	return is_enough && dns_entry_is_negative(entry);
}

static void read_name(struct leads *leads)
{
	static const char *const types[] = {"A", "AAAA", "CNAME"};
	for (size_t i = 0; i < 3; i++) {
		const struct dns_entry *entry = dns_view_best(leads->view, leads->name, types[i]);
		if (says_absent(leads, entry, types[i])) {
			leads->absent = entry;
		} else if (has_alias(leads, entry)) {
			leads->alias = entry;
			leads->target = observation_text(entry->o, FACT_DNS_CNAME, 0);
			const char *end = observation_text(entry->o, FACT_DNS_CNAME_TARGET, 0);
			leads->end = end != NULL ? end : leads->end;
		} else if (entry != NULL && i < 2 && observation_has(entry->o, FACT_DNS_ADDRESS, 0)) {
			leads->addresses[i] = entry;
		}
	}
}

static void read_leads(struct leads *leads, const struct dns_view *view)
{
	*leads = (struct leads){.view = view,
	                        .name = xasprintf("autodiscover.%s", view->domain),
	                        .srv_name = xasprintf("_autodiscover._tcp.%s", view->domain)};
	const struct dns_entry *srv = dns_view_best(view, leads->srv_name, "SRV");
	/* The target "." says that there is no such service (RFC 2782). */
	const char *target = srv != NULL ? observation_text(srv->o, FACT_DNS_SRV_TARGET, 0) : NULL;
	if (target != NULL && !str_equal(target, ".") && !wildcard_explains(view, srv))
		leads->srv = srv;
	read_name(leads);
}

static void clear_leads(struct leads *leads)
{
	free(leads->name);
	free(leads->srv_name);
}

static bool is_microsoft(const struct leads *leads, const char *name)
{
	struct microsoft_name found;
	return name != NULL && microsoft_is(MICROSOFT_AUTODISCOVER, name, &found) &&
	       (found.clouds & 1U << leads->view->policy->cloud) != 0;
}

/* " (cPanel)", " (Microsoft's cloud gcc-high)", or ""; allocated. */
static char *owner_of(const char *name)
{
	struct microsoft_name found;
	char *provider = provider_of(name), *clouds = NULL, *owner = NULL;
	if (microsoft_is(MICROSOFT_AUTODISCOVER, name, &found))
		clouds = microsoft_clouds(found.clouds);
	if (clouds != NULL)
		owner = xasprintf(" (Microsoft's cloud %s)", clouds);
	else
		owner = provider != NULL ? xasprintf(" (%s)", provider) : xstrdup("");
	free(provider);
	free(clouds);
	return owner;
}

/* The ladder that a client climbs by these records, hop by hop, with the first finding. */
static void show_ladder(struct leads *leads, struct finding *f)
{
	const struct evidence *evidence = leads->view->evidence;
	if (leads->is_shown)
		return;
	leads->is_shown = true;
	for (size_t i = 0; (i = evidence_next(evidence, i, "autodiscover")) < evidence->count; i++)
		if (observation_has(evidence->observations[i], FACT_AUTODISCOVER_STEP, 0) &&
		    str_equal_nocase(evidence->observations[i]->target, leads->view->domain))
			finding_because(f, i);
}

static struct finding *add(struct leads *leads, enum finding_id id, const struct dns_entry *entry,
                           const char *says)
{
	char *source = dns_entry_source(entry);
	char *wanted = microsoft_wanted(MICROSOFT_AUTODISCOVER, leads->view->policy->cloud, NULL);
	struct finding *f = dns_view_add(leads->view, id, NULL, "%s%s", says, source);
	finding_arg(f, "name", entry->question);
	finding_arg(f, "value", says);
	finding_arg(f, "wanted", wanted);
	finding_because(f, entry->index);
	show_ladder(leads, f);
	free(wanted);
	free(source);
	return f;
}

/* An alias: Microsoft's by name, or at the end of its chain. */
static bool judge_alias(struct leads *leads)
{
	if (is_microsoft(leads, leads->target) || is_microsoft(leads, leads->end))
		return true;
	char *owner = owner_of(leads->target),
	     *says = xasprintf("%s is an alias of %s%s", leads->name, leads->target, owner);
	add(leads, FINDING_AUTODISCOVER_OLD_TARGET, leads->alias, says);
	free(owner);
	free(says);
	return false;
}

/* Addresses: not the wanted alias; that they are the old server's can only be said of addresses that are known. */
static void judge_addresses(struct leads *leads)
{
	const struct dns_entry *first = leads->addresses[0] != NULL ? leads->addresses[0] : leads->addresses[1];
	const char *address = observation_text(first->o, FACT_DNS_ADDRESS, 0), *place = old_place_of(leads->view, first);
	char *says = xasprintf("%s has the address %s", leads->name, address);
	add(leads, FINDING_AUTODISCOVER_NOT_ALIAS, first, says);
	free(says);
	if (place != NULL) {
		says = xasprintf("%s has the address %s of %s", leads->name, address, place);
		add(leads, FINDING_AUTODISCOVER_OLD_TARGET, first, says);
		free(says);
	}
}

/* Whether all targets are Microsoft's; the first that is not is named. */
static bool judge_srv(struct leads *leads)
{
	static const enum fact_key keys[] = {FACT_DNS_SRV_TARGET};
	struct dns_rows rows;
	bool is_good = true;
	dns_rows_read(&rows, leads->srv->o, keys, 1);
	for (size_t i = 0; i < rows.count && is_good; i++) {
		const char *target = dns_rows_text(&rows, i, 0);
		is_good = is_microsoft(leads, target);
		if (!is_good) {
			char *owner = owner_of(target),
			     *says = xasprintf("%s leads to %s%s", leads->srv_name, target, owner);
			add(leads, FINDING_AUTODISCOVER_SRV_FOREIGN, leads->srv, says);
			free(owner);
			free(says);
		}
	}
	dns_rows_clear(&rows);
	return is_good;
}

static void judge_ok(struct leads *leads)
{
	const char *name = leads->srv_name, *target = NULL;
	const struct dns_entry *entry = leads->srv;
	if (leads->alias != NULL) {
		name = leads->name;
		entry = leads->alias;
		target = is_microsoft(leads, leads->target) ? leads->target : leads->end;
	} else if (entry != NULL) {
		target = observation_text(entry->o, FACT_DNS_SRV_TARGET, 0);
	}
	if (target == NULL)
		return;
	char *says = xasprintf("%s leads to %s", name, target);
	add(leads, FINDING_AUTODISCOVER_OK, entry, says);
	free(says);
}

static void judge(struct leads *leads)
{
	bool has_addresses = leads->addresses[0] != NULL || leads->addresses[1] != NULL;
	bool is_alias_good = leads->alias != NULL && judge_alias(leads);
	bool is_srv_good = leads->srv != NULL && judge_srv(leads);
	if (leads->alias == NULL && has_addresses)
		judge_addresses(leads);
	/* An SRV record of Microsoft's serves as well, when nothing that is asked before it leads elsewhere. */
	if (is_alias_good ? leads->srv == NULL || is_srv_good : is_srv_good && leads->alias == NULL && !has_addresses)
		judge_ok(leads);
	if (leads->alias == NULL && !has_addresses && leads->srv == NULL && leads->absent != NULL) {
		char *says = xasprintf("%s %s", leads->name,
		                       wildcard_explains(leads->view, leads->absent) ? "has only the wildcard's answer"
		                                                                     : "is not there");
		add(leads, FINDING_AUTODISCOVER_MISSING, leads->absent, says);
		free(says);
	}
}

void rule_autodiscover(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct leads leads;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	const struct dns_entry *mx = dns_view_best(&view, view.domain, "MX");
	/* A domain that does not exist has one fault, not one for each of its names. */
	if (mx == NULL || mx->o->outcome != OUTCOME_NXDOMAIN) {
		read_leads(&leads, &view);
		judge(&leads);
		clear_leads(&leads);
	}
	dns_view_clear(&view);
}
