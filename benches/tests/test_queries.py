"""Tables say what was measured, of medians; contestants that answer differently are refused."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import queries  # noqa: E402
import run  # noqa: E402


class Answering:
    def __init__(self, name, status, body):
        self.name, self.answer, self.sent = name, (status, {}, body), None

    def get(self, path, headers, sends):
        self.sent = sends
        return self.answer


class Comparing(unittest.TestCase):
    def test_all_answer_as_the_first_does(self):
        run.refuse_other_answers([Answering("a", 200, b"1"), Answering("b", 200, b"1")], run.Request("", "/"))
        with self.assertRaisesRegex(RuntimeError, "`b` answers / with 200 b'2', not b'1'"):
            run.refuse_other_answers([Answering("a", 200, b"1"), Answering("b", 200, b"2")], run.Request("", "/"))

    def test_an_answer_that_is_said_is_wanted_of_the_first_too(self):
        with self.assertRaisesRegex(RuntimeError, "`a`"):
            run.refuse_other_answers([Answering("a", 200, b"1")], run.Request("", "/", b"2"))

    def test_an_error_is_no_answer(self):
        with self.assertRaisesRegex(RuntimeError, "with 500"):
            run.refuse_other_answers([Answering("a", 500, b"1")], run.Request("", "/"))

    def test_what_is_sent_goes_to_all(self):
        all_running = [Answering("a", 200, b"1"), Answering("b", 200, b"1")]
        run.refuse_other_answers(all_running, queries.REQUESTS["insert"])
        self.assertEqual([running.sent for running in all_running], [queries.NEW, queries.NEW])


class Telling(unittest.TestCase):
    def test_a_list_is_compared_between_the_smallest_table_and_the_largest(self):
        one = {"list_us": 10, "list_p99_us": 30}
        facts = {(kind, "list", size): one for kind in queries.KINDS for size in queries.SIZES}
        facts["SQLite", "list", queries.SIZES[-1]] = {"list_us": 15, "list_p99_us": 40}
        self.assertIn("| SQLite | 10 (30) | 10 (30) | 15 (40) | 1.50 |", queries.list_table(facts))

    def test_memory_is_what_came_beside_what_was_there(self):
        one = {"peak_kb": 12_000, "before_kb": 10_000, "row_us": 1.5}
        facts = {(kind, "iterate", size): one for kind in queries.KINDS for size in queries.SIZES}
        self.assertIn("| PostgreSQL | 2.0 (1.50) | 2.0 (1.50) | 2.0 (1.50) |", queries.iterate_table(facts))

    def test_there_is_one_baseline(self):
        self.assertEqual(sum(is_baseline for _, _, is_baseline in queries.CONTESTANTS), 1)


if __name__ == "__main__":
    unittest.main()
