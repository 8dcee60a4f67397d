// The page: its views, which of them is shown, and what is common to all.

import { overview } from "./overview.js";
import { jobs } from "./jobs.js";
import { connections, pools, top } from "./tables.js";
import { tree } from "./tree.js";
import { recordings } from "./recordings.js";
import { timeline } from "./timeline.js";
import { waits } from "./waits.js";
import { bytes, counted, node, time } from "./words.js";

const byId = id => document.getElementById(id);
const main = byId("main"), tabs = byId("tabs"), pause = byId("pause"), theme = byId("theme");

/** Each view: its name, which verbs of the program it needs one of, and what makes it. */
const VIEWS = [
  { id: "overview", title: "Overview", verbs: ["program"], make: overview },
  { id: "tree", title: "Tasks", verbs: ["tree"], make: tree },
  { id: "waits", title: "Waits", verbs: ["waits"], make: waits },
  { id: "top", title: "Top", verbs: ["top"], make: top },
  { id: "pools", title: "Pools", verbs: ["pools"], make: pools },
  { id: "jobs", title: "Jobs", verbs: ["jobs"], make: jobs },
  { id: "connections", title: "Connections", verbs: ["connections"], make: connections },
  { id: "timeline", title: "Timeline", verbs: ["trace"], make: timeline },
  { id: "record", title: "Record", verbs: ["trace", "profile"], make: recordings },
];

/** How long after a refusal it is asked again. */
const AGAIN = 3000;

/** What the program knows; the views that are made; the one that is shown. */
let verbs = [];
let acts = false;
const made = new Map();
let current;
let paused = false;
let trouble = { program: "", view: "" };

// ---- what is the matter ----

const tellProblems = () => {
  const text = trouble.program || trouble.view;
  const line = words => words.split("\n")[0]; // figures in others change at each look, and a reader would hear them all
  if (line(byId("problem").textContent) !== line(text)) byId("problem").textContent = text;
  byId("problem").hidden = text === "";
};

const page = {
  get verbs() { return verbs; },
  get paused() { return paused; },
  /** Whether the program lets tools act. */
  get acts() { return acts; },
  /** Says what is the matter with the view that is shown; nothing if it is empty. */
  failure: message => {
    trouble.view = message;
    tellProblems();
  },
};

// ---- views ----

const active = () => !paused && !document.hidden;

const open = id => {
  const view = VIEWS.find(each => each.id === id && known(each)) ?? VIEWS[0];
  if (current !== view) {
    if (current) {
      made.get(current.id).stop();
      made.get(current.id).element.hidden = true;
    }
    current = view;
    page.failure("");
    if (!made.has(view.id)) {
      const fresh = view.make(page);
      fresh.element.id = `view-${view.id}`;
      fresh.element.setAttribute("role", "tabpanel");
      fresh.element.setAttribute("aria-labelledby", `tab-${view.id}`);
      made.set(view.id, fresh);
      main.append(fresh.element);
    }
    made.get(view.id).element.hidden = false;
    if (active()) made.get(view.id).start();
    else if (paused) page.failure("paused: this view shows nothing new until you go on");
  }
  for (const tab of tabs.children) {
    const selected = tab.id === `tab-${view.id}`;
    tab.setAttribute("aria-selected", selected);
    tab.tabIndex = selected ? 0 : -1;
  }
};

const known = view => view.id === "overview" || view.verbs.some(verb => verbs.includes(verb));

const showTabs = () => {
  const shown = VIEWS.filter(known);
  const had = document.activeElement?.id;
  tabs.replaceChildren(...shown.map(({ id, title }) => node("a",
    { id: `tab-${id}`, role: "tab", href: `#${id}`, "aria-controls": `view-${id}` }, title)));
  open(location.hash.slice(1) || "overview");
  if (had?.startsWith("tab-")) byId(had)?.focus();
};

tabs.addEventListener("keydown", event => {
  const all = [...tabs.children];
  const at = all.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const tab = all[(next + all.length) % all.length];
  location.hash = tab.getAttribute("href");
  tab.focus();
});
window.addEventListener("hashchange", () => open(location.hash.slice(1)));

const setRunning = () => {
  if (!current) return;
  page.failure("");
  if (active()) made.get(current.id).start();
  else made.get(current.id).stop();
};
document.addEventListener("visibilitychange", () => {
  setRunning();
  if (document.hidden) live.stop();
  else live.start();
});
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  pause.textContent = paused ? "Go on" : "Pause";
  setRunning();
});

// ---- keys ----

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const shown = VIEWS.filter(known);
  if (event.key === "/") made.get(current.id).element.querySelector("input[type=search]")?.focus();
  else if (event.key === "p") pause.click();
  else if (event.key >= "1" && event.key <= String(shown.length)) location.hash = shown[event.key - 1].id;
  else return;
  event.preventDefault();
});

// ---- light and dark ----

const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const setTheme = name => {
  if (name) document.documentElement.dataset.theme = name;
  window.dispatchEvent(new Event("themechange"));
};
setTheme(remembered());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTheme());
theme.addEventListener("click", () => {
  const dark = getComputedStyle(document.body).getPropertyValue("color-scheme") === "dark"
    || document.documentElement.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  try { localStorage.setItem("theme", next); } catch { /* then it is for this page alone */ }
  setTheme(next);
});

// ---- the last ten minutes, of which the head of the page shows the last second ----

const showProgram = ({ program: [program] }) => {
  const name = program.main?.replace(/^.*\//, "") || "program";
  byId("program").textContent = name;
  document.title = `${name} · Heddle`;
  byId("facts").textContent = [`process ${program.pid}`, `up ${time(program.up)}`, counted(program.loops, "loop"),
    counted(program.tasks, "task"), `${bytes(program.heap)} of heap`, `Heddle ${program.version}`,
    `Java ${program.java}`].join(" · ");
  acts = program.acts === true;
  const now = program.verbs ?? [];
  if (now.join() !== verbs.join()) {
    verbs = now;
    showTabs();
  }
};

const live = (() => {
  let source, again;
  return {
    start: () => {
      if (source) return;
      source = new EventSource("live/overview");
      let fresh = true;
      source.onopen = () => { fresh = true; };
      source.onmessage = event => {
        const rounds = event.data === "" ? [] : event.data.split("\n").map(line => JSON.parse(line));
        made.get("overview").add(rounds, fresh);
        fresh = false;
        if (rounds.length > 0) showProgram(rounds.at(-1));
      };
      source.addEventListener("problem", event => {
        trouble.program = event.data;
        tellProblems();
      });
      // It connects again by itself, but not behind an answer that refuses it: of a proxy, or while the server starts.
      source.onerror = () => {
        trouble.program = "what serves this page does not answer; it is asked again and again";
        tellProblems();
        if (source?.readyState === EventSource.CLOSED) {
          source = undefined;
          clearTimeout(again);
          again = setTimeout(() => { if (!document.hidden) live.start(); }, AGAIN);
        }
      };
    },
    stop: () => {
      clearTimeout(again);
      source?.close();
      source = undefined;
    },
  };
})();

showTabs();
live.start();
