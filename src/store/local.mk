src_libtercet_a_SOURCES += \
	%D%/account.c %D%/account.h \
	%D%/check.c \
	%D%/db.c \
	%D%/folder.c %D%/folder.h \
	%D%/identity.c %D%/identity.h \
	%D%/index.c %D%/index.h \
	%D%/link.c %D%/link.h \
	%D%/list.c %D%/list.h \
	%D%/message.c %D%/message.h \
	%D%/migrate.c %D%/migrate.h \
	%D%/part.c %D%/part.h \
	%D%/place.c %D%/place.h \
	%D%/private.h \
	%D%/purge.c \
	%D%/question.c %D%/question.h \
	%D%/section.c \
	%D%/store.c %D%/store.h \
	%D%/tally.c %D%/tally.h \
	%D%/thread.c %D%/thread.h \
	%D%/turn.c %D%/turn.h

# The schema files, in order, as C arrays.
schema_files = %D%/schema/0001-initial.sql
EXTRA_DIST += $(schema_files)
BUILT_SOURCES += %D%/schema_sql.h
CLEANFILES += %D%/schema_sql.h
%D%/schema_sql.h: $(schema_files) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && { \
		n=0; \
		for f in $(schema_files); do \
			n=$$((n + 1)); \
			test -f $$f || f=$(srcdir)/$$f; \
			echo "static const char schema_$$n[] = {"; \
			od -An -v -tx1 $$f | sed 's/ \(..\)/0x\1,/g'; \
			echo '0 };'; \
		done; \
		echo 'static const char *const schemas[] = {'; \
		i=1; while test $$i -le $$n; do \
			echo "schema_$$i,"; i=$$((i + 1)); \
		done; \
		echo '};'; \
	} >$@.tmp && mv $@.tmp $@
%D%/migrate.$(OBJEXT): %D%/schema_sql.h
