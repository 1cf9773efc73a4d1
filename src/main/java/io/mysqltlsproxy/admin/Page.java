package io.mysqltlsproxy.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    /** The answer, where there is nothing to wait for. */
    public CompletionStage<Answer> now() {
      return CompletableFuture.completedFuture(this);
    }
  }

  /** Answers; never blocks, on whatever thread it is called. */
  CompletionStage<Answer> answer(Request request);
}
