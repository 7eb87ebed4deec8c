"""The staff's desk: the queue, the case with its tabs, and the one page on which every move is confirmed.

Other apps add their links to the rail, their tabs to a case and their page to a move through `navigation.py`.
"""
