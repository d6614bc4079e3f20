"""What customers' words mean: which service, days and times, answers, choices, languages. Pure."""
