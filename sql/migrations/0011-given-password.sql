-- The password that the environment gave last, hashed. It may be there at each start, and is taken once: what people change
-- afterwards stays.
CREATE TABLE given_password (
  id   integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  hash text NOT NULL
);
