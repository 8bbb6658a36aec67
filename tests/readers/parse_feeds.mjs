// Parses feeds given as addresses with rss-parser and feedsmith; prints one JSON line for each.
// node parse_feeds.mjs FOLDER_OF_NODE_MODULES ADDRESS…
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...addresses] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const RssParser = require("rss-parser");
const { parseFeed } = await import(pathToFileURL(require.resolve("feedsmith")));

const text = (value) => (value && typeof value === "object" ? value.value : value);
const found = (parser, address, items) => console.log(JSON.stringify({ parser, address, items }));

for (const address of addresses) {
  const body = await (await fetch(address)).text();
  const { feed } = parseFeed(body);
  found(
    "feedsmith",
    address,
    (feed.items ?? feed.entries).map((item) => [
      text(item.guid) ?? item.id,
      text(item.title),
      item.external_url ?? item.link ?? item.links.find((link) => (link.rel ?? "alternate") === "alternate").href,
      item.pubDate ?? item.published ?? item.date_published,
    ]),
  );
  if (address.endsWith(".json")) continue;
  const parsed = await new RssParser().parseString(body);
  found(
    "rss-parser",
    address,
    parsed.items.map((item) => [item.guid ?? item.id, item.title, item.link, item.isoDate]),
  );
}
