"""What every training stage shares: the command line of stages, the training loop, mixed precision, tables of data."""
