// What all views share: elements, words for figures, and questions to the program.
// Names come from the program and may hold anything: they only ever become text nodes and attributes.

const SVG = "http://www.w3.org/2000/svg";

const filled = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-") && value !== undefined) element.setAttribute(name, String(value));
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== undefined && child !== ""));
  return element;
};

/** An element of the page; attributes that begin with "on" are listeners. */
export const node = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);

/** An element of a drawing. */
export const drawn = (name, attributes = {}, ...children) => filled(document.createElementNS(SVG, name), attributes, children);

/** The colour that a name of the style sheet stands for now, light or dark; a canvas does not know names. */
export const colour = name => {
  const probe = node("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const PRECISE = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

export const count = number => NUMBER.format(number ?? 0);
export const counted = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;
export const share = part => part === undefined || part === null ? "" : `${Math.round(part * 100)} %`;

export const bytes = number => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  let value = number ?? 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${PRECISE.format(value)} ${units[at]}`;
};

/** A time of so many milliseconds. */
export const time = millis => {
  if (millis === undefined) return "";
  if (millis < 1) return `${PRECISE.format(millis * 1000)} µs`;
  if (millis < 1000) return `${PRECISE.format(millis)} ms`;
  if (millis < 60_000) return `${PRECISE.format(millis / 1000)} s`;
  const seconds = Math.floor(millis / 1000);
  const two = number => String(number).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return hours < 72 ? `${hours}:${two(Math.floor(seconds / 60) % 60)} h` : `${count(hours / 24)} days`;
};

/** A frame without the class loader that it came by. */
export const frame = text => text?.replace(/^.*?\/\//, "");

/** The file and line of a frame. */
export const place = text => /\(([^()]*)\)$/.exec(text ?? "")?.[1] ?? text ?? "";

export const sum = (lines, name) => lines.reduce((all, line) => all + (line[name] ?? 0), 0);

export const cut = (text, most) => {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
};

/**
 * Asks the program. Lines come as objects, as many at a time as there are.
 * Gives a function that hangs up, after which nobody is told anything.
 */
export const ask = (verb, args, { lines, round = () => {}, end = () => {}, failure }) => {
  const source = new EventSource(`ask/${verb}?${new URLSearchParams(args)}`);
  source.onmessage = event => {
    let batch = [];
    for (const text of event.data.split("\n")) {
      const line = JSON.parse(text);
      if (line.kind !== "round") batch.push(line);
      else {
        lines(batch);
        round();
        batch = [];
      }
    }
    if (batch.length > 0) lines(batch);
  };
  source.addEventListener("end", () => {
    source.close();
    end();
  });
  source.addEventListener("failure", event => {
    source.close();
    failure(event.data);
  });
  source.onerror = () => {
    source.close();
    failure("heddle page does not answer any more; start it again");
  };
  return () => source.close();
};

/**
 * Asks again and again: a whole answer at a time, the next one when `pause` milliseconds have gone by, or twenty times
 * as long as the answer took, so that neither the program nor the page is kept busy by it.
 * `args` is a function; `shown` gets all lines of an answer. Gives a function that ends it.
 */
export const watch = (verb, args, pause, { shown, failure }) => {
  let hangUp = () => {};
  let timer = 0;
  const once = () => {
    const begin = performance.now();
    const all = [];
    const again = () => { timer = setTimeout(once, Math.max(pause, 20 * (performance.now() - begin))); };
    hangUp = ask(verb, args(), {
      lines: batch => { for (const line of batch) all.push(line); },
      end: () => {
        shown(all);
        again();
      },
      failure: message => {
        failure(message);
        again();
      },
    });
  };
  once();
  return () => {
    clearTimeout(timer);
    hangUp();
  };
};
