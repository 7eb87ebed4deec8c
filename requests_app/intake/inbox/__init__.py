"""Mail that reaches us: stored first, understood afterwards, and always in one of eight ends.

A door (`doors/`) hands over bytes to `receive`, the only point where the sending side may try again. From there `work`
takes one mail through reading, screening, matching and deciding to `act`, in one transaction that is repeated whole.
"""
