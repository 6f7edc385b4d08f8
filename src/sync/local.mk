src_libtercet_a_SOURCES += \
	%D%/backoff.c %D%/backoff.h \
	%D%/command.c %D%/command.h \
	%D%/deliver.c %D%/deliver.h \
	%D%/deliver_command.c \
	%D%/deliver_file.c \
	%D%/delivery.c \
	%D%/engine.c %D%/engine.h \
	%D%/event.c %D%/event.h \
	%D%/fetcher.c \
	%D%/hear.c \
	%D%/housekeeper.c \
	%D%/ingest.c %D%/ingest.h %D%/again.c %D%/again.h %D%/ingest_again.c %D%/ingest_text.c \
	%D%/jobs.c \
	%D%/journal.c %D%/journal.h %D%/journal_private.h \
	%D%/journal_act.c \
	%D%/journal_activity.c \
	%D%/journal_append.c \
	%D%/journal_folder.c \
	%D%/journal_sentence.c \
	%D%/line.c %D%/line.h \
	%D%/pass.c %D%/pass.h %D%/pass_ask.c \
	%D%/passes.c \
	%D%/peer.c %D%/peer.h \
	%D%/plan.c %D%/plan.h \
	%D%/positions.c %D%/positions.h \
	%D%/private.h \
	%D%/pull.h %D%/pull_backfill.c %D%/pull_imap.c \
	%D%/pull_section.c %D%/pull_text.c \
	%D%/push.c %D%/push.h %D%/push_private.h \
	%D%/push_append.c %D%/push_folder.c \
	%D%/push_look.c %D%/push_message.c %D%/push_transfer.c \
	%D%/send.c %D%/send.h %D%/send_private.h \
	%D%/send_draft.c \
	%D%/server.c %D%/server.h \
	%D%/session.c %D%/session.h \
	%D%/socket.c %D%/socket.h \
	%D%/syncer.h \
	%D%/tree.c %D%/tree.h \
	%D%/worker.c %D%/worker.h %D%/worker_common.c
