#include "render/todo.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/microsoft.h"
#include "model/spf_record.h"
#include "render/todo_served.h"
#include "render/todo_spf.h"

enum { TTL_S = 3600, SPF_BYTES = 4096 };

/* What is known while the list is made. */
struct making {
	const struct report *report;
	const struct policy *policy;
	struct todo_list *list;
};

static const char *const phase_names[] = {"before", "change", "later"};
static const char *const phase_titles[] = {"Before the change", "At the change", "72 hours after the change"};
static const char *const state_names[] = {"present", "add", "change", "remove", "unknown"};

const char *todo_phase_name(enum todo_phase phase)
{
	return phase_names[phase];
}

const char *todo_phase_title(enum todo_phase phase)
{
	return phase_titles[phase];
}

const char *todo_state_name(enum todo_state state)
{
	return state_names[state];
}

static struct todo *add(struct making *making, enum todo_phase phase, enum todo_state state, const char *name, const char *type)
{
	struct todo_list *list = making->list;
	list->items = xgrow(list->items, list->count, &list->room, sizeof *list->items);
	struct todo *todo = &list->items[list->count++];
	*todo = (struct todo){.phase = phase, .state = state, .name = xstrdup(name), .type = type, .ttl_s = TTL_S};
	return todo;
}

/* Lines of what is served, for the column beside; NULL when there is none. */
static char *join(const struct names *data)
{
	struct buf out;
	buf_init(&out, SPF_BYTES);
	for (size_t i = 0; i < data->count; i++)
		buf_printf(&out, "%s%s", i > 0 ? ", " : "", data->items[i]);
	return data->count > 0 ? buf_steal(&out) : (buf_clear(&out), NULL);
}

static char *absolute(const struct making *making, const char *name)
{
	return str_equal(name, "@") ? xstrdup(making->policy->domain) : xasprintf("%s.%s", name, making->policy->domain);
}

static void find(struct served *served, const struct making *making, const char *name, const char *type)
{
	char *whole = absolute(making, name);
	served_find(served, making->report, whole, type);
	free(whole);
}

/* A record that stands alone for its name: an alias. */
static void want_alias(struct making *making, enum todo_phase phase, const char *name, const char *target, const char *note)
{
	struct served served;
	char *data = xasprintf("%s.", target);
	find(&served, making, name, "CNAME");
	bool is_there = served.data.count == 1 && str_equal_nocase(served.data.items[0], data);
	enum todo_state state = is_there ? TODO_PRESENT : served.data.count > 0 ? TODO_REPLACE : served.is_known ? TODO_ADD : TODO_UNKNOWN;
	struct todo *todo = add(making, phase, state, name, "CNAME");
	todo->data = data;
	todo->now = is_there ? NULL : join(&served.data);
	todo->note = note;
	served_clear(&served);
}

/* Records of that name and type go: what is there of them, one by one. */
static void want_gone(struct making *making, enum todo_phase phase, const char *name, const char *type, const char *note)
{
	struct served served;
	find(&served, making, name, type);
	for (size_t i = 0; i < served.data.count; i++) {
		struct todo *todo = add(making, phase, TODO_REMOVE, name, type);
		todo->data = xstrdup(served.data.items[i]);
		todo->note = note;
	}
	served_clear(&served);
}

static bool starts(const char *text, const char *prefix)
{
	return str_starts_nocase(text, prefix);
}

/* A TXT record known by its beginning: the wanted text, unless one of the kind is there already. */
static void want_text(struct making *making, const char *name, const char *prefix, const char *text, const char *note)
{
	struct served served;
	const char *there = NULL;
	find(&served, making, name, "TXT");
	for (size_t i = 0; i < served.texts.count; i++)
		if (starts(served.texts.items[i], prefix))
			there = served.texts.items[i];
	struct todo *todo = add(making, TODO_BEFORE, there != NULL ? TODO_PRESENT : served.is_known ? TODO_ADD : TODO_UNKNOWN, name, "TXT");
	todo->data = served_quote(there != NULL ? there : text);
	todo->note = there != NULL ? NULL : note;
	served_clear(&served);
}

