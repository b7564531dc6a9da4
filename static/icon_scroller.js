// The icons of a set, or those that words find. The grid is as high as all icons together, but it holds only the tiles near the view.
const CHUNK = 120; // tiles per request; the page itself comes with twice as many
const MAX_CHUNKS = 40; // chunks that are remembered
const MARGIN = 1.5; // screens of tiles above the view, and as many below it
const ANSWER_WITHIN = 10000; // ms, after which tiles that have not come are asked for again
const RETRY_PAUSE = 2000; // ms before the first retry for tiles that did not come; it doubles with each retry
const SCROLL_END = 150; // ms without scrolling after which the position is stored in the history

let stopScroller = () => {};

class IconScroller {
  constructor(grid) {
    this.grid = grid;
    this.total = Number(grid.dataset.total);
    this.chunks = new Map(); // the number of a chunk → its tiles
    this.requests = new Map(); // the number of a chunk → the AbortController of its request
    this.placeholders = new Map(); // the index of an icon → the element in place of a tile that has not come yet
    this.range = [0, 0]; // the index of the first icon in the grid, and the index after the last one
    this.retryPause = RETRY_PAUSE;
    this.retryTimer = 0;
    const start = Number(grid.dataset.start);
    const tiles = [...grid.children];
    for (let offset = 0; offset < tiles.length; offset += CHUNK) {
      this.addChunk((start + offset) / CHUNK, tiles.slice(offset, offset + CHUNK));
    }
    this.measure();
  }

  addChunk(number, tiles) {
    for (const [offset, tile] of tiles.entries()) {
      tile.setAttribute("aria-posinset", number * CHUNK + offset + 1);
      tile.setAttribute("aria-setsize", this.total);
    }
    this.chunks.set(number, tiles);
  }

  measure() {
    const style = getComputedStyle(this.grid);
    const rowGap = Number.parseFloat(style.rowGap);
    this.columns = style.gridTemplateColumns.split(" ").length;
    this.rowPitch = Number.parseFloat(style.gridAutoRows) + rowGap; // px from the top of one row to the next
    this.rows = Math.ceil(this.total / this.columns);
    this.grid.style.minHeight = `${this.rows * this.rowPitch - rowGap}px`;
  }

  tileAt(index) {
    const tile = this.chunks.get(Math.floor(index / CHUNK))?.[index % CHUNK];
    if (tile) return tile;
    if (!this.placeholders.has(index)) {
      const placeholder = document.createElement("li");
      placeholder.className = "placeholder";
      placeholder.setAttribute("aria-hidden", "true");
      this.placeholders.set(index, placeholder);
    }
    return this.placeholders.get(index);
  }

  rowAt(pixels) {
    return Math.min(Math.max(Math.floor(pixels / this.rowPitch), 0), this.rows - 1);
  }

  // The number of pixels of the grid that are above the view.
  get pixelsAbove() {
    return -this.grid.getBoundingClientRect().top;
  }

  update() {
    const { pixelsAbove } = this;
    const margin = MARGIN * innerHeight;
    const firstRow = this.rowAt(pixelsAbove - margin);
    const endRow = this.rowAt(pixelsAbove + innerHeight + margin) + 1;
    const range = [firstRow * this.columns, Math.min(endRow * this.columns, this.total)];
    if (range.join(",") !== this.range.join(",")) this.showRange(range);
    this.firstIndex = Math.min(this.rowAt(pixelsAbove) * this.columns, this.total - 1);
    this.updatePositionLabel(pixelsAbove > 0);
  }

  showRange(range) {
    this.range = range;
    const [start, end] = range;
    this.grid.style.paddingTop = `${(start / this.columns) * this.rowPitch}px`;
    this.draw();
    const needed = new Set(); // with one chunk more on either side, so that a key held down does not outrun the tiles
    const lastNumber = Math.min(Math.ceil(end / CHUNK), Math.floor((this.total - 1) / CHUNK));
    for (let number = Math.max(Math.floor(start / CHUNK) - 1, 0); number <= lastNumber; number += 1) needed.add(number);
    for (const [number, controller] of this.requests) if (!needed.has(number)) controller.abort();
    for (const number of needed) if (!this.chunks.has(number) && !this.requests.has(number)) this.fetchChunk(number);
    for (const number of this.chunks.keys()) {
      if (this.chunks.size <= MAX_CHUNKS) break;
      if (!needed.has(number)) this.chunks.delete(number);
    }
  }

