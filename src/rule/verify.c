/* The proof of ownership: MS=ms######## among the domain's TXT records, or its MX form ms########.msv1.invalid. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/dns_rows.h"
#include "rule/rules.h"
#include "rule/dns_view.h"

/* The proofs found, as "ms########" in lower case, each once. */
static void keep(struct names *proofs, const char *text, size_t length)
{
	char *proof = xstrndup(text, length);
	str_lower(proof);
	if (!names_has(proofs, proof))
		names_add(proofs, proof);
	free(proof);
}

/* Length of "ms" and digits at the start of the text, or 0. */
static size_t proof_length(const char *text)
{
	size_t digits = str_starts_nocase(text, "ms") ? strspn(text + 2, "0123456789") : 0;
	return digits > 0 ? digits + 2 : 0;
}

static void read_txt(struct names *proofs, const struct dns_entry *entry)
{
	static const enum fact_key keys[] = {FACT_DNS_TXT};
	struct dns_rows rows;
	dns_rows_read(&rows, entry->o, keys, 1);
	for (size_t i = 0; i < rows.count; i++) {
		const char *text = dns_rows_text(&rows, i, 0);
		text += strspn(text, " ");
		if (!str_starts_nocase(text, "MS="))
			continue;
		size_t length = proof_length(text + 3);
		if (length > 0 && text[3 + length + strspn(text + 3 + length, " ")] == '\0')
			keep(proofs, text + 3, length);
	}
	dns_rows_clear(&rows);
}

static void read_mx(struct names *proofs, const struct dns_entry *entry)
{
	static const enum fact_key keys[] = {FACT_DNS_MX_HOST};
	struct dns_rows rows;
	dns_rows_read(&rows, entry->o, keys, 1);
	for (size_t i = 0; i < rows.count; i++) {
		size_t length = proof_length(dns_rows_text(&rows, i, 0));
		if (length > 0 && str_starts_nocase(dns_rows_text(&rows, i, 0) + length, ".msv1.invalid"))
			keep(proofs, dns_rows_text(&rows, i, 0), length);
	}
	dns_rows_clear(&rows);
}

static char *join(const struct names *proofs)
{
	struct buf out;
	buf_init(&out, 1024);
	for (size_t i = 0; i < proofs->count; i++)
		buf_printf(&out, "%sMS=%s", i > 0 ? ", " : "", proofs->items[i]);
	return buf_steal(&out);
}

/*
 * With --verify that proof has to be there; others beside it belong to other tenants and do no harm. Without it two
 * proofs leave open which one this tenant asks for.
 */
static enum finding_id judge(const struct names *proofs, const char *wanted)
{
	if (proofs->count == 0)
		return FINDING_VERIFY_MISSING;
	if (wanted != NULL)
		return names_has(proofs, str_starts_nocase(wanted, "MS=") ? wanted + 3 : wanted) ? FINDING_VERIFY_OK
		                                                                                 : FINDING_VERIFY_DIFFERS;
	return proofs->count == 1 ? FINDING_VERIFY_OK : FINDING_VERIFY_DIFFERS;
}

static void say(const struct dns_view *view, const struct dns_entry *txt, const struct dns_entry *mx,
                const struct names *proofs)
{
	const char *wanted = view->policy->verify;
	enum finding_id id = judge(proofs, wanted);
	char *found = join(proofs), *source = dns_entry_source(txt);
	struct finding *f = NULL;
	if (id == FINDING_VERIFY_MISSING)
		f = dns_view_add(view, id, NULL, "no MS= record%s%s%s", wanted != NULL ? "; wanted " : "",
		                 wanted != NULL ? wanted : "", source);
	else if (id == FINDING_VERIFY_OK)
		f = dns_view_add(view, id, NULL, "%s%s", found, source);
	else if (wanted != NULL)
		f = dns_view_add(view, id, NULL, "%s, not %s%s", found, wanted, source);
	else
		f = dns_view_add(view, id, NULL, "several: %s; name the right one with --verify%s", found, source);
	finding_arg(f, "value", found);
	finding_arg(f, "wanted", wanted != NULL ? wanted : "MS=ms########");
	finding_because(f, txt->index);
	if (mx != NULL)
		finding_because(f, mx->index);
	free(found);
	free(source);
}

void rule_verify(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct names proofs = {0};
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	const struct dns_entry *txt = dns_view_best(&view, view.domain, "TXT"),
			       *mx = dns_view_best(&view, view.domain, "MX");
	if (txt != NULL && txt->o->outcome != OUTCOME_NXDOMAIN) {
		read_txt(&proofs, txt);
		if (mx != NULL)
			read_mx(&proofs, mx);
		say(&view, txt, mx, &proofs);
	}
	names_clear(&proofs);
	dns_view_clear(&view);
}
