"""Forms of the work: what each verb of reports, cases, requests and items asks for.

A form's cleaned data are the verb's keyword arguments (surveillance/web/verbs.py).
"""
