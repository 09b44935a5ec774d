"""Record how python-dotenv reads a `.env` file.

    python vectors/record_dotenv.py
Writes dotenv.json here. Each case: `text` (the file), `environment` (the process environment before), and what
`load_dotenv()` made of them: `entries` (as parsed, in order, doubles included), `values` (expanded, one per name),
`added` (what reached the environment), `warned` (line numbers it warned about) or `raised`.
"""
import json
import logging
import os
import pathlib
import random
import re
import tempfile

from dotenv import load_dotenv
from dotenv.main import DotEnv

HERE = pathlib.Path(__file__).resolve().parent

# Grouped by what they are about; a pair is (text, environment).
CASES = {
    "plain": [
        "", "\n", "\n\n\n", " \n\t\n", "A=1", "A=1\n", "A=1\nB=2\n", "A=1\n\n\nB=2", "A=", "A=\n", "A=\nB=2", "A = 1", "A\t=\t1", " A=1", "\tA=1",
        "A=1 ", "A=1\t\t", "A=  1  \n", "A=one two  three", "A=a=b", "A==", "A=b==", "a=1\nA=2", "a.b-c/d=1", "1=2", "A[0]=x", "$A=1", "A\\=1",
        "\u00c5=1", "A=\u00e9\u20ac\U0001f600", "\U0001f600=x", "A=x\x0by", "A=x\x0cy\x0c", "A=x\u00a0", "A=\u00a0x", "A\u00a0=\u00a0x", "A=x\u2028y",
        "A=x\u2028", "A=x\x85", "A=x\x1c", "A=\x1cx", "A\x1c=x", "\u200bA=1", "A=\u200b", "A=x\u3000#y", "A=\u3000#y",
    ],
    "names": ["A", "A\n", "A\nB=1", "A ", "A #c", "A#c", "A\t\n=1", "A B", "A B=1", "=1", "=", "==", " = 1", "=\nA=1", "A\n=1\nB=2", "'A'=1", "'A B'=1",
              "'A=B'=1", "'A#B'=1", "'A\nB'=1", "'A'", "'A' ", "'A'B=1", "''=1", "'A=1", "'A=1\nB'=2\nC=3", "\"A\"=1", "A'B=1", "A\"B\"=1", "'A\\'=1", "''", "'"],
    "export": ["export A=1", "export  A=1", "export\tA=1", "export A", "export", "export ", "export\nA=1", "export=1", "export =1", "exportA=1",
               "export export=1", "export export A=1", "export 'A B'=1", "export # c", "export #", " export A=1", "EXPORT A=1", "export\u00a0A=1", "export A=1\nexport B=${A}"],
    "comments": ["#", "# A=1", "#A=1\nB=2", "  # c\nA=1", "A=1 # c", "A=1\t#c", "A=1#c", "A=1 #", "A=1 # c # d", "A=#c", "A= #c", "A=  # c", "A=\t#c", "A=\"#c\"", "A='#c'",
                 "A=\"x\"#c", "A=\"x\" #c", "A='x'#c", "A='x' # c\nB=1", "A=a #b\nC=1", "A=a#b #c", "A # =1", "A=# c", "A=##", "A= ##\nB=1", "A=x  #y'z", "# \"open\nA=1", "#\u2028A=1"],
    "single quotes": ["A='x'", "A=''", "A=' x '", "A= 'x' ", "A='x\ny'", "A='x\n\ny'\nB=2", "A='\\''", "A='it\\'s'", "A='\\\\'", "A='\\\\\\''", "A='\\n'", "A='\\t\\x41'", "A='\\\"'",
                      "A='x", "A='x\nB=2", "A='x\\'", "A='x\\'\nB='y'", "A='x'y", "A='x' y\nB=2", "A='x''y'", "A='x\"y'", "A='${B}'", "A='x\\\ny'", "A='\\'", "A='\u00e9\\'\U0001f600'", "A='x\n' y\nB=1", "A='x\ny"],
    "double quotes": ["A=\"x\"", "A=\"\"", "A=\" x \"", "A= \"x\" ", "A=\"x\ny\"", "A=\"x\n\n  y\n\"\nB=2", "A=\"\\\"\"", "A=\"a\\\"b\"", "A=\"\\\\\"", "A=\"\\\\\\\"\"", "A=\"\\n\"", "A=\"\\r\\n\\t\"",
                      "A=\"\\a\\b\\f\\v\"", "A=\"\\'\"", "A=\"\\x41\"", "A=\"\\u0041\"", "A=\"\\101\"", "A=\"\\$B\"", "A=\"\\q\"", "A=\"\\\\n\"", "A=\"\\\\\\n\"", "A=\"\\q\\n\"", "A=\"x\\\ny\"", "A=\"x",
                      "A=\"x\nB=2", "A=\"x\\\"", "A=\"x\\\"\nB=\"y\"", "A=\"x\"y", "A=\"x\" y\nB=2", "A=\"x\"\"y\"", "A=\"it's\"", "A=\"x\" # c", "A=\"\\", "A=\"\u00e9\\n\U0001f600\"", "A=\"x\ny\" z\nB=1"],
    "no quotes": ["A=\\n", "A=\\\\", "A=a\\ b", "A=x'y'", "A=x\"y\"", "A=x'y # z'", "A=x\\\nB=2", "A=${", "A=$", "A=a\\#b", "A=a \\#b", "A=(x)", "A=`x`", "A=$(x)", "A=x;B=2", "A=\\'x\\'"],
    "new lines": ["A=1\r\nB=2\r\n", "A=1\rB=2\r", "A=1\n\rB=2", "\r\nA=1", "A=\"x\r\ny\"", "A=\"x\ry\"", "A='x\r\ny'", "A=1\r\n\r\n=bad\r\nB=2", "A=1\r\r\n=bad", "A=\r\nB=2", "A=1 \r\nB=2", "#c\r\nA=1", "#c\rA=1", "A=\\\r\nB=2", "A=\"\\\r\n\""],
    "byte order mark": ["\ufeffA=1", "\ufeff", "\ufeff\nA=1", "\ufeff\ufeffA=1", "A=\ufeff1", "\nA=1\n\ufeffB=2", "\ufeff# c\nA=1", " \ufeffA=1"],
    "doubles": ["A=1\nA=2", "A=1\nB=2\nA=3", "A=1\nA", "A\nA=1", "A=1\nA=", "A=1\nB=${A}\nA=2\nC=${A}", "A=1\nA=${A}2\nA=${A}3", ("A=1\nA=2", {"A": "env"}), ("A=1\nA=${A}2", {"A": "env"})],
    "invalid lines": ["A B\nC=1", "C=1\nA B\n", "C=1\n\n\nA B\nD=2", "A B\nC D\nE F", "A='x\n\nB=1", "\n\n=1", "A=1\n   =1\nB=2", "# c\nA B", "'\n'\nA=1", "A=\"x\"y\"\nz\"\nB=1", "A='x'\n'y\nB=1", "export\nexport \nA=1", "A=1\n\n\n"],
    "expansion": [
        "A=1\nB=${A}", "A=1\nB=${A}2${A}", "B=${A}\nA=1", "B=${A}", "B=x${A}y", "A=1\nB=\"${A}\"", "A=1\nB='${A}'", "A=1\nB=$A", "A=1\nB=\\${A}", "A=1\nB=\"\\${A}\"", "A=1\nB=$${A}", "A=1\nB=${A",
        "A=1\nB=${ A }", "A=1\nB=${A }", "B=${}", "B=${:-x}", "B=${A:-x}", "B=${A:-}", "B=${A:-x y}", "A=\nB=${A:-x}", "A\nB=${A:-x}", "A\nB=[${A}]", "A=1\nB=${A:-x}", "B=${A-x}", "B=${A:x}", "B=${A:+x}", "B=${A:?x}",
        "A=1\nB=${C:-${A}}", "A=1\nC=2\nB=${A:-${C}}", "A=1\nB=${A}\nC=${B}", "A=${A}", "A=${A:-x}", "A=${B}\nB=${A}", "A=1\nB=${${A}}", "A=1\nB=${x${A}", "B=${A:-a:b}", "B=${A:-a:-b}", "B=${A:-\"q\"}", "B=\"${A:-'q'}\"",
        "B=\"${A\n}\"", "B=\"${A:-x\ny}\"", "B=${A:-x #y}", "A=1\nB=${A} # c", "A=${B\nC=1", "A=$\nB=${}${", "\u00c5=1\nB=${\u00c5}", "A=1\nB=\u00e9${A}\U0001f600", "B=${A:-\u00e9}", "A=${C\nB=}${A}", "'A B'=1\nC=${A B}", "A=\"\\n\"\nB=${A}", "A=${B}$\nB=1",
        "A=#\nB=${A}", "A='${B}'\nB=2\nC=${A}", "B=${A:-$}", "B=${A:-{x}}", "B=$ {A}", "B=${A}}", "B=${{A}", "export A=1\nexport B=\"${A}/x\"",
        ("B=${A}", {"A": "env"}), ("A=1\nB=${A}", {"A": "env"}), ("A=1\nB=${A:-x}", {"A": ""}), ("B=${A:-x}", {"A": ""}), ("A\nB=${A}", {"A": "env"}), ("A=1", {"A": "env"}), ("A", {"A": "env"}),
        ("A=${A}:more", {"A": "env"}), ("A=1\nB=${A}", {"A": "${C}", "C": "deep"}), ("A=1\nB=2\nC=3", {"B": ""}), ("a=1\nB=${a}", {"A": "env"}), ("B=${A:-x}", {"A": "e\u00e9"}), ("A=", {"A": "env"}), ("B=${ A}", {" A": "spaced"}),
    ],
    "a whole file": [
        "# settings\nSECRET_KEY=\"a-long key with # and \\\"quotes\\\"\"\nDEBUG=True\nALLOWED_HOSTS=localhost, 127.0.0.1\n\nDB_USER=app\nDB_PWD='p@ss#w$rd'\nDB_HOST=localhost\n"
        "DATABASE_URL=postgres://${DB_USER}:${DB_PWD}@${DB_HOST:-127.0.0.1}:${DB_PORT:-5432}/app # main\n",
        ("export DJANGO_ENV=prod\nBASE=/srv/app\nSTATIC=${BASE}/static\nKEY=\"-----BEGIN KEY-----\nabc\n-----END KEY-----\"\nbroken line\nLAST=1\n", {"BASE": "/opt"}),
    ],
}

