-- Files that are gone from where they were: known again where they turn up, asked about when they are many, and removed when
-- nobody missed them for long.

ALTER TABLE root
  ADD COLUMN scanned_from   timestamptz,  -- when its last whole scan began: what is present was there then, or came later
  ADD COLUMN held_files     integer,      -- so many are gone at once that a person is asked; NULL: nothing is held
  ADD COLUMN rejected_files integer;      -- of so many a person said that they are not to be taken for deleted

ALTER TABLE dir ADD COLUMN gone_after timestamptz;  -- a scan did not see it any more; missing_since, once that is decided
UPDATE dir SET gone_after = missing_since WHERE missing_since IS NOT NULL;
ALTER TABLE dir ADD CHECK (missing_since IS NULL OR gone_after IS NOT NULL);

ALTER TABLE file
  ADD COLUMN found_at   timestamptz NOT NULL DEFAULT '-infinity',  -- when it was first seen
  ADD COLUMN gone_after timestamptz;  -- a scan did not see it any more; it was there until then at least. NULL: it is there
ALTER TABLE file ALTER COLUMN found_at SET DEFAULT now();
UPDATE file SET gone_after = '-infinity' WHERE missing_since IS NOT NULL;
ALTER TABLE file ADD CHECK (missing_since IS NULL OR gone_after IS NOT NULL);
CREATE INDEX file_gone ON file (dir_id) WHERE gone_after IS NOT NULL;

-- One file is at a place; any number may have been there before.
ALTER TABLE file DROP CONSTRAINT file_dir_id_fname_key;
CREATE UNIQUE INDEX file_place ON file (dir_id, fname, (CASE WHEN gone_after IS NULL THEN 0 ELSE id END));
