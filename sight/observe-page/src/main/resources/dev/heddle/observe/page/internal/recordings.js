// What is recorded for a time: a profile, which opens as a flame graph, and a trace to be downloaded.

import { ask, counted, node } from "./words.js";

const seconds = () => node("select", { "aria-label": "For how long" },
  ...[["2000", "2 s"], ["10000", "10 s"], ["60000", "60 s"]].map(([value, word]) =>
    node("option", { value, selected: value === "10000" }, word)));

/** A trace as Perfetto and Chrome open it: the events that the program sends, in an object. */
const trace = page => {
  const length = seconds();
  const told = node("p", { role: "status", class: "told" });
  const button = node("button", { id: "trace" }, "Record a trace");
  button.addEventListener("click", () => {
    const parts = ["{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"];
    let events = 0;
    button.disabled = true;
    told.textContent = "recording …";
    const end = words => {
      button.disabled = false;
      told.textContent = words;
    };
    ask("trace", { millis: length.value }, {
      lines: batch => {
        const some = batch.filter(line => line.kind === "event");
        if (some.length === 0) return;
        parts.push((events === 0 ? "" : ",\n") + some.map(line => JSON.stringify(line)).join(",\n"));
        events += some.length;
        told.textContent = `recording … ${counted(events, "event")}`;
      },
      end: () => {
        parts.push("\n]}\n");
        const link = node("a", { href: URL.createObjectURL(new Blob(parts, { type: "application/json" })),
          download: "trace.json" });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        end(`${counted(events, "event")}: open the file in ui.perfetto.dev or chrome://tracing`);
      },
      failure: message => {
        end("");
        page.failure(message);
      },
    });
  });
  return node("div", { class: "record" }, node("h2", {}, "Trace"),
    node("p", {}, "What each loop did, run by run: tasks are tracks, runs are slices, and arrows lead from who woke a task."),
    length, " ", button, told);
};

/** A flame graph, which is a page of its own. */
const profile = () => {
  const length = seconds();
  const link = node("a", { id: "profile", class: "button", target: "_blank" }, "Record a profile");
  const aim = () => { link.href = `profile?millis=${length.value}`; };
  length.addEventListener("change", aim);
  aim();
  return node("div", { class: "record" }, node("h2", {}, "Profile"),
    node("p", {}, "What burns the processor, with routes and names of tasks at the bottom: a flame graph, in a tab of its own when the time is over."),
    length, " ", link);
};

export const recordings = page => ({
  element: node("section", {}, page.verbs.includes("profile") ? profile() : "",
    page.verbs.includes("trace") ? trace(page) : ""),
  start: () => {},
  stop: () => {},
});
