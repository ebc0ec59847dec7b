"""What every room stands on.

Comuni and their scope (`scope`, `same_comune`), people and roles (`models`,
`access`), refusals (`errors`, `answers`), audit, clock, signed tokens and jobs.
Start from `scope.operation`, `access.members` and `errors.DomainError`.
"""
