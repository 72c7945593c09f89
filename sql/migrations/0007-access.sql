-- Who may come in, where they are logged in, and what they did.

CREATE TABLE account (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  role       text NOT NULL CHECK (role IN ('owner', 'viewer')),
  password   text NOT NULL,  -- hashed, with salt and costs
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_name ON account (lower(name));

CREATE TABLE session (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash       bytea NOT NULL UNIQUE,  -- SHA-256 of what the browser's cookie holds
  account_id integer NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now(),
  address    text NOT NULL,
  agent      text NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

CREATE TABLE api_token (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  hash       bytea NOT NULL UNIQUE,  -- SHA-256 of the token
  scopes     text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz
);

-- Logins that failed, or are under way, by address and by name: each further one has to wait longer.
CREATE TABLE login_try (
  key      text PRIMARY KEY,
  tries    integer NOT NULL DEFAULT 0,
  tried_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_try_old ON login_try (tried_at);

CREATE TABLE audit (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  who     text NOT NULL,
  address text,
  what    text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
