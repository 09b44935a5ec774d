"""Numbers are read in the right unit, compared with the right baseline, and errors are never dropped."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import run  # noqa: E402

WRK = """Running 2s test @ http://127.0.0.1:8000/json
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     0.91ms    1.09ms  13.31ms   86.11%
    Req/Sec   119.08k     6.67k  127.17k    90.00%
  Latency Distribution
     50%  412.00us
     75%    1.12ms
     90%    2.51ms
     99%    4.75ms
  236901 requests in 2.00s, 33.21MB read
Requests/sec: 118423.31
Transfer/sec:     16.60MB
"""


class ReadingWrk(unittest.TestCase):
    def test_rate_p99_and_cpu_per_request_are_read(self):
        self.assertEqual(run.round_of(WRK, 2.36901), run.Round(118423.31, 4.75, 10.0, 0))

    def test_every_unit_of_latency_is_known(self):
        for text, milliseconds in (("99%  750.00us", 0.75), ("99%    1.50s", 1500), ("99%    1.00m", 60000)):
            self.assertAlmostEqual(run.round_of(WRK.replace("99%    4.75ms", text), 1).p99_ms, milliseconds)

    def test_refused_answers_and_socket_errors_are_errors(self):
        text = WRK + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 90\n"
        self.assertEqual(run.round_of(text, 1).errors, 100)


class Comparing(unittest.TestCase):
    def test_ratios_are_of_medians_against_the_named_baseline(self):
        rounds = {
            "slow": [run.Round(rate, 1, 20, 0) for rate in (40, 50, 90)],
            "base": [run.Round(rate, 1, 10, 0) for rate in (100, 100, 1000)],
        }
        text = run.table(run.REQUESTS["hello"], rounds, {"slow": (1e6, 2e6), "base": (1e6, 1e6)}, ["base"])
        self.assertIn("| slow | 50 [40–90] | 0.50 | 20.00 | 2.00 | 1.00 | 1.0 → 2.0 | 0 |", text)

    def test_there_is_one_baseline_and_every_request_is_known(self):
        self.assertEqual(sum(row.baseline for row in run.CONTESTANTS), 1)
        for row in run.CONTESTANTS:
            self.assertLessEqual(set(row.requests), set(run.REQUESTS))


if __name__ == "__main__":
    unittest.main()
