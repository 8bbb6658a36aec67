"""What kinds of entities can do, said once: the types are those of story files (`type` of an entity)."""

from __future__ import annotations

PEOPLE = frozenset({"person", "group"})
PARTIES = PEOPLE | {"organization", "country"}  # who acts, and answers for it
SPEAKERS = frozenset({"person", "organization"})  # who speaks with a voice of their own, not through a government
SITES = frozenset({"place", "facility", "vessel"})  # where something stands or happens, and no state
PLACES = SITES | {"country"}
