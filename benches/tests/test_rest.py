"""The REST benchmark: answers that differ are refused, refusals are no errors where they are asked for, charts show ratios."""

import pathlib
import sys
import types
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


class Growing(unittest.TestCase):
    def test_whoever_asks_has_twenty_rows_in_every_table(self):
        for rows in (*rest.GROWTH, rest_data.ROWS):
            self.assertGreaterEqual(rows // rest_data.authors(rows), 20)
        self.assertEqual(rest_data.authors(rest_data.ROWS), rest_data.USERS)

    def test_only_authors_send_tokens(self):
        self.assertEqual(len(rest_data.tokens("latest", 64, users=10)), 10)
        self.assertEqual(len(rest_data.tokens("latest", 64)), rest_data.USERS)

    def test_the_table_says_what_is_left_of_the_rate(self):
        rounds = {rows: {"quintet": [rest.Round(rate, 1, 2, 50, 0)]} for rows, rate in zip(rest.GROWTH, (2000, 1500, 1000))}
        self.assertTrue(
            rest.growth_table("SQLite", rounds).endswith("| quintet | 2,000 (50.0) | 1,500 (50.0) | 1,000 (50.0) | 0.50 |")
        )


class Guests(unittest.TestCase):
    def test_each_that_is_built_apart_has_a_lockfile_of_its_own_and_is_not_in_the_workspace(self):
        members = (rest.HERE / "Cargo.toml").read_text(encoding="utf-8")
        for guest in rest.GUESTS.values():
            for manifest in (word for word in guest.build if word.endswith("Cargo.toml")):
                folder = pathlib.Path(manifest).parent
                self.assertTrue((folder / "Cargo.lock").is_file(), folder)
                self.assertNotIn(f'"{folder.name}"', members)
                self.assertIn("[workspace]", (folder / "Cargo.toml").read_text(encoding="utf-8"))

    def test_a_guest_is_started_with_the_address_and_the_database(self):
        guest = rest.by_address_and_url("other", "rest-other")
        self.assertEqual(guest.command, [rest.HERE / "target/rest-other/release/rest-other", "{address}", "{url}"])
        self.assertIn("--locked", guest.build)

    def test_a_guest_runs_beside_ours_before_the_reference(self):
        args = types.SimpleNamespace(base=None, no_reference=False, guests=[rest.GUESTS["sqlx"]])
        names = [name for name, *_ in rest.commands(args)]
        self.assertEqual(names, [rest.OURS, rest.BY_HAND, "axum with sqlx", rest.GUNICORN, rest.UVICORN])
        args.guests = []
        self.assertNotIn("axum with sqlx", [name for name, *_ in rest.commands(args)])

    def test_a_guest_has_columns_and_without_it_there_are_none(self):
        found = {"hello": {name: [rest.Round(rate, 1.0, 2.0, cpu, 0)] for name, rate, cpu in RATES}}
        idle, peak = {"quintet": 1000}, {"quintet": 5e6, "by hand": 4e6, "axum with sqlx": 3e6}
        text, memory = rest.tables("SQLite", (found, idle, peak), [rest.GUESTS["sqlx"]])
        head, dashes, row = text.splitlines()[2:]
        self.assertTrue(head.endswith("| axum with sqlx, req/s | quintet, of axum with sqlx | CPU, of axum with sqlx |"))
        self.assertTrue(row.endswith("| – | – | 40.0 [40.0–40.0] | 2.00 | 0.25 |"), row)
        self.assertEqual(head.count("|"), dashes.count("|"))
        self.assertEqual(head.count("|"), row.count("|"))
        self.assertIn("| | quintet | by hand | axum with sqlx |", memory)
        self.assertNotIn("sqlx", rest.tables("SQLite", (found, idle, {}))[0])


RATES = (("quintet", 80, 20.0), ("by hand", 100, 10.0), ("axum with sqlx", 40, 80.0))


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
