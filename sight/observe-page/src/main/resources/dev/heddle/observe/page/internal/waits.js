// Who waits for whom, as a graph: who holds up most stands at the left, and arrows lead from who waits to who is waited for.

import { layout } from "./layout.js";
import { count, counted, cut, drawn, frame, node, place, sum, time, watch } from "./words.js";

const PAUSE = 2000;
const MAX = 5_000;

/** Most boxes that are drawn; the others are counted. */
const MAX_BOXES = 300;

/** So many that wait in one way for the same are one box. */
const ALIKE = 4;

const BOX = { width: 290, height: 70, gapX: 70, gapY: 16 };
const MARGIN = 14;

/**
 * The lines of all processes as those of one graph: nodes and cycles are numbered by each for itself, and are told apart
 * by the process, which is 0 for the program itself.
 */
const united = lines => {
  let process = 0;
  const one = number => `${process}/${number}`;
  return lines.flatMap(line => {
    if (line.kind === "process") process = line.pid;
    return line.kind === "process" ? [] : [{ ...line, process,
      node: line.node === undefined ? undefined : one(line.node), cycle: line.cycle && one(line.cycle),
      holders: (line.holders ?? []).map(one), likely: (line.likely ?? []).map(one) }];
  });
};

/** Whom a wait is blamed on: who holds what it is for, or served it last. */
const blamed = line => line.holders.length > 0 ? line.holders : line.likely;

/** The box that stands for a child process as a whole. */
const processBox = (pid, lines) => {
  const silent = lines.find(line => line.kind === "silent" && line.process === pid);
  return { id: `process ${pid}`, all: [],
    line: { kind: "holder", who: `process ${pid}`, state: silent?.message ?? "a child process", holders: [], likely: [] } };
};

/**
 * The boxes that a child's body waits in: where chains begin, one of each round that nothing leads into, and the main
 * tasks of loops.
 */
const headsOf = (boxes, edges) => {
  const out = Map.groupBy(edges, edge => edge.from);
  const reached = new Set(edges.map(edge => edge.to));
  const seen = new Set();
  const walk = start => {
    const path = [start];
    seen.add(start);
    for (const id of path) {
      for (const { to } of out.get(id) ?? []) {
        if (seen.has(to)) continue;
        seen.add(to);
        path.push(to);
      }
    }
    return start;
  };
  const heads = boxes.filter(({ id, line }) => !reached.has(id) && (out.has(id) || line.task === 1))
    .map(({ id }) => walk(id));
  for (const { id } of boxes) if (reached.has(id) && !seen.has(id)) heads.push(walk(id));
  return heads;
};

/** The graph of an answer: boxes by their ids, and edges between them. */
const graphOf = lines => {
  const known = new Map(lines.filter(line => line.node !== undefined).map(line => [line.node, line]));
  const waitedFor = new Set([...known.values()].flatMap(blamed));
  const boxes = new Map();
  const boxOf = new Map();
  const alike = Map.groupBy([...known.values()], line =>
    waitedFor.has(line.node) || line.cycle || line.pid || blamed(line).length === 0 ? `one ${line.node}`
      : JSON.stringify([blamed(line), line.what, line.who.replace(/[0-9]+/g, "#")]));
  const add = (id, all) => {
    boxes.set(id, { id, line: all[0], all });
    for (const line of all) boxOf.set(line.node, id);
  };
  for (const all of alike.values()) {
    if (all.length > ALIKE) add(all[0].node, all);
    else for (const line of all) add(line.node, [line]);
  }
  const edges = new Map();
  const connect = (from, to, kind) => { if (to !== undefined) edges.set(`${from} ${to}`, { from, to, kind }); };
  for (const { id, line } of boxes.values()) {
    for (const other of blamed(line)) {
      connect(id, boxOf.get(other), line.cycle && known.get(other)?.cycle === line.cycle ? "cycle"
        : line.holders.length > 0 ? "" : "likely");
    }
  }
  const inside = Map.groupBy(boxes.values(), box => box.line.process);
  const between = Map.groupBy(edges.values(), edge => boxes.get(edge.from).line.process);
  for (const { id, line: { pid } } of [...boxes.values()]) {
    if (!pid) continue;
    const child = processBox(pid, lines);
    boxes.set(child.id, child);
    connect(id, child.id, "");
    for (const head of headsOf(inside.get(pid) ?? [], between.get(pid) ?? [])) connect(child.id, head, "within");
  }
  return { boxes, edges: [...edges.values()] };
};

