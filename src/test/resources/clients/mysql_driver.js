// Logs in by Node.js' first driver, mysql, as DriversIT expects it.
const crypto = require('crypto');
const fs = require('fs');
const mysql = require('mysql');

const tls = {ca: fs.readFileSync(process.env.CA), cert: fs.readFileSync(process.env.CERT),
  key: fs.readFileSync(process.env.KEY)};
const create = password => mysql.createConnection({host: '127.0.0.1', port: Number(process.env.PORT),
  user: process.env.LOGIN_USER, password, ssl: tls});

const connection = create(process.env.LOGIN_PASSWORD);
const value = (sql, name) => new Promise((resolve, reject) =>
  connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows[0][name]))));

(async () => {
  console.log(await value('SELECT CURRENT_USER() AS value', 'value'));
  console.log(await value("SHOW STATUS LIKE 'Ssl_version'", 'Value'));
  const text = await value("SELECT REPEAT('x', 20000000) AS value", 'value');
  console.log(crypto.createHash('md5').update(text).digest('hex'));
  connection.end();
  create('wrong').connect(refused => console.log(refused ? refused.errno : 'accepted'));
})().catch(error => {
  console.error(error.message);
  process.exit(1);
});
