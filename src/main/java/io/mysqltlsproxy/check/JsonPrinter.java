package io.mysqltlsproxy.check;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mysqltlsproxy.text.Json;
import java.io.IOException;
import java.io.PrintStream;

/**
 * One document: of the checklist, where the cure is null if the level is ok,
 *
 * <pre>
 * {"wrong": 1, "warnings": 0,
 *  "findings": [{"item": "key-pair", "level": "wrong", "message": "…", "cure": "…"}, …]}
 * </pre>
 *
 * and of a client, where null is what does not apply:
 *
 * <pre>
 * {"admitted": true, "tlsVersion": "TLSv1.3", "cipher": "…", "rule": "…",
 *  "error": null, "reason": null}
 * </pre>
 */
public final class JsonPrinter implements Printer {
  private final PrintStream out;

  public JsonPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Findings findings) {
    out.println(
        Json.document(
            json -> {
              json.writeNumberField("wrong", findings.count(Level.WRONG));
              json.writeNumberField("warnings", findings.count(Level.WARNING));
              json.writeArrayFieldStart("findings");
              for (Finding finding : findings.all()) {
                json.writeStartObject();
                json.writeStringField("item", finding.item().toString());
                json.writeStringField("level", finding.level().toString());
                json.writeStringField("message", finding.message());
                writeIfAny(json, "cure", finding.hint());
                json.writeEndObject();
              }
              json.writeEndArray();
            }));
  }

  @Override
  public void print(DryRun.Outcome outcome) {
    out.println(
        Json.document(
            json -> {
              json.writeBooleanField("admitted", outcome.admitted());
              writeIfAny(json, "tlsVersion", outcome.tlsVersion());
              writeIfAny(json, "cipher", outcome.cipher());
              writeIfAny(json, "rule", outcome.rule());
              writeIfAny(json, "error", outcome.error());
              writeIfAny(json, "reason", outcome.reason());
            }));
  }

  private static void writeIfAny(JsonGenerator json, String key, String value) throws IOException {
    if (value.isEmpty()) {
      json.writeNullField(key);
    } else {
      json.writeStringField(key, value);
    }
  }
}
