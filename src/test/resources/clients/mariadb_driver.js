// Logs in by MariaDB's connector for Node.js, as DriversIT expects it.
const crypto = require('crypto');
const fs = require('fs');
const mariadb = require('mariadb');

const tls = {ca: fs.readFileSync(process.env.CA), cert: fs.readFileSync(process.env.CERT),
  key: fs.readFileSync(process.env.KEY)};
const connect = password => mariadb.createConnection({host: '127.0.0.1', port: Number(process.env.PORT),
  user: process.env.LOGIN_USER, password, ssl: tls});

(async () => {
  const connection = await connect(process.env.LOGIN_PASSWORD);
  console.log((await connection.query('SELECT CURRENT_USER() AS value'))[0].value);
  console.log((await connection.query("SHOW STATUS LIKE 'Ssl_version'"))[0].Value);
  const [row] = await connection.execute("SELECT REPEAT('x', ?) AS value", [20000000]);
  console.log(crypto.createHash('md5').update(row.value).digest('hex'));
  await connection.end();
  await connect('wrong').catch(refused => console.log(refused.errno));
})();
