// Mounts the Backstage plug-in's router as the developer portal does, with everybody allowed, and prints its port.
const express = require('express');
const { ConfigReader } = require('@backstage/config');
const { createRouter } = require(`${process.env.NODE_PATH}/@backstage-community/plugin-quay-backend/dist/services/router.cjs.js`);

const logger = { info() {}, warn() {}, debug() {}, error: message => console.error(message) };
const config = new ConfigReader({
  quay: { instances: [{ name: 'quay', apiUrl: process.env.QUAY_URL, apiKey: process.env.QUAY_TOKEN }] },
});
const httpAuth = { credentials: async () => ({}) };
const permissions = { authorize: async () => [{ result: 'ALLOW' }] };

createRouter({ logger, config, httpAuth, permissions }).then(router => {
  const app = express();
  app.use(router);
  const server = app.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
});
