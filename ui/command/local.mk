ui_libui_a_SOURCES += \
	%D%/act.c \
	%D%/act.h \
	%D%/command.c \
	%D%/command.h \
	%D%/commands_app.c \
	%D%/commands_folder.c \
	%D%/commands_list.c \
	%D%/commands_message.c \
	%D%/commands_viewer.c \
	%D%/complete.c \
	%D%/complete.h \
	%D%/fetch.c \
	%D%/fetch.h \
	%D%/fuzzy.c \
	%D%/fuzzy.h \
	%D%/history.c \
	%D%/history.h \
	%D%/keymap.c \
	%D%/keymap.h \
	%D%/line_edit.c \
	%D%/line_edit.h \
	%D%/picker.c \
	%D%/picker.h \
	%D%/prompt.c \
	%D%/prompt.h \
	%D%/question.c \
	%D%/question.h
