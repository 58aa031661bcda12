"""What happened: the log folded, where the learner stands, what a re-plan changes. Pure."""
