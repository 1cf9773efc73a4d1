package io.mysqltlsproxy.text;

/** Files in what some editors of Windows call Unicode, where UTF-8 or ASCII is needed. */
public final class Utf16 {
  private Utf16() {}

  /** Whether the file begins with a byte order mark of UTF-16, in either order. */
  public static boolean is(byte[] file) {
    return file.length >= 2
        && ((file[0] == (byte) 0xFF && file[1] == (byte) 0xFE)
            || (file[0] == (byte) 0xFE && file[1] == (byte) 0xFF));
  }

  /** What to do about it, as a clause. */
  public static String hint(Object file) {
    return "save it as UTF-8: iconv -f UTF-16 -t UTF-8 " + file + " > NEW";
  }
}
