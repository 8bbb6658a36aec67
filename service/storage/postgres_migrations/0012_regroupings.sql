-- The orders of editors to split and merge developments, in the order in which they came. An order whose delta is in the
-- ledger has been followed. Rows are only ever added.

CREATE TABLE regroupings (
    id text COLLATE "C" PRIMARY KEY, -- of the delta that tells of it
    seq bigint NOT NULL UNIQUE,
    story text COLLATE "C" NOT NULL,
    kind text NOT NULL, -- 'split' or 'merge'
    development text COLLATE "C" NOT NULL, -- whose reports move
    target text COLLATE "C" NOT NULL, -- the development they move into
    entries jsonb NOT NULL, -- array; empty for a merge, which moves all
    note text NOT NULL,
    ordered_at timestamptz NOT NULL
);

CREATE INDEX regroupings_by_story ON regroupings (story, seq);
