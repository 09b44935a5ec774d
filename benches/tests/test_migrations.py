"""Both projects hold the same history, of the size that was asked for, and the figures are compared the right way round."""

import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import history  # noqa: E402
import migrations  # noqa: E402

SIZE = history.Size(30, 100)


class History(unittest.TestCase):
    def test_it_has_as_many_models_and_migrations_as_were_asked_for(self):
        for size in (SIZE, *migrations.SIZES):
            self.assertEqual(history.size_of(history.models(size)), (size.models, size.migrations))

    def test_every_kind_of_alteration_occurs(self):
        steps = [step for own in history.models(SIZE).values() for step in history.migrations(own)]
        self.assertEqual({step.alteration for step in steps}, {None, *history.ALTERATIONS})

    def test_both_projects_have_the_same_migrations_and_models(self):
        with tempfile.TemporaryDirectory() as folder:
            ours, theirs = pathlib.Path(folder, "ours"), pathlib.Path(folder, "reference")
            history.write_ours(ours, SIZE)
            history.write_reference(theirs, SIZE)
            for app in history.models(SIZE):
                names = {path.stem[1:] for path in (ours / "src" / app / "migrations").glob("m0*.rs")}
                self.assertEqual(names, {path.stem for path in (theirs / app / "migrations").glob("0*.py")})
                rust = re.findall(r"pub struct (\w+)", (ours / "src" / app / "models.rs").read_text())
                self.assertEqual(rust, re.findall(r"class (\w+)\(models", (theirs / app / "models.py").read_text()))

    def test_an_unchanged_file_keeps_its_time(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a/b.rs")
            history.keep(path, "one")
            before = path.stat().st_mtime_ns
            history.keep(path, "one")
            self.assertEqual(path.stat().st_mtime_ns, before)


class Comparing(unittest.TestCase):
    def facts(self, ours, theirs):
        return {task: {"quintet": [(9, ours)], "the reference": [(9, theirs)]} for task in migrations.TASKS}

    def test_ratios_are_of_cpu_times_against_the_reference(self):
        text = migrations.table(SIZE, self.facts(1, 4))
        self.assertIn("| `showmigrations` | 9,000 [9,000–9,000] (1,000) | 9,000 [9,000–9,000] (4,000) | 0.250 |", text)

    def test_growth_is_of_the_larger_against_the_smaller(self):
        [text] = migrations.growth({1: self.facts(1, 4), 2: self.facts(2, 12)})
        self.assertIn("`showmigrations`: quintet 2.0, the reference 3.0", text)


if __name__ == "__main__":
    unittest.main()
