/* The bell of an app, with the messages for whoever is signed in. Served at /in-app.js, packed.

   <script async src="https://HOST/in-app.js" data-app="NAME" data-customer="ID" data-proof="SIGNATURE"></script>

   SIGNATURE is made by the app's server: HMAC-SHA256 of ID with the app's secret, in hexadecimal. data-lang
   overrules the language of the page, data-into="#place" says into which element the bell goes, otherwise it
   stands at the lower end of the page. What a message says is put there as text; only addresses of the web in
   it become links. Nothing is inline: a strict Content-Security-Policy has to name the host alone. */
(() => {
"use strict"
const d = document, tag = d.currentScript
if (!tag || !tag.dataset.app || !tag.dataset.customer || d.querySelector("holdfast-messages")) return
const base = new URL("in-app/" + encodeURIComponent(tag.dataset.app) + "/", tag.src)
const who = { customer: tag.dataset.customer, proof: tag.dataset.proof || "" }
const EVERY = 60000
let words = {}, tagged = "en", shown = [], isOpen = false, timer, wait = 0

// Plain text needs no preflight.
const ask = async (what, content) => {
  const answer = await fetch(new URL(what, base), {
    method: "POST", body: JSON.stringify({ ...who, ...content }), credentials: "omit", headers: { "content-type": "text/plain" }
  })
  if (!answer.ok) throw Object.assign(new Error(answer.status), { status: answer.status })
  return answer.status === 204 ? {} : answer.json()
}
const make = (name, attributes = {}, ...inside) => {
  const made = d.createElement(name)
  for (const [key, value] of Object.entries(attributes)) value === true ? made.setAttribute(key, "") : value !== false && made.setAttribute(key, value)
  made.append(...inside)
  return made
}
const STYLE = `
:host { all: initial; color-scheme: light dark; font: 400 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", Vazirmatn, "Noto Sans Arabic", Tahoma, "PingFang SC", "Microsoft YaHei", sans-serif; --ink: light-dark(#17252b, #e6edf0); --soft: light-dark(#4d5f67, #a9b8be); --ground: light-dark(#fff, #16222a); --sunken: light-dark(#eef3f4, #22313a); --accent: light-dark(#0d5c6b, #7fd0de); --on: light-dark(#fff, #08252c); --line: light-dark(#71848c, #7d929b); }
:host(.fixed) { position: fixed; inset-block-end: 1rem; inset-inline-start: 1rem; z-index: 2147483000; }
* { box-sizing: border-box; font: inherit; }
button { cursor: pointer; border-radius: 10px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.open { display: inline-flex; align-items: center; gap: .5rem; min-block-size: 44px; padding: 0 1rem; border: 1px solid var(--line); background: var(--ground); color: var(--ink); font-weight: 600; }
.count { min-inline-size: 1.5rem; padding: 0 .4rem; border-radius: 12px; background: var(--accent); color: var(--on); text-align: center; }
.window { position: absolute; z-index: 2147483000; display: flex; flex-direction: column; inline-size: min(23rem, calc(100vw - 2rem)); max-block-size: min(30rem, calc(100vh - 2rem)); border: 1px solid var(--line); border-radius: 16px; background: var(--ground); color: var(--ink); box-shadow: 0 10px 40px rgb(0 0 0 / .28); overflow: hidden; }
:host(.fixed) .window { inset-block-end: 0; inset-inline-start: 0; }
header { display: flex; align-items: center; justify-content: space-between; padding-inline: 1rem .5rem; border-block-end: 1px solid var(--sunken); }
h2, h3, p { margin: 0; }
h2 { font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
header button { inline-size: 44px; block-size: 44px; border: 0; background: none; color: inherit; font-size: 20px; }
ul { list-style: none; margin: 0; padding: 0; overflow-y: auto; }
li { padding: .8rem 1rem; border-block-end: 1px solid var(--sunken); }
li.unread { border-inline-start: 4px solid var(--accent); }
h3 { font-weight: 600; overflow-wrap: anywhere; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
small { font-size: 13px; color: var(--soft); }
a { color: var(--accent); }
.note { padding: 1rem; color: var(--soft); }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }`

let host, shadow, opener, count, panel, list, note
const style = () => {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    shadow.adoptedStyleSheets = [sheet]
  } catch (_) {
    shadow.append(make("style", {}, STYLE))
  }
}
const build = about => {
  words = about.words
  tagged = about.lang
  const place = tag.dataset.into && d.querySelector(tag.dataset.into)
  host = make("holdfast-messages", { lang: about.lang, dir: about.dir, class: place ? "" : "fixed" })
  shadow = host.attachShadow({ mode: "open" })
  style()
  count = make("span", { class: "count", hidden: true })
  opener = make("button", { class: "open", type: "button", "aria-expanded": "false", "aria-controls": "window" }, words.open, count)
  const close = make("button", { type: "button", "aria-label": words.close }, "×")
  list = make("ul", { tabindex: "0", "aria-label": words.open })
  note = make("p", { class: "note", role: "status" })
  panel = make("section", { class: "window", id: "window", role: "dialog", "aria-label": about.title, hidden: true },
    make("header", {}, make("h2", { dir: "auto" }, about.title), close), note, list)
  shadow.append(opener, panel)
  opener.addEventListener("click", () => show(!isOpen))
  close.addEventListener("click", () => show(false))
  panel.addEventListener("keydown", event => event.key === "Escape" && show(false))
  d.addEventListener("visibilitychange", () => soon(d.hidden ? undefined : 0))
  ;(place || d.body).append(host)
  fetchAll()
}
// Addresses of the web become links; everything else stays text.
const linked = text => text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/).map((part, place) =>
  place % 2 ? make("a", { href: part, rel: "noopener noreferrer", target: "_blank", dir: "ltr" }, part) : part)
