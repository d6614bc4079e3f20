"""The tenant language, a domain-specific language in YAML: models, expressions, decision tables, wordings, checks.

Expressions are CEL under a static type check, messages are Liquid templates, tables are DMN's with the hit policy
"first". `checks/` is the semantic analysis: every mistake is reported with its place. Pure.
"""
