"use strict";
// Everything from the server goes into the page as text, never as markup.
const at = (id) => document.getElementById(id);
const POLL_MS = 2000;
const fromAddress = new URLSearchParams(location.hash.slice(1)).get("key");
if (fromAddress) {
  sessionStorage.setItem("key", fromAddress);
  history.replaceState(null, "", location.pathname);
}
const number = new Intl.NumberFormat();

async function health() {
  const state = await (await fetch("/_health")).json();
  at("status").textContent = state.status === "ok" ? "all parts work" :
    Object.entries(state.parts).filter(([, one]) => one !== "ok").map(([name, one]) => `${name} ${one}`).join(", ");
  at("status").className = "pill " + (state.status === "ok" ? "ok" : "bad");
  at("lag").textContent = state.ingest.lag_seconds.toFixed(1) + " s";
  at("backlog").textContent = number.format(state.journal.events.backlog_events);
  at("dropped").textContent = number.format(Object.values(state.dropped).reduce((sum, one) => sum + one, 0));
}

function chart(minutes) {
  const most = Math.max(1, ...minutes.map((one) => one.count));
  const width = 300 / Math.max(1, minutes.length);
  at("chart").replaceChildren(...minutes.map((one, place) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = (one.count / most) * 56;
    const sizes = { x: place * width + width * 0.1, y: 60 - height, width: width * 0.8, height };
    for (const [name, value] of Object.entries(sizes)) bar.setAttribute(name, value);
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${one.minute}: ${number.format(one.count)}`;
    bar.append(title);
    return bar;
  }));
  at("rate").textContent = number.format(minutes.slice(-2).reduce((sum, one) => Math.max(sum, one.count), 0));
}

function row(event) {
  const line = document.createElement("tr");
  const where = event.properties.$current_url || event.properties.$lib || "";
  for (const text of [new Date(event.timestamp).toLocaleTimeString(), event.event, event.distinct_id, String(where)]) {
    const cell = document.createElement("td");
    cell.textContent = cell.title = text;
    line.append(cell);
  }
  return line;
}

function snippets(token) {
  const host = location.origin;
  at("curl").textContent = `curl ${host}/i/v0/e/ -H 'Content-Type: application/json' \\\n  -d '{"api_key":"${token}","event":"hello","distinct_id":"me"}'`;
  at("python").textContent = `from posthog import Posthog\nposthog = Posthog("${token}", host="${host}")\nposthog.capture("hello", distinct_id="me")`;
  at("javascript").textContent = `posthog.init("${token}", { api_host: "${host}" })`;
}

async function live() {
  const key = sessionStorage.getItem("key");
  at("sign-in").hidden = Boolean(key);
  at("live").hidden = !key;
  if (!key) return;
  const answer = await fetch("/api/projects/@current/live/", { headers: { Authorization: `Bearer ${key}` } });
  if (answer.status === 401 || answer.status === 403) {
    sessionStorage.removeItem("key");
    at("problem").textContent = "That key was not accepted.";
    return;
  }
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const found = await answer.json();
  at("zone").textContent = "last 30 minutes, " + Intl.DateTimeFormat().resolvedOptions().timeZone;
  chart(found.per_minute);
  at("events").replaceChildren(...found.events.map(row));
  at("empty").hidden = found.events.length > 0;
  snippets(found.project.token);
}

async function poll() {
  for (const part of [health, live]) {
    try {
      await part();
    } catch (error) {
      at("status").textContent = "not reachable: " + error.message;
      at("status").className = "pill bad";
    }
  }
  setTimeout(poll, POLL_MS);
}

at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("key", at("key").value.trim());
  live();
});
poll();
