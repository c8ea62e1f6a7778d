# Robot accounts of organizations and users.
robots-of = Robot accounts of { $name }
robots-none = There are no robot accounts yet. Create one for each program that pushes or pulls, so that each has a token of its own.
robots-no-match = No robot account begins with “{ $text }”.
robots-clear = Clear filter
robots-filter = Filter by name
robots-name = Robot account name
robots-name-hint = Lower-case letters and digits, with single . _ or - between them. It will be called { $name }+ and this.
robots-description = Description (optional)
robots-description-hint = What it is for, such as “CI of checkout”
robots-team = Add to team (optional)
robots-repository = Repository (optional)
robots-role = Permission
robots-role-on = Permission on { $repository }
robots-teams = Teams
robots-no-teams = None
robots-repositories = Repositories
robots-repositories-of = repositories granted to { $name }
robots-last-used = Last used
robots-never = Never
robots-created-at = Created
robots-actions = Actions for robot account { $name }
robots-create = Create robot account
robots-created = Robot account { $name } created
robots-described = Description of { $name } saved
robots-deleted = Robot account { $name } deleted
robots-regenerated = { $name } has a new token; the old one stopped working
robots-no-team = There is no such team. Name one of this organization.
robots-no-repository = There is no such repository here that you administer.
robots-no-role = Choose Read, Write or Admin.
robots-credentials = View credentials
robots-credentials-of = Credentials for { $name }
robots-views = Ways to sign in
robots-view-token = Token
robots-view-docker = Docker login
robots-view-podman = Podman login
robots-view-kubernetes = Kubernetes secret
robots-view-config = Docker config.json
robots-view-helm = Helm login
robots-view-skopeo = Skopeo login
robots-view-nerdctl = nerdctl login
robots-username = Username
robots-token = Token
robots-registry = Registry
robots-copy-username = Copy username
robots-copy-token = Copy token
robots-copy-registry = Copy registry
robots-copy-file = Copy { $name }
robots-download-file = Download { $name }
robots-token-hidden = The token is shown to admins only.
robots-insecure = This address has no TLS. Docker talks to it only if { $host } is listed under insecure-registries in the daemon’s settings, and tokens travel readable.
robots-done = Done
robots-permissions = Set repository permissions
robots-permissions-of = Repository permissions of { $name }
robots-permissions-about = These are its own permissions. What teams and default permissions give comes on top.
robots-permissions-none = No repository is granted to it directly.
robots-permission-set = Permission of { $name } on { $repository } set
robots-permission-removed = Permission of { $name } on { $repository } removed
robots-remove-from = Remove permission on { $repository }
robots-grant = Grant permission
robots-save = Save
robots-federation = Set keyless identities
robots-federation-of = Keyless identities of { $name }
robots-federation-about = Programs that an identity provider vouches for can sign in as this robot account without a stored token. Empty an entry to remove it; what was exchanged for it ends at once.
robots-federation-none = No identities are trusted.
robots-federation-saved = Keyless identities of { $name } saved
robots-federation-save = Save identities
robots-identity = Identity { $number }
robots-issuer = Issuer
robots-subject = Subject
robots-issuer-wrong = This issuer cannot be used: { $why }
robots-subject-missing = Name the subject, as it is in the provider’s tokens.
robots-exchange = Where identities are exchanged
robots-exchange-about = Send the robot account’s name and the signed identity as Basic credentials; the answer has a token for the registry.
robots-describe = Edit description
robots-describe-of = Description of { $name }
robots-describe-save = Save description
robots-regenerate = Regenerate token
robots-regenerate-question = Regenerate the token of { $name }?
robots-regenerate-loses = The old token stops working at once, and so does everything that signs in with it. This cannot be undone.
robots-delete = Delete robot account
robots-delete-question = Delete robot account { $name }?
robots-delete-loses = Its token stops working at once. This cannot be undone. Lost are:
robots-loses-repositories =
    { $count ->
        [0] no permissions on repositories
        [one] its permission on { $count } repository
       *[other] its permissions on { $count } repositories
    }
robots-loses-teams =
    { $count ->
        [0] no memberships in teams
        [one] its membership in { $count } team
       *[other] its memberships in { $count } teams
    }
robots-delete-stays = What it pushed stays.