ALPHABET = ["A", "B", "=", "=", "=", "\n", "\n", " ", "#", "'", "\"", "\\", "${A}", "${B:-x}", "$", "}", "export ", "n", "\t", "\r", "\r\n", "\u00a0", "\u00e9", "\ufeff"]


def shuffled(count, seed):
    rng = random.Random(seed)
    return ["".join(rng.choice(ALPHABET) for _ in range(rng.randint(3, 14))) for _ in range(count)]


def read(text, environment):
    """What load_dotenv() does with a file holding `text`; os.environ is put back afterwards."""
    warned = []

    class Collect(logging.Handler):
        def emit(self, record):
            warned.append(int(re.search(r"line (\d+)$", record.getMessage()).group(1)))

    logger, handler, before = logging.getLogger("dotenv.main"), Collect(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, ".env")
        path.write_bytes(text.encode("utf-8"))
        os.environ.clear()
        os.environ.update(environment)
        logger.addHandler(handler)
        logger.propagate = False
        try:
            file = DotEnv(path, encoding="utf-8", override=False)
            out = {"entries": list(file.parse())}
            out["values"] = list(file.dict().items())
            del warned[:]
            try:
                load_dotenv(path)
                out["added"] = {k: v for k, v in os.environ.items() if environment.get(k) != v}
            except ValueError as error:
                out["raised"] = str(error)
            out["warned"] = list(warned)
        finally:
            logger.removeHandler(handler)
            os.environ.clear()
            os.environ.update(before)
    return out


def cases():
    for about, texts in CASES.items():
        for case in texts:
            text, environment = case if isinstance(case, tuple) else (case, {})
            yield about, text, environment
    for text in shuffled(int(os.environ.get("SHUFFLED", 200)), seed=52):
        yield "shuffled", text, {"B": "env"}


def main():
    rows = [{"about": about, "text": text, "environment": environment, **read(text, environment)} for about, text, environment in cases()]
    lines = ",\n".join(" " + json.dumps(row, ensure_ascii=True) for row in rows)
    pathlib.Path(os.environ.get("OUT", HERE / "dotenv.json")).write_text("[\n" + lines + "\n]\n", encoding="utf-8")
    print(len(rows), "cases")


main()
