"""What runners print, and what must be counted. The files in outputs/ are real outputs of one small crate."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import counts  # noqa: E402
from counts import Counts, verdict  # noqa: E402


def output(name):
    return (HERE / "outputs" / name).read_text(encoding="utf-8")


class Nextest(unittest.TestCase):
    def test_the_summary_is_counted_and_a_test_that_gave_up_is_skipped(self):
        self.assertEqual(verdict(counts.nextest, output("nextest_failed.txt"), 100), Counts(1, 1, 2))

    def test_an_aborted_test_is_a_failed_one(self):
        self.assertEqual(verdict(counts.nextest, output("nextest_aborted.txt"), 100), Counts(1, 2, 1))

    def test_slow_timed_out_and_unexecutable_tests_are_told_apart(self):
        rest = "7 passed (1 slow, 2 flaky), 1 failed, 1 timed out, 1 exec failed, 4 skipped"
        line = f"     Summary [  12.3s] 10 tests run: {rest}\n"
        self.assertEqual(verdict(counts.nextest, line, 100), Counts(7, 3, 4))

    def test_colour_does_not_hide_the_summary(self):
        passed = "\x1b[1m1\x1b[0m \x1b[32;1mpassed\x1b[0m"
        line = f"\x1b[32;1m     Summary\x1b[0m [   0.1s] \x1b[1m1\x1b[0m test run: {passed}, 0 skipped\n"
        self.assertEqual(verdict(counts.nextest, line, 0), Counts(1, 0, 0))

    def test_a_run_that_was_cut_short_is_broken(self):
        line = "     Summary [   0.1s] 3/10 tests run: 3 passed, 0 skipped\n"
        result = verdict(counts.nextest, line, 100)
        self.assertEqual((result.passed, result.failed), (3, 1))
        self.assertIn("7 tests were not run", result.broken)

    def test_a_build_that_fails_is_one_failure(self):
        self.assertEqual(verdict(counts.nextest, "error: could not compile `x`\n", 101).failed, 1)

    def test_a_summary_in_a_tests_own_output_is_not_the_runners(self):
        nested = "        PASS [   0.1s] (1/1) a b\n              Summary [   0.1s] 9 tests run: 9 passed, 0 skipped\n"
        own = "     Summary [   0.1s] 1 test run: 1 passed, 0 skipped\n"
        self.assertEqual(verdict(counts.nextest, nested + own, 0), Counts(1, 0, 0))
        self.assertEqual(verdict(counts.nextest, nested, 0).failed, 1)

    def test_the_last_of_two_summaries_counts(self):
        lines = [f"     Summary [   0.1s] 1 test run: {rest}, 0 skipped\n" for rest in ("1 passed", "0 passed, 1 failed")]
        self.assertEqual(verdict(counts.nextest, "".join(lines), 100), Counts(0, 1, 0))

    def test_a_test_that_leaks_and_gave_up_is_skipped_too(self):
        text = (
            "        LEAK [   0.1s] (1/1) a b\n  stdout ───\n    skipped: x\n"
            "     Summary [   0.1s] 1 test run: 1 passed (1 leaky), 0 skipped\n"
        )
        self.assertEqual(verdict(counts.nextest, text, 0), Counts(0, 0, 1))


class Libtest(unittest.TestCase):
    def test_binaries_and_doc_tests_are_summed_and_nested_results_are_not(self):
        self.assertEqual(verdict(counts.libtest, output("libtest_failed.txt"), 101), Counts(2, 1, 3))

    def test_a_binary_that_dies_is_one_failure_and_the_rest_still_counts(self):
        result = verdict(counts.libtest, output("libtest_aborted.txt"), 101)
        self.assertEqual((result.passed, result.failed, result.skipped), (1, 1, 1))
        self.assertIn("died", result.broken)

    def test_a_binary_that_dies_last_is_noticed(self):
        self.assertEqual(verdict(counts.libtest, "running 3 tests\ntest a ... ok\n", 0).failed, 1)

    def test_a_cargo_run_inside_a_tests_output_does_not_count(self):
        text = (
            "     Running unittests src/lib.rs (target/debug/deps/x-1)\n\nrunning 1 test\ntest a ... ok\n\nsuccesses:\n\n"
            "---- a stdout ----\n     Running unittests src/main.rs (target/debug/deps/y-1)\nrunning 7 tests\n"
            "test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n"
            "successes:\n    a\n\n"
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n"
        )
        self.assertEqual(verdict(counts.libtest, text, 0), Counts(1, 0, 0))

    def test_no_tests_at_all_is_no_failure(self):
        self.assertEqual(verdict(counts.libtest, "    Finished `test` profile\n", 0), Counts())


class PythonUnittest(unittest.TestCase):
    def test_success(self):
        self.assertEqual(verdict(counts.python_unittest, "Ran 5 tests in 0.1s\n\nOK (skipped=2)\n", 0), Counts(3, 0, 2))

    def test_failures_errors_and_unexpected_successes_are_failed(self):
        text = "Ran 6 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=1, expected failures=1, unexpected successes=1)\n"
        self.assertEqual(verdict(counts.python_unittest, text, 1), Counts(1, 4, 1))

    def test_a_module_that_cannot_be_imported_is_a_failure(self):
        self.assertEqual(verdict(counts.python_unittest, "Traceback (most recent call last):\n", 1).failed, 1)


class NodeTap(unittest.TestCase):
    TOTALS = "# tests 6\n# suites 0\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n# duration_ms 12.5\n"

    def test_the_totals_at_the_left_margin_count(self):
        text = "TAP version 13\n    # pass 99\nok 1 - x\n1..6\n" + self.TOTALS
        self.assertEqual(counts.node_tap(text), counts.Counts(3, 2, 1))

    def test_an_output_that_breaks_off_is_broken(self):
        self.assertTrue(counts.node_tap("TAP version 13\nok 1 - x\n").broken)


class Verdict(unittest.TestCase):
    def test_an_unhappy_exit_without_a_failed_test_is_one_failure(self):
        result = verdict(counts.libtest, "", 101)
        self.assertEqual((result.failed, result.broken), (1, "exit status 101"))

    def test_an_unhappy_exit_with_failed_tests_is_not_counted_twice(self):
        self.assertEqual(verdict(counts.python_unittest, "Ran 1 test in 0s\n\nFAILED (failures=1)\n", 1), Counts(0, 1, 0))

    def test_a_command_that_is_one_test_passes_or_fails_by_its_exit_status(self):
        self.assertEqual(verdict(counts.one_test, "", 0), Counts(1, 0, 0))
        self.assertEqual(verdict(counts.one_test, "", 1), Counts(0, 1, 0))

    def test_a_command_that_only_prepares_counts_when_it_fails(self):
        self.assertEqual(verdict(counts.no_test, "", 0), Counts())
        self.assertEqual(verdict(counts.no_test, "", 1).failed, 1)

    def test_the_line_is_exactly_what_is_promised(self):
        self.assertEqual((Counts(1, 2, 3) + Counts(10, 0, 1)).line(), "tests: 11 passed, 2 failed, 4 skipped")


class Output(unittest.TestCase):
    def test_scaled_tests_are_found_in_either_runners_output(self):
        for name in ("nextest_failed.txt", "libtest_failed.txt"):
            self.assertEqual(counts.soak_lines(output(name))[0], "good seed=1 count=100 12.5 s", name)

    def test_a_test_that_gave_up_is_named_with_its_reason(self):
        for name in ("nextest_failed.txt", "libtest_failed.txt"):
            (test, reason), *others = counts.skipped_by_themselves(output(name)).items()
            self.assertEqual((test.split()[-1], reason, others), ("tests::good", "no vectors", []), name)
            self.assertNotIn("/", test)

    def test_a_failed_test_that_said_skipped_stays_failed(self):
        text = (
            "        FAIL [   0.1s] (1/1) a b\n  stdout ───\n    skipped: x\n"
            "     Summary [   0.1s] 1 test run: 0 passed, 1 failed, 0 skipped\n"
        )
        self.assertEqual(verdict(counts.nextest, text, 100), Counts(0, 1, 0))

    def test_a_passed_tests_noise_is_hidden_and_a_failed_tests_is_not(self):
        for name in ("nextest_failed.txt", "libtest_failed.txt"):
            shows = counts.hide_success()
            shown = [line.strip() for line in output(name).splitlines() if shows(line)]
            self.assertNotIn("noise", shown, name)
            self.assertIn("soak: good seed=1 count=100 12.5 s", shown, name)
            self.assertIn("skipped: no vectors", shown, name)
            self.assertTrue(any("panicked at" in line for line in shown), name)


if __name__ == "__main__":
    unittest.main()
