-- Find the decisions and judgements on one entry: what leads nowhere is to be forgotten entry by entry, and without these
-- each entry that is deleted would have PostgreSQL look through all decisions for one that refers to it.

-- age_out, and what the foreign key asks when an entry goes
CREATE INDEX decisions_by_entry ON decisions (entry_id, revision);
CREATE INDEX judgements_by_entry ON judgements (entry_id, revision);
