"""The staff's pages about who asks: the Identity tab, each proof with its evidence, more proof, the table of proofs."""
