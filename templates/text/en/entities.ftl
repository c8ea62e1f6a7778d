# What fields offer while a name is typed.
entities-found = Accounts
entities-team = Team
entities-user = User
entities-robot = Robot account
