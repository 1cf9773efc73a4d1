package io.mysqltlsproxy.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * One document:
 *
 * <pre>
 * {"wrong": 1, "warnings": 0,
 *  "findings": [{"item": "key-pair", "level": "wrong", "message": "…", "cure": "…"}, …]}
 * </pre>
 *
 * The cure is null where the level is ok.
 */
public final class JsonPrinter {
  private final PrintStream out;

  public JsonPrinter(PrintStream out) {
    this.out = out;
  }

  public void print(Findings findings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("wrong", findings.count(Level.WRONG));
      json.writeNumberField("warnings", findings.count(Level.WARNING));
      json.writeArrayFieldStart("findings");
      for (Finding finding : findings.all()) {
        json.writeStartObject();
        json.writeStringField("item", finding.item().toString());
        json.writeStringField("level", finding.level().toString());
        json.writeStringField("message", finding.message());
        json.writeStringField("cure", finding.cure().isEmpty() ? null : finding.cure());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(text);
  }
}
