"""Every setting, declared once: its type, default, checks and texts; one module per subject.

Annotations are not postponed here: pydantic would compile these long ones a second time at every start.
"""
