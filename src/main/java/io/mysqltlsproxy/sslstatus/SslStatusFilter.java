package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.codec.CommandFrames;
import io.netty.buffer.ByteBuf;

/**
 * Stops the relay before what may be an {@link SslStatusQuery}, by its length and its first bytes:
 * those of its first word, or of what may come before it, a comment, white space or the number of
 * query attributes.
 */
public final class SslStatusFilter implements CommandFrames.QueryFilter {
  /** The longest payload that is looked at, in bytes. */
  static final int MAX_LENGTH = 1024;

  /**
   * How many bytes of a payload tell whether it may be one: 3 before the text, {@code SELECT @@}.
   */
  private static final int DECISIVE_LENGTH = 12;

  private static final String[] WORDS = {"show", "select", "set", "use"};
  private static final String BEFORE_WORDS = " \t\r\n\f\u000b/-#";
  private static final String BETWEEN_WORDS = BEFORE_WORDS + "@`";

  private final boolean queryAttributes;

  /**
   * A filter for one session.
   *
   * @param queryAttributes whether both sides have CLIENT_QUERY_ATTRIBUTES
   */
  public SslStatusFilter(boolean queryAttributes) {
    this.queryAttributes = queryAttributes;
  }

  @Override
  public int decisiveLength() {
    return DECISIVE_LENGTH;
  }

  @Override
  public boolean mayMatch(ByteBuf data, int at, int length) {
    if (length > MAX_LENGTH) {
      return false;
    }
    int end = Math.min(at + Math.min(length, DECISIVE_LENGTH), data.writerIndex());
    int text = at + 1;
    if (text >= end) {
      return length > 1;
    }
    if (queryAttributes) {
      // How many of them, and of how many sets, which is 1; with any, the text is out of sight.
      boolean hasAttributes = data.getByte(text) != 0;
      if (text + 1 < end && data.getByte(text + 1) != 1) {
        return false;
      }
      text += 2;
      if (hasAttributes || text >= end) {
        return true;
      }
    }
    if (BEFORE_WORDS.indexOf((char) data.getByte(text)) >= 0) {
      return true;
    }
    for (String word : WORDS) {
      if (begins(data, text, end, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(ByteBuf data, int from, int end, String word) {
    for (int i = 0; i < word.length() && from + i < end; i++) {
      if ((data.getByte(from + i) | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    int next = from + word.length();
    if (next >= end) {
      return true;
    }
    char behind = (char) data.getByte(next);
    if (BETWEEN_WORDS.indexOf(behind) < 0) {
      return false;
    }
    // Most statements are SELECTs of something else.
    boolean blank = behind <= ' ' && word.equals("select") && next + 1 < end;
    return !blank || BETWEEN_WORDS.indexOf((char) data.getByte(next + 1)) >= 0;
  }
}
