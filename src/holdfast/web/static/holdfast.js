// Makes smoother what works without: the palette, keys of one letter, menus that close, terms beside their word.
"use strict";
(() => {
  const RECENT = "holdfast.recent", MOST_RECENT = 8, SEQUENCE_MS = 1200;
  const page = document.documentElement;
  const palette = document.getElementById("palette");
  const input = palette?.querySelector("input");
  const found = document.getElementById("found");

  // Which pages were open last: addresses only, never a name; forgotten when nobody is signed in.
  const store = {
    read() {
      try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; }
    },
    write(paths) {
      try { paths ? localStorage.setItem(RECENT, JSON.stringify(paths)) : localStorage.removeItem(RECENT); } catch { /* a private window */ }
    },
  };
  if (palette) {
    const here = location.pathname;
    store.write([here, ...store.read().filter((path) => path !== here)].slice(0, MOST_RECENT));
  } else {
    store.write(null);
  }

  // The palette: what is typed stays in the field, the arrows move the choice.
  const options = () => [...found.querySelectorAll("[role=option]")];
  const choose = (option) => {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  // Whose results are listed; Enter opens nothing that was found for fewer letters than were typed.
  let asked = null, listed = null, opens = false;
  const open = () => {
    opens = false;
    const all = options();
    const chosen = all.find((each) => each.getAttribute("aria-selected") === "true") ?? all[0];
    chosen?.click();
  };
  if (palette) {
    // Emptied before it shows: the event that follows comes late, and would take the first letters away.
    palette.addEventListener("beforetoggle", (event) => {
      if (event.newState === "open") input.value = "";
      opens = false;
    });
    palette.addEventListener("toggle", (event) => {
      if (event.newState !== "open") return;
      input.focus();
      input.dispatchEvent(new Event("opened"));
    });
    document.body.addEventListener("htmx:configRequest", (event) => {
      if (event.detail.elt !== input) return;
      event.detail.parameters.recent = store.read().slice(1).join(" ");
      asked = input.value;
    });
    found.addEventListener("htmx:afterSwap", () => {
      listed = asked;
      choose(options()[0]);
      if (opens && listed === input.value) open();
    });
    input.addEventListener("input", () => { opens = false; });
    for (const failed of ["htmx:responseError", "htmx:sendError"]) input.addEventListener(failed, () => { if (opens) input.form.requestSubmit(); });
    input.addEventListener("keydown", (event) => {
      // A search field keeps Esc for itself while something is typed.
      if (event.key === "Escape") return palette.hidePopover();
      const all = options();
      const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
      const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: all.length - 1, PageUp: 0 }[event.key];
      if (event.isComposing) return;
      if (event.key === "Enter") listed === input.value ? open() : (opens = true);
      else if (to !== undefined && all.length) choose(all[to]);
      else return;
      event.preventDefault();
    });
    found.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && option.getAttribute("aria-selected") !== "true") choose(option);
    });
    // An entry that does something here, instead of leading elsewhere.
    found.addEventListener("click", (event) => {
      const opens = event.target.closest("[data-opens]");
      if (!opens) return;
      event.preventDefault();
      palette.hidePopover();
      document.getElementById(opens.dataset.opens)?.showPopover();
    });
  }

  // Keys of one letter: never where somebody types, and by their place where the keyboard is not Latin.
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const letter = (event) => (/^[\x21-\x7e]$/.test(event.key) ? event.key : /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key);
  const rows = () => [...document.querySelectorAll("#main .row-link")];
  const step = (by) => {
    const all = rows(), at = all.indexOf(document.activeElement);
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const field = () => document.querySelector("#search input[type=search]");
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    n: () => document.querySelector('#main a[rel="next"]')?.click(),
    x: () => document.querySelector("[data-undo]")?.click(),
    "/": () => (field() ? (field().focus(), field().select()) : palette?.showPopover()),
    "?": () => document.getElementById("keys")?.togglePopover(),
  };
  let g = 0;
  const go = (key) => {
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) location.href = link.href;
    return Boolean(link);
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && letter(event).toLowerCase() === "k" && palette) {
      event.preventDefault();
      palette.togglePopover();
      return;
    }
    if (event.key === "Escape") return closeMenus();
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!palette || page.dataset.keys === "off" || typing(event.target)) return;
    if (document.querySelector("[popover]:popover-open:not(#keys)")) return;
    const key = letter(event);
    if (g && Date.now() - g < SEQUENCE_MS) {
      g = 0;
      if (go(key)) event.preventDefault();
    } else if (key === "g") {
      g = Date.now();
    } else if (KEYS[key]) {
      event.preventDefault();
      KEYS[key]();
    }
  });
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) {
    for (const each of document.querySelectorAll("[data-command]")) each.textContent = "⌘ K";
  }

  const closeMenus = () => {
    for (const menu of document.querySelectorAll("details[name][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[name][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // A term's meaning opens below its word, within the window.
  document.addEventListener("toggle", (event) => {
    const meaning = event.target;
    if (event.newState !== "open" || !meaning.matches?.(".meaning")) return;
    const word = document.querySelector(`[popovertarget="${CSS.escape(meaning.id)}"]`).getBoundingClientRect();
    const wide = meaning.offsetWidth, from = page.dir === "rtl" ? word.right - wide : word.left;
    meaning.style.inset = `${Math.min(word.bottom + 6, innerHeight - meaning.offsetHeight - 8)}px auto auto ${Math.min(Math.max(from, 8), innerWidth - wide - 8)}px`;
    meaning.style.margin = "0";
  }, true);

  for (const form of document.querySelectorAll("form[data-sends-itself]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }

  // A password can be looked at while it is typed, by who wants to.
  for (const each of document.querySelectorAll("[data-shows]")) {
    each.closest("label").removeAttribute("data-waits");
    each.addEventListener("change", () => {
      document.getElementById(each.dataset.shows).type = each.checked ? "text" : "password";
    });
  }
})();
