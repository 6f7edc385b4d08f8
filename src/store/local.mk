src_libtercet_a_SOURCES += \
	%D%/account.c %D%/account.h \
	%D%/action.c %D%/action.h \
	%D%/action_inverse.c %D%/action_inverse.h \
	%D%/action_invert.c %D%/action_invert.h \
	%D%/action_purge.c \
	%D%/action_row.h \
	%D%/action_undo.c \
	%D%/check.c \
	%D%/check_journal.c %D%/check_journal.h \
	%D%/conversation.c %D%/conversation.h \
	%D%/damage.c %D%/damage.h \
	%D%/db.c \
	%D%/draft.c %D%/draft.h \
	%D%/effect.c %D%/effect.h \
	%D%/folder.c %D%/folder.h \
	%D%/folder_listing.c \
	%D%/folder_view.c \
	%D%/habit.c %D%/habit.h \
	%D%/home.c \
	%D%/identity.c %D%/identity.h \
	%D%/index.c %D%/index.h \
	%D%/index_file.c \
	%D%/index_words.c \
	%D%/link.c %D%/link.h \
	%D%/linking.h \
	%D%/list.c %D%/list.h \
	%D%/list_row.c %D%/list_row.h \
	%D%/list_thread.c \
	%D%/message.c %D%/message.h \
	%D%/migrate.c %D%/migrate.h \
	%D%/operation.c %D%/operation.h \
	%D%/operation_apply.c %D%/operation_apply.h \
	%D%/operation_batch.c \
	%D%/operation_folder.c %D%/operation_folder.h \
	%D%/operation_list.c %D%/operation_list.h \
	%D%/operation_name.c %D%/operation_name.h \
	%D%/operation_outcome.c \
	%D%/operation_rest.c %D%/operation_rest.h \
	%D%/operation_row.c %D%/operation_row.h \
	%D%/operation_settle.c %D%/operation_settle.h \
	%D%/outbox.c %D%/outbox.h %D%/outbox_row.h \
	%D%/outbox_deliver.c \
	%D%/part.c %D%/part.h \
	%D%/pick.c %D%/pick.h \
	%D%/place.c \
	%D%/placement.c %D%/placement.h \
	%D%/private.h \
	%D%/purge.c \
	%D%/question.c %D%/question.h \
	%D%/recover.c %D%/recover.h \
	%D%/recover_outbox.c \
	%D%/recover_row.c \
	%D%/reference.c \
	%D%/report.c %D%/report.h \
	%D%/section.c \
	%D%/store.c %D%/store.h \
	%D%/subject.c \
	%D%/tally.c %D%/tally.h \
	%D%/text_again.c \
	%D%/thread.c %D%/thread.h \
	%D%/transaction.c \
	%D%/transfer.c %D%/transfer.h \
	%D%/turn.c %D%/turn.h \
	%D%/uid_space.c %D%/uid_space.h

# The schemas as C arrays: the store's, in order, and the text index's.
schema_files = %D%/schema/0001-initial.sql %D%/schema/0002-journal.sql \
	%D%/schema/0003-habit.sql %D%/schema/0004-report.sql \
	%D%/schema/0005-outbox.sql \
	%D%/schema/0006-transfer.sql \
	%D%/schema/0007-text-again.sql
index_schema = %D%/schema/index.sql
EXTRA_DIST += $(schema_files) $(index_schema)
BUILT_SOURCES += %D%/schema_sql.h %D%/index_sql.h
CLEANFILES += %D%/schema_sql.h %D%/index_sql.h
embed = embed() { \
		test -f $$2 || set -- $$1 $(srcdir)/$$2; \
		echo "static const char $$1[] = {"; \
		od -An -v -tx1 $$2 | sed 's/ \(..\)/0x\1,/g'; \
		echo '0 };'; \
	}
%D%/schema_sql.h: $(schema_files) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(embed) && { \
		n=0; all=; \
		for f in $(schema_files); do \
			n=$$((n + 1)); all="$$all schema_$$n,"; \
			embed schema_$$n $$f; \
		done; \
		echo "static const char *const schemas[] = { $$all };"; \
	} >$@.tmp && mv $@.tmp $@
%D%/index_sql.h: $(index_schema) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(embed) && \
	embed index_schema $(index_schema) >$@.tmp && mv $@.tmp $@
%D%/migrate.$(OBJEXT): %D%/schema_sql.h
%D%/index_file.$(OBJEXT): %D%/index_sql.h
