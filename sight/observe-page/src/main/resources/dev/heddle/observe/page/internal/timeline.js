// What ran when: a trace of some seconds, a row for each loop and for each name of its tasks. Times are microseconds.

import { ask, colour, count, counted, cut, node, time } from "./words.js";

const ROW = 22, AXIS = 24, LABELS = 190;

/** The program's trace ends when it has so many events, of which runs are about a quarter. */
const MAX_EVENTS = 200_000;

const MAX_ROWS = 200;

/** The shortest time that fills the width. */
const MIN_SPAN = 1;

/** Of the colours of plots, without the grey one. */
const TINTS = 7;
const BESIDE = ["poll", "inbox", "timers", "callback"];

const folded = name => name.replace(/[0-9]+/g, "#");

/** Always the same colour for the same name. */
const tint = name => {
  let sum = 0;
  for (const character of name) sum = (31 * sum + character.codePointAt(0)) % 65_521;
  return sum % TINTS;
};

const micros = span => time(span / 1000);

/**
 * The rows of a trace: a loop's own, with all that it runs and does, then those of its tasks, that ran longest first.
 * @param slices in the order of their times, by the loop's number (pid) and the task's (tid)
 * @param names of loops and tasks by their numbers in the trace
 */
const rowsOf = (slices, names) => {
  const rows = new Map();
  const begin = slices.reduce((least, { ts }) => Math.min(least, ts), Infinity);
  for (const { pid, tid, name, ts, dur } of slices) {
    const own = tid === pid;
    const task = names.get(tid) ?? name;
    const title = own ? names.get(pid) ?? `loop ${pid}` : folded(name === "run" ? task : name);
    const key = JSON.stringify([pid, own, title]);
    if (!rows.has(key)) rows.set(key, { loop: pid, own, title, total: 0, runs: [] });
    const row = rows.get(key);
    row.runs.push({ since: ts - begin, until: ts - begin + dur, name: own ? name : task, about: own || name === "run" ? "" : name });
    if (!own || !BESIDE.includes(name)) row.total += dur;
  }
  return [...rows.values()].sort((a, b) => a.loop - b.loop || b.own - a.own || b.total - a.total);
};

