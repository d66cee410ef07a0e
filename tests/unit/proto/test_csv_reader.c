/* Every case is read twice, whole and byte by byte, and must give the same rows. */
#include "proto/csv_reader.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/escape.h"
#include "cutover/limits.h"

/* A row is NUMBER@LINE[field|field], a broken one NUMBER@LINE!why:column(its first line). */
static void on_row(void *user, const struct csv_row *row)
{
	struct buf *out = user;
	buf_printf(out, "%llu@%llu[", (unsigned long long)row->number, (unsigned long long)row->line);
	for (size_t i = 0; i < row->kept; i++) {
		if (i > 0)
			buf_putc(out, '|');
		escape_bytes(out, row->fields[i].bytes, row->fields[i].length);
	}
	buf_puts(out, row->is_blank ? "]blank " : "] ");
}

static void on_broken_row(void *user, const struct csv_broken_row *row)
{
	static const char *const whys[] = {"stray", "open", "long"};
	struct buf *out = user;
	buf_printf(out, "%llu@%llu!%s:%zu(", (unsigned long long)row->number, (unsigned long long)row->line, whys[row->why], row->column);
	escape_bytes(out, row->bytes, row->length < 20 ? row->length : 20);
	buf_puts(out, ") ");
}

static const struct csv_reader_events events = {on_row, on_broken_row};

static struct csv_reader *read_in_blocks(const char *bytes, size_t length, size_t block, struct buf *out)
{
	struct csv_reader *reader = csv_reader_new(&events, out);
	for (size_t at = 0; at < length; at += block)
		csv_reader_feed(reader, bytes + at, length - at < block ? length - at : block);
	csv_reader_finish(reader);
	return reader;
}

#define S(text) text, sizeof text - 1

