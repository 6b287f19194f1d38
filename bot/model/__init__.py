"""The optional model, asked where the reader of plain language is at a loss: a message in, at most one request out.

A message -> what may be chosen (`offer`) -> the wire (`shapes`, `line`), within `spending` -> the answer judged
(`judging`, `described`, `message`) -> a `proposal` in the reader's own form. `Model.opened` is the way in; what is sent
and to whom is told in `docs/model.md`. Nothing here is loaded where no model is set.
"""
