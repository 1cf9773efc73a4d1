package io.mysqltlsproxy.admin;

/** What is shown at one path of the admin port. */
@FunctionalInterface
public interface Page {

  /**
   * What a browser or a program asks for.
   *
   * @param query the text behind {@code ?}; empty where there is none
   * @param accept the header of that name; empty where there is none
   */
  record Request(String query, String accept) {}

  /**
   * An answer.
   *
   * @param status HTTP's
   * @param contentType with its charset, which is UTF-8
   */
  record Answer(int status, String contentType, String body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Plain text with an end of line behind it. */
    public static Answer text(int status, String line) {
      return new Answer(status, TEXT, line + "\n");
    }
  }

  /** Answers from what is known; never waits, and least of all for an event loop of clients. */
  Answer answer(Request request);
}
