"""When steps run: the tick and the job queue."""
