#ifndef RULE_WEB_CERTIFICATE_H
#define RULE_WEB_CERTIFICATE_H
/* The certificate of an https exchange, judged as a browser or a mail server would. */
#include "cutover/observation.h"

/* Whether a certificate was seen at all. */
bool web_certificate_was_seen(const struct observation *o);

/* What is wrong with it, "is for www.contoso.com, not mta-sts.contoso.com"; NULL when it is good. Allocated. */
char *web_certificate_fault(const struct observation *o);

/* Whether one of its names is among those of Microsoft's mail service (*.outlook.com and its like). */
bool web_certificate_is_microsofts(const struct observation *o);

#endif
