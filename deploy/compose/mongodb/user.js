// Run by MongoDB's image once, on an empty volume: the CMS may read and write its own database,
// and nothing else.
db.getSiblingDB(process.env.LONTAR_DATABASE).createUser({
  user: "lontar",
  pwd: process.env.LONTAR_PASSWORD,
  roles: [{ role: "readWrite", db: process.env.LONTAR_DATABASE }],
});
