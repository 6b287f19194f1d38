"""The tests of Linkdesk."""
