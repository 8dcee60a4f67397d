// Views that are a table: what the tasks do with their time, the parts of a program, its connections.

import { bytes, count, counted, node, place, share, time, watch } from "./words.js";

const PAUSE = 2000;
const MAX = 500;

const nanos = number => number === undefined ? "" : time(number / 1e6);

/**
 * A view of rows. A column has a title, what it tells of a line, and whether that is a number; the key of a line says
 * which row goes on being the same.
 */
const table = (page, { id, verb, kind, columns, args, tools = [], PAUSE: pause = PAUSE }) => {
  const told = node("span", { class: "told", role: "status" });
  const body = node("tbody");
  const element = node("section", { class: "lines" }, node("div", { class: "tools" }, ...tools.map(each => each.element), told),
    node("div", { class: "table" }, node("table", { id }, node("thead", {}, node("tr", {},
      ...columns.map(column => node("th", { class: column.number && "number" }, column.title)))), body)));
  let stop;
  const shown = lines => {
    page.failure("");
    const rows = lines.filter(line => line.kind === kind);
    told.textContent = counted(rows.length, "row");
    body.replaceChildren(...rows.map(line => node("tr", {}, ...columns.map(column =>
      node("td", { class: column.number && "number" }, column.tell(line) ?? "")))));
  };
  const begin = () => {
    const all = () => Object.assign({}, args, ...tools.map(each => each.args()));
    stop = watch(verb, all, pause, { shown, failure: page.failure });
  };
  const end = () => {
    stop?.();
    stop = undefined;
  };
  for (const each of tools) {
    each.element.addEventListener("change", () => {
      if (!stop) return;
      end();
      begin();
    });
  }
  return { element, start: () => stop ?? begin(), stop: end };
};

/** A choice among words; an argument of the question. */
const choice = (name, label, options) => {
  const select = node("select", {}, ...options.map(([value, word]) => node("option", { value }, word ?? value)));
  return { element: node("label", {}, `${label} `, select), args: () => select.value === "" ? {} : { [name]: select.value } };
};

// ---- top ----

export const top = page => {
  const over = choice("over", "Rates over", [["1", "1 s"], ["10", "10 s"], ["60", "60 s"]]);
  const last = (line, name) => line[`${name}${over.args().over}`];
  return table(page, {
    id: "top", verb: "top", kind: "row", PAUSE: 1000,
    args: { rows: MAX },
    tools: [choice("by", "By", [["route"], ["name"]]), over,
      choice("sort", "Sorted by", ["busy", "runs", "delay", "allocated", "waiting", "tasks", "name"].map(word => [word]))],
    columns: [
      { title: "Name", tell: line => line.name },
      { title: "Busy", number: true, tell: line => share(last(line, "busy") / 1e9) },
      { title: "Runs/s", number: true, tell: line => count(last(line, "runs")) },
      { title: "Delay", number: true, tell: line => nanos(last(line, "delay")) },
      { title: "Memory/s", number: true, tell: line => bytes(last(line, "allocated")) },
      { title: "Waiting", number: true, tell: line => count(line.waiting) },
      { title: "Tasks", number: true, tell: line => count(line.tasks) },
    ],
  });
};

// ---- pools ----

const plain = name => name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

/** Those that are not zero. */
const figures = line => line.figures === undefined ? "does not answer" : Object.entries(line.figures)
  .filter(([, value]) => value !== 0 && value !== false)
  .map(([name, value]) => value === true ? plain(name) : `${plain(name)} ${typeof value === "number" ? count(value) : value}`)
  .join(", ");

const full = line => line.pressure === undefined || line.pressure === null ? ""
  : node("span", { class: "full" }, node("meter", { value: line.pressure, max: 1, high: 0.8, low: 0.5, optimum: 0,
    "aria-label": "how full" }), share(line.pressure));

const waiting = line => !line.waiting ? ""
  : count(line.waiting) + (line.oldest === undefined ? "" : ` for ${time(line.oldest)}`);

const holder = one => one.who + (one.pid ? ` in process ${one.pid}` : "")
  + (one.held === undefined ? "" : ` for ${time(one.held)}`) + (one.at ? ` at ${place(one.at)}` : "");

export const pools = page => table(page, {
  id: "pools", verb: "pools", kind: "part",
  args: { max: MAX },
  columns: [
    { title: "Type", tell: line => line.type },
    { title: "Name", tell: line => line.name },
    { title: "Full", tell: full },
    { title: "Waiting", tell: waiting },
    { title: "Figures", tell: figures },
    { title: "Held by", tell: line => (line.holders ?? []).map(holder).join(", ") },
    { title: "Made at", tell: line => [place(line.line), line.loop].filter(Boolean).join(", ") },
  ],
});

// ---- connections ----

export const connections = page => table(page, {
  id: "connections", verb: "connections", kind: "connection",
  args: { max: MAX },
  columns: [
    { title: "Of", tell: line => [line.of, line.name].filter(Boolean).join(" ") },
    { title: "Peer", tell: line => line.peer },
    { title: "Protocol", tell: line => line.protocol },
    { title: "Phase", tell: line => line.phase },
    { title: "Request", tell: line => line.request },
    { title: "Held", number: true, tell: line => time(line.held) },
    { title: "Task", tell: line => line.task === undefined ? "" : `${line.task} ${line.by}` },
    { title: "Waits for", tell: line => line.for },
    { title: "At", tell: line => line.at },
    { title: "Age", number: true, tell: line => time(line.age) },
    { title: "In", number: true, tell: line => bytes(line.in) },
    { title: "Out", number: true, tell: line => bytes(line.out) },
    { title: "TLS", tell: line => line.tls },
    { title: "Buffered", number: true, tell: line => line.buffered ? bytes(line.buffered) : "" },
    { title: "Deadline", number: true, tell: line => time(line.deadline) },
    { title: "Streams", number: true, tell: line => line.streams?.length ? count(line.streams.length) : "" },
  ],
});