/** How many wait for each box, directly or not. */
const heldBy = ({ boxes, edges }) => {
  const from = Map.groupBy(edges, edge => edge.to);
  return new Map([...boxes.keys()].map(id => {
    const seen = new Set([id]);
    for (const each of seen) for (const edge of from.get(each) ?? []) seen.add(edge.from);
    seen.delete(id);
    return [id, [...seen].reduce((sum, each) => sum + boxes.get(each).all.length, 0)];
  }));
};

/** A task without its loop and state, which the facts tell. */
const short = who => /^task (.*) \([^()]*\)$/.exec(who)?.[1] ?? who;

const words = line => line.kind === "holder" ? line.state : line.what;

/** Some of those that a box stands for beside the first. */
const others = all => all.slice(1, 6).map(each => short(each.who)).join(", ") + (all.length > 6 ? ", …" : "");

const facts = ({ line, all }, held) => [["Who", line.who], ["Process", line.process], ["Loop", line.loop], ["Task", line.task],
  ["Waits for", line.kind === "holder" ? "" : line.what], ["State", line.state], ["For", time(line.waited)],
  ["Until", line.limited ? "a deadline" : ""], ["Holds up", held ? count(held) : ""],
  ["Nobody", line.orphaned ? "is left who has served this" : ""], ["At", frame(line.at)], ["Spawned at", frame(line.spawned)],
  ["And", all.length > 1 ? `${counted(all.length - 1, "other")}: ${others(all)}` : ""]]
  .filter(([, value]) => value !== undefined && value !== "" && value !== 0);

