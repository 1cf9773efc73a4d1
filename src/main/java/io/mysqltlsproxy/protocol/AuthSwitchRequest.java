package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The server asks for another plugin: 1 byte 0xFE; plugin name NUL; plugin data to the end, which
 * for the scramble plugins is 20 bytes and a NUL. The byte 0xFE alone (OldAuthSwitchRequest) means
 * {@code mysql_old_password} with the scramble of the greeting. AuthNextFactor has the same layout
 * behind the byte 0x02.
 *
 * @param data the plugin's data without its NUL at the end
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_request.html">MySQL:
 *     Protocol::AuthSwitchRequest</a>
 */
public record AuthSwitchRequest(String pluginName, byte[] data) {
  public static final int HEADER = 0xFE;

  /** The header of an AuthNextFactor. */
  public static final int NEXT_FACTOR_HEADER = 0x02;

  /** Decodes a payload, whose first byte was seen to be one of the headers. */
  public static AuthSwitchRequest decode(ByteBuf payload) throws MalformedPacketException {
    Payload in = new Payload(payload, "AuthSwitchRequest");
    in.skip(1, "header");
    if (in.remaining() == 0) {
      return new AuthSwitchRequest("mysql_old_password", new byte[0]);
    }
    String plugin = in.nameOrEnd();
    byte[] data = in.bytes(in.remaining(), "plugin data");
    int end = data.length;
    return new AuthSwitchRequest(
        plugin, end > 0 && data[end - 1] == 0 ? Arrays.copyOf(data, end - 1) : data);
  }

  @Override
  public String toString() {
    return "AuthSwitchRequest[" + pluginName + ", " + data.length + " bytes]";
  }
}
