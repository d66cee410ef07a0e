#include "proto/rules_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

struct scanner {
	struct rules_tokens *tokens;
	char *at, *end;
	char *pending; /* where the token before ends: terminated when the byte there has been looked at */
	unsigned line;
};

static void add(struct scanner *scanner, enum rules_token_kind kind, const char *text)
{
	struct rules_tokens *tokens = scanner->tokens;
	tokens->items = xgrow(tokens->items, tokens->count, &tokens->room, sizeof *tokens->items);
	tokens->items[tokens->count++] = (struct rules_token){kind, text, scanner->line};
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("_.:-*+%@$/\\[]", c) != NULL);
}

static void terminate(struct scanner *scanner)
{
	if (scanner->pending != NULL)
		*scanner->pending = '\0';
	scanner->pending = NULL;
}

static void scan_word(struct scanner *scanner)
{
	char *start = scanner->at;
	while (scanner->at < scanner->end && is_word_byte(*scanner->at))
		scanner->at++;
	add(scanner, TOKEN_WORD, start);
	scanner->pending = scanner->at;
}

static void scan_string(struct scanner *scanner)
{
	char *start = ++scanner->at;
	while (scanner->at < scanner->end && *scanner->at != '"' && *scanner->at != '\n')
		scanner->at++;
	add(scanner, TOKEN_STRING, start);
	scanner->pending = scanner->at;
	if (scanner->at < scanner->end && *scanner->at == '"')
		scanner->at++;
}

/* A remark up to the line end; of "# handle 7" the number is kept for the STOP. */
static const char *scan_remark(struct scanner *scanner)
{
	const char *handle = "";
	char *start = scanner->at + 1;
	while (scanner->at < scanner->end && *scanner->at != '\n')
		scanner->at++;
	while (start < scanner->at && *start == ' ')
		start++;
	if (scanner->at - start > 7 && strncmp(start, "handle ", 7) == 0) {
		handle = start + 7;
		scanner->pending = scanner->at;
	}
	return handle;
}

static void scan_mark(struct scanner *scanner)
{
	static const char singles[] = "{}(),=!<>&|^;~?'`";
	static const char *const texts[] = {"{", "}", "(", ")", ",", "=", "!", "<", ">", "&", "|", "^", ";", "~", "?", "'", "`"};
	static const char *const doubles[] = {"==", "!=", "<=", ">=", "<<", ">>"};
	char c = *scanner->at, next = scanner->at + 1 < scanner->end ? scanner->at[1] : '\0';
	for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++) {
		if (c != doubles[i][0] || next != doubles[i][1])
			continue;
		add(scanner, TOKEN_MARK, doubles[i]);
		scanner->at += 2;
		return;
	}
	const char *at = c != '\0' ? strchr(singles, c) : NULL;
	add(scanner, TOKEN_MARK, at != NULL ? texts[at - singles] : "?");
	scanner->at++;
}

static void scan_one(struct scanner *scanner)
{
	const char *handle = "";
	char c = *scanner->at;
	if (c == '\\' && scanner->at + 1 < scanner->end && scanner->at[1] == '\n') {
		scanner->at += 2;
		scanner->line++;
		return;
	}
	if (c == ' ' || c == '\t' || c == '\r') {
		scanner->at++;
		return;
	}
	if (c == '#') {
		handle = scan_remark(scanner);
		if (*handle == '\0')
			return;
		add(scanner, TOKEN_STOP, handle);
		return;
	}
	if (c == '\n' || c == ';') {
		add(scanner, TOKEN_STOP, handle);
		scanner->line += c == '\n';
		scanner->at++;
		return;
	}
	if (c == '"')
		scan_string(scanner);
	else if (is_word_byte(c))
		scan_word(scanner);
	else
		scan_mark(scanner);
}

void rules_tokens_init(struct rules_tokens *tokens, const char *text, size_t length)
{
	*tokens = (struct rules_tokens){.bytes = xstrndup(text, length)};
	struct scanner scanner = {.tokens = tokens, .at = tokens->bytes, .end = tokens->bytes + length, .line = 1};
	while (scanner.at < scanner.end) {
		char *pending = scanner.pending;
		scanner.pending = NULL;
		scan_one(&scanner);
		/* The byte behind the token before was looked at by now, so it may become its terminator. */
		if (pending != NULL)
			*pending = '\0';
	}
	terminate(&scanner);
	add(&scanner, TOKEN_END, "");
}

void rules_tokens_clear(struct rules_tokens *tokens)
{
	free(tokens->items);
	free(tokens->bytes);
	*tokens = (struct rules_tokens){0};
}
