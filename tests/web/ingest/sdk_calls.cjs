// Sends events with Segment's library for Node.js: node sdk_calls.cjs FOLDER URL KEY
// Ends with 1 and the errors when the library says that something failed.
const [folder, host, writeKey] = process.argv.slice(2)
const { Analytics } = require(`${folder}/node_modules/@segment/analytics-node`)

const analytics = new Analytics({ writeKey, host, flushAt: 15, maxRetries: 1 })
const errors = []
analytics.on("error", error => errors.push(error))

analytics.identify({ userId: "u1", traits: { email: "ioana@example.com", name: "Ioana Marin", plan: "pro" } })
analytics.track({ userId: "u1", event: "Order Completed", properties: { order_id: "O1", total: 12.5, currency: "EUR" } })
analytics.track({ userId: "u1", event: "Order Completed", properties: { order_id: "O1", total: 12.5 }, messageId: "m-1" })
analytics.track({ userId: "u1", event: "Order Completed", properties: { order_id: "O1", total: 12.5 }, messageId: "m-1" })
analytics.track({ userId: "u1", event: "Visit", timestamp: new Date("2026-01-02T03:04:05Z") })
analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Café Lumen" } })
analytics.alias({ previousId: "old-1", userId: "u1" })
analytics.page({ userId: "u1", category: "Docs", name: "Pricing", properties: { url: "https://shop.example/pricing" } })
analytics.screen({ userId: "u1", category: "App", name: "Home" })
for (let number = 0; number < 250; number++)
  analytics.track({ userId: `many-${number}`, event: "Clicked", properties: { number, word: "قهوه" } })

analytics.closeAndFlush().then(() => {
  for (const error of errors) console.error(error)
  process.exit(errors.length ? 1 : 0)
})
