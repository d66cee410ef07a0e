#include "rule/web_certificate.h"

#include "base/str.h"
#include "base/xalloc.h"

/* Below which the names of Microsoft's web servers end, whichever the cloud. */
static const char *const microsoft_domains[] = {"outlook.com", "office365.com", "office365.us", "partner.outlook.cn", "office.com"};

bool web_certificate_was_seen(const struct observation *o)
{
	return observation_has(o, FACT_CERT_SUBJECT, 0);
}

char *web_certificate_fault(const struct observation *o)
{
	if (!web_certificate_was_seen(o))
		return NULL;
	for (uint32_t row = 0; row < observation_rows(o, FACT_VERIFY_NAME); row++) {
		const char *name = observation_text(o, FACT_VERIFY_NAME, row), *text = observation_text(o, FACT_VERIFY_TEXT, row);
		if (str_equal(observation_text(o, FACT_VERIFY_WHEN, row), "at") && !str_equal(name, "no-anchors"))
			return xasprintf("is not accepted: %s", text != NULL ? text : name != NULL ? name : "an error");
	}
	if (observation_flag(o, FACT_CERT_NAME_OK, 0))
		return NULL;
	const char *held = observation_text(o, FACT_CERT_NAME, 0), *wanted = observation_text(o, FACT_TLS_NAME, 0);
	if (held == NULL)
		held = observation_text(o, FACT_CERT_CN, 0);
	return xasprintf("is for %s, not %s", held != NULL ? held : "no name at all", wanted != NULL ? wanted : "this name");
}

bool web_certificate_is_microsofts(const struct observation *o)
{
	for (uint32_t row = 0; row < observation_rows(o, FACT_CERT_NAME); row++) {
		const char *name = observation_text(o, FACT_CERT_NAME, row);
		for (size_t i = 0; name != NULL && i < sizeof microsoft_domains / sizeof *microsoft_domains; i++)
			if (str_in_domain(name, microsoft_domains[i]))
				return true;
	}
	return false;
}