export const waits = page => {
  const summary = node("p", { class: "told", role: "status" });
  const starved = node("ul", { class: "starved" });
  const canvas = drawn("svg", { role: "group", "aria-label": "Who waits for whom", id: "graph" });
  const sheet = node("div", { class: "sheet" }, canvas);
  const detail = node("dl", { class: "detail" });
  const alone = node("tbody");
  const rest = node("details", {}, node("summary", {}, "Waits that nobody is known to end"),
    node("div", { class: "table" }, node("table", {}, node("thead", {}, node("tr", {},
      ...["Who", "Waits for", "For", "At"].map(word => node("th", {}, word)))), alone)));
  const element = node("section", { class: "waits" }, summary, starved,
    node("div", { class: "split" }, sheet, detail), rest);
  let selected;
  let stop;

  const tell = (box, held) => {
    selected = box?.id;
    detail.replaceChildren(...box ? facts(box, held).flatMap(([name, value]) =>
      [node("dt", {}, name), node("dd", {}, String(value))]) : []);
    for (const each of canvas.querySelectorAll(".box")) each.classList.toggle("selected", each.dataset.id === String(selected));
  };

  const drawBox = (box, { x, y }, held) => {
    const { line, all } = box;
    const more = all.length > 1 ? ` and ${count(all.length - 1)} more` : "";
    const kind = line.cycle ? "cycle" : line.orphaned ? "orphaned" : held > 0 && line.kind === "holder" ? "holder" : "";
    const third = [line.waited === undefined ? "" : time(line.waited), place(line.at)].filter(Boolean).join(" · ");
    return drawn("g", {
      class: `box ${kind}`, transform: `translate(${x} ${y})`, tabindex: 0, role: "img", "data-id": box.id,
      "aria-label": facts(box, held).map(pair => pair.join(": ")).join("; "),
      onfocus: () => tell(box, held), onclick: () => tell(box, held),
    },
    ...all.length > 1 ? [drawn("rect", { x: 5, y: 5, width: BOX.width, height: BOX.height, rx: 7 })] : [],
    drawn("rect", { width: BOX.width, height: BOX.height, rx: 7 }),
    drawn("text", { x: 12, y: 22, class: "who" }, cut(short(line.who), 36 - (more ? 12 : 0) - (line.process ? 12 : 0)) + more),
    line.process ? drawn("text", { x: BOX.width - 10, y: 22, class: "process" }, `in ${line.process}`) : "",
    drawn("text", { x: 12, y: 42 }, cut(words(line) ?? "", 42)),
    drawn("text", { x: 12, y: 59, class: "where" }, cut(third, 44)),
    held > 0 ? drawn("text", { x: BOX.width - 10, y: 59, class: "held" }, `holds up ${count(held)}`) : "");
  };

  /** From side to side; what closes a cycle leads the other way, above. */
  const drawEdge = ({ from, to, kind }, places) => {
    const a = places.get(from), b = places.get(to);
    const back = a.x <= b.x;
    const x1 = a.x + (back ? BOX.width : 0), x2 = b.x + (back ? 0 : BOX.width);
    const y = back ? BOX.height / 4 : BOX.height / 2;
    const bend = (x2 - x1) / 2;
    const path = from === to ? `M${a.x + 40} ${a.y + BOX.height}c0 30 60 30 60 0`
      : `M${x1} ${a.y + y}C${x1 + bend} ${a.y + y} ${x2 - bend} ${b.y + y} ${x2} ${b.y + y}`;
    return drawn("path", { class: `edge ${kind}`, d: path, "data-from": from, "data-to": to,
      "marker-end": `url(#${kind === "cycle" ? "red" : "arrow"})` });
  };

  const marker = id => drawn("marker", { id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 8, markerHeight: 8,
    orient: "auto" }, drawn("path", { d: "M0 0L10 5L0 10z", class: id }));

  const shown = all => {
    page.failure("");
    const lines = united(all);
    const whole = graphOf(lines);
    const held = heldBy(whole);
    /** A deadlock comes first, above all and whatever is cut: nobody else can end it. */
    const cycled = id => Boolean(whole.boxes.get(id).line.cycle);
    const touched = new Set(whole.edges.flatMap(edge => [edge.from, edge.to]));
    const ids = [...whole.boxes.keys()].filter(id => touched.has(id))
      .sort((a, b) => cycled(b) - cycled(a) || held.get(b) - held.get(a)).slice(0, MAX_BOXES);
    const here = new Set(ids);
    const edges = whole.edges.filter(edge => here.has(edge.from) && here.has(edge.to));
    const graph = layout(ids, edges, BOX);

    const had = document.activeElement?.dataset?.id;
    canvas.replaceChildren(drawn("defs", {}, marker("arrow"), marker("red")),
      ...edges.map(edge => drawEdge(edge, graph.places)),
      ...ids.map(id => drawBox(whole.boxes.get(id), graph.places.get(id), held.get(id))));
    const width = graph.width + 2 * MARGIN, height = graph.height + 2 * MARGIN + 40;
    canvas.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width} ${height}`);
    canvas.setAttribute("width", width);
    canvas.setAttribute("height", height);
    sheet.hidden = ids.length === 0;
    const chosen = whole.boxes.get([...here].find(id => String(id) === String(selected)) ?? ids[0]);
    tell(chosen, chosen && held.get(chosen.id));
    if (had !== undefined) [...canvas.querySelectorAll(".box")].find(each => each.dataset.id === had)?.focus({ preventScroll: true });

    const cycles = new Set(lines.map(line => line.cycle).filter(Boolean)).size;
    const ends = lines.filter(line => line.kind === "summary");
    const plain = sum(ends, "plain");
    const notShown = sum(ends, "leftOut") + touched.size - ids.length;
    summary.textContent = [counted(cycles, "cycle"), `${counted(lines.filter(line => line.kind === "starved").length, "loop")} held`,
      `${counted(lines.filter(line => line.kind === "wait").length, "wait")} for others`,
      plain > 0 ? `${counted(plain, "more task")} for a time, for bytes or the like` : "",
      notShown > 0 ? `${count(notShown)} not shown` : ""].filter(Boolean).join(" · ");
    starved.replaceChildren(...lines.filter(line => line.kind === "starved").map(line =>
      node("li", {}, `loop ${line.loop}${line.process ? ` of process ${line.process}` : ""} does not answer, held by ${
        line.heldBy}${line.at ? ` at ${frame(line.at)}` : ""}`)));
    const lonely = [...whole.boxes.values()].filter(({ id }) => !touched.has(id));
    rest.hidden = lonely.length === 0;
    alone.replaceChildren(...lonely.slice(0, MAX_BOXES).map(({ line }) => node("tr", {}, node("td", {}, line.who),
      node("td", {}, words(line)), node("td", { class: "number" }, time(line.waited)), node("td", {}, place(line.at)))));
  };

  return {
    element,
    start: () => { stop ??= watch("waits", () => ({ max: MAX }), PAUSE, { shown, failure: page.failure }); },
    stop: () => {
      stop?.();
      stop = undefined;
    },
  };
};
