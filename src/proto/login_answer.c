#include "proto/login_answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/embedded.h"
#include "model/table.h"
#include "proto/imap_reply.h"

/* The columns of data/login-answers.tsv. */
enum { WHERE, PATTERN, KIND };

#define LOGIN_ANSWER_NAME(symbol, name) name,
static const char *const names[] = {LOGIN_ANSWERS(LOGIN_ANSWER_NAME)};
#undef LOGIN_ANSWER_NAME

const char *login_answer_name(enum login_answer answer)
{
	return names[answer];
}

enum login_answer login_answer_from_name(const char *name)
{
	enum login_answer answer = LOGIN_ANSWER_OK;
	while (answer < LOGIN_ANSWER_COUNT && !str_equal(names[answer], name))
		answer++;
	return answer;
}

bool login_answer_is_limit(enum login_answer answer)
{
	return answer == LOGIN_ANSWER_LIMIT || answer == LOGIN_ANSWER_THROTTLED || answer == LOGIN_ANSWER_LOCKED ||
	       answer == LOGIN_ANSWER_UNAVAILABLE;
}

static bool code_is(struct slice code, const char *word)
{
	size_t length = strlen(word);
	return code.length >= length && strncasecmp(code.bytes, word, length) == 0 && (code.length == length || code.bytes[length] == ' ');
}

enum login_answer login_answer_read(const char *line, size_t length)
{
	enum login_answer answer = LOGIN_ANSWER_WRONG_PASSWORD;
	struct imap_reply reply;
	struct table_row row;
	if (!imap_reply_parse(line, length, &reply))
		return answer;
	char *text = xstrndup(line, length);
	table_begin(&row, embedded_text("data/login-answers.tsv"));
	while (table_next(&row)) {
		bool is_code = str_equal(row.fields[WHERE], "code");
		bool fits = is_code ? code_is(reply.code, row.fields[PATTERN]) : str_find_nocase(text, row.fields[PATTERN]) != NULL;
		if (!fits)
			continue;
		answer = login_answer_from_name(row.fields[KIND]);
		break;
	}
	free(text);
	return answer;
}
