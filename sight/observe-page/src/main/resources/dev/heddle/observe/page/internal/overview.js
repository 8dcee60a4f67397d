// The last ten minutes: plots, and the loops as they are now.

import { bytes, colour, count, node, place, share, sum, time } from "./words.js";

const KEPT = 600;

/** Plotted one by one up to so many loops; beyond, the busiest and all together. */
const MAX_LINES = 8;

const HEIGHT = 170;

/** A second has a round; behind more milliseconds than these the program had told nothing, and no line is drawn. */
const GAP = 3000;

/** The least time that is plotted, in seconds. */
const MIN_SPAN = 60;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Whole numbers between lines of a plot of counts, and whole seconds between those of time. */
const STEPS = [1, 2, 5].flatMap(each => Array.from({ length: 12 }, (none, power) => each * 10 ** power)).sort((a, b) => a - b);
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300];

/** The milliseconds within which a part of the requests was served, as a line between two bounds has it. */
const within = (part, bounds, counts) => {
  const wanted = part * counts.at(-1);
  const at = counts.findIndex(each => each >= wanted);
  if (at === bounds.length) return bounds.at(-1) / 1000;
  const low = bounds[at - 1] ?? 0, below = counts[at - 1] ?? 0;
  return (low + (bounds[at] - low) * (wanted - below) / (counts[at] - below)) / 1000;
};

/** How long half and how long all but a hundredth of the requests took since the round before. */
const durations = ({ requests: [requests] }, index, rounds) => {
  const before = rounds[index - 1]?.requests[0];
  if (!requests || !before) return {};
  const counts = requests.within.map((count, i) => count - before.within[i]);
  return counts.at(-1) <= 0 ? {} : { p50: within(0.5, requests.bounds, counts), p99: within(0.99, requests.bounds, counts) };
};

/** All pairs of a name and a figure, or where there are too many the highest alone. */
const busiest = pairs => pairs.length > MAX_LINES ? [["worst", Math.max(...pairs.map(([, figure]) => figure))]] : pairs;

/** What is plotted: the title, how figures are told, and what gives the figures of a round by their names. */
const PLOTS = [
  { id: "busy", title: "Busy", tell: share, max: 1, figures: ({ loops }) => loops.length > MAX_LINES
    ? { busiest: Math.max(...loops.map(loop => loop.busy ?? 0)),
      mean: sum(loops, "busy") / loops.length }
    : Object.fromEntries(loops.map(loop => [loop.loop, loop.busy])) },
  { id: "tasks", title: "Tasks", tell: count, figures: ({ loops }) => ({ tasks: sum(loops, "tasks") }) },
  { id: "ready", title: "Ready to run", tell: count, figures: ({ loops }) => ({ ready: sum(loops, "ready") }) },
  { id: "requests", title: "Requests served", tell: time, times: true, figures: durations },
  { id: "delay", title: "Longest wait for a turn", tell: time, times: true, figures: ({ shares }) =>
    Object.fromEntries(busiest((shares ?? []).map(({ name, worst1 }) => [name, worst1 / 1e6]))) },
  { id: "heap", title: "Heap", tell: bytes, figures: ({ program: [program] }) => ({ heap: program.heap }) },
];

/** The rounds that are plotted, with nothing between two where the program was silent. */
export const withGaps = rounds => rounds.flatMap((round, at) => at > 0 && round.time - rounds[at - 1].time > GAP
  ? [undefined, round] : [round]);

