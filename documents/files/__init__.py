"""The Trajectendossier as a list, as one ZIP, and what an employer takes back of its own."""
