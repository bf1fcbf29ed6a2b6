// The page at "/": how the parts are, and the latest events. What events hold is shown as text only, never as markup.

const EVERY_MS = 2000;
const KEPT_AS = "hoglet-key";
const MINUTES_HEIGHT = 60;
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// ---- the key: from the address once, then this tab's memory

function takeKeyFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!given) return;
  sessionStorage.setItem(KEPT_AS, given);
  history.replaceState(null, "", location.pathname); // so that it is not copied with the address
}

const key = () => sessionStorage.getItem(KEPT_AS);

function forgetKey(why = "") {
  sessionStorage.removeItem(KEPT_AS);
  notice(why);
  showKeyForm();
}

function showKeyForm() {
  byId("key-form").hidden = Boolean(key());
  byId("forget").hidden = !key();
  if (!key()) byId("live").hidden = true;
}

function notice(text) {
  const place = byId("notice");
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

// ---- parts

function showHealth(health) {
  const parts = Object.entries(health.parts).map(([name, state]) => {
    const tile = element("li", name);
    tile.append(element("strong", state, ["ok", "degraded", "down"].includes(state) ? state : ""));
    return tile;
  });
  byId("parts").replaceChildren(...parts);
  const journal = Object.values(health.journal);
  const total = (name) => journal.reduce((sum, lane) => sum + lane[name], 0);
  const figures = [
    ["Lag", `${health.ingest.lag_seconds.toFixed(1)} s`],
    ["Waiting in the journal", `${total("backlog_events").toLocaleString()} (${size(total("backlog_bytes"))})`],
    ["Rows stored", health.ingest.rows.toLocaleString()],
    ["Dropped", Object.values(health.dropped).reduce((sum, count) => sum + count, 0).toLocaleString()],
  ];
  byId("figures").replaceChildren(...figures.map(([name, value]) => {
    const tile = element("div");
    tile.append(element("dt", name), element("dd", value));
    return tile;
  }));
}

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let place = 0;
  for (; bytes >= 1024 && place < units.length - 1; place++) bytes /= 1024;
  return `${place ? bytes.toFixed(1) : bytes} ${units[place]}`;
}

// ---- events

function showLive(live) {
  byId("project").textContent = live.project.name;
  const zone = knownZone(live.project.timezone);
  showMinutes(live.per_minute, zone);
  const isEmpty = live.events.length === 0;
  byId("empty").hidden = !isEmpty;
  byId("events").hidden = isEmpty;
  if (isEmpty) showSnippets(live.project.token);
  else showEvents(live.events, zone);
  byId("live").hidden = false;
}

function knownZone(name) {
  try {
    new Intl.DateTimeFormat(undefined, { timeZone: name });
    return name;
  } catch {
    return "UTC";
  }
}

function showMinutes(minutes, zone) {
  const most = Math.max(1, ...minutes.map((one) => one.count));
  const width = 300 / minutes.length;
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone: zone });
  byId("minutes").replaceChildren(...minutes.map((one, place) => {
    const bar = document.createElementNS(SVG, "rect");
    const height = one.count ? Math.max(1, (one.count / most) * (MINUTES_HEIGHT - 4)) : 0;
    bar.setAttribute("x", place * width + 0.5);
    bar.setAttribute("width", width - 1);
    bar.setAttribute("y", MINUTES_HEIGHT - height);
    bar.setAttribute("height", height);
    const said = document.createElementNS(SVG, "title");
    said.textContent = `${clock.format(new Date(one.minute))}: ${one.count.toLocaleString()}`;
    bar.append(said);
    return bar;
  }));
  const [first, last] = [minutes[0], minutes[minutes.length - 1]].map((one) => clock.format(new Date(one.minute)));
  const sum = minutes.reduce((total, one) => total + one.count, 0);
  const peak = Math.max(...minutes.map((one) => one.count));
  byId("minutes-said").textContent = `${sum.toLocaleString()} events from ${first} to ${last} (${zone}), ` +
    `at most ${peak.toLocaleString()} in a minute`;
}

function showEvents(events, zone) {
  const clock = new Intl.DateTimeFormat(undefined, {
    month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone,
  });
  byId("rows").replaceChildren(...events.map((one) => {
    const row = element("tr");
    const where = one.properties.$current_url ?? one.properties.$lib ?? "";
    const texts = [clock.format(new Date(one.timestamp)), one.event, one.distinct_id, String(where)];
    for (const text of texts) {
      const cell = element("td", text);
      cell.title = text;
      row.append(cell);
    }
    return row;
  }));
  byId("zone").textContent = `Times are in ${zone}. The latest ${events.length} of the last 24 hours.`;
}

// ---- the first event

function showSnippets(token) {
  const place = byId("snippets");
  if (place.dataset.token === token) return; // a copy under way is not disturbed
  place.dataset.token = token;
  const here = location.origin;
  const body = JSON.stringify({ api_key: token, event: "hello", distinct_id: "me" });
  const snippets = [
    ["curl", `curl ${here}/i/v0/e/ -H 'Content-Type: application/json' \\\n  -d '${body}'`],
    ["Python", "# pip install posthog\nfrom posthog import Posthog\n\n" +
      `posthog = Posthog("${token}", host="${here}")\nposthog.capture("hello", distinct_id="me")\nposthog.shutdown()`],
    ["JavaScript", "// npm install posthog-js\nimport posthog from \"posthog-js\";\n\n" +
      `posthog.init("${token}", { api_host: "${here}" });\nposthog.capture("hello");`],
  ];
  place.replaceChildren(...snippets.flatMap(([name, code]) => {
    const head = element("div", "", "row between");
    head.append(element("h3", name), copyButton(name, code));
    return [head, element("pre", code)];
  }));
}

function copyButton(name, code) {
  const button = element("button", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy the ${name} snippet`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code); // absent where the page came by plain HTTP from another machine
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.nextElementSibling);
      button.textContent = "Selected: press Ctrl-C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 3000);
  });
  return button;
}

// ---- asking

async function ask(path, headers = {}) {
  const answer = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(10_000) });
  return [answer.status, await answer.json()];
}

async function refresh() {
  let problem = "";
  try {
    showHealth((await ask("/_health"))[1]);
  } catch {
    notice("Hoglet does not answer. Trying again…");
    return;
  }
  const shown = key();
  if (shown) {
    try {
      const [status, answer] = await ask("/api/projects/@current/live/", { authorization: `Bearer ${shown}` });
      if (shown !== key()) return;
      if (status === 401 || status === 403) return forgetKey(`This key was not accepted: ${answer.detail}`);
      if (status === 200) showLive(answer);
      else problem = `Events cannot be shown now: ${answer.detail}`;
    } catch {
      problem = "Events cannot be shown now. Trying again…";
    }
    notice(problem);
  }
}

async function follow() {
  if (!document.hidden) await refresh();
  setTimeout(follow, EVERY_MS);
}

byId("key-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const given = byId("key").value.trim();
  if (!/^phx_[\x21-\x7e]+$/.test(given)) {
    notice("A personal API key begins with phx_.");
    return;
  }
  sessionStorage.setItem(KEPT_AS, given);
  byId("key").value = "";
  notice("");
  showKeyForm();
  refresh();
});
byId("forget").addEventListener("click", () => forgetKey());
addEventListener("hashchange", () => { takeKeyFromAddress(); showKeyForm(); refresh(); });

takeKeyFromAddress();
showKeyForm();
follow();
