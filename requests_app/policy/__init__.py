"""What the company promised people, as data: who it is, what it holds, why, who receives it, how long.

`company.py` gives the shape and reads `omnesoft.yaml`. Every page, letter and bundle names these facts from
here and nowhere else.
Not here: what the law says (`jurisdictions`), what a data source holds (`fulfillment.datamaps`).
"""
