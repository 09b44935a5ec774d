"""Keeps measured results in the documentation: replaces what is between two markers, and says which machine measured.

Knows Markdown pages and this machine; does not know what was measured.
"""

import os
import pathlib
import platform
import subprocess


def replace(path, name, body, page):
    """Puts `body` between the markers of `name` in the page at `path`; `page` is the text of a page that is not there yet."""
    path = pathlib.Path(path)
    text = path.read_text(encoding="utf-8") if path.exists() else page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(between_markers(text, name, body), encoding="utf-8")


def between_markers(text, name, body):
    """The page with a new body; a page without markers gets them at its end."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    block = f"{begin}\n{body.strip()}\n{end}"
    if (begin in text) != (end in text) or text.count(begin) > 1 or text.count(end) > 1:
        raise ValueError(f"the markers `{begin}` and `{end}` must both be there once, or not at all")
    if begin not in text:
        return text.rstrip() + "\n\n" + block + "\n"
    before, rest = text.split(begin)
    if end not in rest:
        raise ValueError(f"`{end}` stands before `{begin}`")
    return before + block + rest.split(end)[1]


def commit(root):
    """The commit, and whether there is more in the folder than it says."""
    try:
        name = git(root, "rev-parse", "--short=12", "HEAD")
        changed = git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name + (" with changes" if changed else "")


def git(root, *words):
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def machine():
    """One line: processor, cores, memory, system, compiler."""
    parts = [processor(), f"{os.cpu_count()} cores", memory(), f"{platform.system()} {platform.machine()}", compiler()]
    return ", ".join(part for part in parts if part)


def processor():
    return first_value("/proc/cpuinfo", "model name") or platform.processor()


def memory():
    total = first_value("/proc/meminfo", "MemTotal")
    return f"{int(total.split()[0]) / 1024 / 1024:.0f} GiB" if total else ""


def first_value(path, key):
    try:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            if line.startswith(key):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return ""


def compiler():
    try:
        words = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return "Rust " + words[1]
