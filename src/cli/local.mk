src_libtercet_a_SOURCES += \
	%D%/change.c %D%/change.h \
	%D%/args.c %D%/args.h \
	%D%/ask.c %D%/ask.h \
	%D%/beside.c %D%/beside.h \
	%D%/cli.c %D%/cli.h \
	%D%/cmd_account.c \
	%D%/cmd_account_add.c \
	%D%/cmd_change.c \
	%D%/cmd_activity.c \
	%D%/cmd_doctor.c \
	%D%/cmd_folder.c \
	%D%/cmd_folder_change.c \
	%D%/cmd_list.c \
	%D%/cmd_outbox.c \
	%D%/cmd_save.c \
	%D%/cmd_send.c \
	%D%/cmd_show.c \
	%D%/cmd_sync.c \
	%D%/context.c \
	%D%/export.c %D%/export.h \
	%D%/export_file.c \
	%D%/help.c \
	%D%/json.c %D%/json.h \
	%D%/message_json.c %D%/message_json.h \
	%D%/outgoing.c %D%/outgoing.h \
	%D%/print.c %D%/print.h \
	%D%/probe.c %D%/probe.h \
	%D%/readable.c %D%/readable.h \
	%D%/report_note.c %D%/report_note.h \
	%D%/print_document.c \
	%D%/reading.c %D%/reading.h \
	%D%/security_json.c %D%/security_json.h \
	%D%/subcommand.h \
	%D%/subcommands.c

# The sample mailbox, linked into the program.
demo_mail = \
	%D%/demo/archive.mbox \
	%D%/demo/drafts.mbox \
	%D%/demo/folders.txt \
	%D%/demo/inbox.mbox \
	%D%/demo/junk.mbox \
	%D%/demo/lists-choir.mbox \
	%D%/demo/lists-git.mbox \
	%D%/demo/sent.mbox \
	%D%/demo/trash.mbox
EXTRA_DIST += $(demo_mail)
src_libtercet_a_SOURCES += \
	%D%/demo.c %D%/demo.h \
	%D%/demo_date.c %D%/demo_date.h
%D%/demo.$(OBJEXT): $(demo_mail)
