'use strict';
// A flame graph: what a frame has called stands on it, as wide as its share of the samples.
(() => {
  const ROW = 20;
  const NARROW = 2;
  const data = JSON.parse(document.getElementById('data').textContent);
  const graph = document.getElementById('graph');
  const about = document.getElementById('about');
  const search = document.getElementById('search');
  const found = document.getElementById('found');

  /** A node of the data is [index of its name, samples, [nodes above]]. */
  function read([name, samples, above], parent) {
    const node = { name: data.names[name], samples, parent, depth: parent ? parent.depth + 1 : 0 };
    node.above = above.map(each => read(each, node)).sort((a, b) => b.samples - a.samples);
    return node;
  }

  const root = read(data.root, null);
  let zoomed = root;
  let pattern = '';
  let nodes = new Map();

  function hue(node) {
    let task = node;
    while (task.depth > 1) task = task.parent;
    let hash = 0;
    for (const c of task.name) hash = (hash * 31 + c.codePointAt(0)) % 360;
    return hash;
  }

  /** Of a method, its class without the package; of a task, its name. */
  const short = node => node.depth < 2 ? node.name : node.name.replace(/^([\w$]+\.)+(?=[\w$]+\.[\w$<>]+$)/, '');
  const share = node => (100 * node.samples / Math.max(1, root.samples)).toFixed(1) + ' %';
  const matches = node => pattern !== '' && node.name.toLowerCase().includes(pattern);

  function draw() {
    const width = graph.clientWidth;
    const drawn = document.createDocumentFragment();
    nodes = new Map();
    let height = 0;
    function frame(node, left, size, around) {
      const box = document.createElement('button');
      box.className = 'frame' + (node.depth === 1 ? ' task' : '') + (around ? ' around' : '')
        + (matches(node) ? ' found' : '');
      box.textContent = short(node);
      box.title = node.name + ' · ' + node.samples + ' samples, ' + share(node);
      box.style.left = left + 'px';
      box.style.width = size + 'px';
      box.style.bottom = node.depth * ROW + 'px';
      box.style.background = 'hsl(' + hue(node) + ' 70% ' + (node.depth === 1 ? 62 : 72 + node.depth % 3 * 4) + '%)';
      nodes.set(box, node);
      drawn.append(box);
      height = Math.max(height, node.depth);
    }
    for (let node = zoomed.parent; node; node = node.parent) frame(node, 0, width, true);
    const open = [[zoomed, 0, width]];
    while (open.length > 0) {
      const [node, left, size] = open.pop();
      frame(node, left, size, false);
      let at = left;
      for (const each of node.above) {
        const part = size * each.samples / node.samples;
        if (part >= NARROW) open.push([each, at, part]);
        at += part;
      }
    }
    graph.style.height = (height + 1) * ROW + 'px';
    graph.replaceChildren(drawn);
  }

  function tell(node) {
    const stack = [];
    for (let each = node; each; each = each.parent) stack.push(each.name);
    about.textContent = node.samples + ' samples, ' + share(node) + ': ' + stack.join(' ← ');
  }

  function zoom(node) {
    zoomed = node;
    draw();
    tell(node);
    boxOf(node)?.focus({ preventScroll: true });
  }

  function boxOf(node) {
    for (const [box, each] of nodes) if (each === node) return box;
    return undefined;
  }

  /** The frame beside one, or below or above it. */
  function neighbour(node, key) {
    if (key === 'ArrowDown') return node.parent;
    if (key === 'ArrowUp') return node.above[0];
    const all = node.parent ? node.parent.above : [node];
    return all[all.indexOf(node) + (key === 'ArrowRight' ? 1 : -1)];
  }

  graph.addEventListener('click', event => nodes.has(event.target) && zoom(nodes.get(event.target)));
  graph.addEventListener('mouseover', event => nodes.has(event.target) && tell(nodes.get(event.target)));
  graph.addEventListener('focusin', event => nodes.has(event.target) && tell(nodes.get(event.target)));
  graph.addEventListener('keydown', event => {
    const node = nodes.get(event.target);
    const next = node && event.key.startsWith('Arrow') && neighbour(node, event.key);
    if (next) {
      event.preventDefault();
      (boxOf(next) ?? event.target).focus();
    }
  });
  document.addEventListener('keydown', event => event.key === 'Escape' && zoom(root));
  document.getElementById('all').addEventListener('click', () => zoom(root));
  search.addEventListener('input', () => {
    pattern = search.value.trim().toLowerCase();
    draw();
    let samples = 0;
    const open = [root];
    while (open.length > 0) {
      const node = open.pop();
      if (matches(node)) samples += node.samples;
      else open.push(...node.above);
    }
    found.textContent = pattern === '' ? '' : (100 * samples / Math.max(1, root.samples)).toFixed(1) + ' % found';
  });
  addEventListener('resize', draw);
  draw();
  scrollTo(0, document.body.scrollHeight);
})();
