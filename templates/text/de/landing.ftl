# Die erste Seite.
landing-about = Eine Container-Registry. Sie bewahrt Images und andere OCI-Artefakte auf und liefert sie an Docker, Podman, Kubernetes und jeden Client, der der OCI-Spezifikation folgt.
landing-ready = Bereit
landing-waiting = Wartet auf die Einrichtung
landing-explore = Öffentliche Repositorys
landing-no-administrator = Es gibt noch keinen Administrator.
landing-no-administrator-text = Die Adresse, unter der Sie einen anlegen, hat der Server beim Start ausgegeben: in seinem Terminal oder im Protokoll seines Containers oder Dienstes. Ein Neustart des Servers gibt eine neue aus.
landing-use = Images hoch- und herunterladen
landing-use-later = Nach der Einrichtung
landing-login-hint = Mit Ihrem Benutzernamen und Passwort oder, in einer Build-Pipeline, denen eines Roboterkontos. Öffentliche Images lassen sich ohne Anmeldung herunterladen.
landing-push = Ein Image benennen und hochladen
landing-push-hint = Der Namensraum ist Ihr Benutzername oder eine Organisation, in die Sie hochladen dürfen.
landing-pull = Überall herunterladen
landing-insecure = Diese Adresse hat kein TLS.
landing-insecure-text = Docker spricht nur mit ihr, wenn { $host } in den Einstellungen des Daemons unter insecure-registries steht; Podman braucht --tls-verify=false. Passwörter reisen lesbar.
