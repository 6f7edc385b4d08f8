ui_libs = ui/libui.a $(lib_libs) $(NCURSES_LIBS)

unit_tests += tests/unit/ui_term
tests_unit_ui_term_LDADD = $(ui_libs)