/* The domain's proof, when its number is known: another one proves it for somebody else. */
static void want_proof(struct making *making, const char *proof)
{
	struct served served;
	char *other = NULL;
	bool is_there = false;
	find(&served, making, "@", "TXT");
	for (size_t i = 0; i < served.texts.count; i++) {
		is_there = is_there || str_equal_nocase(served.texts.items[i], proof);
		if (other == NULL && starts(served.texts.items[i], "MS=ms"))
			other = served_quote(served.texts.items[i]);
	}
	enum todo_state state = is_there ? TODO_PRESENT : other != NULL ? TODO_REPLACE : served.is_known ? TODO_ADD : TODO_UNKNOWN;
	struct todo *todo = add(making, TODO_BEFORE, state, "@", "TXT");
	todo->data = served_quote(proof);
	todo->now = is_there ? NULL : other;
	if (is_there)
		free(other);
	served_clear(&served);
}

static void want_spf(struct making *making, enum todo_phase phase)
{
	struct served served;
	const char *present = NULL;
	find(&served, making, "@", "TXT");
	for (size_t i = 0; i < served.texts.count && present == NULL; i++)
		if (spf_is_record(served.texts.items[i]))
			present = served.texts.items[i];
	struct todo_spf spf = todo_spf_compose(making->report, present, phase == TODO_LATER);
	bool is_there = present != NULL && str_equal(present, spf.text);
	enum todo_state state = is_there ? TODO_PRESENT : present != NULL ? TODO_REPLACE : served.is_known ? TODO_ADD : TODO_UNKNOWN;
	struct todo *todo = add(making, phase, state, "@", "TXT");
	todo->data = served_quote(spf.text);
	todo->now = is_there || present == NULL ? NULL : served_quote(present);
	if (spf.is_over)
		todo->note = "still more than 10 look-ups: take out what no longer sends, or put addresses in place of an include";
	else
		todo->note = phase == TODO_LATER ? "once nothing is sent by the old server any more"
		                                 : "one record only; the old senders stay until the end";
	free(spf.text);
	served_clear(&served);
}

static void want_dkim(struct making *making)
{
	static const char *const selectors[] = {"selector1", "selector2"};
	char *label = microsoft_label(CLOUD_WORLDWIDE, making->policy->domain, NULL);
	for (size_t i = 0; i < 2; i++) {
		char *name = xasprintf("%s._domainkey", selectors[i]);
		struct served served;
		find(&served, making, name, "CNAME");
		struct microsoft_name found;
		bool is_newer = served.data.count == 1 && microsoft_is(MICROSOFT_DKIM, served.data.items[0], &found);
		bool is_worldwide = making->policy->cloud == CLOUD_WORLDWIDE && label != NULL && making->policy->tenant != NULL;
		char *target = NULL;
		if (is_newer)
			target = xstrndup(served.data.items[0], strlen(served.data.items[0]) - 1);
		else if (is_worldwide)
			target = xasprintf("%s-%s._domainkey.%.*s.onmicrosoft.com", selectors[i], label, (int)strcspn(making->policy->tenant, "."),
			                   making->policy->tenant);
		else
			target = xasprintf("TARGET-OF-%s", selectors[i]);
		if (served.data.count == 0)
			want_gone(making, TODO_BEFORE, name, "TXT", "an alias stands alone; first see that nothing signs with this key any more");
		want_alias(making, TODO_BEFORE, name, target,
		           is_newer ? NULL : "compare with Get-DkimSigningConfig: domains added since May 2025 end in dkim.mail.microsoft");
		served_clear(&served);
		free(target);
		free(name);
	}
	free(label);
}

/* The MX set as it is, with a TTL that lets the change be quick. */
static void want_short_ttl(struct making *making)
{
	struct served served;
	find(&served, making, "@", "MX");
	bool is_long = served.ttl_s > making->policy->ttl_limit_s;
	for (size_t i = 0; i < served.data.count; i++) {
		struct todo *todo = add(making, TODO_BEFORE, is_long ? TODO_REPLACE : TODO_PRESENT, "@", "MX");
		todo->data = xstrdup(served.data.items[i]);
		todo->now = is_long ? xasprintf("TTL %lld", (long long)served.ttl_s) : NULL;
		todo->note = is_long ? "shorten the TTL, and wait out the old one" : NULL;
	}
	served_clear(&served);
}

