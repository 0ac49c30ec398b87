"""What every training stage shares: the command line of stages, mixed precision."""
