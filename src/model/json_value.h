#ifndef MODEL_JSON_VALUE_H
#define MODEL_JSON_VALUE_H
/*
 * Our values as JSON, by jansson, both ways. One form for reports (cutover.report/1) and recordings (cutover.evidence/1).
 *
 *   {"probe": "port", "target": "imap.contoso.com:993", "address": "192.0.2.1" | null, "vantage": "site-a" | null,
 *    "outcome": "timeout", "started": "2026-11-21T23:06:59.123Z", "elapsed_ms": 15000,
 *    "facts": {"port.syn_retransmits": 3, "dns.mx": [{"preference": 10, "host": "mx.contoso.com"}]},
 *    "transcript": [{"at_ms": 12, "dir": "<", "text": "* OK ready"}]}
 *
 * A scalar fact stands under its key, the rows of a table as objects in an array under the table's name, a time as
 * RFC 3339. What is read is a stranger's: control characters in it are escaped as escape_bytes does, and what this
 * version does not know (a fact, an outcome) is left out and counted.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/observation.h"

struct sink;

/* New references, owned by the caller. */
json_t *json_value_text(const char *text);      /* escaped for terminals, always valid UTF-8; NULL gives null */
json_t *json_value_time(int64_t seconds);       /* RFC 3339; TIME_UNKNOWN gives null */
json_t *json_value_time_ms(int64_t milliseconds);
json_t *json_value_tool(void);                  /* {"name": "cutover", "version": "..."} */

/* `with_transcript`: the dialogue too, as recordings and -vv have it. */
json_t *json_value_observation(const struct observation *observation, bool with_transcript);

/*
 * The observation that the value states, owned by the caller; NULL when it states none (no object, no probe, no
 * target, no known outcome, no start). *skipped grows by one for that, and by one for each fact that is unknown or of
 * another type.
 */
struct observation *json_value_to_observation(const json_t *value, size_t *skipped);

/* Reading: the text, escaped, owned by the caller; NULL when the value (or the object's member) is no text. */
char *json_value_clean(const json_t *value);
char *json_value_member(const json_t *object, const char *key);

/* Writes the value and a newline; indent 0: all on one line. */
void json_value_write(struct sink *sink, const json_t *value, int indent);

#endif
