"""What a whole registry costs, what a reform changes of that, and what is coming."""
