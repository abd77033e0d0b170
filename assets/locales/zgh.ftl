# Amazigh (Tifinagh) texts of the pages: only words that assets/data/glossary.csv holds as attested.
# zgh.reviewed lists them with their words of the glossary; all else falls back to French.

column-certificate = ⴰⵙⵍⴽⵉⵏ
column-region = ⵜⴰⵎⵏⴰⴹⵜ
dates-certificate = ⴰⵙⵍⴽⵉⵏ
lot-origin = ⴰⵥⵓⵕ
origin-region = ⵜⴰⵎⵏⴰⴹⵜ
register-region = ⵜⴰⵎⵏⴰⴹⵜ
