"""Microphones that announce themselves: from a conference system's lines to the sitting's folder."""
