#include <string.h>

#include "proto/imap_dialogue.h"
#include "proto/imap_product.h"

static const char *const kinds[] = {
    [IMAP_GREETED_OK] = "ok",           [IMAP_GREETED_PREAUTH] = "preauth", [IMAP_GREETED_BYE] = "bye",
    [IMAP_GREETED_OTHER] = "other",     [IMAP_GREETED_GARBAGE] = "garbage",
};

static void add_names(struct observation *observation, enum fact_key key, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		observation_add_bytes(observation, key, (uint32_t)i, names->items[i], strlen(names->items[i]));
}

static bool has_password_mechanism(const struct names *capabilities)
{
	return names_has(capabilities, "AUTH=PLAIN") || names_has(capabilities, "AUTH=LOGIN");
}

/* RFC 9051 6.2.3: LOGIN works unless LOGINDISABLED says otherwise. */
static bool takes_password(const struct names *capabilities)
{
	return !names_has(capabilities, "LOGINDISABLED") || has_password_mechanism(capabilities);
}

static void observe_capabilities(struct observation *observation, const struct imap_dialogue *imap)
{
	const struct names *names = &imap->capabilities;
	bool is_rev1 = names_has(names, "IMAP4rev1"), is_rev2 = names_has(names, "IMAP4rev2");
	add_names(observation, FACT_IMAP_CAPABILITY, names);
	if (is_rev1 || is_rev2)
		observation_add_text(observation, FACT_IMAP_REVISION, 0,
		                     !is_rev2   ? "IMAP4rev1"
		                     : !is_rev1 ? "IMAP4rev2"
		                                : "both");
	observation_add_bool(observation, FACT_IMAP_IN_TLS, 0, imap->is_in_tls);
	observation_add_bool(observation, FACT_IMAP_LOGIN_DISABLED, 0, names_has(names, "LOGINDISABLED"));
	observation_add_bool(observation, FACT_IMAP_PASSWORD_AUTH, 0, takes_password(names));
}

static void observe_product(struct observation *observation, const struct imap_dialogue *imap)
{
	struct names ids = {0};
	struct imap_product product;
	for (size_t i = 0; i < imap->id_count; i++)
		names_add(&ids, imap->ids[i].value);
	if (imap_product_find(imap->greeting, &imap->capabilities, &ids, &product)) {
		observation_add_text(observation, FACT_IMAP_PRODUCT, 0, product.name);
		observation_add_text(observation, FACT_IMAP_PRODUCT_FROM, 0, product.from);
		if (product.admin_format[0] != '\0')
			observation_add_text(observation, FACT_IMAP_ADMIN_FORMAT, 0, product.admin_format);
	}
	names_clear(&ids);
}

void imap_dialogue_observe(struct observation *observation, const struct imap_dialogue *imap)
{
	observation_add_text(observation, FACT_IMAP_STAGE, 0, imap->stage);
	if (imap->greeting != NULL)
		observation_add_bytes(observation, FACT_IMAP_GREETING, 0, imap->greeting, strlen(imap->greeting));
	if (imap->kind != IMAP_GREETED_NOT)
		observation_add_text(observation, FACT_IMAP_GREETING_KIND, 0, kinds[imap->kind]);
	if (imap->other_protocol != NULL)
		observation_add_text(observation, FACT_IMAP_OTHER_PROTOCOL, 0, imap->other_protocol);
	if (imap->fault != NULL)
		observation_add_text(observation, FACT_IMAP_FAULT, 0, imap->fault);
	if (imap->starttls.is_early)
		observation_add_bool(observation, FACT_STARTTLS_EARLY, 0, true);
	if (imap->is_clear_listed) {
		add_names(observation, FACT_IMAP_CLEAR_CAPABILITY, &imap->clear_capabilities);
		observation_add_bool(observation, FACT_IMAP_CLEAR_LOGIN, 0, takes_password(&imap->clear_capabilities));
	}
	if (imap->is_listed)
		observe_capabilities(observation, imap);
	for (size_t i = 0; i < imap->id_count; i++) {
		const struct imap_id_field *field = &imap->ids[i];
		observation_add_bytes(observation, FACT_IMAP_ID_KEY, (uint32_t)i, field->key, strlen(field->key));
		observation_add_bytes(observation, FACT_IMAP_ID_VALUE, (uint32_t)i, field->value, strlen(field->value));
	}
	if (imap->kind == IMAP_GREETED_OK || imap->kind == IMAP_GREETED_PREAUTH)
		observe_product(observation, imap);
}
