"""Notifications about booking changes, told to subscribed chats."""
