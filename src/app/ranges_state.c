#include "app/ranges_state.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/sink.h"
#include "model/microsoft.h"

enum { OWNERS_FOLDER = 0700, OWNERS_FILE = 0600 };

static char *path_of(const struct ranges_state *state, const char *name)
{
	return xasprintf("%s/%s", state->folder, name);
}

/* The folder by the XDG Base Directory Specification; NULL when nothing says where. */
static char *find_folder(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state != NULL && state[0] == '/')
		return xasprintf("%s/cutover", state);
	return home != NULL && home[0] == '/' ? xasprintf("%s/.local/state/cutover", home) : NULL;
}

/* With all that it lies in. */
static int make_folder(char *path, struct error *error)
{
	for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash != NULL)
			*slash = '\0';
		int made = mkdir(path, OWNERS_FOLDER) == 0 ? 0 : errno;
		if (made != 0 && made != EEXIST && (slash == NULL || access(path, X_OK) != 0))
			return error_set(error, "%s: cannot be made: %s", path, strerror(made));
		if (slash == NULL)
			return 0;
		*slash = '/';
	}
}

static int write_file(const char *path, const char *bytes, size_t length, struct error *error)
{
	struct sink *sink = sink_new_file(path, OWNERS_FILE, error);
	if (sink == NULL)
		return -1;
	sink_write(sink, bytes, length);
	return sink_commit(sink, error);
}

static bool is_id(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i = 0;
	for (; form[i] != '\0' && text[i] != '\0'; i++)
		if (form[i] == '-' ? text[i] != '-' : strchr("0123456789abcdef", text[i]) == NULL)
			return false;
	return i == sizeof form - 1;
}

static int make_id(struct ranges_state *state, const char *path, struct error *error)
{
	unsigned char b[16];
	if (RAND_bytes(b, sizeof b) != 1)
		return error_set(error, "--fetch-ranges: no random numbers to be had");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(state->id, sizeof state->id, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
	         b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return write_file(path, state->id, strlen(state->id), error);
}

/* The one that is kept, or a new one. */
static int take_id(struct ranges_state *state, struct error *error)
{
	char *path = path_of(state, "request-id");
	FILE *file = fopen(path, "re");
	bool is_there = file != NULL && fgets(state->id, sizeof state->id, file) != NULL && is_id(state->id);
	if (file != NULL)
		fclose(file);
	int result = is_there ? 0 : make_id(state, path, error);
	free(path);
	return result;
}

static char *state_path(const struct ranges_state *state)
{
	return xasprintf("%s/ranges-%s.json", state->folder, state->cloud);
}

static bool is_version(const char *text)
{
	return text != NULL && strlen(text) == RANGES_VERSION_BYTES - 1 && strspn(text, "0123456789") == RANGES_VERSION_BYTES - 1;
}

/* What cannot be read was never kept: it costs one question more. */
static void take_state(struct ranges_state *state)
{
	char *path = state_path(state);
	json_t *root = json_load_file(path, 0, NULL);
	const char *version = json_string_value(json_object_get(root, "version"));
	const char *checked = json_string_value(json_object_get(root, "checked"));
	const char *wait_until = json_string_value(json_object_get(root, "wait_until"));
	if (is_version(version))
		memcpy(state->version, version, RANGES_VERSION_BYTES);
	if (checked == NULL || !clock_parse(checked, &state->checked))
		state->checked = TIME_UNKNOWN;
	if (wait_until == NULL || !clock_parse(wait_until, &state->wait_until))
		state->wait_until = TIME_UNKNOWN;
	json_decref(root);
	free(path);
}

int ranges_state_open(struct ranges_state *state, enum cloud cloud, struct error *error)
{
	*state = (struct ranges_state){
	    .folder = find_folder(), .cloud = cloud_name(cloud), .checked = TIME_UNKNOWN, .wait_until = TIME_UNKNOWN};
	if (state->folder == NULL)
		return error_set(error, "--fetch-ranges: neither XDG_STATE_HOME nor HOME says where the list is to be kept");
	if (make_folder(state->folder, error) != 0 || take_id(state, error) != 0)
		return -1;
	take_state(state);
	return 0;
}

void ranges_state_clear(struct ranges_state *state)
{
	free(state->folder);
	*state = (struct ranges_state){0};
}

static char *copy_of(const struct ranges_state *state, const char *version)
{
	return xasprintf("%s/ranges-%s-%s.json", state->folder, state->cloud, version);
}

char *ranges_state_copy(const struct ranges_state *state)
{
	return copy_of(state, state->version);
}

int ranges_state_save(const struct ranges_state *state, struct error *error)
{
	char checked[CLOCK_TEXT_BYTES], wait_until[CLOCK_TEXT_BYTES], *path = state_path(state);
	json_t *root = json_pack("{s:s}", "version", state->version);
	if (state->checked != TIME_UNKNOWN)
		json_object_set_new(root, "checked", json_string(clock_format(state->checked, checked)));
	if (state->wait_until != TIME_UNKNOWN)
		json_object_set_new(root, "wait_until", json_string(clock_format(state->wait_until, wait_until)));
	char *text = json_dumps(root, JSON_COMPACT);
	int result = write_file(path, text, strlen(text), error);
	free(text);
	json_decref(root);
	free(path);
	return result;
}

int ranges_state_keep(struct ranges_state *state, const char *version, const char *list, size_t length, struct error *error)
{
	char *before = ranges_state_copy(state), *path = copy_of(state, version);
	bool is_other = state->version[0] != '\0' && !str_equal(before, path);
	int result = write_file(path, list, length, error);
	if (result == 0) {
		snprintf(state->version, sizeof state->version, "%s", version);
		result = ranges_state_save(state, error);
	}
	if (result == 0 && is_other)
		unlink(before);
	free(before);
	free(path);
	return result;
}
