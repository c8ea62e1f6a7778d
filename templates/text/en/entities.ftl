# What fields offer while a name is typed.
entities-found = Accounts
entities-team = Team
entities-user = User
entities-robot = Robot account
entities-create-team = Create team { $name } …
entities-create-robot = Create robot account { $name } …
