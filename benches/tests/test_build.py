"""Build times: edits, features and tables are text; what was not measured is a dash."""

import pathlib
import sys
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import build  # noqa: E402
import build_models  # noqa: E402


class Editing(unittest.TestCase):
    edit = build.Edit("src/urls.rs", r"It works\.( #\d+)?", "It works. #{number}")

    def test_an_edit_of_an_edit_is_another_text(self):
        first = self.edit.of('say("It works.")', 0)
        self.assertEqual(first, 'say("It works. #0")')
        self.assertEqual(self.edit.of(first, 1), 'say("It works. #1")')

    def test_only_the_first_place_is_changed(self):
        self.assertEqual(self.edit.of("It works. It works.", 3), "It works. #3 It works.")

    def test_a_file_without_the_text_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "`src/urls.rs` does not hold"):
            self.edit.of("nothing of it", 0)

    def test_every_edit_of_ten_models_changes_what_is_generated_each_time(self):
        rows = {row.part: row for row in build.contestants(types.SimpleNamespace(database="sqlite"))}
        files = build_models.files()
        for edit in (rows["models"].view, rows["models"].model):
            texts = [files[pathlib.Path(edit.file).name]]
            for number in range(5):
                texts.append(edit.of(texts[-1], number))
            self.assertEqual(len(set(texts)), 6, edit)


class Models(unittest.TestCase):
    def test_there_are_ten_and_each_has_its_parts(self):
        files = build_models.files()
        self.assertEqual(len(set(build_models.MODELS)), 10)
        for name in build_models.MODELS:
            self.assertIn(f"pub struct {name} {{", files["models.rs"])
            self.assertIn(f"model = {name}, ", files["serializers.rs"])
            self.assertIn(f"impl ModelViewSet for {name}ViewSet", files["views.rs"])
            self.assertIn(f"views::{name}ViewSet)", files["urls.rs"])
            self.assertIn(f"models::{name}", files["mod.rs"])

    def test_each_leads_to_the_one_before(self):
        text = build_models.models()
        for before in build_models.MODELS[:-1]:
            self.assertEqual(text.count(f"ForeignKey<{before}>"), 1)
        self.assertEqual(text.count("ForeignKey<User>"), 10)

    def test_the_addresses_come_first_and_a_text_without_a_place_is_an_error(self):
        found = build_models.included('    urls![\n        path("", root),\n    ]\n')
        self.assertIn('urls![\n        include("shop/", crate::shop::urls::urls(), namespace = "shop"),\n        path', found)
        with self.assertRaisesRegex(RuntimeError, "does not hold"):
            build_models.included("fn urls() {}")


class Features(unittest.TestCase):
    def test_a_feature_is_a_row_of_the_manifest(self):
        self.assertEqual(build.features('[features]\ndefault = ["a"]\na = []\nb = ["a"]\n'), ["a", "b"])
        self.assertEqual(build.features("[package]\n"), [])

    def test_those_of_the_framework_are_found(self):
        manifest = (build.ROOT / "crates/quintet/Cargo.toml").read_text(encoding="utf-8")
        self.assertIn("tls", build.features(manifest))

    def test_a_cost_is_what_is_more_than_without(self):
        none = {"crates": 100, "clean debug": (40.0, 70.0), "debug": {"bytes": 45e6}}
        tls = {"crates": 110, "clean debug": (42.5, 75.0), "debug": {"bytes": 47e6}}
        lines = build.feature_table({"none": none, "`tls`": tls}).splitlines()
        self.assertEqual(lines[-2], "| none | 100 | 40.0 | 70.0 | 45.0 | – | – | – |")
        self.assertEqual(lines[-1], "| `tls` | 110 (+10) | 42.5 (+2.5) | 75.0 (+5.0) | 47.0 (+2.0) | – | – | – |")


class Telling(unittest.TestCase):
    def test_what_was_not_measured_is_a_dash(self):
        facts = {"crates": 48, "clean": (13.7, 23.6), "rebuilds": [(0.3, 0.4), (0.5, 0.6), (0.4, 0.5)]}
        text = build.table({"plain": facts, "models": {**facts, "models": [(1.0, 2.0)]}})
        self.assertIn("| crates | 48 | 48 |", text)
        self.assertIn("after editing a view, s median [min–max] (CPU) | 0.40 [0.30–0.50] (0.50) |", text)
        self.assertIn("after changing a model, s median [min–max] (CPU) | – | 1.00 [1.00–1.00] (2.00) |", text)
        self.assertIn("| release program, MB | – | – |", text)


if __name__ == "__main__":
    unittest.main()
