"""Reads how many tests passed, failed and were skipped out of what a test runner printed.

Pure: text and exit status in, `Counts` out. Knows the runners' summaries; knows no process and no file. Tests that run other
tests print summaries of those too, so each parser says which summary is the runner's own.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """What one runner did. `broken` says why its numbers cannot be trusted; it counts as one failure."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: str = ""

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def settled(self, status):
        """The counts once the exit status is known: whoever leaves unhappy without a failed test is broken."""
        unhappy = f"exit status {status}" if status != 0 and (self.broken or self.failed == 0) else ""
        broken = ", ".join(reason for reason in (self.broken, unhappy) if reason)
        return Counts(self.passed, self.failed + (1 if broken else 0), self.skipped, broken)

    def line(self):
        return f"tests: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def nextest(text):
    """The last `Summary` line; a test's own output is indented further and comes before it."""
    summaries = [match for line in plain(text) if (match := NEXTEST_SUMMARY.match(line))]
    if not summaries:
        return Counts(broken="no summary was printed")
    ran, planned, rest = summaries[-1].groups()
    numbers = {words: int(number) for number, words in NEXTEST_NUMBER.findall(re.sub(r"\([^)]*\)", "", rest))}
    failed = sum(number for words, number in numbers.items() if words not in ("passed", "skipped"))
    gave_up = len(skipped_by_themselves(text))
    missing = int(planned or ran) - int(ran)
    return Counts(
        numbers.get("passed", 0) - gave_up,
        failed,
        numbers.get("skipped", 0) + gave_up,
        f"{missing} tests were not run" if missing else "",
    )


def libtest(text):
    """The sum over all binaries. A result belongs to a binary when it adds up to what the binary said it would run."""
    total, announced, in_output, died = Counts(), None, False, ""
    for line in plain(text):
        if announced is None:
            if match := LIBTEST_START.match(line):
                announced, in_output = int(match[1]), False
        elif match := LIBTEST_RESULT.match(line):
            passed, failed, ignored, measured = map(int, match.groups())
            if passed + failed + ignored + measured == announced:
                total, announced = total + Counts(passed, failed, ignored), None
        elif LIBTEST_SECTION.match(line):
            in_output = True
        elif LIBTEST_BINARY.match(line) and not in_output:
            announced, died = None, "a test binary died"
    if announced is not None:
        died = "a test binary died"
    gave_up = len(skipped_by_themselves(text))
    return Counts(total.passed - gave_up, total.failed, total.skipped + gave_up, died)


def python_unittest(text):
    """The last `Ran N tests` and the verdict after it."""
    ran, verdict = None, ""
    for line in plain(text):
        if match := UNITTEST_RAN.match(line):
            ran, verdict = int(match[1]), ""
        elif ran is not None and UNITTEST_VERDICT.match(line):
            verdict = line
    if ran is None or not verdict:
        return Counts(broken="no summary was printed")
    numbers = {words: int(number) for words, number in re.findall(r"([a-z ]+)=(\d+)", verdict)}
    numbers = {words.strip(): number for words, number in numbers.items()}
    failed = sum(numbers.get(words, 0) for words in ("failures", "errors", "unexpected successes"))
    skipped = numbers.get("skipped", 0)
    # A class that fails in setUpClass is an error without a test that ran.
    return Counts(max(ran - failed - skipped, 0), failed, skipped)


def node_tap(text):
    """The totals that Node's TAP reporter prints at the left margin, after all tests."""
    numbers = {name: int(number) for line in plain(text) for name, number in re.findall(r"^# (\w+) (\d+)$", line)}
    if not {"tests", "pass", "fail", "cancelled", "skipped"} <= numbers.keys():
        return Counts(broken="no summary was printed")
    skipped = numbers["skipped"] + numbers.get("todo", 0)
    return Counts(numbers["pass"], numbers["fail"] + numbers["cancelled"], skipped)


def one_test(_text):
    """A command that is one test as a whole: the exit status decides, see `verdict`."""
    return Counts(passed=1)


def no_test(_text):
    """A command that only prepares: good is nothing, bad is one failure."""
    return Counts()


def verdict(parse, text, status):
    """The counts of one run."""
    if parse is one_test and status != 0:
        return Counts(failed=1)
    return parse(text).settled(status)


def soak_lines(text):
    """What scaled tests say about themselves, without the prefix."""
    return [match[1].strip() for line in plain(text) if (match := re.match(r"\s*soak:(.*)", line))]


def skipped_by_themselves(text):
    """Tests that passed because they gave up, and said so in a line that starts with `skipped:`; test to reason."""
    reasons, test, successes = {}, None, False
    for line in plain(text):
        if match := NEXTEST_STATUS.match(line):
            test = match[2] if match[1] in NEXTEST_GOOD else None
        elif line.startswith(("successes:", "failures:", "test result:")):
            test, successes = None, line.startswith("successes:") or (successes and line.startswith("test result:"))
        elif match := LIBTEST_SECTION.match(line):
            test = match[1] if successes else None
        elif test and (match := re.match(r"\s*skipped:(.*)", line)):
            reasons.setdefault(test, match[1].strip())
    return reasons


def hide_success():
    """A filter that keeps a passed test's output to itself, except what it says on purpose: `soak:` and `skipped:`."""
    hiding = False

    def shows(line):
        nonlocal hiding
        line = ANSI.sub("", line)
        if match := NEXTEST_STATUS.match(line):
            hiding = match[1] in NEXTEST_GOOD
            return True
        if line.startswith("─") or LIBTEST_AFTER_SUCCESSES.match(line):
            hiding = False
        elif line.startswith("successes:"):
            hiding = True
        return not hiding or bool(re.match(r"\s*(soak|skipped):", line))

    return shows


def plain(text):
    return ANSI.sub("", text).splitlines()


ANSI = re.compile(r"\x1b\[[0-9;]*m")
NEXTEST_SUMMARY = re.compile(r" {0,8}Summary \[ *[\d.]+s\] +(\d+)(?:/(\d+))? tests? run: (.*)")
NEXTEST_NUMBER = re.compile(r"(\d+) ([a-z][a-z ]*[a-z])")
NEXTEST_STATUS = re.compile(r" {2,14}([A-Z][A-Z0-9 +-]*?) \[[ >]*[\d.]+s\] +(?:\([ \d]+/\d+\) +)?(.*)")
NEXTEST_GOOD = ("PASS", "LEAK", "PASS + LEAK")
LIBTEST_START = re.compile(r"running (\d+) tests?$")
LIBTEST_RESULT = re.compile(r"test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured;")
LIBTEST_BINARY = re.compile(r"     Running .*\(.*\)$|   Doc-tests ")
LIBTEST_SECTION = re.compile(r"---- (\S.*) stdout ----$")
LIBTEST_AFTER_SUCCESSES = re.compile(r"failures:$|test result: .* finished in|     Running |   Doc-tests ")
UNITTEST_RAN = re.compile(r"Ran (\d+) tests? in ")
UNITTEST_VERDICT = re.compile(r"(OK|FAILED|NO TESTS RAN)( \(.*\))?$")
