-- Lists of the few among many users: who is raised, by name and by when they signed in, and who is disabled, by the latter
-- (by name, users_by_enabled has them). Partial, so that the sign-ins of all others do not write to them.
CREATE INDEX users_raised ON users (name, id) WHERE standing <> 'plain';
CREATE INDEX users_raised_by_sign_in ON users (last_sign_in, id) WHERE standing <> 'plain';
CREATE INDEX users_disabled_by_sign_in ON users (last_sign_in, id) WHERE NOT enabled;
