"""The reader of plain language: a sentence in, what it asks for out. Pure: no model, no network, no clock of its own.

Text -> units (`pieces`, `numerals`) -> their meanings (`lexicon`, `spelling`) -> days and times (`calendar`) -> what is
mentioned (`mentions`, `names`) -> which tool (`choice`, after `safety`) -> its arguments (`filling`).
"""
