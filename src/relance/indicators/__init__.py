"""What the dunning achieves, in figures: each with its formula, its perimeter and its date."""
