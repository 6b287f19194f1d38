"""The optional language model, used where the reader finds no tool: one message in, at most one request out.

A message -> the tools to offer (`tools`) -> the wire (`wire_formats`, `client`), within `budget` -> the verified answer
(`verdict`, `arguments`, `grounding`) -> a `proposal` in the reader's own form. `Model.opened` is the entry point; what
is sent and to whom is told in `docs/model.md`. Nothing here is loaded where no model is set.
"""
