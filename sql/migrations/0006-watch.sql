-- How the io worker watches the import paths: written at each change, shown on the status page.

ALTER TABLE root
  ADD COLUMN watched_dirs  integer,  -- so many dirs are watched; NULL: none
  ADD COLUMN watch_trouble text;     -- why they are not