static const struct {
	const char *name;
	const char *bytes;
	size_t length;
	const char *rows;
} cases[] = {
    {"empty file", S(""), ""},
    {"rfc 4180 2.1: CRLF ends records", S("a,b\r\nc,d\r\n"), "1@1[a|b] 2@2[c|d] "},
    {"rfc 4180 2.2: the last line end may be missing", S("a,b\r\nc,d"), "1@1[a|b] 2@2[c|d] "},
    {"rfc 4180 2.4: spaces are part of a field", S(" a , b \n"), "1@1[ a | b ] "},
    {"rfc 4180 2.5: fields may be quoted", S("\"a\",\"b\"\n"), "1@1[a|b] "},
    {"rfc 4180 2.6: quoted commas, quotes and line ends", S("\"a,b\",\"c\"\"d\",\"e\r\nf\"\nx,y,z\n"),
     "1@1[a,b|c\"d|e\\013\\010f] 2@3[x|y|z] "},
    {"rfc 4180 2.7: a quote is doubled", S("\"\"\"\",a\n"), "1@1[\"|a] "},
    {"empty quoted and unquoted fields", S("\"\",,\n"), "1@1[||] "},
    {"a separator before the end makes a last empty field", S("a,"), "1@1[a|] "},
    {"LF, CR and CRLF end lines", S("a\nb\rc\r\nd"), "1@1[a] 2@2[b] 3@3[c] 4@4[d] "},
    {"blank lines are rows", S("a,b\n\nc,d\r\n\r\n"), "1@1[a|b] 2@2[]blank 3@3[c|d] 4@4[]blank "},
    {"a line of blanks is blank", S("a,b\n \t \n"), "1@1[a|b] 2@2[ \\009 ]blank "},
    {"a row of separators is not blank", S("a,b\n,\n"), "1@1[a|b] 2@2[|] "},
    {"NUL is kept", S("a,b\n\0,c\n"), "1@1[a|b] 2@2[\\000|c] "},
    {"semicolons", S("a;b;c\nd;e;f,g\n"), "1@1[a|b|c] 2@2[d|e|f,g] "},
    {"tabs", S("a\tb\nc\td\n"), "1@1[a|b] 2@2[c|d] "},
    {"separators in quotes do not decide", S("\"a;b;c\",d\ne,f\n"), "1@1[a;b;c|d] 2@2[e|f] "},
    {"comma wins when equal", S("a;b,c\n"), "1@1[a;b|c] "},
    {"a blank first line does not decide", S(" \na;b\n"), "1@1[ ]blank 2@2[a|b] "},
    {"sep= line", S("sep=;\r\na;b,c\r\n"), "2@2[a|b,c] "},
    {"sep= alone is a header like others", S("sep=\na\n"), "1@1[sep=] 2@2[a] "},
    {"UTF-8 mark is dropped, also before a quote", S("\xef\xbb\xbf\"a\",b\n"), "1@1[a|b] "},
    {"also when it stands there twice", S("\xef\xbb\xbf\xef\xbb\xbf" "a,b\n"), "1@1[a|b] "},
    {"UTF-16 little endian with a mark", S("\xff\xfe" "a\0,\0b\0\n\0" "\xfc\0,\0" "\x3d\xd8\0\xde"), "1@1[a|b] 2@2[\xc3\xbc|\xf0\x9f\x98\x80] "},
    {"UTF-16 big endian with a mark", S("\xfe\xff\0a\0,\0b\0\r\0\n\0c\0,\0d"), "1@1[a|b] 2@2[c|d] "},
    {"UTF-16 little endian without a mark", S("a\0,\0b\0\n\0"), "1@1[a|b] "},
    {"UTF-16 with half a character at the end", S("\xff\xfe" "a\0\x3d\xd8,"), "1@1[a\xef\xbf\xbd\xef\xbf\xbd] "},
    {"other bytes pass", S("a,b\n\xfc,c\n"), "1@1[a|b] 2@2[\\252|c] "},
    {"a zip file gives no rows", S("PK\003\004,a\nb\n"), ""},
    {"control characters give no rows", S("\001\002\003\004\005\006\n"), ""},

    {"a quote inside a field", S("a,b\nc\"x,d\ne,f\n"), "1@1[a|b] 2@2!stray:1(c\"x,d) 3@3[e|f] "},
    {"text behind a closing quote", S("a,b\nc,\"d\"x\ne,f\n"), "1@1[a|b] 2@2!stray:2(c,\"d\"x) 3@3[e|f] "},
    {"a blank behind a closing quote", S("\"a\" ,b\nc,d\n"), "1@1!stray:1(\"a\" ,b) 2@2[c|d] "},
    {"a quote never closed swallows nothing", S("a,b\nc,\"d\ne,f\ng,h\n"), "1@1[a|b] 2@2!open:2(c,\"d) 3@3[e|f] 4@4[g|h] "},
    {"closed by another row's quote", S("a,b\nc,\"d\ne,f\ng,\"h,i\"\n"),
     "1@1[a|b] 2@2!open:2(c,\"d) 3@3[e|f] 4@4[g|h,i] "},
    {"two open quotes", S("a,\"b\nc,\"d\ne,f\n"), "1@1!open:2(a,\"b) 2@2!open:2(c,\"d) 3@3[e|f] "},
    {"the last row is open", S("a,b\nc,\"d"), "1@1[a|b] 2@2!open:2(c,\"d) "},
    {"the last row is open after a line end in quotes", S("\"a\nb\",\"c\nd"), "1@1!open:2(\"a) 2@2!stray:1(b\",\"c) 3@3[d] "},
    {"a lone quote", S("\""), "1@1!open:1(\") "},
    {"line numbers go on after a broken row", S("\"a\r\nb\"\r\nc\"\r\nd\r\n"), "1@1[a\\013\\010b] 2@3!stray:1(c\") 3@4[d] "},
};

START_TEST(rows_do_not_depend_on_how_the_file_is_cut)
{
	static const size_t blocks[] = {1, 2, 3, 7, 1 << 20};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		struct buf out;
		buf_init(&out, 1 << 20);
		csv_reader_free(read_in_blocks(cases[_i].bytes, cases[_i].length, blocks[i], &out));
		ck_assert_msg(strcmp(out.bytes, cases[_i].rows) == 0, "%s, in blocks of %zu: %s", cases[_i].name, blocks[i], out.bytes);
		buf_clear(&out);
	}
}
END_TEST

