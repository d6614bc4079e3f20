"""What customers' words mean (intent recognition, slot filling): services, days, times, answers, languages. Pure.

Rules and word lists for English and Spanish, no model; the words of a tenant's trade are its own. Whatever is in doubt
is None (abstention), so that it is asked and not guessed.
"""