static char *new_mx(const struct making *making)
{
	const struct policy *policy = making->policy;
	if (policy->expect_mx.count > 0)
		return xstrdup(policy->expect_mx.items[0]);
	char *label = microsoft_label(policy->cloud, policy->domain, policy->tenant);
	char *host = microsoft_wanted(MICROSOFT_MX, policy->cloud, label != NULL ? label : "LABEL");
	free(label);
	return host;
}

static void want_mx(struct making *making)
{
	struct served served;
	char *host = new_mx(making), *data = xasprintf("0 %s.", host);
	bool is_there = false;
	find(&served, making, "@", "MX");
	for (size_t i = 0; i < served.data.count; i++) {
		const char *space = strchr(served.data.items[i], ' ');
		is_there = is_there || (space != NULL && strlen(space + 1) == strlen(host) + 1 && starts(space + 1, host));
	}
	struct todo *todo = add(making, TODO_CHANGE, is_there ? TODO_PRESENT : served.is_known ? TODO_ADD : TODO_UNKNOWN, "@", "MX");
	todo->data = data;
	if (making->policy->expect_mx.count == 0 && !is_there)
		todo->note = "take the host that the admin center shows; since July 2026 new domains get one below mx.microsoft";
	for (size_t i = 0; i < served.data.count; i++) {
		const char *space = strchr(served.data.items[i], ' ');
		bool is_new = space != NULL && strlen(space + 1) == strlen(host) + 1 && starts(space + 1, host);
		if (is_new)
			continue;
		todo = add(making, TODO_CHANGE, TODO_REMOVE, "@", "MX");
		todo->data = xstrdup(served.data.items[i]);
		todo->note = "all others go: mail would still reach the old server";
	}
	served_clear(&served);
	free(host);
}

static void want_autodiscover(struct making *making)
{
	char *target = microsoft_wanted(MICROSOFT_AUTODISCOVER, making->policy->cloud, NULL);
	want_gone(making, TODO_CHANGE, "autodiscover", "A", "an alias stands alone");
	want_gone(making, TODO_CHANGE, "autodiscover", "AAAA", "an alias stands alone");
	want_alias(making, TODO_CHANGE, "autodiscover", target, NULL);
	want_gone(making, TODO_CHANGE, "_autodiscover._tcp", "SRV", "clients would follow it elsewhere");
	free(target);
	if (making->policy->cloud != CLOUD_CHINA)
		want_gone(making, TODO_CHANGE, "msoid", "CNAME", "breaks the activation of Office");
}

void todo_make(struct todo_list *list, const struct report *report)
{
	struct making making = {report, report->policy, list};
	*list = (struct todo_list){0};
	if (report->policy->domain == NULL)
		return;
	if (report->policy->verify != NULL)
		want_proof(&making, report->policy->verify);
	else
		want_text(&making, "@", "MS=ms", "MS=ms########", "the admin center shows the number");
	want_spf(&making, TODO_BEFORE);
	want_dkim(&making);
	want_text(&making, "_dmarc", "v=DMARC1", "v=DMARC1; p=none", "no stricter before SPF and DKIM are in place");
	want_short_ttl(&making);
	want_mx(&making);
	want_autodiscover(&making);
	want_spf(&making, TODO_LATER);
}

void todo_clear(struct todo_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].data);
		free(list->items[i].now);
	}
	free(list->items);
	*list = (struct todo_list){0};
}

char *todo_line(const struct todo *todo, const char *domain)
{
	bool is_apex = str_equal(todo->name, "@");
	return xasprintf("%s%s%s. %d IN %s %s", is_apex ? "" : todo->name, is_apex ? "" : ".", domain, todo->ttl_s, todo->type, todo->data);
}
