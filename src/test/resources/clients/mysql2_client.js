// mysql2 as a command: see ScriptClient.java.
'use strict';
const fs = require('fs');
const mysql = require('mysql2');

const env = process.env;

// To a port of 127.0.0.1, or the path of a Unix socket.
function connect(place, user, password, tls) {
  const options = {
    ...(place.startsWith('/') ? { socketPath: place } : { host: '127.0.0.1', port: Number(place) }),
    user,
    password,
    insecureAuth: true,
    infileStreamFactory: (file) => fs.createReadStream(file),
  };
  if (tls) {
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

let connection;

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
  async change_user(user, password, sql) {
    await call('changeUser', { user, password });
    console.log(await value(sql || 'SELECT CURRENT_USER()'));
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

const describe = ({ errno, code, sqlState, sqlMessage, message }) =>
  [errno || code, sqlState, sqlMessage || message].filter(Boolean).join(' ');

// A line for each on standard input: port or socket, tls or plain, first user, user, password.
async function attempts() {
  for (const line of fs.readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
    const [place, transport, first, user, password] = line.split('\t');
    connection = connect(place, first || user, first ? '' : password, transport === 'tls');
    connection.on('error', () => {});
    try {
      await call('connect');
      if (first) await call('changeUser', { user, password });
      console.log(await value('SELECT CURRENT_USER()'));
      connection.end();
    } catch (error) {
      console.log(describe(error).replace(/\n/g, ' '));
      connection.destroy();
    }
  }
}

const [action, ...args] = process.argv.slice(2);
if (action === 'attempts') {
  attempts();
} else {
  connection = connect(env.PORT, env.LOGIN_USER, env.LOGIN_PASSWORD, env.CA);
  actions[action](...args).then(
    () => connection.end(),
    (error) => {
      console.error(describe(error));
      process.exit(1);
    }
  );
}
