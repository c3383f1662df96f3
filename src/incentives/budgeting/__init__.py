"""What more than one subject must share: budgets, quotas, rankings."""
