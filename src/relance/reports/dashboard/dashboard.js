"use strict";
// The lists: unpacked after the first paint, sorted and filtered as columns, drawn a page at a time.
// Text is only ever set as text: what the data say cannot become markup.
(() => {
  const $ = (id) => document.getElementById(id);
  const PRINTED = 500, INNER = 200;

  function el(tag, props = {}, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
  }

  async function unpack() {
    const packed = atob($("data").textContent.trim());
    const bytes = new Uint8Array(packed.length);
    for (let n = 0; n < bytes.length; n++) bytes[n] = packed.charCodeAt(n);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // As the page itself writes them: control and bidi characters are shown, not obeyed.
  const safe = (text) => (text ?? "").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => {
    const code = c.codePointAt(0);
    if (code === 9) return "\\t";
    if (code === 10) return "\\n";
    if (code === 13) return "\\r";
    const hex = code.toString(16);
    return code < 256 ? "\\x" + hex.padStart(2, "0") : code < 65536 ? "\\u" + hex.padStart(4, "0") : "\\U" + hex.padStart(8, "0");
  });

  function start(data) {
    const w = data.words, said = w.said, D = data.debtors, I = data.items;
    const [group, mark] = w.marks;
    const fill = (text, places) => text.replace(/\{(\w+)\}/g, (_, name) => places[name]);
    const number = (n) => String(Math.abs(n)).replace(/\B(?=(\d{3})+$)/g, group);
    const whole = (n) => (n < 0 ? "\u2212" : "") + number(n);
    const amount = (minor, money) => {
      if (!minor) return "–";
      const places = w.digits[money], digits = String(Math.abs(minor)).padStart(places + 1, "0");
      const cut = digits.length - places;
      const text = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, group);
      return (minor < 0 ? "\u2212" : "") + text + (places ? mark + digits.slice(cut) : "");
    };
    const two = (n) => String(n).padStart(2, "0");
    const day = (n) => {
      if (n === null) return "–";
      const at = new Date(n * 864e5);
      return fill(w.day, { d: two(at.getUTCDate()), m: two(at.getUTCMonth() + 1), y: at.getUTCFullYear() });
    };
    const look = (column) => column.right ? "n" : column.day ? "d" : "";
    const named = (column, n) => { const at = column.rows[n]; return at < 0 ? null : column.values[at]; };

    // Debtors: sums of the buckets, and where the items of each begin.
    const count = D.rows, open = new Float64Array(count), late = new Float64Array(count);
    for (let b = 0; b < 6; b++) {
      const column = D["b" + b];
      for (let n = 0; n < count; n++) { open[n] += column[n]; if (b) late[n] += column[n]; }
    }
    const owner = new Int32Array(I.rows), first = new Int32Array(count + 1);
    for (let n = 0, at = 0; n < I.rows; n++) { at += I.place[n]; owner[n] = at; first[at + 1]++; }
    for (let n = 0; n < count; n++) first[n + 1] += first[n];
    const title = (n) => safe(w.private ? D.code[n] : D.name[n] || D.code[n]);
    const money = (n) => D.currency.values[D.currency.rows[n]];

    const name = (text, below) => [el("span", { className: "name" }, text), ...(below ? [" ", el("span", { className: "below name" }, below)] : [])];
    const second = (text, below) => [text, ...(below ? [" ", el("span", { className: "below" }, below)] : [])];
    const verdict = (n) => n === 0 ? [el("span", { className: "chip act" }, w.verdicts[n])] : [w.verdicts[n]];
    const step = (frame, n) => second(safe(named(frame.next_level, n)) || "–", frame.next_date[n] === null ? "" : day(frame.next_date[n]));
    const sum = (get) => ({ right: true, key: get, cell: (n) => [amount(get(n), money(n))] });
    const label = (frame, column, dim) => ({ key: (n) => frame[column].rows[n] < 0 ? null : frame[column].rows[n],
      cell: (n) => { const text = safe(named(frame[column], n)) || "–"; return dim ? name(text) : [text]; } });

    const debtorColumns = {
      name: { key: (n) => n, cell: (n) => [opener(n)] },
      segment: label(D, "segment"), owner: label(D, "owner", true), currency: label(D, "currency"),
      open: sum((n) => open[n]), late: sum((n) => late[n]),
      oldest: { right: true, key: (n) => D.oldest[n], cell: (n) => [D.oldest[n] ? whole(D.oldest[n]) : "–"] },
      level: label(D, "level"),
      next: { key: (n) => D.next_date[n], cell: (n) => step(D, n) },
      verdict: { key: (n) => D.verdict[n], cell: (n) => verdict(D.verdict[n]) },
      contact: { day: true, key: (n) => D.contact[n], cell: (n) => [day(D.contact[n])] },
    };
    for (let b = 1; b < 6; b++) debtorColumns["b" + b] = sum((n) => D["b" + b][n]);
    const itemColumns = {
      number: { key: (n) => I.number[n], cell: (n) => [safe(I.number[n])] },
      debtor: { key: (n) => owner[n], cell: (n) => name(title(owner[n])) },
      kind: { key: (n) => I.kind.rows[n], cell: (n) => { const k = named(I.kind, n); return [w.kinds[k] ?? safe(k)]; } },
      due: { day: true, key: (n) => I.due[n], cell: (n) => [day(I.due[n])] },
      days: { right: true, key: (n) => I.days[n], cell: (n) => [I.days[n] === null ? "–" : whole(I.days[n])] },
      currency: { key: (n) => D.currency.rows[owner[n]], cell: (n) => [money(owner[n])] },
      amount: { right: true, key: (n) => I.amount[n], cell: (n) => [amount(I.amount[n], money(owner[n]))] },
      verdict: { key: (n) => I.verdict[n], cell: (n) => verdict(I.verdict[n]) },
      reason: { key: (n) => I.line[n], cell: (n) => [w.reasons[I.line[n]]] },
      until: { day: true, key: (n) => I.until[n], cell: (n) => [day(I.until[n])] },
      next: { key: (n) => I.next_date[n], cell: (n) => step(I, n) },
    };

    // A debtor's name opens its items below its row.
    function opener(n) {
      const held = first[n + 1] - first[n], below = w.private ? "" : safe(D.code[n]);
      if (!held) return el("span", {}, ...name(title(n), below));
      const button = el("button", { type: "button", className: "open", "aria-expanded": "false", title: fill(said.list_of_debtor, { debtor: title(n) }) }, title(n));
      button.addEventListener("click", () => {
        const row = button.closest("tr"), shown = button.getAttribute("aria-expanded") === "true";
        if (shown) row.nextElementSibling.remove();
        else row.after(inner(n, row.cells.length));
        button.setAttribute("aria-expanded", String(!shown));
      });
      return el("span", {}, button, ...(below ? [" ", el("span", { className: "below name" }, below)] : []));
    }
    function inner(n, width) {
      const keys = ["number", "due", "days", "amount", "verdict", "reason", "until", "next"];
      const heads = { amount: said.open, next: said.next_step };
      const head = el("tr", {}, ...keys.map((key) => el("th", { scope: "col", className: look(itemColumns[key]) }, heads[key] ?? said[key])));
      const rows = [];
      for (let at = first[n]; at < Math.min(first[n + 1], first[n] + INNER); at++) rows.push(row(keys, itemColumns, at));
      const table = el("table", {}, el("caption", { className: "name" }, said.open_items + " · " + title(n)), el("thead", {}, head), el("tbody", {}, ...rows));
      return el("tr", { className: "inner" }, el("td", { colSpan: width }, table));
    }
    const row = (keys, columns, n) => el("tr", {}, ...keys.map((key, at) => {
      const column = columns[key];
      return el(at ? "td" : "th", { ...(at ? {} : { scope: "row" }), className: look(column) }, ...column.cell(n));
    }));

    // What the filters choose.
    const form = document.querySelector("form.filters");
    let texts = null, numbers = null;
    const chosen = () => {
      const value = (name) => form.elements[name]?.value ?? "";
      const at = (column, text) => text === "" ? null : column.values.indexOf(text);
      return { q: folded(value("q").trim()), segment: at(D.segment, value("segment")), owner: at(D.owner, value("owner")),
        currency: at(D.currency, value("currency")), bucket: value("bucket"), verdict: value("verdict") === "" ? null : Number(value("verdict")) };
    };
    const party = (c, n) => (c.segment === null || D.segment.rows[n] === c.segment) && (c.owner === null || D.owner.rows[n] === c.owner)
      && (c.currency === null || D.currency.rows[n] === c.currency);
    const bearer = (c, n) => c.q === "" || texts[n].includes(c.q);
    function keepDebtors(c) {
      const bit = c.verdict === null ? 0 : 2 ** c.verdict;
      const has = new Uint8Array(count);
      if (c.q) for (let n = 0; n < I.rows; n++) if (numbers[n].includes(c.q)) has[owner[n]] = 1;
      return (n) => party(c, n) && (bearer(c, n) || has[n] === 1) && (!bit || Math.floor(D.mask[n] / bit) % 2 === 1)
        && (c.bucket === "" || (c.bucket === "late" ? late[n] !== 0 : D["b" + c.bucket][n] !== 0));
    }
    const keepItems = (c) => (n) => party(c, owner[n]) && (bearer(c, owner[n]) || numbers[n].includes(c.q)) && (c.verdict === null || I.verdict[n] === c.verdict)
      && (c.bucket === "" || (c.bucket === "late" ? I.bucket[n] > 0 : I.bucket[n] === Number(c.bucket)));

    const lists = [list("debtors", D.rows, debtorColumns, keepDebtors, "late"), list("items", I.rows, itemColumns, keepItems, "days")];
    function apply() {
      const c = chosen();
      if (c.q && !texts) {
        texts = Array.from({ length: count }, (_, n) => folded(D.code[n] + "\n" + (D.name[n] ?? "")));
        numbers = I.number.map((text) => folded(text ?? ""));
      }
      for (const each of lists) each.filter(c);
    }

    function list(id, total, columns, keep, by) {
      const section = $(id), table = section.querySelector("table"), body = table.tBodies[0], status = $(id + "-status");
      const pager = section.querySelector(".pager"), note = section.querySelector(".print-note");
      const heads = [...table.tHead.rows[0].cells], keys = heads.map((head) => head.dataset.key);
      let view = new Int32Array(0), page = 0, size = 25, up = false, ready = false;

      for (const head of heads) {
        const text = head.textContent, key = head.dataset.key;
        const button = el("button", { type: "button", className: "sort" }, text, el("span", { className: "arrow", "aria-hidden": "true" }));
        button.addEventListener("click", () => {
          up = by === key ? !up : !columns[key].right;
          by = key;
          order(); draw(0);
        });
        head.replaceChildren(button);
      }
      const previous = el("button", { type: "button" }, said.previous), next = el("button", { type: "button" }, said.next);
      previous.addEventListener("click", () => draw(page - 1));
      next.addEventListener("click", () => draw(page + 1));
      const sizes = el("select", { id: id + "-size" }, ...[25, 50, 100, 250].map((n) => el("option", { value: n }, whole(n))));
      sizes.addEventListener("change", () => { size = Number(sizes.value); draw(0); });
      pager.append(previous, next, el("label", { htmlFor: sizes.id }, said.page_size), sizes);
      pager.hidden = false;

      function order() {
        const key = columns[by].key, sign = up ? 1 : -1;
        const values = new Array(total);
        for (const n of view) values[n] = key(n);
        view.sort((a, b) => {
          const x = values[a], y = values[b];
          if (x === y) return a - b;
          if (x === null) return 1;
          if (y === null) return -1;
          return (x < y ? -1 : 1) * sign;
        });
        for (const head of heads) {
          const own = head.dataset.key === by;
          if (own) head.setAttribute("aria-sort", up ? "ascending" : "descending");
          else head.removeAttribute("aria-sort");
          head.querySelector(".arrow").textContent = own ? (up ? "▲" : "▼") : "";
        }
      }
      function rows(from, to) {
        const made = [];
        for (let at = from; at < to; at++) made.push(row(keys, columns, view[at]));
        return made;
      }
      function draw(at) {
        const last = Math.max(0, Math.ceil(view.length / size) - 1);
        page = Math.min(Math.max(0, at), last);
        const from = page * size, to = Math.min(view.length, from + size);
        body.replaceChildren(...rows(from, to));
        previous.disabled = page === 0;
        next.disabled = page === last;
        note.textContent = "";
        const heading = heads[keys.indexOf(by)].querySelector("button").firstChild.textContent;
        const shown = view.length ? fill(said.shown_range, { from: whole(from + 1), to: whole(to), total: whole(view.length) }) : said.nothing_found;
        const sorted = fill(said.sorted_by, { column: heading, order: up ? said.ascending : said.descending });
        status.textContent = view.length ? shown + ". " + sorted : shown;
      }
      addEventListener("beforeprint", () => {
        if (!ready) return;
        body.replaceChildren(...rows(0, Math.min(PRINTED, view.length)));
        if (view.length > PRINTED) note.textContent = fill(said.print_cut, { count: whole(PRINTED), total: whole(view.length) });
      });
      addEventListener("afterprint", () => ready && draw(page));
      return {
        filter(c) {
          const fits = keep(c), found = [];
          for (let n = 0; n < total; n++) if (fits(n)) found.push(n);
          view = Int32Array.from(found);
          ready = true;
          order(); draw(0);
        },
      };
    }

    form.querySelector("fieldset").disabled = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    let waiting = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, event.target.type === "search" ? 120 : 0);
    });
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a.to-list");
      if (!link) return;
      event.preventDefault();
      for (const field of form.elements) if (field.name) field.value = link.dataset[field.name] ?? "";
      apply();
      $("lists").scrollIntoView();
      $("lists-title").focus({ preventScroll: true });
    });
    $("blur")?.addEventListener("click", (event) => {
      const on = document.body.classList.toggle("blurred");
      event.target.setAttribute("aria-pressed", String(on));
      event.target.textContent = on ? said.unblur : said.blur;
    });
    apply();
    document.documentElement.dataset.ready = "true";
    performance.mark("relance-ready");
  }

  if (typeof DecompressionStream === "undefined") return;
  requestAnimationFrame(() => setTimeout(() => unpack().then(start)));
})();
