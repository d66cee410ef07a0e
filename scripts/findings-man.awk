# findings-man.awk: cutover-findings(7) in mdoc on standard output, from the catalogue and the pages.
#   awk -v pages=doc/findings -f findings-man.awk include/cutover/catalogue.def
# The pages' Markdown is a plain subset: headings, paragraphs, one level of lists, indented code, `code` and **bold**.
# A build step: needs nothing but awk.

# The text of a C string literal's parts, joined.
function unquote(literal,    text, part) {
	text = ""
	while (match(literal, /"([^"\\]|\\.)*"/)) {
		part = substr(literal, RSTART + 1, RLENGTH - 2)
		literal = substr(literal, RSTART + RLENGTH)
		text = text part
	}
	gsub(/\\"/, "\"", text)
	gsub(/\\n/, "\n", text)
	return text
}

# The n-th argument of a macro, counted from 1; commas inside strings do not part.
function argument(row, n,    at, c, is_string, text) {
	text = ""
	for (at = index(row, "(") + 1; at <= length(row); at++) {
		c = substr(row, at, 1)
		if (c == "\"" && substr(row, at - 1, 1) != "\\")
			is_string = !is_string
		if (c == "," && !is_string) {
			if (--n == 0)
				return text
			text = ""
		} else {
			text = text c
		}
	}
	return text
}

# Characters that roff would take for its own, or print as another one.
function escaped(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/'/, "\\(aq", text)
	gsub(/`/, "\\(ga", text)
	gsub(/\^/, "\\(ha", text)
	gsub(/~/, "\\(ti", text)
	return text
}

# Each sentence begins a line, as roff wants it.
function sentences(text,    out) {
	out = ""
	while (match(text, /[.?!]["')]* [A-Z]/)) {
		out = out substr(text, 1, RSTART + RLENGTH - 3) "\n"
		text = substr(text, RSTART + RLENGTH - 1)
	}
	return out text
}

# A line of prose: `code` in its font, the rest with ordinary hyphens and quotes.
function prose(text,    parts, count, i, out) {
	count = split(text, parts, "`")
	out = ""
	for (i = 1; i <= count; i++) {
		if (i % 2 == 0) {
			out = out "\\fB" escaped(parts[i]) "\\fR"
		} else {
			gsub(/\\/, "\\e", parts[i])
			gsub(/\*\*/, "", parts[i])
			gsub(/'/, "\\(aq", parts[i])
			out = out sentences(parts[i])
		}
	}
	return out
}

# A line that roff may not take for a request.
function line(text) {
	print (text ~ /^[.']/ ? "\\&" : "") text
}

function end_code() {
	if (is_code)
		print ".Ed"
	is_code = 0
}

function end_list() {
	end_code()
	if (list != "")
		print ".El"
	list = ""
}

function begin_list(kind) {
	end_code()
	if (list == kind)
		return
	end_list()
	print ".Bl -" kind " -compact"
	list = kind
}

function paragraph() {
	if (wants_break)
		print ".br"
	else if (wants_paragraph)
		print ".Pp"
	wants_break = wants_paragraph = 0
}

function code(text) {
	if (!is_code)
		print ".Bd -literal -offset 4n"
	is_code = 1
	for (; blanks > 0 && had_code; blanks--)
		print ""
	blanks = 0
	had_code = 1
	line(escaped(text))
}

function page_line(text) {
	if (text ~ /^[ \t]*$/) {
		blanks++
		wants_paragraph = 1
		return
	}
	if (text ~ /^(    |       )/ && (list == "" ? text ~ /^    / : text ~ /^(      |       )/)) {
		wants_break = wants_paragraph = 0
		code(substr(text, list == "" ? 5 : (list == "enum" ? 8 : 7)))
		return
	}
	end_code()
	had_code = blanks = 0
	if (text ~ /^## /) {
		end_list()
		print ".Pp"
		print ".Em " escaped(substr(text, 4))
		wants_break = 1
	} else if (text ~ /^[0-9]+\. /) {
		begin_list("enum")
		print ".It"
		sub(/^[0-9]+\. /, "", text)
		line(prose(text))
		wants_break = wants_paragraph = 0
	} else if (text ~ /^- /) {
		begin_list("bullet")
		print ".It"
		line(prose(substr(text, 3)))
		wants_break = wants_paragraph = 0
	} else {
		if (list != "" && text !~ /^ /)
			end_list()
		sub(/^ +/, "", text)
		paragraph()
		line(prose(text))
	}
}

# A page that is missing leaves the title alone; tests/lint/catalogue.test says so.
function page(id,    file, text, number) {
	file = pages "/" id ".md"
	number = wants_break = wants_paragraph = blanks = had_code = 0
	while ((getline text < file) > 0)
		if (++number > 2)
			page_line(text)
	close(file)
	end_list()
}

function add(row,    id, family) {
	id = unquote(argument(row, 2))
	family = id
	sub(/-.*/, "", family)
	if (!(family in members))
		families[++family_count] = family
	members[family] = members[family] " " id
	title[id] = unquote(argument(row, 7))
}

/^FINDING\(/ { row = ""; is_row = 1 }
is_row { row = row $0 "\n" }
is_row && /"\)$/ { is_row = 0; add(row) }

END {
	print ".\\\" Made by scripts/findings-man.awk from the catalogue and doc/findings; do not edit."
	print ".Dd November 21, 2026"
	print ".Dt CUTOVER-FINDINGS 7"
	print ".Os"
	print ".Sh NAME"
	print ".Nm cutover-findings"
	print ".Nd what cutover finds, what it means and what to do"
	print ".Sh DESCRIPTION"
	print "Every finding of"
	print ".Xr cutover 1 ,"
	print "by subject."
	print "An id is never renamed and never reused, so scripts may rely on it."
	print ".Ql cutover explain ID"
	print "prints the same page, and"
	print ".Ql cutover explain \\-\\-list"
	print "a line for each."
	print ".Pp"
	print "Each page begins with the severity in both phases, before and after the MX change, and with who has to act."
	for (f = 1; f <= family_count; f++) {
		print ".Sh " toupper(families[f])
		count = split(substr(members[families[f]], 2), ids, " ")
		for (i = 1; i <= count; i++) {
			print ".Ss " escaped(ids[i])
			text = title[ids[i]]
			line(prose(toupper(substr(text, 1, 1)) substr(text, 2) (text ~ /\.$/ ? "" : ".")))
			print ".Pp"
			page(ids[i])
		}
	}
	print ".Sh SEE ALSO"
	print ".Xr cutover 1"
}
