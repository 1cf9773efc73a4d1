package io.mysqltlsproxy.text;

/** Text in a page, or in a picture of XML. */
public final class Html {
  private Html() {}

  /** For an element's content or a quoted attribute: what would be read as markup, as entities. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