/** The first of a row's runs that ends behind a time; those behind it do too. */
const firstBehind = ({ runs }, moment) => {
  let low = 0, high = runs.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (runs[middle].until <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Whole steps of time, of which some lie in a span. */
const stepFor = (span, most) => {
  const power = 10 ** Math.floor(Math.log10(span / most));
  return [1, 2, 5, 10].map(each => each * power).find(each => span / each <= most);
};

export const timeline = page => {
  const length = node("select", { "aria-label": "For how long" }, ...["1", "2", "5"].map(word =>
    node("option", { value: 1000 * word, selected: word === "2" }, `${word} s`)));
  const button = node("button", { id: "record-timeline", onclick: () => record() }, "Record");
  const told = node("span", { class: "told", role: "status" });
  const canvas = node("canvas", { tabindex: 0, role: "img", "aria-describedby": "timeline-run" });
  const sheet = node("div", { class: "sheet timeline" }, canvas);
  const detail = node("output", { id: "timeline-run", "aria-live": "polite" });
  const element = node("section", { class: "timelines" },
    node("div", { class: "tools" }, length, button, told), sheet, node("p", { class: "run" }, detail),
    node("p", { class: "told" }, "Arrows go from run to run and from row to row, + and - zoom, Shift with arrows moves, "
      + "Enter shows a run alone, Escape all. Or drag, and turn the wheel with Ctrl."));
  let rows = [], end = 0, from = 0, until = 1;
  /** The row and the index of the run that keys go from. */
  let chosen = { row: 0, index: 0 };
  let colours = {};
  sheet.hidden = true;

  // ---- drawing ----

  const width = () => Math.max(LABELS + 50, sheet.clientWidth);
  const toX = moment => LABELS + (moment - from) / (until - from) * (width() - LABELS);
  const toTime = x => from + (x - LABELS) / (width() - LABELS) * (until - from);

  const readColours = () => {
    colours = Object.fromEntries(["--text", "--soft", "--line", "--raised", "--back", "--link"].map(name => [name, colour(name)]));
    colours.tints = Array.from({ length: TINTS }, (none, index) => colour(`--plot-${index}`));
  };

  const colourOf = (row, run) => {
    if (row.own && BESIDE.includes(run.name)) return colours[run.name === "poll" ? "--line" : "--soft"];
    return colours.tints[tint(row.own ? folded(run.name) : row.title)];
  };

  const drawRow = (pen, row, top) => {
    pen.fillStyle = colours["--text"];
    pen.font = row.own ? "600 13px sans-serif" : "13px sans-serif";
    pen.fillText(cut(row.title, 26), row.own ? 8 : 20, top + ROW / 2, LABELS - 26);
    pen.font = "11px sans-serif";
    const right = width();
    // What lies within a pixel that has its colour is not drawn again.
    let drawnTo = LABELS;
    for (let i = firstBehind(row, from); i < row.runs.length && row.runs[i].since < until; i++) {
      const run = row.runs[i];
      const x1 = Math.max(LABELS, toX(run.since)), x2 = Math.min(right, Math.max(toX(run.until), x1 + 1));
      if (x2 <= drawnTo) continue;
      pen.fillStyle = colourOf(row, run);
      pen.fillRect(Math.max(x1, drawnTo), top + 3, x2 - Math.max(x1, drawnTo), ROW - 6);
      drawnTo = x2 - x1 > 1.5 ? x2 : Math.ceil(x2);
      if (x2 - x1 > 60) {
        pen.fillStyle = run.name === "poll" && row.own ? colours["--soft"] : colours["--back"];
        pen.fillText(cut(run.about || run.name, Math.floor((x2 - x1) / 8)), x1 + 5, top + ROW / 2, x2 - x1 - 8);
      }
    }
  };

  const drawAxis = (pen, bottom) => {
    const step = stepFor(until - from, (width() - LABELS) / 90);
    pen.font = "11px sans-serif";
    for (let moment = Math.ceil(from / step) * step; moment <= until; moment += step) {
      pen.fillStyle = colours["--line"];
      pen.fillRect(toX(moment), 0, 1, bottom);
      pen.fillStyle = colours["--soft"];
      pen.fillText(micros(moment), toX(moment) + 4, AXIS / 2);
    }
  };

  const draw = () => {
    if (sheet.hidden || sheet.clientWidth === 0) return;
    const height = AXIS + rows.length * ROW, scale = window.devicePixelRatio;
    canvas.width = width() * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width()}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.textBaseline = "middle";
    drawAxis(pen, height);
    rows.forEach((row, index) => {
      if (row.own) {
        pen.fillStyle = colours["--raised"];
        pen.fillRect(0, AXIS + index * ROW, width(), ROW);
      }
      drawRow(pen, row, AXIS + index * ROW);
    });
    const run = rows[chosen.row]?.runs[chosen.index];
    if (!run || run.until < from || run.since > until) return;
    const x1 = Math.max(LABELS, toX(run.since)), x2 = Math.min(width(), toX(run.until));
    pen.strokeStyle = colours["--text"];
    pen.lineWidth = 2;
    pen.strokeRect(x1 - 1, AXIS + chosen.row * ROW + 2, Math.max(2, x2 - x1) + 2, ROW - 4);
  };

  const show = (since, to) => {
    const span = Math.min(end, Math.max(MIN_SPAN, to - since));
    from = Math.max(0, Math.min(end - span, since));
    until = from + span;
    draw();
  };

  const zoom = (factor, at) => show(at - (at - from) * factor, at + (until - at) * factor);

  // ---- words ----

  const tell = ({ row, index }) => {
    const run = rows[row]?.runs[index];
    if (!run) return;
    const { loop, own, title } = rows[row];
    const where = own ? title : rows.find(each => each.loop === loop && each.own)?.title ?? "";
    detail.textContent = `${run.name}${run.about && `, ${run.about}`}: began at ${micros(run.since)}, took ${
      micros(run.until - run.since)}, on ${where}; run ${count(index + 1)} of ${count(rows[row].runs.length)} in ${title}`;
  };

  const choose = (row, index) => {
    if (!rows[row]) return;
    chosen = { row, index: Math.max(0, Math.min(rows[row].runs.length - 1, index)) };
    const run = rows[row].runs[chosen.index], span = until - from;
    if (run.since < from || run.until > until) {
      const middle = (run.since + run.until) / 2;
      show(middle - span / 2, middle + span / 2);
    } else draw();
    const top = AXIS + row * ROW;
    if (top < sheet.scrollTop) sheet.scrollTop = row === 0 ? 0 : top;
    if (top + ROW > sheet.scrollTop + sheet.clientHeight) sheet.scrollTop = top + ROW - sheet.clientHeight;
    tell(chosen);
  };

  // ---- keys and mouse ----

  /** In another row the run that goes on when the chosen one begins, or the next one. */
  const beside = row => rows[row] && choose(row, firstBehind(rows[row], rows[chosen.row].runs[chosen.index].since));

  const press = event => {
    const run = rows[chosen.row]?.runs[chosen.index];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    const span = until - from, middle = Math.max(from, Math.min(until, (run.since + run.until) / 2));
    const actions = {
      ArrowLeft: () => event.shiftKey ? show(from - span / 4, until - span / 4) : choose(chosen.row, chosen.index - 1),
      ArrowRight: () => event.shiftKey ? show(from + span / 4, until + span / 4) : choose(chosen.row, chosen.index + 1),
      ArrowUp: () => beside(chosen.row - 1), ArrowDown: () => beside(chosen.row + 1),
      Home: () => choose(chosen.row, 0), End: () => choose(chosen.row, rows[chosen.row].runs.length - 1),
      "+": () => zoom(1 / 2, middle), "=": () => zoom(1 / 2, middle), "-": () => zoom(2, middle),
      Enter: () => show(run.since - (run.until - run.since) / 4, run.until + (run.until - run.since) / 4),
      Escape: () => show(0, end),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  };
  canvas.addEventListener("keydown", press);

  /** The run below the mouse, or within two pixels of it. */
  const hit = event => {
    const row = Math.floor((event.offsetY - AXIS) / ROW);
    if (!rows[row] || event.offsetX < LABELS) return undefined;
    const index = firstBehind(rows[row], toTime(event.offsetX - 2));
    return rows[row].runs[index]?.since <= toTime(event.offsetX + 2) ? { row, index } : undefined;
  };

  let dragged;
  canvas.addEventListener("pointerdown", event => {
    dragged = { x: event.clientX, from, until, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", event => {
    if (!dragged) {
      tell(hit(event) ?? chosen);
      return;
    }
    const moved = (dragged.x - event.clientX) / (width() - LABELS) * (until - from);
    dragged.moved ||= Math.abs(dragged.x - event.clientX) > 3;
    if (dragged.moved) show(dragged.from + moved, dragged.until + moved);
  });
  canvas.addEventListener("pointerup", event => {
    const found = dragged?.moved ? undefined : hit(event);
    dragged = undefined;
    if (found) choose(found.row, found.index);
  });
  canvas.addEventListener("pointercancel", () => { dragged = undefined; });
  canvas.addEventListener("dblclick", event => zoom(1 / 4, toTime(event.offsetX)));
  canvas.addEventListener("wheel", event => {
    if (event.ctrlKey || event.metaKey) zoom(event.deltaY > 0 ? 1.25 : 0.8, toTime(event.offsetX));
    else if (event.deltaX !== 0) show(from + event.deltaX / width() * (until - from), until + event.deltaX / width() * (until - from));
    else return;
    event.preventDefault();
  });

  // ---- recording ----

  const shown = (slices, names, full) => {
    const all = rowsOf(slices, names);
    rows = all.slice(0, MAX_ROWS);
    end = Math.max(1, ...rows.map(row => row.runs.at(-1).until));
    sheet.hidden = rows.length === 0;
    canvas.setAttribute("aria-label", `Timeline of ${counted(rows.length, "row")}`);
    told.textContent = [counted(slices.length, "run"), `${micros(end)}`,
      full ? "it ends early, since so many are enough" : "",
      all.length > rows.length ? `${counted(all.length - rows.length, "row")} not shown` : ""].filter(Boolean).join(" · ");
    detail.textContent = "";
    chosen = { row: 0, index: 0 };
    readColours();
    show(0, end);
    tell(chosen);
  };

  const record = () => {
    const slices = [], names = new Map();
    let full = false;
    button.disabled = true;
    told.textContent = "recording …";
    const over = () => { button.disabled = false; };
    ask("trace", { millis: length.value, events: MAX_EVENTS }, {
      lines: batch => {
        for (const line of batch) {
          if (line.ph === "X") slices.push(line);
          else if (line.ph === "M" && line.name === "thread_name") names.set(line.tid, line.args.name);
          full ||= line.kind === "full";
        }
        told.textContent = `recording … ${counted(slices.length, "run")}`;
      },
      end: () => {
        over();
        shown(slices, names, full);
      },
      failure: message => {
        over();
        told.textContent = "";
        page.failure(message);
      },
    });
  };
  window.addEventListener("resize", () => draw());
  window.addEventListener("themechange", () => {
    readColours();
    draw();
  });

  return { element, start: () => draw(), stop: () => {} };
};
