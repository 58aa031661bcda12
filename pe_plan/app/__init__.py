"""Between the shell and the wings: one short function per command."""
