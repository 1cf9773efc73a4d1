package io.mysqltlsproxy.overhead;

/** Text in a page. */
final class Html {
  private Html() {}

  /** With what HTML and XML would read as markup written as entities. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
