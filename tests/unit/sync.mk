unit_tests += tests/unit/sync_line tests/unit/sync_plan
unit_tests += tests/unit/sync_positions
