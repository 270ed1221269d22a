// Run by MongoDB's image once, on an empty volume: the CMS may read, write and migrate its own
// database (which takes `collMod`, and so dbAdmin), and nothing else.
db.getSiblingDB(process.env.LONTAR_DATABASE).createUser({
  user: "lontar",
  pwd: process.env.LONTAR_PASSWORD,
  roles: [
    { role: "readWrite", db: process.env.LONTAR_DATABASE },
    { role: "dbAdmin", db: process.env.LONTAR_DATABASE },
  ],
});
