"""What a letter asks for, by rules that a person can read: which rights, how sure, on which words.

`vocabulary` says which ideas there are; `words/<language>.yaml` says how each language words them; `words/rules.yaml`
says which ideas, met in one sentence, point to which right; `words/laws.yaml` says which article grants what. To add
a language, write its file; nothing else is touched. `tokens` cuts text into words, `matching` finds the ideas,
`weigh` applies the rules, `understand` is the one call for others. What it finds is a suggestion, never a decision.
"""
