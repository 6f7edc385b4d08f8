# What a machine can check of the style.  The three are tests too.
lint_tests += \
	%D%/lint.sh \
	%D%/planted.sh \
	%D%/binary.sh \
	%D%/manual.sh

EXTRA_DIST += \
	$(lint_tests) \
	%D%/format.sh \
	%D%/potfiles.awk \
	%D%/potfiles.sh \
	%D%/rooms.awk \
	%D%/rooms.txt \
	%D%/shape.awk \
	%D%/sizes.awk \
	%D%/strip.awk \
	%D%/words.awk

lint:
	@TOP_SRCDIR='$(abs_top_srcdir)' AWK='$(AWK)' \
		$(SHELL) $(top_srcdir)/tests/lint/lint.sh
format:
	@$(SHELL) $(top_srcdir)/tests/lint/format.sh
format-check:
	@$(SHELL) $(top_srcdir)/tests/lint/format.sh --check
# Writes down which files have text for translators.
potfiles:
	cd $(top_srcdir) && AWK='$(AWK)' $(SHELL) tests/lint/potfiles.sh \
		>po/POTFILES.in
.PHONY: lint format format-check potfiles
