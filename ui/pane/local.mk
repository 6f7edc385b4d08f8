ui_libui_a_SOURCES += \
	%D%/layout.c \
	%D%/layout.h \
	%D%/pane_activity.c \
	%D%/pane_composer.c \
	%D%/pane_folders.c \
	%D%/pane_links.c \
	%D%/pane_list.c \
	%D%/pane_misc.c \
	%D%/pane_setup.c \
	%D%/pane_viewer.c \
	%D%/row.c \
	%D%/row.h \
	%D%/statusbar.c \
	%D%/statusbar.h \
	%D%/pane.h
