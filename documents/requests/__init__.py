"""Documents that InComfort asks an employer for, and what the employer gave."""
