src_libtercet_a_SOURCES += \
	%D%/cli.h

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
src_libtercet_a_SOURCES += %D%/demo.c %D%/demo.h
%D%/demo.$(OBJEXT): $(demo_mail)
