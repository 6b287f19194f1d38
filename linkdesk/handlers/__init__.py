"""Handlers: one coroutine per tool, by subject; `registry` names them all."""
