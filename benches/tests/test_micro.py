"""Counts of instructions are read, kept and compared; another machine's are none."""

import contextlib
import io
import pathlib
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import micro  # noqa: E402


def told(counts, kept, kept_on="here"):
    text = io.StringIO()
    with contextlib.redirect_stdout(text), mock.patch.object(micro, "machine", lambda: "here"):
        return micro.checked(counts, kept, kept_on), text.getvalue()


class Counting(unittest.TestCase):
    def test_the_last_line_of_callgrind_is_read(self):
        self.assertEqual(micro.total("==1== \n==1== Collected : 12345\n"), 12345)
        with self.assertRaisesRegex(RuntimeError, "said nothing"):
            micro.total("==1== Segmentation fault")

    def test_what_is_kept_is_read_again(self):
        self.assertEqual(micro.read(micro.written("here", {"a": 1, "b": 2})), ("here", {"a": 1, "b": 2}))

    def test_a_count_that_is_near_passes(self):
        self.assertEqual(told({"a": 107}, {"a": 100}), (0, ""))

    def test_a_count_that_is_far_fails_in_both_directions(self):
        for count in (109, 91):
            status, text = told({"a": count}, {"a": 100})
            self.assertEqual(status, 1)
            self.assertIn(f"`a` takes {count} instructions, and 100 are kept", text)

    def test_a_step_that_nobody_kept_fails(self):
        self.assertEqual(told({"a": 1, "b": 1}, {"a": 1})[0], 1)
        self.assertEqual(told({"a": 1}, {})[0], 1)

    def test_counts_of_another_machine_are_not_compared_and_it_is_said(self):
        status, text = told({"a": 200}, {"a": 100}, "there")
        self.assertEqual(status, 0)
        self.assertIn("skipped: the counts are those of there, and this is here", text)

    def test_another_build_may_be_too_old_for_a_step_and_this_one_may_not(self):
        def instructions(_, name, number):
            if name == "token":
                raise micro.UnknownStep("no such step")
            return 1000 + 7 * number

        with mock.patch.object(micro, "instructions", instructions), contextlib.redirect_stderr(io.StringIO()):
            found = micro.counted("before", is_other=True)
            self.assertEqual(set(found), set(micro.STEPS) - {"token"})
            self.assertEqual(set(found.values()), {7})
            with self.assertRaises(micro.UnknownStep):
                micro.counted("now")
        row = next(line for line in micro.table({"token": 5}, found, "before").splitlines() if "token" in line)
        self.assertTrue(row.endswith("| 5 | – | – |"), row)

    def test_each_step_is_a_row_of_the_program(self):
        text = (micro.HERE / "micro/src/main.rs").read_text(encoding="utf-8")
        for name in micro.STEPS:
            self.assertIn(f'"{name}" =>', text)

    def test_what_is_kept_has_every_step(self):
        if not micro.FILE.exists():
            self.skipTest("nothing is kept")
        _, kept = micro.read(micro.FILE.read_text(encoding="utf-8"))
        self.assertEqual(list(kept), list(micro.STEPS))


if __name__ == "__main__":
    unittest.main()
