# Manual pages, made from the program's tables and kept beside their source;
# `make docs` makes them again, a test compares.
manual_pages = %D%/tercet.1 %D%/tercet-config.5 %D%/tercet-keys.7
dist_man_MANS += $(manual_pages)

docs: ui/tercet$(EXEEXT)
	for page in $(manual_pages); do \
		$(SHELL) $(srcdir)/%D%/manual.sh ui/tercet$(EXEEXT) \
			$(srcdir)/$$page.in >manual.tmp && \
		mv manual.tmp $(srcdir)/$$page || exit 1; \
	done
.PHONY: docs

dist_doc_DATA = README.md NEWS

EXTRA_DIST += \
	%D%/tercet.1.in \
	%D%/tercet-config.5.in \
	%D%/tercet-keys.7.in \
	%D%/manual.sh \
	%D%/ARCHITECTURE.md \
	%D%/CONTRIBUTING.md \
	%D%/STYLE.md \
	%D%/adr
