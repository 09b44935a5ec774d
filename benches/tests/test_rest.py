"""The REST benchmark: answers that differ are refused, refusals are no errors where they are asked for, charts show ratios."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import rest  # noqa: E402
import rest_chart  # noqa: E402
import rest_data  # noqa: E402

WRK = """
  Latency Distribution
     50%  420.00us
     99%    1.50ms
  1000 requests in 1.00s, 1.00MB read
{bad}Requests/sec:   1000.00
"""


def wrk(bad):
    return WRK.format(bad=f"  Non-2xx or 3xx responses: {bad}\n" if bad else "")


class Reading(unittest.TestCase):
    def test_latencies_are_milliseconds(self):
        found = rest.round_of(wrk(0), 0.5, False)
        self.assertEqual((found.p50_ms, found.p99_ms, found.cpu_us), (0.42, 1.5, 500.0))

    def test_a_refusal_is_an_error_unless_it_is_wanted(self):
        self.assertEqual(rest.round_of(wrk(10), 0.5, False).errors, 10)
        self.assertEqual(rest.round_of(wrk(1000), 0.5, True).errors, 0)
        self.assertEqual(rest.round_of(wrk(990), 0.5, True).errors, 10)


class Comparing(unittest.TestCase):
    def test_tokens_and_moments_of_making_may_differ_and_nothing_else(self):
        made = b'{"id":1,"created_at":"2024-01-01T00:00:00.000001Z"}'
        later = b'{"id":1,"created_at":"2025-01-01T00:00:00.000001Z"}'
        self.assertEqual(rest_data.plain(201, made), rest_data.plain(201, later))
        self.assertNotEqual(rest_data.plain(200, made), rest_data.plain(200, later))
        self.assertEqual(rest_data.plain(200, b'{"access":"a.b.c"}'), rest_data.plain(200, b'{"access":"d.e.f"}'))
        self.assertNotEqual(rest_data.plain(200, b'{"access":"a.b.c"}'), rest_data.plain(200, b'{"access":"a.b"}'))

    def test_every_work_item_has_a_request(self):
        text = rest.LUA.read_text(encoding="utf-8")
        for name in rest.ITEMS:
            self.assertRegex(text, rf"function items\.{name}\(|items\.{name} =")

    def test_the_variables_of_the_reference_name_the_database(self):
        url = "postgres://quintet@/other?host=/tmp/a/s"
        found = rest_data.reference(url)
        self.assertEqual((found["PGDATABASE"], found["PGUSER"], found["PGHOST"]), ("other", "quintet", "/tmp/a/s"))
        self.assertEqual(rest_data.reference("sqlite:///tmp/a"), {"DATABASE": "/tmp/a"})


class Telling(unittest.TestCase):
    def test_a_row_has_ratios_of_medians(self):
        ours = [rest.Round(rate, 1.0, 2.0, 50.0, 0) for rate in (80, 90, 100)]
        by_hand = [rest.Round(100, 1.0, 4.0, 100.0, 0)]
        found = rest.row("one", {rest.OURS: ours, rest.BY_HAND: by_hand, rest.GUNICORN: [rest.Round(9, 1, 1, 1, 0)]})
        self.assertIn("| 90 [80–100] | 100 [100–100] | 0.90 |", found)
        self.assertIn("| 0.50 | 10 | – |", found)

    def test_a_chart_has_a_bar_for_each_number_and_hostile_names_are_text(self):
        text = rest_chart.svg("a <b>", ["SQLite", "PostgreSQL"], [("<one>", [0.5, 1.0]), ("two", [1.1, 2.0])])
        self.assertEqual(text.count(">0.50<") + text.count(">2.00<"), 2)
        self.assertNotIn("<one>", text)
        self.assertNotIn("<b>", text)


if __name__ == "__main__":
    unittest.main()
