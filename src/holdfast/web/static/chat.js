/* A chat for websites. Served at /chat.js without comments and indents, packed: below 5 KB.

   <script async src="https://HOST/chat.js" data-chat="NAME"></script>

   data-lang overrules the language of the page. It makes one element at the end of the body, with a shadow
   root: the page's styles do not reach in, ours do not reach out, and none is inline, so that a strict
   Content-Security-Policy only has to name the host in script-src and connect-src. What anybody wrote is
   put there as text. */
(() => {
"use strict"
const d = document, tag = d.currentScript
if (!tag || !tag.dataset.chat || d.querySelector("holdfast-chat")) return
const base = new URL("chat/" + encodeURIComponent(tag.dataset.chat) + "/", tag.src)
const place = "holdfast.chat." + tag.dataset.chat
let memory = null, words = {}, last = 0, heard = false, timer, isOpen = false, wait = 0

const stored = name => {
  try { return localStorage.getItem(name) } catch (_) { return null }
}
const token = () => stored(place) || memory
const keep = value => {
  memory = value
  // A private window, or full: memory has it for this page.
  try { value ? localStorage.setItem(place, value) : localStorage.removeItem(place) } catch (_) {}
}
// Under this id the website's own script of Holdfast knows the same browser.
const anonymous = () => {
  try { return JSON.parse(stored("holdfast.anon")) || "" } catch (_) { return "" }
}
const uid = () => self.crypto && crypto.randomUUID ? crypto.randomUUID()
  : "xxxxxxxxxxxxxxxxxxxxxxxx".replace(/x/g, () => (Math.random() * 36 | 0).toString(36))

// Plain text needs no preflight.
const ask = async (what, content) => {
  const answer = await fetch(new URL(what, base), {
    method: "POST", body: JSON.stringify(content), credentials: "omit", headers: { "content-type": "text/plain" }
  })
  const told = await answer.json().catch(() => ({}))
  if (!answer.ok) throw Object.assign(new Error(told.error || answer.status), { code: told.error, status: answer.status })
  return told
}

const make = (name, attributes = {}, ...inside) => {
  const made = d.createElement(name)
  for (const [key, value] of Object.entries(attributes)) value === true ? made.setAttribute(key, "") : value !== false && made.setAttribute(key, value)
  made.append(...inside)
  return made
}
const STYLE = `
:host { all: initial; position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; color-scheme: light dark; font: 400 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", Vazirmatn, "Noto Sans Arabic", Tahoma, "PingFang SC", "Microsoft YaHei", sans-serif; --ink: light-dark(#17252b, #e6edf0); --soft: light-dark(#4d5f67, #a9b8be); --ground: light-dark(#fff, #16222a); --sunken: light-dark(#eef3f4, #22313a); --accent: light-dark(#0d5c6b, #7fd0de); --on: light-dark(#fff, #08252c); --line: light-dark(#71848c, #7d929b); --wrong: light-dark(#9c2f1f, #ffb4a4); }
* { box-sizing: border-box; font: inherit; }
button { cursor: pointer; border-radius: 10px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.open { display: flex; align-items: center; gap: .5rem; min-block-size: 48px; padding: 0 1.1rem; border: 0; border-radius: 24px; background: var(--accent); color: var(--on); font-weight: 600; box-shadow: 0 4px 18px rgb(0 0 0 / .22); }
.new { inline-size: .7rem; block-size: .7rem; border-radius: 50%; background: var(--on); }
.window { display: flex; flex-direction: column; inline-size: min(23rem, calc(100vw - 2rem)); max-block-size: min(34rem, calc(100vh - 2rem)); border: 1px solid var(--line); border-radius: 16px; background: var(--ground); color: var(--ink); box-shadow: 0 10px 40px rgb(0 0 0 / .28); overflow: hidden; }
[hidden] { display: none !important; }
header { display: flex; align-items: center; justify-content: space-between; gap: .5rem; padding: .5rem .5rem .5rem 1rem; padding-inline: 1rem .5rem; background: var(--accent); color: var(--on); }
h2 { margin: 0; font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
header button { inline-size: 44px; block-size: 44px; border: 0; background: none; color: inherit; font-size: 20px; }
header button:focus-visible { outline-color: var(--on); outline-offset: -4px; }
.said { flex: 1; overflow-y: auto; padding: 1rem; display: grid; gap: .6rem; align-content: start; }
.said > * { margin: 0; max-inline-size: 88%; padding: .5rem .8rem; border-radius: 12px; background: var(--sunken); justify-self: start; white-space: pre-line; overflow-wrap: anywhere; }
.said .mine { justify-self: end; background: var(--accent); color: var(--on); }
.said small { display: block; font-size: 12px; opacity: .85; }
.said button { display: block; margin-block-start: .3rem; padding: .3rem .7rem; border: 1px solid currentColor; background: none; color: inherit; }
form { display: grid; gap: .5rem; padding: .75rem 1rem 1rem; border-block-start: 1px solid var(--sunken); }
label { display: grid; gap: .2rem; font-size: 13px; color: var(--soft); }
input, textarea { inline-size: 100%; min-block-size: 44px; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: 10px; background: var(--ground); color: var(--ink); font-size: 16px; }
textarea { min-block-size: 4.2rem; resize: none; }
.send { min-block-size: 44px; border: 0; background: var(--accent); color: var(--on); font-weight: 600; }
.told { margin: 0; min-block-size: 1.2em; font-size: 13px; color: var(--soft); }
.told.wrong { color: var(--wrong); }
@media (prefers-reduced-motion: no-preference) { .open { transition: filter .12s; } }
.open:hover, .send:hover { filter: brightness(1.08); }`

let host, shadow, opener, dot, panel, list, form, text, name, email, told
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
  host = make("holdfast-chat", { lang: about.lang, dir: about.dir })
  shadow = host.attachShadow({ mode: "open" })
  style()
  dot = make("span", { class: "new", role: "img", "aria-label": words.new, hidden: true })
  opener = make("button", { class: "open", type: "button", "aria-expanded": "false", "aria-controls": "window" }, words.open, dot)
  const close = make("button", { type: "button", "aria-label": words.close }, "×")
  list = make("div", { class: "said", role: "log", "aria-live": "polite", "aria-label": about.title, tabindex: "0" })
  if (about.greeting) list.append(make("p", { dir: "auto" }, about.greeting))
  name = make("input", { autocomplete: "name", maxlength: "200", dir: "auto" })
  email = make("input", { type: "email", autocomplete: "email", maxlength: "254", dir: "ltr" })
  text = make("textarea", { rows: "2", maxlength: "4000", required: true, dir: "auto" })
  told = make("p", { class: "told", role: "status" })
  form = make("form", { novalidate: true },
    make("label", { class: "once" }, words.name, name), make("label", { class: "once" }, words.email, email),
    make("label", {}, words.message, text), make("button", { class: "send" }, words.send), told)
  panel = make("section", { class: "window", id: "window", role: "dialog", "aria-label": about.title, hidden: true },
    make("header", {}, make("h2", { dir: "auto" }, about.title), close), list, form)
  shadow.append(opener, panel)
  opener.addEventListener("click", () => show(true))
  close.addEventListener("click", () => show(false))
  panel.addEventListener("keydown", event => event.key === "Escape" && show(false))
  text.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit() }
  })
  form.addEventListener("submit", submit)
  d.addEventListener("visibilitychange", () => soon())
  d.body.append(host)
  known()
  soon(0)
}
// Who has written already is not asked again who they are.
const known = () => { for (const each of form.querySelectorAll(".once")) each.hidden = !!token() }
const show = open => {
  isOpen = open
  panel.hidden = !open
  opener.hidden = open
  opener.setAttribute("aria-expanded", String(open))
  dot.hidden = true
  open ? text.focus() : opener.focus()
  if (open) list.scrollTop = list.scrollHeight
  soon(open ? 0 : undefined)
}
const say = (what, wrong = false) => {
  told.textContent = what
  told.classList.toggle("wrong", wrong)
}
const line = (said, mine, who, id) => {
  const made = make("div", { dir: "auto", class: mine ? "mine" : "ours", "data-id": id }, make("small", {}, who), said)
  list.append(made)
  list.scrollTop = list.scrollHeight
  return made
}
const submit = event => {
  event.preventDefault()
  const written = text.value.trim()
  if (!written) return text.focus()
  if (email.value && !email.checkValidity()) { say(words.wrong_email, true); return email.focus() }
  const id = uid()
  text.value = ""
  deliver({ id, text: written, name: name.value, email: email.value, page: location.href, anonymous: anonymous() }, line(written, true, words.you, id))
}
const deliver = async (message, shown, retried) => {
  say(words.sending)
  try {
    if (!token()) keep((await ask("start", {})).token)
    await ask("send", { ...message, token: token() })
    say(words.sent)
    known()
    soon()
  } catch (error) {
    // A token that no longer holds: once more as somebody new.
    if (error.status === 401 && !retried) { keep(null); return deliver(message, shown, true) }
    say(error.code === "too_many" ? words.too_fast : error.code === "wrong_email" ? words.wrong_email : words.failed, true)
    const again = make("button", { type: "button" }, words.again)
    again.addEventListener("click", () => { again.remove(); text.focus(); deliver(message, shown) })
    shown.append(again)
  }
}
const soon = delay => {
  clearTimeout(timer)
  if (token() && !d.hidden) timer = setTimeout(hear, delay ?? (wait || (isOpen ? 3000 : 30000)))
}
const hear = async () => {
  try {
    const { messages } = await ask("poll", { token: token(), after: last })
    wait = 0
    for (const each of messages) {
      last = Math.max(last, each.id)
      // What was written on this page stands there already.
      if ([...list.children].some(shown => shown.dataset.id === each.key)) continue
      line(each.text, !each.ours, each.ours ? each.author || words.we : words.you, each.key)
      if (each.ours && heard && !isOpen) dot.hidden = false
    }
    heard = true
  } catch (error) {
    if (error.status === 401) return keep(null)
    wait = Math.min(120000, (wait || 3000) * 2)
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