/** One plot: figures by their names over time. */
const plot = ({ id, title, tell, max, times, figures }) => {
  const space = node("div", { class: "space" });
  const now = node("output", {});
  const element = node("figure", { class: "plot", id: `plot-${id}` }, node("figcaption", {}, `${title} `, now), space);
  let drawing;
  let names = [];
  let width = 0;
  /** Which colour each name has, for as long as the page is open. */
  const colours = new Map();
  const colourOf = name => {
    if (!colours.has(name)) colours.set(name, colours.size % 8);
    return colour(`--plot-${colours.get(name)}`);
  };

  const make = data => {
    drawing?.destroy();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    drawing = new uPlot({
      width, height: HEIGHT,
      cursor: { y: false, sync: { key: "overview" } },
      legend: { show: names.length > 1, live: false },
      scales: {
        x: { range: (self, low, high) => [Math.min(low, high - MIN_SPAN), high] },
        y: { range: (self, low, high) => [0, max ?? Math.max(1, (high ?? 1) * 1.1)] },
      },
      axes: [{ ...axis, size: 30, space: 80, incrs: SECONDS, values: (self, ticks) => ticks.map(tick => clock.format(tick * 1000)) },
        { ...axis, size: 62, incrs: max || times ? undefined : STEPS, values: (self, ticks) => ticks.map(tick => tell(tick)) }],
      series: [{}, ...names.map(name => ({
        label: name, stroke: colourOf(name), width: 1.5, points: { show: false }, spanGaps: times,
        fill: names.length === 1 ? colour("--plot-fill") : undefined,
      }))],
    }, data, space);
  };

  return {
    element,
    /** Draws all rounds. */
    show: (rounds, anew) => {
      const all = rounds.map(figures);
      const told = new Map(rounds.map((round, at) => [round, all[at]]));
      const plotted = withGaps(rounds);
      const wanted = [...new Set(all.flatMap(each => Object.keys(each)))].slice(0, 2 * MAX_LINES);
      const data = [plotted.map((round, at) => (round ?? plotted[at - 1]).time / 1000 + (round ? 0 : 1)),
        ...wanted.map(name => plotted.map(round => told.get(round)?.[name] ?? null))];
      const last = Object.values(all.at(-1) ?? {}).filter(value => value !== null && value !== undefined);
      now.textContent = last.length === 0 ? "" : tell(Math.max(...last));
      element.hidden = wanted.length === 0;
      if (space.clientWidth === 0) return;
      if (anew || !drawing || wanted.join("\n") !== names.join("\n") || space.clientWidth !== width) {
        names = wanted;
        width = space.clientWidth;
        make(data);
      } else drawing.setData(data);
    },
  };
};

const words = loop => {
  const running = loop.running ? `${loop.running} #${loop.task}` : "";
  if (!loop.answers) return `held${running && ` by ${running}`}${loop.at ? ` at ${place(loop.at)}` : ""}`;
  return loop.asleep ? "waits" : running ? `runs ${running}` : "runs";
};

export const overview = page => {
  const plots = PLOTS.map(plot);
  const body = node("tbody");
  const element = node("section", { class: "overview" },
    node("div", { class: "plots" }, ...plots.map(each => each.element)),
    node("div", { class: "table" }, node("table", { id: "loops" },
      node("thead", {}, node("tr", {}, ...["Loop", "Engine", "Tasks", "Ready", "Timers", "Turns/s", "Busy", "Now"]
        .map((word, index) => node("th", { class: index > 1 && index < 7 ? "number" : undefined }, word)))),
      body)));
  let rounds = [];
  let shown = false;

  const row = (loop, before, seconds) => node("tr", { class: loop.answers ? undefined : "bad" },
    node("td", {}, loop.loop), node("td", {}, loop.engine),
    ...[count(loop.tasks), count(loop.ready), count(loop.timers),
      before ? count((loop.turns - before.turns) / seconds) : "", share(loop.busy)]
      .map(text => node("td", { class: "number" }, text)),
    node("td", {}, words(loop)));

  const draw = anew => {
    if (!shown) return;
    for (const each of plots) each.show(rounds, anew);
    const last = rounds.at(-1), before = rounds.at(-2);
    if (!last) return;
    body.replaceChildren(...last.loops.map(loop => row(loop,
      before?.loops.find(other => other.loop === loop.loop), (last.time - before?.time) / 1000)));
  };
  window.addEventListener("resize", () => draw(false));
  window.addEventListener("themechange", () => draw(true));

  return {
    element,
    /** Takes rounds that have come; `fresh` ones are all there are. */
    add: (more, fresh) => {
      rounds = (fresh ? more : rounds.concat(more)).slice(-KEPT);
      draw(false);
    },
    start: () => {
      shown = true;
      draw(false);
    },
    stop: () => { shown = false; },
  };
};
