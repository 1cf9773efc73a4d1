<?php
// mysqli as a command: see ScriptClient.java.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
ini_set('memory_limit', '-1');

// To a port of 127.0.0.1, or the path of a Unix socket.
function connect(string $place, string $user, string $password, bool $tls): mysqli {
    $connection = mysqli_init();
    $connection->options(MYSQLI_OPT_LOCAL_INFILE, 1);
    if ($tls) {
        $connection->ssl_set(getenv('KEY'), getenv('CERT'), getenv('CA'), null, null);
    }
    $socket = str_starts_with($place, '/');
    $connection->real_connect($socket ? null : '127.0.0.1', $user, $password, null,
        $socket ? null : (int) $place, $socket ? $place : null, $tls ? MYSQLI_CLIENT_SSL : 0);
    return $connection;
}

function value(mysqli $connection, string $sql): ?string {
    $result = $connection->query($sql);
    return $result === true ? null : $result->fetch_row()[0];
}

function query(mysqli $connection, string ...$statements): void {
    foreach ($statements as $sql) {
        $value = value($connection, $sql);
        if ($connection->field_count) {
            echo $value, "\n";
        }
    }
}

function change_user(mysqli $connection, string $user, string $password): void {
    $connection->change_user($user, $password, null);
    echo value($connection, 'SELECT CURRENT_USER()'), "\n";
}

function ids(mysqli $connection): void {
    echo $connection->thread_id, "\n", value($connection, 'SELECT CONNECTION_ID()'), "\n";
}

function prepared(mysqli $connection, string $sql, string $number, string $text): void {
    $statement = $connection->prepare($sql);
    $statement->bind_param('is', $number, $text);
    $statement->execute();
    echo $statement->get_result()->fetch_row()[0], "\n";
}

function echo_value(mysqli $connection, string $file): void {
    $statement = $connection->prepare('SELECT CAST(? AS BINARY) AS v');
    $data = null;
    $statement->bind_param('b', $data);
    foreach (str_split(file_get_contents($file), 1 << 20) as $piece) {
        $statement->send_long_data(0, $piece);
    }
    $statement->execute();
    file_put_contents($file, $statement->get_result()->fetch_row()[0]);
}

function load(mysqli $connection, string $file, string $rest): void {
    $connection->query("LOAD DATA LOCAL INFILE '$file' INTO TABLE $rest");
}

// A line for each on standard input: port or socket, tls or plain, first user, user, password.
function attempts(): void {
    foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
        [$place, $transport, $first, $user, $password] = explode("\t", $line);
        try {
            $tls = $transport === 'tls';
            $connection = connect($place, $first ?: $user, $first ? '' : $password, $tls);
            if ($first) {
                $connection->change_user($user, $password, null);
            }
            echo value($connection, 'SELECT CURRENT_USER()'), "\n";
            $connection->close();
        } catch (mysqli_sql_exception $error) {
            echo describe($error), "\n";
        }
    }
}

function describe(mysqli_sql_exception $error): string {
    return $error->getCode() . ' ' . $error->getSqlState() . ' '
        . str_replace("\n", ' ', $error->getMessage());
}

try {
    $action = $argv[1];
    if ($action === 'attempts') {
        attempts();
    } else {
        $connection = connect(getenv('PORT'), getenv('LOGIN_USER'), getenv('LOGIN_PASSWORD'),
            getenv('CA') !== false);
        ($action === 'echo' ? 'echo_value' : $action)($connection, ...array_slice($argv, 2));
    }
} catch (mysqli_sql_exception $error) {
    fwrite(STDERR, describe($error) . "\n");
    exit(1);
}
