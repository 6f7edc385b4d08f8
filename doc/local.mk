# Manual pages: made from what is written by hand and from the program's own
# tables.  A tarball has them ready.
manual_pages = %D%/tercet.1 %D%/tercet-config.5 %D%/tercet-keys.7
dist_man_MANS += $(manual_pages)
CLEANFILES += $(manual_pages) %D%/manual.tmp

make_page = $(AM_V_GEN)$(MKDIR_P) %D% && \
	$(SHELL) $(srcdir)/%D%/manual.sh ui/tercet$(EXEEXT) $(srcdir)/$@.in \
		$(srcdir)/$@ >%D%/manual.tmp && mv %D%/manual.tmp $@
manual_sources = %D%/manual.sh ui/tercet$(EXEEXT)

%D%/tercet.1: %D%/tercet.1.in $(manual_sources)
	$(make_page)
# One after another: they share a file on the way.
%D%/tercet-config.5: %D%/tercet-config.5.in $(manual_sources) %D%/tercet.1
	$(make_page)
%D%/tercet-keys.7: %D%/tercet-keys.7.in $(manual_sources) %D%/tercet-config.5
	$(make_page)

docs: $(manual_pages)
.PHONY: docs

dist_doc_DATA = README.md NEWS

# For who runs no tercet all day: systemctl --user enable tercet-outbox.timer
systemduserunitdir = $(prefix)/lib/systemd/user
nodist_systemduserunit_DATA = %D%/tercet-outbox.service
dist_systemduserunit_DATA = %D%/tercet-outbox.timer
CLEANFILES += %D%/tercet-outbox.service
%D%/tercet-outbox.service: %D%/tercet-outbox.service.in
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	sed 's|@bindir@|$(bindir)|' $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@

EXTRA_DIST += \
	%D%/tercet.1.in \
	%D%/tercet-config.5.in \
	%D%/tercet-keys.7.in \
	%D%/manual.sh \
	%D%/tercet-outbox.service.in \
	%D%/ARCHITECTURE.md \
	%D%/CONTRIBUTING.md \
	%D%/STYLE.md \
	%D%/adr