static const struct {
	const char *name;
	const char *bytes;
	size_t length;
	char separator;
	bool has_bom, has_separator_line;
	uint64_t crlf, lf, cr, rows;
	const char *encoding;
} files[] = {
    {"plain", S("a,b\r\nc,d\r\n"), ',', false, false, 2, 0, 0, 2, "UTF-8"},
    {"line ends of broken rows are counted once", S("a,\"b\nc,d\ne,f\n"), ',', false, false, 0, 3, 0, 3, "UTF-8"},
    {"mixed line ends", S("a\nb\rc\r\n\r\n"), ',', false, false, 2, 1, 1, 4, "UTF-8"},
    {"UTF-8 with a mark", S("\xef\xbb\xbf" "a;b\n"), ';', true, false, 0, 1, 0, 1, "UTF-8"},
    {"UTF-16", S("\xff\xfe" "a\0\t\0b\0"), '\t', true, false, 0, 0, 0, 1, "UTF-16 little endian"},
    {"UTF-16 big endian", S("\0a\0,\0b"), ',', false, false, 0, 0, 0, 1, "UTF-16 big endian"},
    {"sep= line", S("SEP=\t\na\tb\n"), '\t', false, true, 0, 2, 0, 2, "UTF-8"},
    {"workbook", S("PK\003\004\024\0\006\0"), ',', false, false, 0, 0, 0, 0, "an Excel workbook (.xlsx) or another zip file"},
    {"UTF-32 is not taken for UTF-16", S("\xff\xfe\0\0a\0\0\0"), ',', false, false, 0, 0, 0, 0, "UTF-32 text"},
};

START_TEST(the_dialect_is_told)
{
	static const size_t blocks[] = {1, 3, 1 << 20};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		struct buf out;
		buf_init(&out, 1 << 20);
		struct csv_reader *reader = read_in_blocks(files[_i].bytes, files[_i].length, blocks[i], &out);
		const struct csv_dialect *dialect = csv_reader_dialect(reader);
		const struct csv_text *text = csv_reader_text(reader);
		ck_assert_msg(dialect->separator == files[_i].separator, "%s: '%c'", files[_i].name, dialect->separator);
		ck_assert_int_eq(text->has_bom, files[_i].has_bom);
		ck_assert_int_eq(dialect->has_separator_line, files[_i].has_separator_line);
		ck_assert_uint_eq(dialect->crlf, files[_i].crlf);
		ck_assert_uint_eq(dialect->lf, files[_i].lf);
		ck_assert_uint_eq(dialect->cr, files[_i].cr);
		ck_assert_uint_eq(dialect->rows, files[_i].rows);
		ck_assert_str_eq(csv_text_encoding(text), files[_i].encoding);
		csv_reader_free(reader);
		buf_clear(&out);
	}
}
END_TEST

/* "head" + `count` times `filler` + "tail", read in blocks of `block`. */
static char *read_filled(const char *head, const char *filler, size_t count, const char *tail, size_t block)
{
	struct buf file, out;
	buf_init(&file, 1 << 24);
	buf_init(&out, 1 << 24);
	buf_puts(&file, head);
	for (size_t i = 0; i < count; i++)
		buf_puts(&file, filler);
	buf_puts(&file, tail);
	csv_reader_free(read_in_blocks(file.bytes, file.length, block, &out));
	buf_clear(&file);
	return buf_steal(&out);
}

