"""A measured result must replace the last one and nothing else of the page."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import report  # noqa: E402


class BetweenMarkers(unittest.TestCase):
    def test_only_the_text_between_the_markers_changes(self):
        page = "# Page\n\n<!-- x:begin -->\nold\n<!-- x:end -->\n\nafter\n"
        self.assertEqual(
            report.between_markers(page, "x", "new"), "# Page\n\n<!-- x:begin -->\nnew\n<!-- x:end -->\n\nafter\n"
        )

    def test_writing_twice_is_writing_once(self):
        once = report.between_markers("# Page\n", "x", "new")
        self.assertEqual(report.between_markers(once, "x", "new"), once)

    def test_two_results_share_a_page(self):
        page = report.between_markers(report.between_markers("# Page\n", "x", "one"), "y", "two")
        self.assertEqual(report.between_markers(page, "x", "three").count("two"), 1)

    def test_a_damaged_pair_is_refused(self):
        begin, end = "<!-- x:begin -->", "<!-- x:end -->"
        for page in (begin, end, end + begin, begin + begin + end):
            with self.assertRaises(ValueError, msg=page):
                report.between_markers(page, "x", "new")


class Replace(unittest.TestCase):
    def test_a_missing_page_is_made(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "docs" / "page.md"
            report.replace(path, "x", "body", "# Page\n")
            self.assertEqual(path.read_text(encoding="utf-8"), "# Page\n\n<!-- x:begin -->\nbody\n<!-- x:end -->\n")


if __name__ == "__main__":
    unittest.main()
