"""The Telegram bot as a program: start, wiring, dispatch, inbox workers and supervision."""
