"""A second opinion over HTTP: shown at an address of its own, and nowhere else."""

from __future__ import annotations

from api.api_builders import a_report, a_site, assert_problem
from builders import an_opinion

from service.ports import DeltaFilter


async def test_an_opinion_is_served_beside_its_delta_which_stays_as_it_is() -> None:
    async with a_site([a_report(1)]) as site:
        [delta] = await site.store.deltas_after("harbour", 0, 10, DeltaFilter())
        path = f"/v1/deltas/{delta.id}"
        assert_problem(await site.get(f"{path}/opinion"), 404, "not_found")
        before = [(await site.get(each)).body for each in (path, "/feeds/harbour.json")]
        await site.store.opinions.save(an_opinion(delta=delta.id))
        out = (await site.get(f"{path}/opinion")).json()
        assert (out["delta"], out["outcome"], out["agrees"], out["type"]) == (delta.id, "given", False, "update")
        assert [(await site.get(each)).body for each in (path, "/feeds/harbour.json")] == before
