"""The shell: design system, home, signing in, errors; it composes the rooms below."""
