"""Telling others of new deltas: webhooks and WebSub hubs, one cursor on the delta ledger each."""
