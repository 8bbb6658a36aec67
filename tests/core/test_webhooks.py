"""What an attempt to deliver leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import MINUTE, NOON

from service.core.webhooks import RETRY_WAITS, Delivery, Sent, after_attempt, is_unwanted

FRESH = Delivery(webhook="w-1", delta="d-1", seq=4)


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_any_2xx_is_delivered(status: int) -> None:
    tried = after_attempt(FRESH, Sent(status=status), NOON)
    assert (tried.state, tried.attempts, tried.next_attempt_at, tried.last_attempt_at) == ("delivered", 1, None, NOON)


@pytest.mark.parametrize("sent", [Sent(status=301), Sent(status=404), Sent(status=500), Sent(error="no connection")])
def test_anything_else_waits_longer_each_time_and_is_given_up_at_last(sent: Sent) -> None:
    tried, waits = FRESH, []
    while (tried := after_attempt(tried, sent, NOON)).next_attempt_at is not None:
        waits.append(tried.next_attempt_at - NOON)
    assert tuple(waits) == RETRY_WAITS
    assert waits == sorted(waits)
    assert (tried.state, tried.attempts) == ("dead", len(RETRY_WAITS) + 1)


def test_a_receiver_may_ask_for_a_longer_wait_within_bounds() -> None:
    def wait(asked: timedelta) -> timedelta:
        tried = after_attempt(FRESH, Sent(status=503, error="busy", retry_after=asked), NOON)
        assert tried.next_attempt_at is not None
        return tried.next_attempt_at - NOON

    assert wait(timedelta(0)) == RETRY_WAITS[0]
    assert wait(7 * MINUTE) == 7 * MINUTE
    assert wait(timedelta(days=365)) == max(RETRY_WAITS)


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    sent = Sent(status=410, error="the receiver answered 410")
    assert is_unwanted(sent)
    assert after_attempt(FRESH, sent, NOON).state == "dead"