static const struct {
	const char *name, *head, *filler;
	size_t count;
	const char *tail, *rows;
} long_files[] = {
    {"a line beyond the ceiling is one broken row", "a,b\n", "x", LIMIT_CSV_ROW_BYTES + 1, "\nc,d\n",
     "1@1[a|b] 2@2!long:0(xxxxxxxxxxxxxxxxxxxx) 3@3[c|d] "},
    {"also with CR line ends", "a,b\r", "x", LIMIT_CSV_ROW_BYTES + 1, "\rc,d\r",
     "1@1[a|b] 2@2!long:0(xxxxxxxxxxxxxxxxxxxx) 3@3[c|d] "},
    {"also with CRLF line ends", "a,b\r\n", "x", 3 * LIMIT_CSV_ROW_BYTES, "\r\nc,d\r\n",
     "1@1[a|b] 2@2!long:0(xxxxxxxxxxxxxxxxxxxx) 3@3[c|d] "},
    {"also at the end of the file", "a,b\n", "x", 2 * LIMIT_CSV_ROW_BYTES, "", "1@1[a|b] 2@2!long:0(xxxxxxxxxxxxxxxxxxxx) "},
    {"a line of the ceiling's length is a row", "", "xxxxxxxxxxxxxxxx,", 10, "\n",
     "1@1[xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|"
     "xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxx|] "},
    {"an open quote before a long line", "a,\"b\n", "x", 2 * LIMIT_CSV_ROW_BYTES, "\nc,d\n",
     "1@1!open:2(a,\"b) 2@2!long:0(xxxxxxxxxxxxxxxxxxxx) 3@3[c|d] "},
};

START_TEST(memory_is_bounded_by_the_longest_row)
{
	static const size_t blocks[] = {1, 4096, 1 << 24};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		char *rows = read_filled(long_files[_i].head, long_files[_i].filler, long_files[_i].count, long_files[_i].tail, blocks[i]);
		ck_assert_msg(strcmp(rows, long_files[_i].rows) == 0, "%s, in blocks of %zu: %s", long_files[_i].name, blocks[i], rows);
		free(rows);
	}
}
END_TEST

START_TEST(an_open_quote_gives_up_after_the_ceiling_and_reads_the_rest)
{
	static const size_t blocks[] = {1000, 1 << 24};
	for (size_t i = 0; i < 2; i++) {
		char *rows = read_filled("h,h\na,\"b\n", "c,d\n", 40000, "", blocks[i]);
		const char *begin = "1@1[h|h] 2@2!open:2(a,\"b) 3@3[c|d] 4@4[c|d] ";
		ck_assert_msg(strncmp(rows, begin, strlen(begin)) == 0, "%.200s", rows);
		ck_assert_ptr_nonnull(strstr(rows, " 40002@40002[c|d] "));
		ck_assert_ptr_null(strstr(rows, "40003@"));
		free(rows);
	}
}
END_TEST

START_TEST(fields_beyond_the_ceiling_are_counted_only)
{
	struct buf file, out;
	buf_init(&file, 1 << 20);
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < LIMIT_CSV_COLUMNS + 10; i++)
		buf_puts(&file, "a,");
	csv_reader_free(read_in_blocks(file.bytes, file.length, 1 << 20, &out));
	size_t bars = 0;
	for (const char *at = out.bytes; *at != '\0'; at++)
		bars += *at == '|';
	ck_assert_uint_eq(bars, LIMIT_CSV_COLUMNS - 1);
	buf_clear(&file);
	buf_clear(&out);
}
END_TEST

static const struct {
	const char *bytes, *encoding;
} code_pages[] = {
    {"M\xfcller", "windows-1252 or ISO 8859-1"},
    {"Gr\xf6\xdf" "e", "windows-1252 or ISO 8859-1"},
    {"M\x81ller", "DOS code page 850 or 437"},
    {"\xb0", "an unknown code page"},
    {"M\xc3\xbcller", "UTF-8"},
};

START_TEST(the_code_page_is_guessed_from_letters)
{
	struct csv_text text;
	csv_text_init(&text);
	csv_text_note_foreign(&text, code_pages[_i].bytes, strlen(code_pages[_i].bytes));
	ck_assert_str_eq(csv_text_encoding(&text), code_pages[_i].encoding);
}
END_TEST

#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof table / sizeof table[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_reader");
	LOOP(tcase, rows_do_not_depend_on_how_the_file_is_cut, cases);
	LOOP(tcase, the_dialect_is_told, files);
	LOOP(tcase, memory_is_bounded_by_the_longest_row, long_files);
	tcase_add_test(tcase, an_open_quote_gives_up_after_the_ceiling_and_reads_the_rest);
	tcase_add_test(tcase, fields_beyond_the_ceiling_are_counted_only);
	LOOP(tcase, the_code_page_is_guessed_from_letters, code_pages);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/csv_reader", fill)
