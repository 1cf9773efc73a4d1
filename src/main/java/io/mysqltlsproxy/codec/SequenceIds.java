package io.mysqltlsproxy.codec;

/**
 * The sequence id of the next packet on one leg, whichever side sends it: 0 at the start of a
 * command, then one more with each packet, modulo 256.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html">MySQL:
 *     Protocol Basics, MySQL Packets</a>
 */
public final class SequenceIds {
  private int next;

  /** Takes the next id, in 0 to 255. */
  public int take() {
    int id = next;
    next = (next + 1) & 0xFF;
    return id;
  }

  /** The next id, which stays the next. */
  public int peek() {
    return next;
  }

  /** Says which id comes next. */
  public void restartAt(int id) {
    next = id;
  }
}
