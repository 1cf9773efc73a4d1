"""MariaDB's C library on TLS, which it verifies without a CA: logs in, changes the user, and says
what became of each. Called with the library, the port, and two users with their passwords."""

import ctypes
import sys

OPT_PROTOCOL, TCP = 9, 1
OPT_SSL_VERIFY_SERVER_CERT = 21


def main(library, port, user, password, next_user, next_password):
    lib = ctypes.CDLL(library)
    lib.mysql_init.restype = ctypes.c_void_p
    lib.mysql_error.restype = ctypes.c_char_p
    lib.mysql_real_connect.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(lib.mysql_init(None))
    protocol = ctypes.c_uint(TCP)
    lib.mysql_options(handle, OPT_PROTOCOL, ctypes.byref(protocol))
    lib.mysql_options(handle, OPT_SSL_VERIFY_SERVER_CERT, ctypes.byref(ctypes.c_char(1)))

    def outcome(failed):
        if not failed:
            return "OK"
        return "%d %s" % (lib.mysql_errno(handle), lib.mysql_error(handle).decode())

    connected = lib.mysql_real_connect(
        handle,
        b"localhost",
        user.encode(),
        password.encode(),
        None,
        ctypes.c_uint(int(port)),
        None,
        ctypes.c_ulong(0),
    )
    print(outcome(not connected))
    if connected:
        print(outcome(lib.mysql_change_user(handle, next_user.encode(), next_password.encode(), None)))


main(*sys.argv[1:])
