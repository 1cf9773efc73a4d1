<?php
// Logs in by PDO, with prepared statements of the server's, as DriversIT expects it.
ini_set('memory_limit', '-1');

function connect(string $password): PDO {
    return new PDO('mysql:host=127.0.0.1;port=' . getenv('PORT'), getenv('LOGIN_USER'), $password, [
        PDO::MYSQL_ATTR_SSL_CA => getenv('CA'),
        PDO::MYSQL_ATTR_SSL_CERT => getenv('CERT'),
        PDO::MYSQL_ATTR_SSL_KEY => getenv('KEY'),
        PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
        PDO::ATTR_EMULATE_PREPARES => false,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    ]);
}

$connection = connect(getenv('LOGIN_PASSWORD'));
echo $connection->query('SELECT CURRENT_USER()')->fetchColumn(), "\n";
$connection->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);
echo $connection->query("SHOW STATUS LIKE 'Ssl_version'")->fetchColumn(1), "\n";
$connection->setAttribute(PDO::ATTR_EMULATE_PREPARES, false);
$statement = $connection->prepare("SELECT REPEAT('x', ?)");
$statement->execute([20000000]);
echo md5($statement->fetchColumn()), "\n";
$statement->closeCursor();
try {
    connect('wrong');
} catch (PDOException $refused) {
    echo $refused->getCode(), "\n";
}
