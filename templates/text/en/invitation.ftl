# An invitation to a team.
invitation-title = Invitation to a team
invitation-from = { $inviter } invites you to a team.
invitation-organization = Organization
invitation-team = Team
invitation-hint = By accepting you get the permissions of the team, and its organization sees that you belong to it.
invitation-accept = Accept
invitation-decline = Decline
invitation-accepted = You are now in team { $team } of { $name }
invitation-declined = You declined the invitation to team { $team } of { $name }
invitation-expires = Ends
