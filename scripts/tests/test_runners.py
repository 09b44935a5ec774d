"""A runner that fails, breaks, hangs or is missing must show in the sum."""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import counts  # noqa: E402
import runners  # noqa: E402
from counts import Counts  # noqa: E402


def result_of(*command, parse=counts.nextest, minutes=1.0, missing=""):
    row = runners.Runner("fake", list(command), parse, minutes, missing=missing)
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        result, _, _ = runners.run(row, dict(os.environ), False)
    return result, shown.getvalue()


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        logs, runners.LOGS = runners.LOGS, pathlib.Path(self.folder.name)
        self.addCleanup(setattr, runners, "LOGS", logs)

    def test_a_fake_runner_is_counted_and_logged(self):
        text = "     Summary [   0.1s] 3 tests run: 2 passed, 1 failed, 4 skipped"
        result, shown = result_of("sh", "-c", f"echo '{text}'; exit 100")
        self.assertEqual(result, Counts(2, 1, 4))
        self.assertIn(text, shown)
        self.assertIn(text, (runners.LOGS / "fake.log").read_text(encoding="utf-8"))

    def test_a_program_that_is_not_there_is_one_failure(self):
        self.assertEqual(result_of("/no/such/program")[0].failed, 1)

    def test_a_crash_is_one_failure(self):
        self.assertEqual(result_of("sh", "-c", "kill -SEGV $$")[0].failed, 1)

    def test_a_runner_that_hangs_is_stopped_and_is_one_failure(self):
        started = time.monotonic()
        result, shown = result_of("sleep", "60", minutes=0.5 / 60)
        self.assertEqual(result.failed, 1)
        self.assertIn("was stopped", shown)
        self.assertLess(time.monotonic() - started, 30)

    def test_what_cannot_run_is_skipped_and_says_why(self):
        result, shown = result_of("x", missing="`x` is not installed")
        self.assertEqual(result, Counts(0, 0, 1))
        self.assertIn("skipped: `x` is not installed", shown)

    def test_bytes_that_are_no_text_do_not_stop_the_count(self):
        result, _ = result_of("sh", "-c", r"printf '\377\376\n     Summary [   0.1s] 1 test run: 1 passed, 0 skipped\n'")
        self.assertEqual(result, Counts(1, 0, 0))


class Rows(unittest.TestCase):
    def test_a_soak_includes_the_ignored_tests_and_a_test_does_not(self):
        for command, word in ((runners.nextest_command, "--run-ignored"), (runners.cargo_test_command, "--include-ignored")):
            self.assertIn(word, command(True))
            self.assertNotIn(word, command(False))

    def test_names_are_unique_because_logs_are_named_by_them(self):
        names = [row.name for row in runners.runners(False)]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
