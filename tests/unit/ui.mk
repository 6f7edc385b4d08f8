ui_libs = ui/libui.a $(lib_libs) $(NCURSES_LIBS)

unit_tests += tests/unit/ui_term
tests_unit_ui_term_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_command
tests_unit_ui_command_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_view
tests_unit_ui_view_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_folders
tests_unit_ui_folders_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_triage
tests_unit_ui_triage_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_links
tests_unit_ui_links_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_pipe
tests_unit_ui_pipe_LDADD = $(ui_libs)
unit_tests += tests/unit/ui_mailcap
tests_unit_ui_mailcap_LDADD = $(ui_libs)
