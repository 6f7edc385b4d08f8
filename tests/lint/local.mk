# What a machine can check of the style.  The three are tests too.
lint_tests += \
	%D%/lint.sh \
	%D%/planted.sh \
	%D%/binary.sh \
	%D%/catalogue.sh \
	%D%/manual.sh

EXTRA_DIST += \
	$(lint_tests) \
	%D%/cppcheck.txt \
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
# Another pair of eyes; cppcheck.txt lists what it sees wrongly.
analyze:
	@if command -v cppcheck >/dev/null; then \
		cd $(top_srcdir) && cppcheck -q -j2 --error-exitcode=1 \
			--enable=warning,portability,performance \
			--std=c11 --library=posix --inline-suppr \
			--suppressions-list=tests/lint/cppcheck.txt \
			-I src -I ui src ui; \
	else \
		echo 'SKIPPED: cppcheck is not installed'; \
	fi
# Writes down which files have text for translators.
potfiles:
	cd $(top_srcdir) && AWK='$(AWK)' $(SHELL) tests/lint/potfiles.sh \
		>po/POTFILES.in
.PHONY: analyze lint format format-check potfiles
