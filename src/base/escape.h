#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H
/*
 * One escaper a language. What a stranger said passes exactly one of them on its way out, and escape_bytes on its way in.
 * JSON is jansson's business (base/json.h).
 */
#include <stddef.h>

struct buf;

/*
 * In: any bytes to printable UTF-8. Control characters (C0, DEL, C1), invalid UTF-8 and bidirectional controls become
 * \DDD, a byte each, as in DNS master files (RFC 1035 5.1); a backslash becomes \\.
 */
void escape_bytes(struct buf *out, const void *bytes, size_t length);

/* Terminal: as escape_bytes, but text that is already escaped stays as it is (backslashes are not doubled). */
void escape_terminal(struct buf *out, const char *text);
void escape_html(struct buf *out, const char *text);        /* text and quoted attributes */
void escape_markdown(struct buf *out, const char *text);    /* inline text and table cells */
void escape_xml(struct buf *out, const char *text);         /* as html; characters that XML 1.0 forbids become U+FFFD */
void escape_openmetrics(struct buf *out, const char *text); /* label values: \\ \" \n */
void escape_nagios(struct buf *out, const char *text);      /* one line, no '|' (begins performance data) */
void escape_csv(struct buf *out, const char *text);         /* RFC 4180, quoted when needed; formulas defused with ' */

#endif
