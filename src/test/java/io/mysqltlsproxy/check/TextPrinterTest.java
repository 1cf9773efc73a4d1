package io.mysqltlsproxy.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextPrinterTest {

  private static String printed(boolean colours) {
    Findings findings = new Findings();
    findings.wrong(Item.CHAIN, "intermediate missing", "append it");
    findings.ok(Item.KEY, "good");
    findings.warning(Item.VALIDITY, "ends soon,\nand forges a line\u202e", "renew it");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TextPrinter(new PrintStream(out, true, StandardCharsets.UTF_8), colours).print(findings);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theItemsComeInTheirOrderALineEachWithTheCure() {
    assertEquals(
        """
        ok      key: good
        wrong   chain: intermediate missing; append it
        warning validity: ends soon,?and forges a line?; renew it
        """,
        printed(false));
  }

  @Test
  void onATerminalTheLevelHasAColour() {
    assertEquals(
        """
        \u001b[32mok     \u001b[0m key: good
        \u001b[1;31mwrong  \u001b[0m chain: intermediate missing; append it
        \u001b[33mwarning\u001b[0m validity: ends soon,?and forges a line?; renew it
        """,
        printed(true));
  }
}
