"use strict";
{
  const root = document.currentScript.dataset.root;
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const menu = document.getElementById("menu");
  const menuButton = document.getElementById("menu-button");
  const MOST = 12;

  // ---- search: each word must begin a word of the section; headings count more; Chinese has no spaces between words ----

  const CHINESE = /\p{Script=Han}/u;
  const inChinese = document.documentElement.lang.startsWith("zh");

  const beginsWord = (text, word) => {
    let at = text.indexOf(word);
    if (CHINESE.test(word[0])) return at;
    while (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]) && !CHINESE.test(text[at - 1])) at = text.indexOf(word, at + 1);
    return at;
  };

  const segmenter = window.Intl?.Segmenter ? new Intl.Segmenter("zh", { granularity: "word" }) : null;

  const split = input => input.toLowerCase().split(/\s+/).filter(Boolean).flatMap(word => segmenter && CHINESE.test(word)
      ? [...segmenter.segment(word)].filter(part => part.isWordLike).map(part => part.segment) : [word]);

  /** Words of others for what is called otherwise here. */
  const MEANS = { graceful: ["stop", "drain"], shutdown: ["stop"], "pub/sub": ["broadcast", "topic"], pubsub: ["broadcast", "topic"] };

  const has = (text, word) => [word, ...MEANS[word] ?? []].some(each => beginsWord(text, each) >= 0);

  /** Who searches wants to know how, rather than how fast. */
  const weight = address => (address.startsWith("zh/") === inChinese ? 1 : 0.25)
      * (/^(zh\/)?guide\//.test(address) ? 2 : /figures|performance|reports|bench/.test(address) ? 0.5 : 1);

  const score = (row, words) => {
    const [title, heading, text] = row.slice(1).map(it => it.toLowerCase());
    let sum = 0;
    for (const word of words) {
      const inHeading = has(heading, word), inTitle = has(title, word), inText = has(text, word);
      if (!inHeading && !inTitle && !inText) return 0;
      sum += (inHeading ? 10 : 0) + (inTitle ? 5 : 0) + (inText ? 1 : 0);
    }
    return weight(row[0]) * (heading === words.join(" ") ? sum + 20 : sum);
  };

  const marked = (parent, text, words) => {
    const lower = text.toLowerCase();
    let done = 0;
    while (done < text.length) {
      const next = words.map(word => [lower.indexOf(word, done), word]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
      if (!next) break;
      parent.append(text.slice(done, next[0]));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[0] + next[1].length);
      parent.append(mark);
      done = next[0] + next[1].length;
    }
    parent.append(text.slice(done));
  };

  const open = yes => {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", yes);
    if (!yes) input.removeAttribute("aria-activedescendant");
  };

  const tell = text => {
    const item = document.createElement("li");
    item.role = "status";
    item.textContent = text;
    list.replaceChildren(item);
    open(true);
  };

  const show = () => {
    const words = split(input.value);
    const best = words.length === 0 ? [] : window.heddleSections.map(row => [score(row, words), row]).filter(([points]) => points > 0)
        .sort((a, b) => b[0] - a[0]).slice(0, MOST);
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...best.map(([, row], index) => {
      const [address, title, heading, text] = row;
      const link = document.createElement("a");
      link.href = root + address;
      link.id = "found-" + index;
      link.tabIndex = -1;
      link.role = "option";
      const name = document.createElement("span");
      marked(name, heading, words);
      const place = document.createElement("small");
      place.textContent = title === heading ? "" : " · " + title;
      const at = Math.max(0, beginsWord(text.toLowerCase(), words[0]) - 40);
      const snippet = document.createElement("p");
      marked(snippet, (at > 0 ? "…" : "") + text.slice(at, at + 140).replace(/\s+/g, " "), words);
      link.append(name, place, snippet);
      const item = document.createElement("li");
      item.role = "none";
      item.append(link);
      return item;
    }));
    open(words.length > 0);
    if (words.length > 0 && best.length === 0) tell(inChinese ? "没有找到" : "nothing found");
  };

  // The index is the largest file of the site, so it is read when somebody is about to search.
  let reading = false;
  const search = () => {
    if (window.heddleSections) return show();
    if (reading) return;
    reading = true;
    const script = document.createElement("script");
    script.src = root + "search-index.js";
    script.onload = () => {
      if (document.activeElement === input) show();
    };
    script.onerror = () => {
      reading = false;
      tell("search-index.js cannot be read");
    };
    document.head.append(script);
  };

  const move = step => {
    const links = [...list.querySelectorAll("a")];
    if (links.length === 0) return;
    const now = links.findIndex(link => link.getAttribute("aria-selected") === "true");
    links[now]?.removeAttribute("aria-selected");
    const next = links[(now + step + links.length + (now < 0 && step < 0 ? 1 : 0)) % links.length];
    next.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };

  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
    if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
    if (event.key === "Enter") (list.querySelector("a[aria-selected]") ?? list.querySelector("a"))?.click();
    if (event.key === "Escape") { open(false); input.blur(); }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/input|textarea/i.test(document.activeElement.tagName)) {
      input.focus();
      event.preventDefault();
    }
  });
  document.addEventListener("click", event => {
    if (!event.target.closest(".search") || event.target.closest("#found a")) open(false);
  });

  // ---- code: a button that copies, and a place among the keys for what scrolls ----

  const [COPY, COPIED] = inChinese ? ["复制", "已复制"] : ["Copy", "Copied"];

  const trimmed = text => text.replace(/\n+$/, "");
  const linesOf = imports => trimmed(imports.querySelector("pre").textContent).split("\n");
  const folded = [...document.querySelectorAll(".imports")].flatMap(linesOf);

  /** A block's own imports, or those of the page that it needs. */
  const importsOf = code => {
    const own = code.previousElementSibling;
    if (own?.matches(".imports")) return linesOf(own);
    const words = new Set(code.textContent.match(/\w+/g));
    return code.matches(".java:not(.imports *)")
        ? [...new Set(folded)].filter(line => /\*;$/.test(line) || words.has(line.match(/\w*(?=;$)/)?.[0])) : [];
  };

  const textOf = code => {
    const imports = importsOf(code);
    return [...imports, ...(imports.length > 0 ? [""] : []), trimmed(code.textContent)].join("\n");
  };

  const copy = async text => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a page from a file may not be trusted with the clipboard, but a selection may be copied
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  for (const code of document.querySelectorAll("pre")) {
    const text = textOf(code);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = COPY;
    button.addEventListener("click", async () => {
      await copy(text);
      button.textContent = COPIED;
      button.classList.add("done");
      setTimeout(() => { button.textContent = COPY; button.classList.remove("done"); }, 2000);
    });
    const frame = document.createElement("div");
    frame.className = "code";
    code.replaceWith(frame);
    frame.append(code, button);
  }
  for (const wide of document.querySelectorAll("pre, .table")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }

  // ---- menu on small windows, light and dark ----

  const openMenu = open => {
    menu.classList.toggle("open", open);
    menuButton.setAttribute("aria-expanded", open);
  };
  menuButton.addEventListener("click", () => openMenu(!menu.classList.contains("open")));
  menu.addEventListener("keydown", event => {
    if (event.key === "Escape" && menu.classList.contains("open")) { openMenu(false); menuButton.focus(); }
  });
  document.getElementById("theme-button").addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* a page from a file may have no storage */ }
  });
  menu.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}
