# completions.awk: the completion script of one shell, from the program's own lists, so that none is forgotten.
#   awk -f completions.awk shell=bash|zsh|fish commands.def options.def renderers.def catalogue.def man/cutover-*.1
# A build step: needs nothing but awk.

# The n-th argument of a macro, counted from 1, without its quotes; commas inside strings do not part.
function argument(row, n,    at, c, is_string, text) {
	for (at = index(row, "(") + 1; at <= length(row); at++) {
		c = substr(row, at, 1)
		if (c == "\"") {
			is_string = !is_string
			continue
		}
		if (!is_string && (c == "," || c == ")")) {
			if (--n == 0)
				break
			text = ""
		} else if (is_string || (c != " " && c != "'")) {
			text = text c
		}
	}
	return text == "NULL" ? "" : text
}

/^COMMAND\(/ { commands[++command_count] = argument($0, 1) }
/^RENDERER\(/ { formats = formats " " argument($0, 1) }
/^FINDING\(/ { ids = ids " " argument($0, 2) }
/^OPTION\(/ {
	name[++option_count] = argument($0, 2)
	letter[option_count] = argument($0, 3)
	takes[option_count] = argument($0, 5)
	only[option_count] = argument($0, 6)
	help[option_count] = argument($0, 7)
}
/^\.Dt / { page = tolower(substr($2, 9)) }
/^\.Nd / { about[page] = substr($0, 5) }

# What an argument of that name can be: the words themselves, "files", or "" for anything.
function values(argument_name) {
	if (argument_name ~ /^(FILE|DIR|OUT|RULES)/) return "files"
	if (argument_name ~ /^FORMAT/) return substr(formats, 2)
	if (argument_name ~ /^ID/) return substr(ids, 2)
	if (argument_name == "CLOUD") return "worldwide gcc-high dod china"
	if (argument_name == "WHEN") return "auto always never"
	if (argument_name == "PHASE") return "before after"
	if (argument_name == "PROTOCOL") return "imap smtp pop3"
	if (argument_name ~ /^globalping/) return "globalping atlas"
	return ""
}

# Likewise for the arguments of a command.
function command_values(command) {
	if (command == "explain") return substr(ids, 2)
	if (command ~ /^(judge|csv|login|firewall)$/) return "files"
	return ""
}

function spelt(i) {
	return (letter[i] != "" && letter[i] != "0" ? "-" letter[i] " " : "") "--" name[i]
}

function joined(list, separator,    text) {
	text = list
	gsub(/ /, separator, text)
	return text
}

function all_commands(    i, text) {
	for (i = 1; i <= command_count; i++)
		text = text (i > 1 ? " " : "") commands[i]
	return text
}

# In single quotes for a shell.
function quoted(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

function bash_reply(list, indent) {
	if (list == "files")
		printf "%scompopt -o filenames 2>/dev/null\n%sCOMPREPLY=($(compgen -f -- \"$word\"))\n", indent, indent
	else if (list != "")
		printf "%sCOMPREPLY=($(compgen -W \"%s\" -- \"$word\"))\n", indent, list
}

function bash(    i, text) {
	print "# bash completion for cutover; made by completions/completions.awk, do not edit."
	print "_cutover() {"
	print "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= options i"
	print "\tCOMPREPLY=()"
	print "\t# --option=value comes in three words"
	print "\tif [[ $word == = ]]; then"
	print "\t\tword="
	print "\telif [[ $before == = && COMP_CWORD -gt 1 ]]; then"
	print "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}"
	print "\tfi"
	print "\tfor ((i = 1; i < COMP_CWORD; i++)); do"
	print "\t\tcase ${COMP_WORDS[i]} in"
	print "\t\t" joined(all_commands(), " | ") ") command=${COMP_WORDS[i]}; break ;;"
	print "\t\tesac"
	print "\tdone"
	print "\tcase $before in"
	for (i = 1; i <= option_count; i++) {
		if (takes[i] == "")
			continue
		print "\t" joined(spelt(i), " | ") ")"
		bash_reply(values(takes[i]), "\t\t")
		print "\t\treturn ;;"
	}
	print "\tesac"
	print "\tif [[ $word == -* ]]; then"
	for (i = 1; i <= option_count; i++)
		if (only[i] == "")
			text = text (text == "" ? "" : " ") spelt(i)
	print "\t\toptions=\"" text "\""
	print "\t\tcase $command in"
	for (i = 1; i <= option_count; i++)
		if (only[i] != "")
			print "\t\t" joined(only[i], " | ") ") options+=\" " spelt(i) "\" ;;&"
	print "\t\tesac"
	print "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))"
	print "\t\treturn"
	print "\tfi"
	print "\tcase $command in"
	print "\t\"\") COMPREPLY=($(compgen -W \"" all_commands() "\" -- \"$word\")) ;;"
	for (i = 1; i <= command_count; i++) {
		if (command_values(commands[i]) == "")
			continue
		print "\t" commands[i] ")"
		bash_reply(command_values(commands[i]), "\t\t")
		print "\t\t;;"
	}
	print "\tesac"
	print "}"
	print "complete -F _cutover cutover"
}

# The text of a zsh option's bracket, or of a command's description.
function zsh_text(text) {
	gsub(/\[/, "\\[", text)
	gsub(/\]/, "\\]", text)
	gsub(/:/, "\\:", text)
	return text
}

function zsh_action(list) {
	return list == "files" ? "_files" : list == "" ? " " : "(" list ")"
}

function zsh_option(i,    text, both) {
	both = letter[i] != "" && letter[i] != "0"
	text = "[" zsh_text(help[i]) "]" (takes[i] == "" ? "" : ":" zsh_text(takes[i]) ":" zsh_action(values(takes[i])))
	if (both)
		return "\"*\"{-" letter[i] (takes[i] == "" ? "" : "+") ",--" name[i] (takes[i] == "" ? "" : "=") "}" quoted(text)
	return quoted("*--" name[i] (takes[i] == "" ? "" : "=") text)
}

function zsh(    i) {
	print "#compdef cutover"
	print "# zsh completion for cutover; made by completions/completions.awk, do not edit."
	print "_cutover() {"
	print "\tlocal -a commands options"
	print "\tlocal command=${words[(r)(" joined(all_commands(), "|") ")]}"
	print "\tcommands=("
	for (i = 1; i <= command_count; i++)
		print "\t\t" quoted(commands[i] ":" zsh_text(about[commands[i]]))
	print "\t)"
	print "\toptions=("
	for (i = 1; i <= option_count; i++)
		if (only[i] == "")
			print "\t\t" zsh_option(i)
	print "\t)"
	for (i = 1; i <= option_count; i++)
		if (only[i] != "")
			print "\t[[ $command == (" joined(only[i], "|") ") ]] && options+=(" zsh_option(i) ")"
	print "\tcase $command in"
	print "\t\"\") options+=('1:command:{_describe command commands}') ;;"
	for (i = 1; i <= command_count; i++)
		if (command_values(commands[i]) != "")
			print "\t" commands[i] ") options+=(" quoted("*:argument:" zsh_action(command_values(commands[i]))) ") ;;"
	print "\t*) options+=('*:argument: ') ;;"
	print "\tesac"
	print "\t_arguments $options"
	print "}"
	print "_cutover \"$@\""
}

function fish(    i, list) {
	print "# fish completion for cutover; made by completions/completions.awk, do not edit."
	print "complete -c cutover -f"
	for (i = 1; i <= command_count; i++) {
		print "complete -c cutover -n __fish_use_subcommand -a " commands[i] " -d " quoted(about[commands[i]])
		list = command_values(commands[i])
		if (list != "")
			print "complete -c cutover -n '__fish_seen_subcommand_from " commands[i] "' " (list == "files" ? "-F" : "-a " quoted(list))
	}
	for (i = 1; i <= option_count; i++) {
		list = values(takes[i])
		print "complete -c cutover" (only[i] == "" ? "" : " -n '__fish_seen_subcommand_from " only[i] "'") \
			" -l " name[i] (letter[i] == "" || letter[i] == "0" ? "" : " -s " letter[i]) \
			(takes[i] == "" ? "" : list == "files" ? " -r -F" : list == "" ? " -x" : " -x -a " quoted(list)) " -d " quoted(help[i])
	}
}

END {
	if (shell == "bash") bash()
	else if (shell == "zsh") zsh()
	else if (shell == "fish") fish()
}
