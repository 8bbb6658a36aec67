// What a script adds to pages that are whole without it: a quiet "2 new" line when the story's stream brings something,
// filters that change the list in place, and a mark on what came since the last visit.
(function () {
  "use strict";
  const stories = () => document.querySelector("[data-story]");
  const numbers = (selector, after) =>
    Array.from(document.querySelectorAll(selector)).filter((each) => Number(each.dataset.seq) > after);

  // --- since the last visit: the newest change seen is kept in this browser, and nowhere else

  function lastVisit(story) {
    const name = "aftermath " + story.dataset.story;
    const newest = Number(story.dataset.seq);
    try {
      // A visit lasts as long as its tab, so that reloading does not wipe the marks away.
      const kept = sessionStorage.getItem(name) || localStorage.getItem(name);
      const visit = kept ? JSON.parse(kept) : null;
      if (visit) sessionStorage.setItem(name, kept);
      localStorage.setItem(name, JSON.stringify({ seq: newest, at: new Date().toISOString() }));
      return visit && visit.seq <= newest ? visit : null;
    } catch (error) {
      return null; // storage is off: there was no last visit
    }
  }

  function markFresh(after) {
    for (const each of numbers("main [data-seq]:not([data-story])", after)) each.classList.add("fresh");
  }

  function counted(number, one, many) {
    return number + " " + (number === 1 ? one : many);
  }

  function sayWhatCame(visit) {
    const story = stories();
    const line = document.querySelector(".since");
    const facts = numbers("[data-fact]", visit.seq).length;
    const developments = numbers("[data-development]", visit.seq).length;
    const day = new Date(visit.at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    const what = [];
    if (facts) what.push(counted(facts, "fact changed", "facts changed"));
    if (developments) what.push(counted(developments, "new development", "new developments"));
    if (!what.length) what.push(Number(story.dataset.seq) > visit.seq ? "more on what was known" : "nothing changed");
    line.textContent = "Since your last visit, " + day + ": " + what.join(", ");
    line.hidden = false;
  }

  // --- parts of the page replaced by those of another address

  async function fetched(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  async function replace(address, selector) {
    const old = document.querySelector(selector);
    old.setAttribute("aria-busy", "true");
    try {
      const fresh = (await fetched(address)).querySelector(selector);
      document.querySelector(selector).replaceWith(fresh);
      if (visit) markFresh(visit.seq);
      return true;
    } catch (error) {
      location.assign(address); // the plain way
      return false;
    }
  }

  document.addEventListener("click", async function (event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.closest(".filters")) {
      event.preventDefault();
      const name = link.closest("p").querySelector(".label").id;
      const label = link.textContent;
      if (!(await replace(link.href, "#reports"))) return;
      history.pushState(null, "", link.href);
      const group = document.getElementById(name);
      const same = group && Array.from(group.parentNode.querySelectorAll("a")).find((a) => a.textContent === label);
      if (same) same.focus({ preventScroll: true });
    } else if (link.closest(".live")) {
      event.preventDefault();
      if (!(await replace(location.href, "[data-story]"))) return;
      begin();
      window.scrollTo(0, 0);
    }
  });
  window.addEventListener("popstate", function () {
    if (document.querySelector("#reports")) replace(location.href, "#reports");
  });

  // --- what the stream brings

  let source = null;
  let address = null;
  let came = 0;

  function open() {
    if (source || !address || !window.EventSource) return;
    source = new EventSource(address);
    source.addEventListener("delta", function (event) {
      came += 1;
      address = address.split("?")[0] + "?after=" + encodeURIComponent(event.lastEventId);
      const link = document.querySelector(".live a");
      link.textContent = came + " new";
      link.hidden = false;
    });
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function begin() {
    close();
    came = 0;
    const story = stories();
    if (!story) return;
    address = story.dataset.stream;
    if (!document.hidden) open();
  }

  // A tab nobody looks at holds no connection; it catches up from the last event when it is looked at again.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) close();
    else open();
  });
  window.addEventListener("pagehide", close);

  const visit = stories() ? lastVisit(stories()) : null;
  if (visit) {
    markFresh(visit.seq);
    sayWhatCame(visit);
  }
  begin();
})();
