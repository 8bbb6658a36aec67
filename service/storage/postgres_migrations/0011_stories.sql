-- The stories themselves: those made over the API, and how those looked that are followed no more. What was published
-- stays readable after its story has left, and a feed needs its title and threads.

CREATE TABLE stories (
    id text COLLATE "C" PRIMARY KEY,
    source text NOT NULL, -- 'file' or 'api'
    document text NOT NULL, -- the story file as JSON, letter by letter: its digest tells versions apart
    followed boolean NOT NULL,
    changed_at timestamptz NOT NULL
);
