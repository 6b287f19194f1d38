"""The plain-language reader: a sentence in, the request it makes out. Pure: no model, no network, no clock of its own.

Text -> tokens (`tokenizer`, `numerals`) -> their meanings (`lexicon`, `spelling`) -> days and times (`dates`) ->
entities
(`entities`, `person_names`) -> which tool (`intent_orders`, after `verifier`) -> its arguments (`slot_table`).
"""
