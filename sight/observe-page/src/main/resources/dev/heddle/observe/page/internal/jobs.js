// The queues of jobs of a cluster that the program has to do with, and what a person may do with them.

import { count, counted, node, share, sum, watch } from "./words.js";

const PAUSE = 1000;

/** Over how many milliseconds rates are taken. */
const WINDOW = 10_000;

/** What each act is called, and what it does. */
const ACTS = {
  pause: ["Pause", "no node begins with a job"],
  resume: ["Go on", "the nodes begin with jobs again"],
  drain: ["Drain here", "this program ends what it does and begins with no more"],
  retry: ["Retry dead letters", "each is begun again"],
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

  fetch("acts").then(answer => answer.text()).then(text => { may = text === "true"; }).catch(() => {});

  const rates = (line, now) => {
    const rounds = (before.get(line.id) ?? []).filter(round => now - round.at <= WINDOW);
    rounds.push({ at: now, done: line.figures.done, failed: line.figures.failed });
    before.set(line.id, rounds);
    const seconds = (now - rounds[0].at) / 1000;
    const rate = name => seconds < 0.5 ? undefined : (line.figures[name] - rounds[0][name]) / seconds;
    return { done: rate("done"), failed: rate("failed") };
  };

  const act = async (line, name) => {
    refusal = "";
    try {
      const answer = await fetch(`act/${name}?part=${line.id}`, { method: "POST", headers: { "X-Heddle-Act": "1" } });
      if (!answer.ok) refusal = await answer.text();
    } catch {
      refusal = "heddle page does not answer any more; start it again";
    }
    page.failure(refusal);
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
        figure("Waiting", count(figures.waiting)),
        figure("Running", count(figures.running)),
        figure("Done and kept", count(figures.ended)),
        figure("Dead letters", count(figures.dead), figures.dead > 0 && "bad"),
        figure("Names nobody handles", count(figures.unhandled), figures.unhandled > 0 && "bad"),
        figure("Here", `${count(figures.here)} of ${count(figures.limit)}`),
        figure("Done here", `${count(figures.done)}, ${perSecond(done)}`),
        figure("Failed here", `${count(figures.failed)}, ${perSecond(failed)}`, failed > 0 && "bad")),
      ...(line.holders ?? []).map(holder => node("p", { class: "job" }, holder.who)),
      node("p", { class: "acts" }, ...buttons(line)));
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
    start: () => { stop ??= watch("jobs", () => ({}), PAUSE, { shown, failure: page.failure }); },
    stop: () => {
      stop?.();
      stop = undefined;
    },
  };
};
