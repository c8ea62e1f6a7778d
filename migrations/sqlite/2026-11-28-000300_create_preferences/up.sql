-- How a user wants to see pages. Where nothing is said the browser decides.
CREATE TABLE preferences (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    theme TEXT CHECK (theme IN ('light', 'dark', 'contrast', 'light contrast', 'dark contrast')),
    language TEXT CHECK (language IN ('en', 'de')),
    -- As the IANA's database calls it, such as Europe/Berlin.
    time_zone TEXT,
    -- Whether the key / goes to the search.
    slash_searches BOOLEAN NOT NULL DEFAULT 1
);
