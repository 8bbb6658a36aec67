// Shows a quiet "2 new" line when the story's stream brings something. The page is whole without it.
(function () {
  "use strict";
  var line = document.querySelector("[data-stream]");
  if (!line || !window.EventSource) return;
  var link = line.querySelector("a");
  var address = line.dataset.stream;
  var count = 0;
  var source = null;

  function open() {
    if (source) return;
    source = new EventSource(address);
    source.addEventListener("delta", function (event) {
      count += 1;
      address = address.split("?")[0] + "?after=" + encodeURIComponent(event.lastEventId);
      link.textContent = count + " new";
      line.hidden = false;
    });
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  // A tab nobody looks at holds no connection; it catches up from the last event when it is looked at again.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) close(); else open();
  });
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
})();
