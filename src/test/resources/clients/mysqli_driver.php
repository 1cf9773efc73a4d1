<?php
// Logs in by mysqli, as DriversIT expects it.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
ini_set('memory_limit', '-1');

function connect(string $password): mysqli {
    $connection = mysqli_init();
    $connection->ssl_set(getenv('KEY'), getenv('CERT'), getenv('CA'), null, null);
    $connection->real_connect('127.0.0.1', getenv('LOGIN_USER'), $password, null,
        (int) getenv('PORT'), null, MYSQLI_CLIENT_SSL);
    return $connection;
}

$connection = connect(getenv('LOGIN_PASSWORD'));
foreach (['SELECT CURRENT_USER()' => 0, "SHOW STATUS LIKE 'Ssl_version'" => 1] as $sql => $column) {
    echo $connection->query($sql)->fetch_row()[$column], "\n";
}
echo md5($connection->query("SELECT REPEAT('x', 20000000)")->fetch_row()[0]), "\n";
$connection->close();
try {
    connect('wrong');
} catch (mysqli_sql_exception $refused) {
    echo $refused->getCode(), "\n";
}
