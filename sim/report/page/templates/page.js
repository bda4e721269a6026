"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripts");

  // --- the switch: the same place of the page in the other language
  const editions = [...document.querySelectorAll(".edition")];
  const places = (edition) => [...edition.querySelectorAll("[data-place]")];
  const show = (language) => {
    const before = editions.find((each) => each.lang === root.lang);
    const after = editions.find((each) => each.lang === language);
    const here = places(before).filter((each) => each.getBoundingClientRect().top < 120).pop();
    const top = here && here.getBoundingClientRect().top;
    root.lang = language;
    document.title = after.dataset.title;
    for (const button of document.querySelectorAll("[data-to]"))
      button.setAttribute("aria-pressed", String(button.dataset.to === language));
    const there = here && places(after).find((each) => each.dataset.place === here.dataset.place);
    if (there) window.scrollBy(0, there.getBoundingClientRect().top - top);
  };
  for (const button of document.querySelectorAll("[data-to]"))
    button.addEventListener("click", () => show(button.dataset.to));

  // --- folding: what a link leads to is unfolded; in print all is
  const folds = [...document.querySelectorAll("details")];
  const unfold = () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = aim && aim.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      aim.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", unfold);
  unfold();
  for (const link of document.querySelectorAll("a[href^='#']"))
    link.addEventListener("click", () => setTimeout(unfold));
  for (const button of document.querySelectorAll("[data-fold]"))
    button.addEventListener("click", () => {
      const own = [...button.closest("article").querySelectorAll("details")];
      const open = own.some((each) => !each.open);
      for (const each of own) each.open = open;
      [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    });
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = folds.filter((each) => !each.open);
    for (const each of folded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });

  // --- sorting: numbers as numbers and the largest first, what is none last, totals at the end
  const order = (cell, language) => (first, second) => {
    const [a, b] = [first.cells[cell], second.cells[cell]];
    if (a.dataset.key && b.dataset.key) return Number(a.dataset.key) - Number(b.dataset.key);
    return a.textContent.localeCompare(b.textContent, language, { numeric: true });
  };
  const sort = (heading) => {
    const table = heading.closest("table");
    const body = table.tBodies[0];
    const number = heading.classList.contains("number");
    const was = heading.getAttribute("aria-sort");
    const falling = was ? was === "ascending" : number;
    const rows = [...body.rows];
    const last = rows.filter((row) => row.hasAttribute("data-total"));
    const none = rows.filter(
      (row) => !last.includes(row) && number && !row.cells[heading.cellIndex].dataset.key,
    );
    const rest = rows.filter((row) => !last.includes(row) && !none.includes(row));
    rest.sort(order(heading.cellIndex, root.lang));
    if (falling) rest.reverse();
    body.append(...rest, ...none, ...last);
    for (const each of table.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
    for (const each of table.querySelectorAll(".again")) each.classList.remove("again");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  };
  for (const button of document.querySelectorAll("thead button"))
    button.addEventListener("click", () => sort(button.closest("th")));

  // --- the filter of long tables
  for (const part of document.querySelectorAll(".filtered")) {
    const [words, only] = part.querySelectorAll("input");
    const rows = [...part.querySelectorAll("tbody tr")];
    const told = part.querySelector("output");
    const filter = () => {
      const wanted = words.value.trim().toLowerCase();
      for (const row of rows)
        row.hidden =
          (only.checked && !row.hasAttribute("data-unsourced")) ||
          !row.textContent.toLowerCase().includes(wanted);
      told.textContent = `${rows.filter((row) => !row.hidden).length} / ${rows.length}`;
    };
    words.addEventListener("input", filter);
    only.addEventListener("change", filter);
    filter();
  }
})();
