// The icons of a set: the page is as high as all of them together, and holds the tiles near the view alone.
const CHUNK = 120; // tiles fetched at once; a page as served has twice as many
const KEPT = 40; // chunks remembered
const AROUND = 1.5; // screens of tiles above the view and below it
const PAUSE = 2000; // ms after which tiles that did not come are asked for again; each time in vain doubles it
const REST = 150; // ms without scrolling after which the place is written down

let stop = () => {};

class Scroll {
  constructor(list) {
    this.list = list;
    this.total = Number(list.dataset.total);
    this.chunks = new Map(); // number of the chunk → its tiles
    this.fetched = new Map(); // number of the chunk → what ends its request
    this.blanks = new Map(); // place → what stands there until its tile is here
    this.shown = [0, 0];
    this.pause = PAUSE;
    this.waiting = 0;
    const start = Number(list.dataset.start);
    const tiles = [...list.children];
    for (let at = 0; at < tiles.length; at += CHUNK) this.keep((start + at) / CHUNK, tiles.slice(at, at + CHUNK));
    this.measure();
  }

  keep(number, tiles) {
    tiles.forEach((tile, at) => {
      tile.setAttribute("aria-posinset", number * CHUNK + at + 1);
      tile.setAttribute("aria-setsize", this.total);
    });
    this.chunks.set(number, tiles);
  }

  measure() {
    const style = getComputedStyle(this.list);
    this.columns = style.gridTemplateColumns.split(" ").length;
    this.pitch = parseFloat(style.gridAutoRows) + parseFloat(style.rowGap); // px from row to row
    this.rows = Math.ceil(this.total / this.columns);
    this.list.style.minHeight = `${this.rows * this.pitch - parseFloat(style.rowGap)}px`;
  }

  tile(place) {
    const known = this.chunks.get(Math.floor(place / CHUNK))?.[place % CHUNK];
    if (known) return known;
    if (!this.blanks.has(place)) {
      const blank = document.createElement("li");
      blank.className = "blank";
      blank.setAttribute("aria-hidden", "true");
      this.blanks.set(place, blank);
    }
    return this.blanks.get(place);
  }

  row(pixels) {
    return Math.min(Math.max(Math.floor(pixels / this.pitch), 0), this.rows - 1);
  }

  look() {
    const above = -this.list.getBoundingClientRect().top; // px of the list above the view
    const around = AROUND * innerHeight;
    const first = this.row(above - around);
    const end = this.row(above + innerHeight + around) + 1;
    const shown = [first * this.columns, Math.min(end * this.columns, this.total)];
    if (shown.join() !== this.shown.join()) this.show(shown);
    this.top = Math.min(this.row(above) * this.columns, this.total - 1);
    this.tell(above > 0);
  }

  show(shown) {
    this.shown = shown;
    const [from, to] = shown;
    this.list.style.paddingTop = `${(from / this.columns) * this.pitch}px`;
    this.draw();
    const wanted = new Set(); // one more on either side: tiles are there before a held key comes to them
    const last = Math.min(Math.ceil(to / CHUNK), Math.floor((this.total - 1) / CHUNK));
    for (let number = Math.max(Math.floor(from / CHUNK) - 1, 0); number <= last; number += 1) wanted.add(number);
    for (const [number, request] of this.fetched) if (!wanted.has(number)) request.abort();
    for (const number of wanted) if (!this.chunks.has(number) && !this.fetched.has(number)) this.fetch(number);
    for (const number of this.chunks.keys()) {
      if (this.chunks.size <= KEPT) break;
      if (!wanted.has(number)) this.chunks.delete(number);
    }
  }

