// The queues of jobs of a cluster that the program has to do with, and what a person may do with them.

import { ask, count, counted, node, share, sum, time, watch } from "./words.js";

const PAUSE = 1000;

/** Kinds and jobs cost the program more than figures. */
const SLOW = 4000;

/** Over how many milliseconds rates are taken. */
const WINDOW = 10_000;

/** What each act is called, and what it does. */
const ACTS = {
  pause: ["Pause", "no node begins with a job"],
  resume: ["Go on", "the nodes begin with jobs again"],
  drain: ["Drain here", "this program ends what it does and begins with no more"],
  retry: ["Retry dead letters", "each is begun again"],
};

/** What a person may do with a job, by its status. */
const ITEM_ACTS = {
  waiting: [["run", "Run now", "it waits no more for its time"], ["cancel", "Cancel", "it ends"]],
  running: [["cancel", "Cancel", "it is asked to end"]],
  dead: [["retry", "Retry", "it is begun again"], ["discard", "Discard", "it is forgotten"]],
};

/** The button that comes in the place of another when it is done. */
const OTHER = { pause: "resume", resume: "pause" };

/** What the page's server and the program let a person do. */
const useful = (line, name) => line.acts?.includes(name) && {
  pause: !line.figures.isPaused,
  resume: line.figures.isPaused,
  drain: line.figures.limit > 0,
  retry: line.figures.dead > 0,
}[name];

/** The kinds of a queue with their numbers, over all nodes. */
const kinds = () => {
  const body = node("tbody");
  const element = node("div", { class: "table" }, node("table", { class: "kinds" }, node("thead", {}, node("tr", {},
    ...["Kind", "Waiting", "Retrying", "Running", "Dead", "Done/min", "Oldest", "Run", "Wait"].map((title, at) =>
      node("th", { class: at > 0 && "number", title: at > 6 ? "half of them, and 95 of 100" : undefined }, title)))), body));
  const pair = (half, slow, line) => line.done > 0 ? `${time(half)} · ${time(slow)}` : "";
  return {
    element,
    shown: lines => body.replaceChildren(...lines.filter(line => line.about === "kind").map(line =>
      node("tr", { class: line.dead > 0 && "bad" }, node("td", {}, line.name),
        ...[count(line.waiting), count(line.retrying), `${count(line.running)} of ${count(line.slots)}`, count(line.dead),
          line.donePerMinute.toFixed(1), line.oldestWaitingMillis > 0 ? time(line.oldestWaitingMillis) : "",
          pair(line.medianRunMillis, line.slowRunMillis, line), pair(line.medianWaitMillis, line.slowWaitMillis, line),
        ].map(text => node("td", { class: "number" }, text))))),
  };
};

const ago = (millis, now) => millis === undefined ? "" : millis > now ? `in ${time(millis - now)}` : time(now - millis);