  // Tiles that stay in the grid are not touched, because one of them may have the focus.
  draw() {
    const [start, end] = this.range;
    const tiles = Array.from({ length: end - start }, (_, offset) => this.tileAt(start + offset));
    const staying = new Set(tiles);
    const leaving = [...this.grid.children].filter((tile) => !staying.has(tile));
    for (const tile of leaving) tile.remove();
    let next = this.grid.firstElementChild;
    for (const tile of tiles) {
      if (tile === next) next = next.nextElementSibling;
      else this.grid.insertBefore(tile, next);
    }
    for (const index of this.placeholders.keys()) {
      if (index < start || index >= end) this.placeholders.delete(index);
    }
  }

  async fetchChunk(number) {
    const controller = new AbortController();
    this.requests.set(number, controller);
    const address = new URL(location.href);
    for (const [name, value] of [["part", ""], ["from", number * CHUNK], ["count", CHUNK]]) {
      address.searchParams.set(name, value);
    }
    const { signal } = controller;
    let isLate = false;
    const timer = setTimeout(() => { isLate = true; controller.abort(); }, ANSWER_WITHIN);
    const html = await fetch(address, { signal })
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null);
    clearTimeout(timer);
    this.requests.delete(number);
    if (signal.aborted && !isLate) return;
    if (html === null) {
      this.retryTimer ||= setTimeout(() => this.retry(2 * this.retryPause), this.retryPause);
      return;
    }
    this.retryPause = RETRY_PAUSE;
    const template = document.createElement("template");
    template.innerHTML = html; // it comes from our own template, in which every name is escaped
    this.addChunk(number, [...template.content.children]);
    this.draw();
    this.update(); // the position label needs the name of the first icon in view
  }

  // Requests the tiles in view that have not come yet. If they do not come, the next retry is after `nextPause`.
  retry(nextPause = RETRY_PAUSE) {
    clearTimeout(this.retryTimer);
    this.retryTimer = 0;
    this.retryPause = nextPause;
    this.showRange(this.range);
  }

  stop() {
    clearTimeout(this.retryTimer);
    for (const controller of this.requests.values()) controller.abort();
  }

  updatePositionLabel(isInside) {
    const label = this.grid.parentElement.querySelector(".scroll-position");
    const name = this.tileAt(this.firstIndex).dataset.icon?.split(":")[1];
    label.hidden = !isInside || !name || this.rows * this.rowPitch < 2 * innerHeight;
    if (label.hidden) return;
    const { lang } = document.documentElement;
    const values = { letter: name[0].toUpperCase(), place: this.firstIndex + 1, total: this.total };
    label.textContent = label.dataset.format.replace(/\{(\w+)\}/g, (_, key) => values[key].toLocaleString(lang));
  }

  // Where the view begins: the index of the first icon of its first row, and how far the top of that row is above it.
  get position() {
    const pixelsBelowRowTop = this.pixelsAbove - Math.floor(this.firstIndex / this.columns) * this.rowPitch;
    return { index: this.firstIndex, pixelsBelowRowTop };
  }

  scrollToPosition({ index, pixelsBelowRowTop }) {
    const gridTop = this.grid.getBoundingClientRect().top + scrollY;
    const rowTop = gridTop + Math.floor(index / this.columns) * this.rowPitch;
    scrollTo({ top: rowTop + pixelsBelowRowTop, behavior: "instant" });
    this.update();
  }
}

function startScroller() {
  stopScroller();
  const grid = document.querySelector(".set-grid");
  if (!grid) return;
  const scroller = new IconScroller(grid);
  const listeners = new AbortController();
  const { signal } = listeners;
  let scrollEndTimer = 0;
  let width = grid.clientWidth;
  for (const element of grid.parentElement.querySelectorAll(".pages, .page-range")) element.hidden = true;
  addEventListener("scroll", () => {
    scroller.update();
    clearTimeout(scrollEndTimer);
    scrollEndTimer = setTimeout(() => {
      history.replaceState({ ...history.state, position: scroller.position }, "");
    }, SCROLL_END);
  }, { passive: true, signal });
  addEventListener("online", () => scroller.retry(), { signal });
  const resizeObserver = new ResizeObserver(() => {
    if (grid.clientWidth === width) return;
    width = grid.clientWidth;
    const { position } = scroller;
    scroller.measure();
    scroller.range = [0, 0];
    scroller.update();
    if (position.index > 0) scroller.scrollToPosition(position);
  });
  resizeObserver.observe(grid);
  stopScroller = () => {
    listeners.abort();
    scroller.stop();
    resizeObserver.disconnect();
    clearTimeout(scrollEndTimer);
  };
  const start = Number(grid.dataset.start); // the index of the first icon on the page in the address
  const position = history.state?.position ?? (start ? { index: start, pixelsBelowRowTop: 0 } : null);
  if (position) scroller.scrollToPosition(position);
  else scroller.update();
}

history.scrollRestoration = "manual"; // the browser would scroll before the grid is high enough
document.addEventListener("live-filter-applied", startScroller);
startScroller();
