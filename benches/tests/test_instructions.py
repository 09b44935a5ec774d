"""Instructions of requests are read, and put beside those of others."""

import http.client
import pathlib
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import instructions  # noqa: E402


class Counting(unittest.TestCase):
    def test_the_total_of_a_dump_is_read(self):
        self.assertEqual(instructions.total("events: Ir\nfn=(1)\n3 4\ntotals: 1200\n"), 1200)
        self.assertEqual(instructions.total("summary: 7\n"), 7)
        with self.assertRaisesRegex(RuntimeError, "counted nothing"):
            instructions.total("events: Ir\n")

    def test_what_the_floor_does_not_answer_has_no_number(self):
        found = {("create", "quintet"): 3000, ("create", "by hand"): 2000, ("create", "floor"): 1000}
        found |= {("patch", "quintet"): 1500, ("patch", "by hand"): 1000}
        lines = instructions.table("SQLite", found).splitlines()
        self.assertEqual(lines[2:], ["| create | 3,000 | 2,000 | 1.50 | 1,000 |", "| partial update | 1,500 | 1,000 | 1.50 | – |"])

    def test_an_answer_with_another_status_ends_it(self):
        connection = mock.create_autospec(http.client.HTTPConnection, instance=True)
        connection.getresponse.return_value.status = 500
        connection.getresponse.return_value.read.return_value = b"no"
        with self.assertRaisesRegex(RuntimeError, "is answered with 500, not 200"):
            instructions.ask(connection, "retrieve", range(1))

    def test_every_item_has_a_request_with_a_method_and_a_path(self):
        for name, (_, _, _, make) in instructions.ITEMS.items():
            method, path, _ = make(7)
            self.assertIn(method, ("GET", "POST", "PATCH"), name)
            self.assertTrue(path.startswith("/") and path.endswith("/"), name)


if __name__ == "__main__":
    unittest.main()