/** The jobs of one queue: a search, a page of rows, and what can be done with each. */
const search = ({ part, may, act, back, failure }) => {
  const text = node("input", { type: "search", placeholder: "id, kind, key or failure", "aria-label": "Search" });
  const status = node("select", { "aria-label": "Status" }, ...["", "waiting", "running", "dead", "done", "cancelled"].map(word =>
    node("option", { value: word }, word === "" ? "any status" : word)));
  const told = node("span", { class: "told", role: "status" });
  const body = node("tbody");
  const more = node("button", { hidden: true }, "Next page");
  const first = node("button", { hidden: true }, "First page");
  const detail = node("pre", { class: "failure", hidden: true });
  const summary = kinds();
  const element = node("div", { class: "inside" },
    node("div", { class: "tools" }, node("button", { onclick: back }, "All queues"), node("h2", {}, part.name)), summary.element,
    node("div", { class: "tools" }, text, status, told, first, more),
    node("div", { class: "table" }, node("table", { class: "found" }, node("thead", {}, node("tr", {},
      ...["Job", "Kind", "Key", "Status", "Since", "Attempts", "Last failure", ""].map((title, at) =>
        node("th", { class: (at === 4 || at === 5) && "number" }, title)))), body)),
    detail);
  let after = "";
  let next;
  let stops = [];

  const since = line => line.ended ?? ({ waiting: line.ready, dead: line.failedAt }[line.status] ?? line.begun);

  const show = item => {
    const all = [];
    ask("inside", { part: part.id, about: "job", item }, {
      lines: batch => all.push(...batch),
      end: () => {
        const job = all[0];
        detail.hidden = !job?.failure;
        detail.textContent = job?.failure
          ? `${job.item}, attempt ${job.attempts}${job.failedOn ? ` on ${job.failedOn}` : ""}\n${job.failure}: ${job.message}\n${job.stack ?? ""}`
          : "";
        if (!detail.hidden) detail.scrollIntoView({ block: "nearest" });
      },
      failure,
    });
  };

  const row = (line, now) => {
    const acts = may() ? ITEM_ACTS[line.status] ?? [] : [];
    return node("tr", { class: line.status === "dead" && "bad" },
      node("td", {}, line.failure
        ? node("button", { class: "plain", "data-item": line.item, onclick: () => show(line.item) }, line.item)
        : line.item),
      node("td", {}, line.name), node("td", {}, line.key ?? ""),
      node("td", {}, line.status, line.node ? node("small", {}, ` on ${line.node}`)
        : line.awaited ? node("small", {}, ` for ${line.awaited}`) : ""),
      node("td", { class: "number" }, ago(since(line), now)),
      node("td", { class: "number" }, count(line.attempts)),
      node("td", {}, line.failure ? `${line.failure.split(".").pop()}: ${line.message}` : ""),
      node("td", {}, ...(acts.length === 0 ? [] : [node("span", { class: "acts" }, ...acts.map(([name, word, title]) =>
        node("button", { title, "data-act": name, "data-item": line.item, onclick: () => act(part, name, line.item) }, word)))])));
  };

  const shown = lines => {
    const now = Date.now();
    const found = lines.filter(line => line.about === "job");
    const end = lines.find(line => line.about === "page");
    next = end?.next;
    more.hidden = next === undefined;
    first.hidden = after === "";
    told.textContent = counted(end?.found ?? 0, "job");
    const focused = body.contains(document.activeElement) && { ...document.activeElement.dataset };
    body.replaceChildren(...found.map(line => row(line, now)));
    if (focused) {
      [...body.querySelectorAll("button")].find(each =>
        each.dataset.item === focused.item && each.dataset.act === focused.act)?.focus();
    }
  };

  const stop = () => {
    stops.forEach(each => each());
    stops = [];
  };
  const start = () => {
    stop();
    stops = [
      watch("inside", () => ({ part: part.id, about: "kinds" }), SLOW, { shown: summary.shown, failure }),
      watch("inside", () => ({ part: part.id, about: "jobs", text: text.value, status: status.value, after }), SLOW,
        { shown, failure }),
    ];
  };
  const turn = to => () => {
    after = to() ?? "";
    start();
  };
  more.addEventListener("click", turn(() => next));
  first.addEventListener("click", turn(() => ""));
  for (const each of [text, status]) each.addEventListener("change", turn(() => ""));
  return { element, start, stop };
};

