"""The rights, a family: one file per right, named by its code, with its machine, its words and what it needs.

To add one: a module with a proxy model that declares its moves and a `RIGHT` value. The web form, the plan, the
diagram and the tests find it here.
"""
