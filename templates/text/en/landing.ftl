# The first page.
landing-about = A container registry. It keeps images and other OCI artifacts, and serves them to Docker, Podman, Kubernetes and every client that follows the OCI specification.
landing-ready = Ready
landing-waiting = Waiting to be set up
landing-explore = Public repositories
landing-no-administrator = There is no administrator yet.
landing-no-administrator-text = The address for creating one is in what the server printed when it started: in its terminal, or in the log of its container or service. Restarting the server prints a new one.
landing-use = Push and pull images
landing-use-later = Once it is set up
landing-login-hint = With your username and password, or those of a robot account in a build pipeline. Public images can be pulled without.
landing-push = Tag an image and push it
landing-push-hint = The namespace is your username or an organization you may push to.
landing-pull = Pull it anywhere
landing-insecure = This address has no TLS.
landing-insecure-text = Docker talks to it only if { $host } is listed under insecure-registries in the daemon’s settings; Podman needs --tls-verify=false. Passwords travel readable.
