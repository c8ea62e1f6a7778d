DROP INDEX users_disabled_by_sign_in;
DROP INDEX users_raised_by_sign_in;
DROP INDEX users_raised;
