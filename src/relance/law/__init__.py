"""What the law lets a creditor claim, and forbids: rates and rules per country (pure, exact)."""
