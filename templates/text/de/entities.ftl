# Was Felder anbieten, während ein Name getippt wird.
entities-found = Konten
entities-team = Team
entities-user = Benutzer
entities-robot = Roboterkonto
entities-create-team = Team { $name } anlegen …
entities-create-robot = Roboterkonto { $name } anlegen …
