"""PyMySQL as a command: see ScriptClient.java."""
import os
import struct
import sys

import pymysql
from pymysql.constants import CLIENT, COMMAND


def connect(place, user, password, with_tls):
    """To a port of 127.0.0.1, or the path of a Unix socket."""
    by_socket = place.startswith("/")
    where = dict(unix_socket=place) if by_socket else dict(host="127.0.0.1", port=int(place))
    tls = {}
    if with_tls:
        tls = dict(
            ssl_ca=os.environ["CA"],
            ssl_cert=os.environ["CERT"],
            ssl_key=os.environ["KEY"],
            ssl_verify_cert=True,
            ssl_verify_identity=True,
        )
    return pymysql.connect(
        user=user,
        password=password,
        charset="utf8",
        local_infile=True,
        max_allowed_packet=128 << 20,
        **where,
        **tls,
    )


def value(cursor, sql, *arguments):
    cursor.execute(sql, arguments or None)
    row = cursor.fetchone()
    return None if row is None else row[0]


def query(connection, cursor, *statements):
    for sql in statements:
        answer = value(cursor, sql)
        if cursor.description:
            print(answer)


def change_user(connection, cursor, user, password):
    """PyMySQL has no COM_CHANGE_USER of its own: this one is made of its parts."""
    connection.password = password.encode()
    no_response_yet = b"\0"
    command = user.encode() + b"\0" + no_response_yet + b"\0" + struct.pack("<H", 33)
    connection._execute_command(
        COMMAND.COM_CHANGE_USER, command + b"mysql_native_password\0"
    )
    answer = connection._read_packet()
    if answer.is_auth_switch_request():
        answer.read_uint8()
        connection._process_auth(answer.read_string(), answer)
    print(value(cursor, "SELECT CURRENT_USER()"))


def ids(connection, cursor):
    print(connection.thread_id())
    print(value(cursor, "SELECT CONNECTION_ID()"))


def prepared(connection, cursor, sql, number, text):
    """PyMySQL has no prepared statements of its own: SQL's are what its users have."""
    cursor.execute("PREPARE s FROM %s", (sql,))
    cursor.execute("SET @number = %s, @text = %s", (int(number), text))
    print(value(cursor, "EXECUTE s USING @number, @text"))


def echo(connection, cursor, file):
    with open(file, "rb") as opened:
        data = opened.read()
    answer = value(cursor, "SELECT CAST(%s AS BINARY) AS v", data)
    with open(file, "wb") as opened:
        opened.write(answer)


def load(connection, cursor, file, rest):
    cursor.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + rest)
    connection.commit()


def cipher(connection, cursor):
    print(connection._sock.cipher()[0])


ACTIONS = dict(
    query=query,
    change_user=change_user,
    ids=ids,
    prepared=prepared,
    echo=echo,
    load=load,
    cipher=cipher,
)


def attempts():
    """A line for each on standard input: port or socket, tls or plain, nothing, user, password."""
    for line in sys.stdin:
        place, transport, _, user, password = line.rstrip("\n").split("\t")
        try:
            session = connect(place, user, password, transport == "tls")
            print(value(session.cursor(), "SELECT CURRENT_USER()"))
            session.close()
        except Exception as error:  # its own bugs too: no mysql_old_password, whatever it promises
            print(" ".join(str(argument) for argument in error.args).replace("\n", " "))


try:
    if sys.argv[1] == "attempts":
        attempts()
    else:
        env = os.environ
        login = env["PORT"], env["LOGIN_USER"], env["LOGIN_PASSWORD"], "CA" in env
        session = connect(*login)
        ACTIONS[sys.argv[1]](session, session.cursor(), *sys.argv[2:])
except pymysql.err.MySQLError as error:
    sys.exit(" ".join(str(argument) for argument in error.args))
