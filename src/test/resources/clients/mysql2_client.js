// mysql2 as a command: see ScriptClient.java.
'use strict';
const fs = require('fs');
const mysql = require('mysql2');

function connect() {
  const env = process.env;
  const options = {
    host: '127.0.0.1',
    port: Number(env.PORT),
    user: env.LOGIN_USER,
    password: env.LOGIN_PASSWORD,
    insecureAuth: true,
    infileStreamFactory: (file) => fs.createReadStream(file),
  };
  if (env.CA) {
    options.ssl = {
      ca: fs.readFileSync(env.CA),
      cert: fs.readFileSync(env.CERT),
      key: fs.readFileSync(env.KEY),
      minVersion: 'TLSv1.2',
      verifyIdentity: true,
    };
  }
  return mysql.createConnection(options);
}

function call(method, ...args) {
  return new Promise((resolve, reject) =>
    connection[method](...args, (error, result) => (error ? reject(error) : resolve(result)))
  );
}

const only = (rows) => Object.values(rows[0])[0];
const value = async (sql) => only(await call('query', sql));

const actions = {
  async query(...statements) {
    for (const sql of statements) {
      const rows = await call('query', sql);
      if (Array.isArray(rows)) console.log(String(only(rows)));
    }
  },
  async ids() {
    await call('connect');
    console.log(connection.threadId);
    console.log(await value('SELECT CONNECTION_ID()'));
  },
  async prepared(sql, number, text) {
    console.log(String(only(await call('execute', sql, [Number(number), text]))));
  },
  async echo(file) {
    fs.writeFileSync(file, only(await call('query', 'SELECT ? AS v', [fs.readFileSync(file)])));
  },
  async load(file, rest) {
    await call('query', `LOAD DATA LOCAL INFILE '${file}' INTO TABLE ${rest}`);
  },
  async cipher() {
    await call('connect');
    console.log(connection.stream.getCipher().name);
  },
};

const [action, ...args] = process.argv.slice(2);
const connection = connect();
actions[action](...args).then(
  () => connection.end(),
  (error) => {
    console.error(error.errno, error.sqlState, error.sqlMessage || error.message);
    process.exit(1);
  }
);
