"""The doors by which requests arrive, and the one service behind them all."""
