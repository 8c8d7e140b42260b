"""Rules and language analysis: text in, findings out. Pure functions; the only files read are language folders."""
