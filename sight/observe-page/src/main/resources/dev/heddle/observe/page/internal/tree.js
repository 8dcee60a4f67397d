// The tasks of all loops as a tree, of which only the rows in the window are elements: 100,000 tasks are no more work.

import { count, counted, cut, node, place, time, watch } from "./words.js";

const ROW = 26;
const PAUSE = 2000;

/** Most tasks that are asked for; the others are counted. */
const MAX = 250_000;

/** Where each stands in its code is asked for up to so many tasks. */
const MAX_LINES = 2_000;

const STATES = ["", "running", "ready", "waiting", "pending", "foreign", "cancelled"];

/** The lines of child processes, each with the number of its own; a line of its own stands before each process. */
const ofProcesses = lines => {
  let process;
  return lines.map(line => {
    if (line.kind !== "process") return process === undefined ? line : { ...line, process };
    process = line.pid;
    return line;
  });
};

const inProcess = line => line.kind === "loop" ? line.loop : `${line.loop}/${line.id ?? `more ${line.parent ?? ""}`}`;

const key = line => line.kind === "process" ? `process ${line.pid}`
  : line.process === undefined ? inProcess(line) : `process ${line.process}/${line.kind === "silent" ? "" : inProcess(line)}`;

const words = line => {
  if (line.kind === "process") return "a child process";
  if (line.kind === "silent") return "";
  if (line.kind === "loop") return line.answers ? counted(line.tasks, "task") : `does not answer, held by ${line.running}`;
  if (line.kind === "more") return "";
  const holders = line.holders ?? [];
  const held = holders.length > 0 && !line.for?.includes(holders[0]) ? `, held by ${holders.slice(0, 3).join(", ")}` : "";
  const cancelled = line.cancelled === undefined ? "" : ` (cancelled ${time(line.cancelledFor)} ago)`;
  return ({ ready: "ready to run", pending: "not begun" }[line.state] ?? line.for ?? line.state ?? "") + held + cancelled;
};

const title = line => line.kind === "process" ? `process ${line.pid}` : line.kind === "silent" ? line.message
  : line.kind === "loop" ? `loop ${line.loop} (${line.engine})`
  : line.kind === "more" ? `… and ${counted(line.tasks, "more task")}` : line.name;

