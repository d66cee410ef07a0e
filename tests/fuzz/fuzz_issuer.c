/* What an AIA address sends, and a certificate that a recording holds. */
#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *form = NULL;
	struct observation *o = observation_new("tls", "imap.lab.test:993", NULL, 0), *issuer = observation_new("issuer", "imap.lab.test:993", NULL, 0);
	STACK_OF(X509) *fetched = certificate_read(data, size, &form);
	if (fetched != NULL && (form == NULL || sk_X509_num(fetched) > LIMIT_ISSUER_CERTS))
		abort();
	if (fetched != NULL) {
		const struct certificate_chain chain = {X509_chain_up_ref(fetched), X509_STORE_new(), false};
		int sent = sk_X509_num(fetched);
		certificate_describe(o, &chain);
		certificate_keep(o, &chain);
		if (certificate_try_issuer(issuer, &chain, fetched, 0) != (sk_X509_num(chain.sent) > sent))
			abort();
		certificate_tell_added(issuer, chain.sent, sent);
		sk_X509_pop_free(chain.sent, X509_free);
		X509_STORE_free(chain.store);
	}
	char *text = xstrndup((const char *)data, size);
	if (fetched == NULL)
		observation_add_text(o, FACT_CERT_DER, 0, text);
	STACK_OF(X509) *kept = certificate_kept(o);
	if (fetched != NULL && kept == NULL && size < LIMIT_FACT_BYTES / 2) /* beyond, a leaf may be too large to keep */
		abort();
	sk_X509_pop_free(kept, X509_free);
	sk_X509_pop_free(fetched, X509_free);
	observation_free(o);
	observation_free(issuer);
	free(text);
	return 0;
}
