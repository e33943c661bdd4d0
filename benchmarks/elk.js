// Lays out one graph a line (ELK JSON) with ELK and answers each with a line; "ms" is the time of the layout alone.
const ELK = require("elkjs");
const elk = new ELK();
require("readline")
  .createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const start = performance.now();
    const graph = await elk.layout(JSON.parse(line));
    console.log(JSON.stringify({ ms: performance.now() - start, graph }));
  });