export const tree = page => {
  /**
   * All lines in their order, with what each is known by; the index behind all that is below each; the indices of those
   * that are shown, which go up.
   */
  let lines = [], keys = [], ends = [], visible = [];
  const open = new Set(), closed = new Set();
  /** What the selected line is known by, and its index; -1 if there is none. */
  let selected = "", chosen = -1;
  let stop;

  const search = node("input", { type: "search", placeholder: "Name, such as fetch*  ( / )", "aria-label": "Name of tasks",
    onchange: () => again(), onsearch: () => again() });
  const state = node("select", { "aria-label": "State of tasks", onchange: () => again() },
    ...STATES.map(each => node("option", { value: each }, each || "any state")));
  const told = node("span", { class: "told", role: "status" });
  const rows = node("div", { class: "rows" });
  const space = node("div", { class: "space" }, rows);
  const list = node("div", { class: "list", tabindex: 0, role: "tree", "aria-label": "Tasks",
    onscroll: () => draw(), onkeydown: event => press(event), onclick: event => click(event) }, space);
  const detail = node("dl", { class: "detail", "aria-live": "off" });
  const element = node("section", { class: "tree" }, node("div", { class: "tools" }, search, state, told),
    node("div", { class: "split" }, list, detail));

  // ---- what is shown ----

  /** How far within its process. */
  const inner = line => ["process", "silent", "loop"].includes(line.kind) ? 0 : line.depth ?? 1;
  const depth = line => inner(line) + (line.process === undefined ? 0 : 1);
  const isFiltered = () => search.value.trim() !== "" || state.value !== "";
  /** Processes, loops and their outermost tasks are open until they are closed, and what a filter has found; others the other way around. */
  const isOpen = (index, all = isFiltered()) => all || inner(lines[index]) <= 1 ? !closed.has(keys[index]) : open.has(keys[index]);
  const hasChildren = index => ends[index] > index + 1;

  const take = answer => {
    const all = lines = ofProcesses(answer);
    keys = all.map(key);
    chosen = keys.indexOf(selected);
    ends = new Array(all.length);
    const around = [];
    const leave = (until, at) => { while (around.length > 0 && depth(all[around.at(-1)]) >= until) ends[around.pop()] = at; };
    for (let i = 0; i < all.length; i++) {
      leave(depth(all[i]), i);
      around.push(i);
    }
    leave(0, all.length);
    const tasks = all.filter(line => line.kind === "task");
    const below = tasks.filter(line => line.process !== undefined).length;
    told.textContent = counted(tasks.length, "task") + (below > 0 ? `, ${count(below)} of them in child processes` : "");
    page.failure("");
    lay();
  };

  const choose = index => {
    chosen = index;
    selected = keys[index] ?? "";
  };

  const lay = () => {
    visible = [];
    const all = isFiltered();
    for (let i = 0; i < lines.length;) {
      visible.push(i);
      i = isOpen(i, all) ? i + 1 : ends[i];
    }
    space.style.height = `${visible.length * ROW}px`;
    if (position() < 0) choose(lines.length > 0 ? 0 : -1);
    draw();
    tell();
  };

  const row = (index, position) => {
    const line = lines[index];
    const level = depth(line);
    const element = node("div", {
      class: `row ${line.kind} ${line.state ?? ""}${line.cancelled === undefined ? "" : " cancelled"}`,
      role: "treeitem", id: `row-${position}`, "data-position": position, "aria-level": level + 1,
      "aria-expanded": hasChildren(index) ? isOpen(index) : undefined, "aria-selected": index === chosen,
    },
    node("span", { class: "name" },
      node("span", { class: "turn", "aria-hidden": "true" }, hasChildren(index) ? isOpen(index) ? "▾" : "▸" : ""),
      cut(title(line) ?? "", 200), line.id === undefined ? "" : node("small", {}, ` #${line.id}`),
      hasChildren(index) && !isOpen(index) ? node("small", {}, ` ${count(ends[index] - index - 1)}`) : ""),
    node("span", { class: "for" }, cut(words(line), 300)),
    node("span", { class: "number" }, time(line.waited)),
    node("span", { class: "number age" }, time(line.age)),
    node("span", { class: "place" }, place(line.spawned)));
    element.style.top = `${position * ROW}px`;
    element.firstChild.style.paddingLeft = `${level * 1.1}rem`;
    return element;
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
    const last = Math.min(visible.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 5);
    const some = [];
    for (let position = first; position < last; position++) some.push(row(visible[position], position));
    rows.replaceChildren(...some);
    const at = position();
    if (at >= first && at < last) list.setAttribute("aria-activedescendant", `row-${at}`);
    else list.removeAttribute("aria-activedescendant");
  };

  const tell = () => {
    const line = lines[chosen];
    const facts = line ? [["Name", title(line)], ["Task", line.id], ["Process", line.process ?? line.pid], ["Loop", line.loop],
      ["State", line.state], [line.kind === "loop" ? "Tasks" : line.kind === "process" ? "Is" : "Waits for", words(line)],
      ["For", time(line.waited)], ["Held by", (line.holders ?? []).join(", ")], ["Age", time(line.age)], ["At", line.at], ["Spawned at", line.spawned],
      ["Deadline", line.deadline === undefined ? "" : `${time(line.deadline)} left`], ["Cancelled", line.cancelled]] : [];
    detail.replaceChildren(...facts.filter(([, value]) => value !== undefined && value !== "")
      .flatMap(([name, value]) => [node("dt", {}, name), node("dd", {}, String(value))]));
  };

  // ---- keys and clicks ----

  /** Where the selected line is shown; -1 where it is not. */
  const position = () => {
    let low = 0, high = visible.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (visible[middle] < chosen) low = middle + 1;
      else high = middle;
    }
    return low < visible.length && visible[low] === chosen ? low : -1;
  };

  const select = at => {
    const wanted = Math.max(0, Math.min(visible.length - 1, at));
    if (visible.length === 0) return;
    choose(visible[wanted]);
    if (wanted * ROW < list.scrollTop) list.scrollTop = wanted * ROW;
    if ((wanted + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (wanted + 1) * ROW - list.clientHeight;
    draw();
    tell();
  };

  const turn = (index, wanted) => {
    const name = keys[index];
    if (wanted) {
      open.add(name);
      closed.delete(name);
    } else {
      open.delete(name);
      closed.add(name);
    }
    lay();
  };

  const press = event => {
    const at = position();
    if (at < 0) return;
    const index = visible[at], line = lines[index];
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
    const owner = () => { let up = at; while (up > 0 && depth(lines[visible[up]]) >= depth(line)) up--; return up; };
    const actions = {
      ArrowDown: () => select(at + 1), ArrowUp: () => select(at - 1), PageDown: () => select(at + page),
      PageUp: () => select(at - page), Home: () => select(0), End: () => select(visible.length - 1),
      ArrowRight: () => hasChildren(index) && !isOpen(index) ? turn(index, true) : select(at + 1),
      ArrowLeft: () => hasChildren(index) && isOpen(index) ? turn(index, false) : select(owner()),
      Enter: () => hasChildren(index) && turn(index, !isOpen(index)),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  };

  const click = event => {
    const hit = event.target.closest(".row");
    if (!hit) return;
    const index = visible[hit.dataset.position];
    choose(index);
    if (hasChildren(index)) turn(index, !isOpen(index));
    else select(Number(hit.dataset.position));
  };

  // ---- questions ----

  const args = () => {
    const wanted = { max: MAX };
    if (search.value.trim() !== "") wanted.name = search.value.trim();
    if (state.value !== "") wanted.state = state.value;
    if (lines.length > 0 && lines.length <= MAX_LINES) wanted.lines = 1;
    return wanted;
  };
  const begin = () => { stop = watch("tree", args, PAUSE, { shown: take, failure: page.failure }); };
  const again = () => {
    closed.clear();
    if (!stop) return;
    stop();
    begin();
  };
  window.addEventListener("resize", () => element.hidden || draw());

  return {
    element,
    start: () => stop ?? begin(),
    stop: () => {
      stop?.();
      stop = undefined;
    },
  };
};
