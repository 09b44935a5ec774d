"""All described queries: those that follow from tables of lookups and kinds, then the written ones, subject by subject."""
from . import (
    cases_aggregates, cases_expressions, cases_functions, cases_json, cases_later, cases_lookups, cases_relations, cases_rows, cases_statements,
)

SUBJECTS = [cases_lookups, cases_json, cases_relations, cases_expressions, cases_functions, cases_aggregates, cases_rows, cases_statements, cases_later]


def all_cases():
    return [said for subject in SUBJECTS for said in subject.cases()]
