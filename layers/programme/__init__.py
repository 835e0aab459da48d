"""The programme: which part of the operating model goes live in which release, when, and what that does to the levers."""
