unit_tests +=
