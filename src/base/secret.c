#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/xalloc.h"

/* One mapping of its own, so that locking and MADV_DONTDUMP cover nothing else. */
struct secret {
	size_t mapped, length;
	char bytes[];
};

struct secret *secret_new_room(size_t length)
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
	return secret;
}

struct secret *secret_new(const void *bytes, size_t length)
{
	struct secret *secret = secret_new_room(length);
	memcpy(secret->bytes, bytes, length);
	return secret;
}

char *secret_room(struct secret *secret, size_t *length)
{
	*length = secret->length;
	return secret->bytes;
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

enum { STORE_BYTES = 16384, STACK_BYTES = 256 * 1024 };

__attribute__((noinline)) void secret_wipe_stack(void)
{
	char below[STACK_BYTES];
	explicit_bzero(below, sizeof below);
}

size_t secret_store_add(struct secret_store *store, const void *bytes, size_t length)
{
	size_t room = store->memory != NULL ? store->memory->length : 0;
	if (store->memory == NULL || room - store->used < length) {
		struct secret *larger = secret_new_room(2 * (room + length) + STORE_BYTES);
		if (store->memory != NULL)
			memcpy(larger->bytes, store->memory->bytes, store->used);
		secret_free(store->memory);
		store->memory = larger;
	}
	size_t offset = store->used;
	memcpy(store->memory->bytes + offset, bytes, length);
	store->used += length;
	return offset;
}

const char *secret_store_at(const struct secret_store *store, size_t offset)
{
	return store->memory->bytes + offset;
}

void secret_store_clear(struct secret_store *store)
{
	secret_free(store->memory);
	*store = (struct secret_store){0};
}

void secret_guard_process(void)
{
	const struct rlimit none = {0, 0};
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
