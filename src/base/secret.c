#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"

/* One mapping of its own, so that locking and MADV_DONTDUMP cover nothing else. */
struct secret {
	size_t mapped, length;
	char bytes[];
};

struct secret *secret_new(const void *bytes, size_t length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t mapped = (sizeof(struct secret) + length + 1 + page - 1) / page * page;
	struct secret *secret = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret == MAP_FAILED)
		xrealloc(NULL, (size_t)-1, 2); /* says so and aborts */
	(void)mlock(secret, mapped); /* a low RLIMIT_MEMLOCK is no reason to stop */
	(void)madvise(secret, mapped, MADV_DONTDUMP);
	secret->mapped = mapped;
	secret->length = length;
	memcpy(secret->bytes, bytes, length);
	secret->bytes[length] = '\0';
	return secret;
}

void secret_free(struct secret *secret)
{
	if (secret == NULL)
		return;
	size_t mapped = secret->mapped;
	secret_wipe(secret, mapped);
	munmap(secret, mapped);
}

const char *secret_bytes(const struct secret *secret, size_t *length)
{
	if (length != NULL)
		*length = secret->length;
	return secret->bytes;
}

void secret_wipe(void *bytes, size_t length)
{
	explicit_bzero(bytes, length);
}
