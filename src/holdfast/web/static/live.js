/* Holdfast for websites. Served at /v1/holdfast.js without comments and indents, below 5 KB.

   <script async src="https://HOST/v1/holdfast.js" data-write-key="KEY" data-page></script>

   The calls are those of analytics.js: load, identify, track, page, group, alias, reset, ready, user, flush.
   What was called before the script came is done when it has:
   window.holdfast = window.holdfast || []; holdfast.push(["track", "Product Viewed", {product_id: "P1"}])
   An event waits in localStorage until the server has said that it is on disk. */
((w, d) => {
"use strict"
const s = d.currentScript, early = w.holdfast || [], P = "holdfast.", memory = {}
if (early.load) return
let key, host = s ? new URL(s.src).origin : "", queue = [], timer, wait = 0, sending

const get = name => {
  try { return JSON.parse(localStorage.getItem(P + name)) } catch (_) { return memory[name] }
}
const set = (name, value) => {
  memory[name] = value
  // A private window, or full: memory has it.
  try {
    value ? localStorage.setItem(P + name, JSON.stringify(value)) : localStorage.removeItem(P + name)
  } catch (_) {}
}
const uid = () => w.crypto && crypto.randomUUID ? crypto.randomUUID()
  : "xxxxxxxxxxxxxxxxxxxxxxxx".replace(/x/g, () => (Math.random() * 36 | 0).toString(36))
const anonymousId = () => {
  let id = get("anon")
  if (!id) set("anon", id = uid())
  return id
}

// Each page has a queue of its own there: two tabs never write over each other.
const mine = "q." + uid()
const keep = () => set(mine, queue[0] && { at: Date.now(), queue })
// Takes over what pages left behind that were closed a minute ago or more.
const adopt = () => {
  try {
    Object.keys(localStorage).forEach(name => {
      if (name.indexOf(P + "q.")) return
      const left = get(name = name.slice(P.length))
      if (name == mine || Date.now() - left.at < 6e4) return
      queue = left.queue.concat(queue)
      set(name)
    })
  } catch (_) {}
  keep()
}

const here = () => ({ url: w.location.href.split("#")[0], path: w.location.pathname, search: w.location.search, title: d.title, referrer: d.referrer })
const push = (type, fields, options) => {
  const user = get("user"), group = get("group")
  const context = { library: { name: "holdfast.js" }, locale: navigator.language, userAgent: navigator.userAgent, page: here() }
  if (group) context.groupId = group
  queue.push({
    type, messageId: uid(), timestamp: new Date().toISOString(), anonymousId: anonymousId(),
    ...user && { userId: user }, ...fields, context: { ...context, ...options && options.context }
  })
  if (queue.length > 1000) queue.shift()
  keep()
  queue.length > 19 ? flush() : later(1000)
}
const later = ms => timer = timer || setTimeout(() => { timer = 0; flush() }, ms)
// As many as fit into a call (a beacon takes 64 KB), counted with room for letters of several bytes.
const some = most => {
  let n = 0
  for (let size = 0; n < queue.length && n < 100; n++)
    if ((size += new Blob([JSON.stringify(queue[n])]).size) > most) break
  return queue.slice(0, n || 1)
}
const body = batch => JSON.stringify({ batch, writeKey: key, sentAt: new Date().toISOString() })
const done = batch => { queue = queue.filter(m => !batch.includes(m)); keep() }

// text/plain spares the question (preflight) that a browser asks before it sends JSON elsewhere.
const flush = () => {
  if (!key || sending || !queue[0]) return
  const batch = some(3e5), again = after => {
    sending = 0
    wait = Math.min(wait * 2 || 1000, 6e4)
    later(Math.max(wait * (1 + Math.random()) / 2, after || 0))
  }
  sending = 1
  fetch(host + "/v1/batch", { method: "POST", body: body(batch), credentials: "omit", headers: { "Content-Type": "text/plain" } })
    .then(r => r.status > 499 || r.status == 429 || r.status == 408 ? again(r.headers.get("Retry-After") * 1000)
      : r.json().then(said => {
        // One event that breaks a limit does not take the others with it.
        sending = wait = 0
        done(said.index >= 0 ? [batch[said.index]] : batch)
        if (!r.ok || said.rejected[0]) console.warn("holdfast", said)
        if (queue[0]) later(50)
      }))
    .catch(() => again())
}
// The page goes: what it has not sent goes with a beacon. It stays in the queue, since nobody hears
// whether a beacon came; a later page sends it again, and the server takes each message once.
const leave = () => {
  if (key && queue[0]) navigator.sendBeacon(host + "/v1/batch", new Blob([body(some(5e4))], { type: "text/plain" }))
}

const api = {
  load(writeKey, options) {
    if (key) return
    key = writeKey
    host = (options && options.host || host).replace(/\/$/, "")
    adopt()
    w.addEventListener("pagehide", leave)
    w.addEventListener("online", flush)
    d.addEventListener("visibilitychange", () => d.hidden && leave())
    later(50)
  },
  identify(id, traits, options) {
    if (id && typeof id == "object") [id, traits, options] = [0, id, traits]
    const before = get("user")
    if (id && before && before != id) api.reset()
    if (id) set("user", "" + id)
    push("identify", { traits: traits || {} }, options)
  },
  track(event, properties, options) { push("track", { event, properties: properties || {} }, options) },
  page(category, name, properties, options) {
    if (typeof name != "string") [category, name, properties, options] = [, category, name, properties]
    if (name && typeof name == "object") [name, properties, options] = [, name, properties]
    push("page", { category, name, properties: { ...here(), ...properties } }, options)
  },
  group(id, traits, options) {
    set("group", "" + id)
    push("group", { groupId: "" + id, traits: traits || {} }, options)
  },
  alias(userId, previousId, options) { push("alias", { userId, previousId: previousId || anonymousId() }, options) },
  reset() { ["user", "group", "anon"].forEach(name => set(name)) },
  ready(f) { setTimeout(f) },
  user: () => ({ id: () => get("user"), anonymousId }),
  flush,
  push(call) { api[call[0]](...[].slice.call(call, 1)) }
}
w.holdfast = api
if (s && s.dataset.writeKey) api.load(s.dataset.writeKey, s.dataset)
if (s && "page" in s.dataset) api.page()
early.forEach(api.push)
})(window, document)
