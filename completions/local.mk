# Made from the program's lists of commands, options, formats and findings; descriptions of commands from the manual.
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = completions/cutover
zshcompletiondir = $(datadir)/zsh/site-functions
nodist_zshcompletion_DATA = completions/_cutover
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_fishcompletion_DATA = completions/cutover.fish
CLEANFILES += completions/cutover completions/_cutover completions/cutover.fish
EXTRA_DIST += completions/completions.awk

completion_lists = \
  src/app/commands.def \
  src/app/options.def \
  include/cutover/renderers.def \
  include/cutover/catalogue.def \
  $(dist_man_MANS)
completion_files = $(completion_lists:%=$(srcdir)/%)
completion_run = $(MKDIR_P) completions && $(AWK) -f $(srcdir)/completions/completions.awk
completions/cutover: $(completion_lists) completions/completions.awk
	$(AM_V_GEN)$(completion_run) shell=bash $(completion_files) > $@.tmp && mv $@.tmp $@
completions/_cutover: $(completion_lists) completions/completions.awk
	$(AM_V_GEN)$(completion_run) shell=zsh $(completion_files) > $@.tmp && mv $@.tmp $@
completions/cutover.fish: $(completion_lists) completions/completions.awk
	$(AM_V_GEN)$(completion_run) shell=fish $(completion_files) > $@.tmp && mv $@.tmp $@
