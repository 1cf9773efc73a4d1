package io.mysqltlsproxy.admin;

import java.util.Collections;
import java.util.Iterator;

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
   * @param body the whole of it, or its beginning
   * @param rest of the body, in pieces that are made as the client takes them, so that no client
   *     that does not read can make the program keep a long answer
   */
  record Answer(int status, String contentType, String body, Iterator<String> rest) {
    private static final String TEXT = "text/plain; charset=utf-8";

    /** An answer that is short, however many clients are connected. */
    public Answer(int status, String contentType, String body) {
      this(status, contentType, body, Collections.emptyIterator());
    }

    /** Plain text with an end of line behind it. */
    public static Answer text(int status, String line) {
      return new Answer(status, TEXT, line + "\n");
    }
  }

  /** Answers from what is known; never waits, and least of all for an event loop of clients. */
  Answer answer(Request request);
}