  // Tiles that stay are not touched: one of them may have the focus.
  draw() {
    const [from, to] = this.shown;
    const wanted = Array.from({ length: to - from }, (_, at) => this.tile(from + at));
    const staying = new Set(wanted);
    for (const tile of [...this.list.children]) if (!staying.has(tile)) tile.remove();
    let next = this.list.firstElementChild;
    for (const tile of wanted) {
      if (tile === next) next = next.nextElementSibling;
      else this.list.insertBefore(tile, next);
    }
    for (const place of this.blanks.keys()) if (place < from || place >= to) this.blanks.delete(place);
  }

  async fetch(number) {
    const request = new AbortController();
    this.fetched.set(number, request);
    const address = new URL(location.href);
    for (const [name, value] of [["part", ""], ["from", number * CHUNK], ["count", CHUNK]]) {
      address.searchParams.set(name, value);
    }
    const reading = fetch(address, { signal: request.signal }).then((reply) => (reply.ok ? reply.text() : null));
    const text = await reading.catch(() => null);
    this.fetched.delete(number);
    if (request.signal.aborted) return;
    if (text === null) {
      this.waiting ||= setTimeout(() => this.retry(2 * this.pause), this.pause);
      return;
    }
    this.pause = PAUSE;
    const holder = document.createElement("template");
    holder.innerHTML = text; // our own template, in which every name is escaped
    this.keep(number, [...holder.content.children]);
    this.draw();
    this.look(); // the sign of the place waits for names
  }

  // Asks for the tiles in view that are not here yet; should they not come, the next time is after this pause.
  retry(pause = PAUSE) {
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.pause = pause;
    this.show(this.shown);
  }

  end() {
    clearTimeout(this.waiting);
    for (const request of this.fetched.values()) request.abort();
  }

  tell(inside) {
    const sign = this.list.parentElement.querySelector(".place");
    const name = this.tile(this.top).dataset.icon?.split(":")[1];
    sign.hidden = !inside || !name || this.rows * this.pitch < 2 * innerHeight;
    if (sign.hidden) return;
    const told = { letter: name[0].toUpperCase(), place: this.top + 1, total: this.total };
    sign.textContent = sign.dataset.text.replace(/\{(\w+)\}/g, (_, key) => told[key].toLocaleString(document.documentElement.lang));
  }

  // Where the reader is: a place among the icons, and how far the view is below the top of its row.
  get place() {
    const above = -this.list.getBoundingClientRect().top;
    return { at: this.top, below: above - Math.floor(this.top / this.columns) * this.pitch };
  }

  go({ at, below }) {
    const top = this.list.getBoundingClientRect().top + scrollY;
    scrollTo({ top: top + Math.floor(at / this.columns) * this.pitch + below, behavior: "instant" });
    this.look();
  }
}

function begin() {
  stop();
  const list = document.querySelector(".even");
  if (!list) return;
  const scroll = new Scroll(list);
  const ending = new AbortController();
  let resting = 0;
  let width = list.clientWidth;
  for (const extra of list.parentElement.querySelectorAll(".pages, .range")) extra.hidden = true;
  addEventListener("scroll", () => {
    scroll.look();
    clearTimeout(resting);
    resting = setTimeout(() => history.replaceState({ ...history.state, place: scroll.place }, ""), REST);
  }, { passive: true, signal: ending.signal });
  addEventListener("online", () => scroll.retry(), { signal: ending.signal });
  const resized = new ResizeObserver(() => {
    if (list.clientWidth === width) return;
    width = list.clientWidth;
    const { place } = scroll;
    scroll.measure();
    scroll.shown = [0, 0];
    scroll.look();
    if (place.at > 0) scroll.go(place);
  });
  resized.observe(list);
  stop = () => {
    ending.abort();
    scroll.end();
    resized.disconnect();
    clearTimeout(resting);
  };
  const start = Number(list.dataset.start); // of the page in the address
  const place = history.state?.place ?? (start ? { at: start, below: 0 } : null);
  if (place) scroll.go(place);
  else scroll.look();
}

history.scrollRestoration = "manual"; // the browser would do it before the page is high enough
document.addEventListener("followed", begin);
begin();
