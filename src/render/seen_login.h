#ifndef RENDER_SEEN_LOGIN_H
#define RENDER_SEEN_LOGIN_H
/* Sign-ins, what lies in mailboxes, and limits of connections, in words. Part of seen.h. */
#include "cutover/observation.h"

struct buf;

/* "row 2, ann@contoso.com: ok"; a refusal with the server's words. */
void seen_login(struct buf *out, const struct observation *observation);
/* Of a whole file: "48 rows, 3 not tried: limited". */
void seen_logins(struct buf *out, const struct observation *observation);
/* "row 2, ann@contoso.com: 12034 messages in 48 folders, 4123456789 bytes, ...". */
void seen_mailbox(struct buf *out, const struct observation *observation);
/* "10 of 20 connections held, 1 refused: * BYE too many connections". */
void seen_limit(struct buf *out, const struct observation *observation);

#endif
