"""The sitting of a council: convocation, opening, closing, and the roll of its members.

Start from `operations.convene_sitting`, `queries.get_sitting` and `models.Sitting`.
"""
