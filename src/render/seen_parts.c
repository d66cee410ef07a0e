#include "render/seen_parts.h"

#include <string.h>

#include "base/buf.h"
#include "render/words.h"

enum { TEXT_BYTES = 160 };

void seen_put_text(struct buf *out, const char *text)
{
	size_t length = text != NULL ? strlen(text) : 0;
	if (length <= TEXT_BYTES) {
		buf_puts(out, text != NULL ? text : "-");
		return;
	}
	for (length = TEXT_BYTES; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
		; /* never in the middle of a character */
	buf_add(out, text, length);
	buf_puts(out, "...");
}

void seen_also(struct buf *out, const struct observation *o, enum fact_key key, const char *before)
{
	const char *text = observation_text(o, key, 0);
	if (text == NULL || *text == '\0')
		return;
	buf_puts(out, before);
	seen_put_text(out, text);
}

const char *seen_outcome_words(enum outcome outcome)
{
	static const char *const words[] = {
	    [OUTCOME_OK] = "answered",
	    [OUTCOME_REFUSED] = "refused",
	    [OUTCOME_TIMEOUT] = "no answer",
	    [OUTCOME_UNREACHABLE] = "unreachable",
	    [OUTCOME_RESET] = "reset",
	    [OUTCOME_CLOSED] = "closed by the peer",
	    [OUTCOME_TLS] = "TLS handshake failed",
	    [OUTCOME_PROTOCOL] = "answered in another way than expected",
	    [OUTCOME_NXDOMAIN] = "the name does not exist (NXDOMAIN)",
	    [OUTCOME_NODATA] = "no such record (NODATA)",
	    [OUTCOME_SERVFAIL] = "server failure",
	    [OUTCOME_DENIED] = "denied",
	    [OUTCOME_LIMITED] = "put off: too many or too fast",
	    [OUTCOME_SKIPPED] = "not tried",
	    [OUTCOME_CANCELLED] = "stopped before it ended",
	    [OUTCOME_INTERNAL] = "internal error of this program",
	};
	return words[outcome];
}

void seen_outcome(struct buf *out, const struct observation *o)
{
	buf_puts(out, seen_outcome_words(o->outcome));
	if (o->outcome >= OUTCOME_REFUSED && o->outcome <= OUTCOME_RESET) {
		buf_puts(out, o->outcome == OUTCOME_TIMEOUT ? " in " : " after ");
		words_duration(out, o->elapsed_ms);
	}
	if (o->outcome == OUTCOME_SKIPPED)
		seen_also(out, o, FACT_SKIP_REASON, ": ");
}