export const jobs = page => {
  const told = node("span", { class: "told", role: "status" });
  const cards = node("div", { class: "queues" });
  const element = node("section", { class: "jobs" }, node("div", { class: "tools" }, told), cards);
  /** The last rounds of each queue, for its rates. */
  const before = new Map();
  let may = false;
  /** Why the last act was not done. */
  let refusal = "";
  let stop;
  /** The queue whose jobs are shown; undefined while it is the cards of all. */
  let inside;

  fetch("acts").then(answer => answer.text()).then(text => { may = text === "true"; }).catch(() => {});

  const rates = (line, now) => {
    const rounds = (before.get(line.id) ?? []).filter(round => now - round.at <= WINDOW);
    rounds.push({ at: now, done: line.figures.done, failed: line.figures.failed });
    before.set(line.id, rounds);
    const seconds = (now - rounds[0].at) / 1000;
    const rate = name => seconds < 0.5 ? undefined : (line.figures[name] - rounds[0][name]) / seconds;
    return { done: rate("done"), failed: rate("failed") };
  };

  const act = async (line, name, item) => {
    refusal = "";
    try {
      const what = new URLSearchParams(item === undefined ? { part: line.id } : { part: line.id, item });
      const answer = await fetch(`act/${name}?${what}`, { method: "POST", headers: { "X-Heddle-Act": "1" } });
      if (!answer.ok) refusal = await answer.text();
    } catch {
      refusal = "heddle page does not answer any more; start it again";
    }
    page.failure(refusal);
    inside?.start();
  };

  const back = () => {
    inside?.stop();
    inside?.element.replaceWith(cards);
    inside = undefined;
    begin();
  };

  const open = part => {
    end();
    inside = search({ part, may: () => may && page.acts, act, back, failure: page.failure });
    cards.replaceWith(inside.element);
    told.textContent = "";
    inside.start();
  };

  const begin = () => { stop ??= watch("jobs", () => ({}), PAUSE, { shown, failure: page.failure }); };

  const end = () => {
    stop?.();
    stop = undefined;
  };

  const buttons = line => Object.keys(ACTS).filter(name => may && page.acts && useful(line, name)).map(name =>
    node("button", { title: ACTS[name][1], "data-act": name, onclick: () => act(line, name) }, ACTS[name][0]));

  const figure = (title, value, kind) => node("div", { class: kind }, node("dt", {}, title), node("dd", {}, value));

  const perSecond = rate => rate === undefined ? "…" : `${rate < 10 ? rate.toFixed(1) : count(rate)}/s`;

  const card = (line, now) => {
    const figures = line.figures;
    if (figures === undefined) return node("article", {}, node("h2", {}, line.name), "does not answer");
    const { done, failed } = rates(line, now);
    return node("article", { class: figures.isPaused && "paused", "aria-label": line.name },
      node("h2", {}, line.name, figures.isPaused ? node("small", {}, " paused") : ""),
      node("p", {}, node("meter", { value: line.pressure, max: 1, high: 0.8, low: 0.5, optimum: 0, "aria-label": "how full" }),
        ` ${share(line.pressure)} full`),
      node("dl", {},
        figure("Waiting", `${count(figures.waiting)}, ${count(figures.ready)} ready`),
        figure("Running", count(figures.running)),
        figure("Done and kept", count(figures.ended)),
        figure("Dead letters", count(figures.dead), figures.dead > 0 && "bad"),
        figure("Oldest waits", figures.oldestWaitingSeconds > 0 ? time(figures.oldestWaitingSeconds * 1000) : "–"),
        figure("Slots of all nodes", `${count(figures.slots)}, load ${share(figures.load)}`, figures.load > 1 && "bad"),
        figure("Names nobody handles", count(figures.unhandled), figures.unhandled > 0 && "bad"),
        figure("Here", `${count(figures.here)} of ${count(figures.limit)}`),
        figure("Done here", `${count(figures.done)}, ${perSecond(done)}`),
        figure("Failed here", `${count(figures.failed)}, ${perSecond(failed)}`, failed > 0 && "bad")),
      ...(line.holders ?? []).map(holder => node("p", { class: "job" }, holder.who)),
      node("p", { class: "acts" }, node("button", { "data-act": "open", onclick: () => open(line) }, "Jobs and kinds"),
        ...buttons(line)));
  };

  const shown = lines => {
    page.failure(refusal);
    const now = performance.now();
    const queues = lines.filter(line => line.kind === "part").sort((a, b) => a.name < b.name ? -1 : 1);
    const words = [counted(queues.length, "queue")];
    const known = queues.map(line => line.figures ?? {});
    for (const [name, word] of [["waiting", "waiting"], ["running", "running"], ["dead", "dead"]]) {
      words.push(`${count(sum(known, name))} ${word}`);
    }
    told.textContent = words.join(" · ");
    const focused = document.activeElement?.dataset.act && [document.activeElement.closest("article")?.ariaLabel,
      document.activeElement.dataset.act];
    cards.replaceChildren(...queues.map(line => card(line, now)));
    if (focused) {
      [...cards.children].find(each => each.ariaLabel === focused[0])
        ?.querySelector(`[data-act="${focused[1]}"], [data-act="${OTHER[focused[1]]}"]`)?.focus();
    }
  };

  return {
    element,
    start: () => inside ? inside.start() : begin(),
    stop: () => {
      inside?.stop();
      end();
    },
  };
};
