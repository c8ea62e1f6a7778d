# Eine Einladung in ein Team.
invitation-title = Einladung in ein Team
invitation-from = { $inviter } lädt Sie in ein Team ein.
invitation-organization = Organisation
invitation-team = Team
invitation-hint = Wenn Sie annehmen, erhalten Sie die Berechtigungen des Teams, und die Organisation sieht, dass Sie dazugehören.
invitation-accept = Annehmen
invitation-decline = Ablehnen
invitation-accepted = Sie sind jetzt im Team { $team } von { $name }
invitation-declined = Sie haben die Einladung in das Team { $team } von { $name } abgelehnt
invitation-expires = Läuft ab
