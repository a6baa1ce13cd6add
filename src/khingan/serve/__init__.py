"""The laboratory in a browser: studies on a shelf and what-if questions in a queue, on 127.0.0.1 alone."""