const numbers = () => new Intl.NumberFormat(tagged)
const when = at => new Date(at).toLocaleDateString(tagged, { day: "numeric", month: "long", year: "numeric" })
const line = each => make("li", { class: each.read ? "" : "unread", lang: each.lang },
  ...(each.title ? [make("h3", { dir: "auto" }, each.title)] : []),
  make("p", { class: "text", dir: "auto" }, ...linked(each.text)),
  make("small", { lang: tagged }, [each.author, when(each.at)].filter(Boolean).join(" · ")),
  ...(each.read ? [] : [make("span", { class: "spoken", lang: tagged }, words.unread)]))
const paint = () => {
  const unread = shown.filter(each => !each.read).length
  count.hidden = !unread
  count.textContent = numbers().format(unread)
  count.setAttribute("aria-label", numbers().format(unread) + " " + words.unread)
  note.textContent = shown.length ? "" : words.empty
  note.hidden = !!shown.length
  list.hidden = !shown.length
  list.replaceChildren(...shown.map(line))
}
const show = open => {
  isOpen = open
  panel.hidden = !open
  opener.setAttribute("aria-expanded", String(open))
  open ? panel.querySelector("header button").focus() : opener.focus()
  if (open) read()
  else paint()
}
// What is seen is read; it keeps its mark until the window is closed.
const read = async () => {
  const ids = shown.filter(each => !each.read).map(each => each.id)
  if (!ids.length) return
  try {
    await ask("read", { ids })
    shown = shown.map(each => ({ ...each, read: true }))
    count.hidden = true
  } catch (_) {}
}
const soon = delay => {
  clearTimeout(timer)
  if (!d.hidden) timer = setTimeout(fetchAll, delay ?? (wait || EVERY))
}
const fetchAll = async () => {
  try {
    shown = (await ask("list", {})).messages
    wait = 0
    paint()
    if (isOpen) read()
  } catch (error) {
    if (error.status === 401) { host.hidden = true; return console.warn("Holdfast: data-proof does not fit data-customer.") }
    note.textContent = words.failed
    note.hidden = false
    wait = Math.min(900000, (wait || EVERY) * 2)
  }
  soon()
}
const begin = async () => {
  const url = new URL("words", base)
  url.searchParams.set("lang", tag.dataset.lang || d.documentElement.lang || navigator.language || "")
  const answer = await fetch(url, { credentials: "omit" })
  if (answer.ok) build(await answer.json())
}
d.body ? begin() : d.addEventListener("DOMContentLoaded", begin)
})()
