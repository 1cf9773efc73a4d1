package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.nio.file.Path;

/** Takes pictures of the first screen of a page, for {@code src/test/bin/screenshots}. */
final class Screenshots {
  private static final int HEIGHT = 900;

  private Screenshots() {}

  /**
   * Writes {@code PREFIX-WIDTH.png} for each width.
   *
   * @param arguments the page, the prefix, and widths in pixels; {@code dark} before a width is for
   *     those after it
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path page = Path.of(arguments[0]).toAbsolutePath();
    try (Browser browser = Browser.start()) {
      String dark = "";
      for (int i = 2; i < arguments.length; i++) {
        if (arguments[i].equals("dark")) {
          dark = "-dark";
          browser.media("screen", "dark");
          continue;
        }
        browser.size(Integer.parseInt(arguments[i]), HEIGHT);
        browser.open(page);
        browser.screenshot(Path.of(arguments[1] + "-" + arguments[i] + dark + ".png"));
      }
    }
  }
}
