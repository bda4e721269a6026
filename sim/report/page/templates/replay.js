
// --- replays: one simulated year, drawn from what happened in it -------------------------------
//
// The data hold every step of every case: when it was ready, when an officer began it, and when it
// ended, in whole minutes (`sim/report/replay/encoding.py`). What is shown at a minute follows from
// these data alone, so any minute can be gone to at once.
(() => {
  const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const DAY = 1440, NEVER = -1, DELAY = -1;
  const WAITS = 0, WORKED = 1, AWAY = 2;
  const NONE = -1, GOOD = 0, NEAR = 1, OVER = 2;
  const STEP_PX = 13; // of a mark and the gap beside it
  const EASE_MS = 110; // in which a mark goes two thirds of its way
  const FAST = 1000; // minutes of the year in a second
  const IDLE_MS = 400; // in which a time without any event passes, at the slow speeds
  const SVG = "http://www.w3.org/2000/svg";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const digits = new Map([...SIGNS].map((sign, digit) => [sign, digit]));
  const unpacked = (text) => {
    const numbers = [];
    let [number, worth] = [0, 1];
    for (const sign of text) {
      const digit = digits.get(sign);
      number += (digit % 32) * worth;
      worth *= 32;
      if (digit < 32) {
        numbers.push(number);
        [number, worth] = [0, 1];
      }
    }
    return numbers;
  };
  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const write = (element, text) => {
    if (element.textContent !== String(text)) element.textContent = text;
  };
  const drawn = (tag, values) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  // --- the data: what was at any minute
  class History {
    constructor(packed) {
      Object.assign(this, packed);
      this.readCases(unpacked(packed.cases), unpacked(packed.items));
      this.again = new Map();
      let item = 0;
      const again = unpacked(packed.again);
      for (let at = 0; at < again.length; at += 3) {
        item += again[at];
        const begin = this.ready[item] + again[at + 1];
        if (!this.again.has(item)) this.again.set(item, []);
        this.again.get(item).push([begin, begin + again[at + 2]]);
      }
      this.clocks = packed.limits.map((limit) => this.readClock(unpacked(limit.cases)));
      let day = 0;
      this.daysOff = new Set(unpacked(packed.off).map((later) => (day += later)));
      this.instants = Int32Array.from(
        new Set([...this.ready, ...this.start, ...this.end].filter((t) => t >= this.first)),
      ).sort();
    }

    // Every number is the distance to the one before it; lengths are 1 more, and 0 is "never".
    readCases(cases, items) {
      const count = cases.length / 6, steps = items.length / 5;
      const columns = (names, length) => {
        for (const name of names) this[name] = new Int32Array(length);
      };
      columns(["number", "type", "arrival", "closed", "outcome"], count);
      columns(["of", "node", "pool", "ready", "start", "end"], steps);
      this.firstItem = new Int32Array(count + 1);
      let [number, arrival, item] = [0, 0, 0];
      for (let each = 0; each < count; each++) {
        const [later, type, after, length, outcome, own] = cases.slice(6 * each, 6 * each + 6);
        this.number[each] = number += later;
        this.type[each] = type;
        this.arrival[each] = arrival += after;
        this.closed[each] = length ? arrival + length - 1 : NEVER;
        this.outcome[each] = outcome;
        let ready = arrival;
        for (const end = item + own; item < end; item++) {
          const [node, pool, wait, begun, took] = items.slice(5 * item, 5 * item + 5);
          this.of[item] = each;
          this.node[item] = node;
          this.pool[item] = pool - 1;
          this.ready[item] = ready += wait;
          this.start[item] = begun ? ready + begun - 1 : NEVER;
          this.end[item] = begun && took ? this.start[item] + took - 1 : NEVER;
        }
        this.firstItem[each + 1] = item;
      }
    }

    readClock(numbers) {
      const clock = new Map();
      let [at, each] = [0, 0];
      while (at < numbers.length) {
        const [later, allowed, start, ...ends] = numbers.slice(at, at + 7);
        const [stop, near, over] = ends.map((after) => (after ? start + after - 1 : NEVER));
        each += later;
        let rise = start;
        const rises = numbers.slice(at + 7, at + 7 + ends[3]).map((after) => (rise += after));
        clock.set(each, { allowed, start, stop, near, over, rises });
        at += 7 + ends[3];
      }
      return clock;
    }

    /** Where an item is at a minute; undefined: it is not ready yet, or has ended. */
    kind(item, t) {
      if (this.ready[item] > t || (this.end[item] !== NEVER && this.end[item] <= t)) return undefined;
      if (this.pool[item] === DELAY) return AWAY;
      if (this.start[item] === NEVER || this.start[item] > t) return WAITS;
      const again = this.again.get(item);
      return again && again.some(([begin, end]) => begin <= t && t < end) ? WAITS : WORKED;
    }

    /** The worst clock of a case: a clock that stopped in time is good again. */
    colour(each, t) {
      let worst = NONE;
      for (const clock of this.clocks) {
        const own = clock.get(each);
        if (!own || own.start > t) continue;
        const stopped = own.stop !== NEVER && own.stop <= t;
        if (own.over !== NEVER && own.over <= t) worst = OVER;
        else if (own.near !== NEVER && own.near <= t && !stopped) worst = Math.max(worst, NEAR);
        else worst = Math.max(worst, GOOD);
      }
      return worst;
    }

    open(each, t) {
      return this.arrival[each] <= t && (this.closed[each] === NEVER || this.closed[each] > t);
    }

    /** Everything that is shown of a case type at a minute. */
    at(type, t) {
      const tally = { open: 0, near: 0, over: 0, ended: 0, late: 0 };
      const marks = [], waits = new Map(), worked = new Map();
      const add = (counts, pool) => counts.set(pool, (counts.get(pool) || 0) + 1);
      for (let each = 0; each < this.number.length; each++) {
        if (this.arrival[each] > t) break;
        const own = this.type[each] === type;
        if (!this.open(each, t)) {
          if (own && this.closed[each] > this.first) {
            tally.ended++;
            if (this.colour(each, t) === OVER) tally.late++;
          }
          continue;
        }
        const colour = own ? this.colour(each, t) : NONE;
        if (own) tally.open++;
        if (colour === NEAR) tally.near++;
        if (colour === OVER) tally.over++;
        for (let item = this.firstItem[each]; item < this.firstItem[each + 1]; item++) {
          if (this.ready[item] > t) break;
          const kind = this.kind(item, t);
          if (kind === undefined) continue;
          if (kind !== AWAY) add(kind === WAITS ? waits : worked, this.pool[item]);
          if (own) marks.push({ item, each, kind, colour, box: this.nodes[this.node[item]][0] });
        }
      }
      marks.sort((a, b) => a.kind - b.kind || this.ready[a.item] - this.ready[b.item]);
      return { tally, marks, waits, worked };
    }

    /** The most that wait in each pool, in [pool]; and by day what waits and is over its limit. */
    overTheDays(type) {
      const days = [];
      for (let t = this.first + DAY / 2; t <= this.last; t += DAY) {
        const { tally, marks } = this.at(type, t);
        days.push([marks.filter((mark) => mark.kind === WAITS).length, tally.over]);
      }
      return days;
    }

    longestQueue() {
      const steps = [];
      for (let item = 0; item < this.of.length; item++) {
        if (this.pool[item] === DELAY) continue;
        steps.push([this.ready[item], 1, this.pool[item]]);
        if (this.start[item] !== NEVER) steps.push([this.start[item], -1, this.pool[item]]);
      }
      steps.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const now = new Map();
      let most = 1;
      for (const [t, step, pool] of steps) {
        now.set(pool, (now.get(pool) || 0) + step);
        if (t >= this.first && t <= this.last) most = Math.max(most, now.get(pool));
      }
      return most;
    }

    /** The next minute after t at which anything happens. */
    next(t) {
      let [low, high] = [0, this.instants.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.instants[middle] <= t) low = middle + 1;
        else high = middle;
      }
      return low < this.instants.length ? this.instants[low] : this.last;
    }

    /** The place of the case with a number; -1: there is none. */
    find(text) {
      return /^\s*\d+\s*$/.test(text) ? this.number.indexOf(Number(text)) : -1;
    }
  }

  // --- marks: the form tells the clock, the filling whether it waits, is in hand or elsewhere
  const FORMS = {
    [NONE]: ["none", "M-2.5,0a2.5,2.5 0 1,0 5,0a2.5,2.5 0 1,0 -5,0Z"],
    [GOOD]: ["good", "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z"],
    [NEAR]: ["near", "M0,-5L5,4L-5,4Z"],
    [OVER]: ["over", "M-4.2,-4.2H4.2V4.2H-4.2Z"],
  };
  const FILLS = ["waits", "worked", "away"];
  const shape = (mark, colour, kind, mine = false) => {
    const [name, path] = FORMS[colour];
    if (mark.getAttribute("d") !== path) mark.setAttribute("d", path);
    mark.setAttribute("class", `mark ${name} ${FILLS[kind]}${mine ? " mine" : ""}`);
    return mark;
  };
  const KEYS = {
    clock_good: [GOOD, WAITS], clock_near: [NEAR, WAITS], clock_over: [OVER, WAITS],
    clock_none: [NONE, WAITS], waits_long: [GOOD, WAITS], worked_long: [GOOD, WORKED],
    away_long: [GOOD, AWAY],
  };

  // --- one replay in one language
  class View {
    constructor(root, history, state) {
      Object.assign(this, { root, history, state });
      this.labels = JSON.parse(root.dataset.labels);
      this.words = this.labels.words;
      this.find = (selector) => root.querySelector(selector);
      this.board = this.find(".board");
      this.places = new Map(); // item → where its mark is now
      for (const key of root.querySelectorAll("[data-key]"))
        key.append(shape(drawn("path", {}), ...KEYS[key.dataset.key]));
      this.find(".usual").textContent = filled(this.words.usual, { case: history.usual });
      this.slider = this.find("input[type=range]");
      this.slider.min = history.first;
      this.slider.max = history.last;
      this.listTally();
      this.listQueues();
      this.listSpeeds();
      this.listen();
      new ResizeObserver(() => this.measure()).observe(this.board);
    }

    // --- what stands still until the case type changes
    build() {
      const { pictures } = this.history;
      const picture = pictures[this.state.type], named = this.labels.pictures[this.state.type];
      this.type = this.state.type;
      this.places.clear();
      this.marks = new Map();
      this.boxes = [];
      this.board.replaceChildren();
      this.arrows = drawn("svg", { class: "arrows", "aria-hidden": "true" });
      this.layer = drawn("svg", { class: "marks", "aria-hidden": "true" });
      this.board.append(this.arrows);
      picture.columns.forEach((boxes, place) => {
        const column = make("div", "column");
        if (named.columns.some(Boolean)) column.append(make("p", "stage", named.columns[place]));
        for (const number of boxes) {
          const box = make("div", "place");
          const [area, counts] = [make("div", "area"), make("p", "counts")];
          const numbers = FILLS.map((fill, kind) => {
            const part = make("span"), icon = drawn("svg", { viewBox: "-7 -7 14 14" });
            icon.append(shape(drawn("path", {}), GOOD, kind));
            const number = make("b");
            part.title = this.words[`${fill}_long`];
            part.append(icon, number);
            counts.append(part);
            return { part, number };
          });
          const hidden = make("span", "hidden");
          counts.append(hidden);
          box.append(make("p", "name", named.boxes[number]), area, counts);
          column.append(box);
          this.boxes[number] = { box, area, numbers, hidden, column: place };
        }
        this.board.append(column);
      });
      this.board.append(this.layer);
      for (const button of this.root.querySelectorAll("[data-type]"))
        button.setAttribute("aria-pressed", String(Number(button.dataset.type) === this.type));
      this.drawStrip();
      this.measure();
    }

    /** Where the boxes are; asked for when the board changes its size. */
    measure() {
      this.seen = this.board.clientWidth > 0;
      if (!this.seen) return;
      if (this.type !== this.state.type) return this.build();
      const whole = this.board.getBoundingClientRect();
      for (const each of this.boxes) {
        const box = each.box.getBoundingClientRect(), area = each.area.getBoundingClientRect();
        each.left = box.left - whole.left;
        each.top = box.top - whole.top;
        [each.width, each.height] = [box.width, box.height];
        each.x = area.left - whole.left;
        each.y = area.top - whole.top;
        each.across = Math.max(1, Math.floor(area.width / STEP_PX));
        each.down = Math.max(1, Math.floor(area.height / STEP_PX));
      }
      this.drawArrows();
      this.places.clear();
      this.draw();
    }

    /** Lines to the boxes below and in the next column; others would cross boxes. */
    drawArrows() {
      this.arrows.replaceChildren();
      const { after } = this.history.pictures[this.type];
      after.forEach((before, number) => {
        for (const first of before) {
          const [a, b] = [this.boxes[first], this.boxes[number]];
          const columns = a.column - b.column;
          let [path, head] = ["", ""];
          if (columns === 0) {
            const [x, y, to] = [b.left + b.width / 2, a.top + a.height, b.top];
            path = `M${x},${y}L${x},${to}`;
            head = `M${x},${to}l-3.5,-6h7Z`;
          } else if (columns === -1) {
            const [x, y, to, down] = [a.left + a.width, a.top + a.height / 2, b.left, b.top + b.height / 2];
            path = `M${x},${y}C${x + 12},${y} ${to - 14},${down} ${to - 4},${down}`;
            head = `M${to},${down}l-6,-3.5v7Z`;
          }
          this.arrows.append(drawn("path", { d: path }), drawn("path", { class: "head", d: head }));
        }
      });
    }

    listQueues() {
      const list = this.find(".queues");
      this.longest = this.history.longestQueue();
      this.bars = this.history.pools.map((pool) => {
        const [row, bar, told] = [make("div"), make("span", "bar"), make("span", "told")];
        const value = make("dd");
        value.append(bar, told);
        row.append(make("dt", "", this.labels.pools[pool]), value);
        list.append(row);
        return { pool, bar, told };
      });
    }

    /** Speeds in minutes of the year per second. */
    listSpeeds() {
      const select = this.find("select"), whole = this.history.last - this.history.first;
      const speeds = [
        ["whole_60", whole / 60], ["whole_15", whole / 15], ["whole_240", whole / 240],
        ["month_60", (30 * DAY) / 60], ["week_60", (7 * DAY) / 60], ["day_60", DAY / 60],
      ];
      for (const [word, speed] of speeds) {
        const option = make("option", "", this.words[word]);
        option.value = speed;
        if (word.startsWith("whole") || speed < whole / 60) select.append(option);
      }
    }

    drawStrip() {
      const strip = this.find(".strip"), days = this.history.overTheDays(this.type);
      const most = Math.max(1, ...days.map(([waiting, over]) => Math.max(waiting, over)));
      this.find(".strip-key").textContent = filled(this.words.strip, {
        most: Math.max(0, ...days.map(([waiting]) => waiting)),
      });
      const [width, height] = [Math.max(days.length, 1), 40];
      const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" });
      const y = (value) => (height - (value / most) * (height - 2)).toFixed(1);
      const steps = (part) => days.map((day, x) => `L${x},${y(day[part])}L${x + 1},${y(day[part])}`);
      svg.append(
        drawn("path", { class: "waiting", d: `M0,${height}${steps(0).join("")}L${width},${height}Z` }),
        drawn("path", { class: "late", d: `M0,${y(0)}${steps(1).join("")}` }),
      );
      const months = make("div", "months");
      let shown = -1;
      for (let t = this.history.first; t <= this.history.last; t += DAY) {
        const date = this.date(t), place = (t - this.history.first) / (this.history.last - this.history.first);
        if (date.getUTCDate() !== 1 || place > 0.95 || (shown >= 0 && place - shown < 0.07)) continue;
        const label = make("span", "", this.labels.months[date.getUTCMonth()]);
        label.style.left = `${(100 * place).toFixed(2)}%`;
        months.append(label);
        shown = place;
      }
      this.hand = make("span", "hand");
      strip.replaceChildren(svg, this.hand, months);
    }

    // --- what is written
    date(t) {
      const [year, month, day] = this.history.midnight.split("-").map(Number);
      return new Date(Date.UTC(year, month - 1, day) + t * 60000);
    }

    written(t, pattern) {
      const date = this.date(t), two = (number) => String(number).padStart(2, "0");
      return filled(this.words[pattern], {
        year: date.getUTCFullYear(),
        month: this.labels.months_long[date.getUTCMonth()],
        monthnumber: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        weekday: this.labels.weekdays[(date.getUTCDay() + 6) % 7],
        time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
      });
    }

    /** Draw the minute of the state; `ms` since the last picture, 0: at once. */
    draw(ms = 0) {
      if (!this.seen) return;
      if (this.type !== this.state.type) return this.build();
      const t = Math.floor(this.state.t), now = this.history.at(this.type, t);
      // Where days fly past, the time of day would only flicker.
      const fast = this.state.playing && this.state.speed > FAST;
      const moment = this.written(t, fast ? "date" : "moment");
      write(this.find(".moment"), moment);
      const off = this.history.daysOff.has(Math.floor(t / DAY));
      write(this.find(".off"), off ? this.words.day_off : "");
      this.root.classList.toggle("closed", off);
      if (document.activeElement !== this.slider || !this.state.playing) this.slider.value = t;
      this.slider.setAttribute("aria-valuetext", moment);
      this.hand.style.left = `${(100 * (t - this.history.first)) / (this.history.last - this.history.first)}%`;
      for (const [key, number] of this.tally) write(number, now.tally[key]);
      this.placeMarks(now.marks, ms);
      for (const { pool, bar, told } of this.bars) {
        const waits = now.waits.get(pool) || 0, worked = now.worked.get(pool) || 0;
        bar.style.width = `${(100 * waits) / this.longest}%`;
        write(told, `${waits} ${this.words.waits}` + (worked ? ` · ${worked} ${this.words.worked}` : ""));
      }
      this.writeFollowed(t);
      const playing = this.state.playing;
      write(this.find(".play"), playing ? this.words.pause : this.words.play);
      this.find(".play").setAttribute("aria-pressed", String(playing));
    }

    listTally() {
      this.tally = ["open", "near", "over", "ended", "late"].map((key) => {
        const part = make("span", key), number = make("b");
        part.append(number, ` ${this.words[`tally_${key}`]}`);
        this.find(".tally").append(part);
        return [key, number];
      });
    }

    placeMarks(marks, ms) {
      const inBox = new Map(), left = new Set(this.marks.keys()), came = new Map();
      for (const [item, place] of this.places)
        if (!came.has(place.each)) came.set(place.each, place); // where a case comes from
      const ease = ms ? 1 - Math.exp(-ms / EASE_MS) : 1;
      const counts = this.boxes.map(() => [0, 0, 0]);
      const kept = new Map();
      for (const mark of marks) {
        const box = this.boxes[mark.box], slot = inBox.get(mark.box) || 0;
        inBox.set(mark.box, slot + 1);
        counts[mark.box][mark.kind]++;
        const follows = mark.each === this.state.followed;
        if (slot >= box.across * box.down && !follows) continue;
        const seat = Math.min(slot, box.across * box.down - 1);
        const x = box.x + (seat % box.across) * STEP_PX + STEP_PX / 2;
        const y = box.y + Math.floor(seat / box.across) * STEP_PX + STEP_PX / 2;
        const from = this.places.get(mark.item) || came.get(mark.each) || { x, y };
        const place = {
          each: mark.each, x: from.x + (x - from.x) * ease, y: from.y + (y - from.y) * ease,
        };
        kept.set(mark.item, place);
        let drawing = this.marks.get(mark.item);
        if (!drawing) {
          drawing = drawn("path", {});
          this.marks.set(mark.item, drawing);
          this.layer.append(drawing);
        }
        left.delete(mark.item);
        shape(drawing, mark.colour, mark.kind, follows);
        drawing.setAttribute("transform", `translate(${place.x.toFixed(1)},${place.y.toFixed(1)})`);
      }
      for (const item of left) {
        this.marks.get(item).remove();
        this.marks.delete(item);
      }
      this.places = kept;
      this.boxes.forEach((box, number) => this.writeCounts(box, counts[number]));
      this.layer.classList.toggle("follows", this.state.followed >= 0);
    }

    writeCounts(box, counts) {
      const all = counts[0] + counts[1] + counts[2], hidden = all - box.across * box.down;
      box.numbers.forEach(({ part, number }, kind) => {
        write(number, counts[kind]);
        part.hidden = !counts[kind];
      });
      write(box.hidden, hidden > 0 ? `+${hidden}` : "");
      box.box.classList.toggle("busy", counts[0] > 0);
    }

    // --- one case
    writeFollowed(t) {
      const each = this.state.followed, panel = this.find(".followed"), history = this.history;
      const story = each < 0 ? [] : this.story(each, t), steps = [];
      for (let item = history.firstItem[each]; item < history.firstItem[each + 1]; item++)
        if (history.ready[item] <= t) steps.unshift([item, history.kind(item, t)]);
      this.find(".end").hidden = this.find(".arrival").hidden = each < 0;
      this.find(".hint").hidden = each >= 0;
      const told = JSON.stringify([story, steps]);
      if (told === this.told) return;
      this.told = told;
      panel.replaceChildren();
      if (each < 0) return;
      const [title, ...clocks] = story;
      panel.append(make("p", "strong", title));
      for (const clock of clocks) panel.append(make("p", "clock", clock));
      const table = make("table"), head = table.createTHead().insertRow();
      for (const word of ["step", "since", "until"]) {
        const cell = make("th", "", this.words[word]);
        cell.scope = "col";
        head.append(cell);
      }
      const body = table.createTBody();
      for (const [item, kind] of steps) {
        const row = body.insertRow();
        row.className = kind === undefined ? "" : "now";
        const name = make("th", "", this.stepName(item));
        name.scope = "row";
        const state = kind === undefined ? this.written(history.end[item], "short") : this.words[FILLS[kind]];
        row.append(name, make("td", "", this.written(history.ready[item], "short")), make("td", "", state));
      }
      const box = make("div", "box");
      box.tabIndex = 0;
      box.append(table);
      panel.append(box);
    }

    /** The title of a case at a minute, and the state of each of its clocks. */
    story(each, t) {
      const { history, words } = this;
      const name = `${this.labels.types[history.type[each]]} ${history.number[each]}`;
      if (history.arrival[each] > t) {
        const date = this.written(history.arrival[each], "moment");
        return [filled(words.named, { name, text: filled(words.not_come, { date }) })];
      }
      const ended = history.closed[each] !== NEVER && history.closed[each] <= t;
      const state = ended ? this.labels.outcomes[history.outcome[each]] : words.in_process;
      const told = [filled(words.named, { name, text: state })];
      history.clocks.forEach((clock, number) => {
        const own = clock.get(each), limit = this.labels.limits[number];
        if (!own) return;
        const { ticks } = history.limits[number];
        const used = filled(words.used, {
          used: own.rises.filter((rise) => rise <= t).length,
          limit: own.allowed / ticks,
          unit: limit.unit,
        });
        const over = own.over !== NEVER && own.over <= t ? ` · ${words.tally_over}` : "";
        const stopped = own.stop !== NEVER && own.stop <= t ? ` · ${words.stopped}` : "";
        const text = own.start > t ? words.not_started : used + over + stopped;
        told.push(filled(words.named, { name: limit.label, text }));
      });
      return told;
    }

    stepName(item) {
      const { history, labels } = this, [box, role] = history.nodes[history.node[item]];
      const place = labels.pictures[history.type[history.of[item]]].boxes[box];
      const pool = history.pool[item] === DELAY ? "" : labels.pools[history.pool[item]];
      return [place, labels.roles[role], pool === place ? "" : pool].filter(Boolean).join(" · ");
    }

    // --- what the reader does
    listen() {
      const { state } = this;
      this.slider.addEventListener("input", () => state.goTo(Number(this.slider.value)));
      this.slider.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        state.toggle();
      });
      this.find(".play").addEventListener("click", () => state.toggle());
      for (const button of this.root.querySelectorAll("[data-days]"))
        button.addEventListener("click", () => state.goTo(state.t + DAY * Number(button.dataset.days)));
      this.find("select").addEventListener("change", (event) => {
        state.speed = Number(event.target.value);
        state.told();
      });
      for (const button of this.root.querySelectorAll("[data-type]"))
        button.addEventListener("click", () => state.show(Number(button.dataset.type)));
      this.board.addEventListener("click", (event) => this.pick(event));
      const wanted = this.find(".follow input");
      const follow = () => {
        const each = this.history.find(wanted.value);
        this.find(".hint").textContent = each < 0 ? this.words.no_case : this.words.case_hint;
        state.follow(each);
      };
      this.find(".go").addEventListener("click", follow);
      wanted.addEventListener("keydown", (event) => event.key === "Enter" && follow());
      this.find(".usual").addEventListener("click", () => {
        const each = this.history.number.indexOf(this.history.usual);
        state.follow(each);
        if (each >= 0) state.goTo(this.history.arrival[each]);
      });
      this.find(".arrival").addEventListener("click", () => state.goTo(this.history.arrival[state.followed]));
      this.find(".end").addEventListener("click", () => state.follow(-1));
    }

    /** Follow the case whose mark is nearest to a click. */
    pick(event) {
      const whole = this.board.getBoundingClientRect();
      let [nearest, within] = [-1, 18];
      for (const place of this.places.values()) {
        const away = Math.hypot(place.x - event.clientX + whole.left, place.y - event.clientY + whole.top);
        if (away < within) [nearest, within] = [place.each, away];
      }
      if (nearest >= 0) this.state.follow(nearest);
    }
  }

  // --- one replay: the same minute in both languages
  class State {
    constructor(history) {
      this.history = history;
      this.views = [];
      this.t = history.first + DAY / 2;
      this.type = 0;
      this.followed = -1;
      this.speed = (history.last - history.first) / 60;
      this.playing = false;
    }

    told(ms = 0) {
      for (const view of this.views) view.draw(ms);
    }

    goTo(t) {
      this.t = Math.min(Math.max(t, this.history.first), this.history.last);
      this.told();
    }

    show(type) {
      this.type = type;
      this.told();
    }

    follow(each) {
      this.followed = each;
      if (each >= 0) this.type = this.history.type[each];
      for (const view of this.views)
        if (each >= 0) view.find(".follow input").value = this.history.number[each];
      this.told();
    }

    toggle() {
      this.playing = !this.playing && !calm.matches;
      if (this.playing && this.t >= this.history.last) this.t = this.history.first;
      this.before = performance.now();
      this.told();
      if (this.playing) requestAnimationFrame((now) => this.turn(now));
    }

    turn(now) {
      if (!this.playing) return;
      const ms = Math.max(0, Math.min(now - this.before, 100));
      this.before = now;
      const idle = this.history.next(Math.floor(this.t)) - this.t;
      const pace = Math.max(this.speed / 1000, idle > 60 ? idle / IDLE_MS : 0);
      this.t = Math.min(this.t + Math.min(pace * ms, Math.max(idle, (this.speed / 1000) * ms)), this.history.last);
      if (this.t >= this.history.last) this.playing = false;
      this.told(ms);
      if (this.playing) requestAnimationFrame((later) => this.turn(later));
    }
  }

  // A replay is read when one of its views can be seen for the first time.
  const states = new Map();
  const open = (root) => {
    const name = root.dataset.of;
    if (!states.has(name)) {
      const packed = JSON.parse(document.getElementById(name).dataset.replay);
      states.set(name, new State(new History(packed)));
    }
    const state = states.get(name), view = new View(root, state.history, state);
    state.views.push(view);
    for (const option of view.find("select").options)
      option.selected = Math.abs(option.value - state.speed) < 1e-6;
    root.replayState = state;
    view.draw();
  };
  for (const root of document.querySelectorAll(".film")) {
    const watch = new ResizeObserver(() => {
      if (!root.clientWidth) return;
      watch.disconnect();
      open(root);
    });
    watch.observe(root);
    const still = () => {
      root.querySelector(".quiet").hidden = !calm.matches;
      root.querySelector(".play").disabled = calm.matches;
      if (calm.matches && root.replayState && root.replayState.playing) root.replayState.toggle();
    };
    calm.addEventListener("change", still);
    still();
  }

  // In print the boxes have another width: marks stand in them in a row instead of at places.
  const each = (act) => {
    for (const state of states.values()) for (const view of state.views) if (view.boxes) act(view);
  };
  window.addEventListener("beforeprint", () =>
    each((view) => {
      for (const [item, mark] of view.marks) {
        const svg = drawn("svg", { class: "printed", viewBox: "-7 -7 14 14" });
        const copy = mark.cloneNode();
        copy.removeAttribute("transform");
        svg.append(copy);
        view.boxes[view.history.nodes[view.history.node[item]][0]].area.append(svg);
      }
    }),
  );
  window.addEventListener("afterprint", () =>
    each((view) => {
      for (const svg of view.board.querySelectorAll(".printed")) svg.remove();
      view.measure();
    }),
  );
})();
