package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line that a program sends, which may hold anything, and what of it reaches a terminal. */
final class AnswerLineTest {

    @Test
    void fieldsAreReadByTheirNames() {
        AnswerLine line = AnswerLine.parse("""
                {"kind":"part","size":3,"share":0.5,"full":true,"none":null,"figures":{"put":1},
                 "waits":[{"task":1},{"task":2}],"names":["a",7]}""");

        assertEquals("part", line.kind());
        assertEquals(3, line.number("size"));
        assertEquals(0.5, line.real("share"));
        assertTrue(line.flag("full"));
        assertEquals(1, line.object("figures").number("put"));
        assertEquals(List.of(1L, 2L), line.lines("waits").stream().map(wait -> wait.number("task")).toList());
        assertEquals(List.of("a", 7L), line.list("names"));
    }

    @Test
    void whatIsNotThereIsNothing() {
        AnswerLine line = AnswerLine.parse("{\"none\":null}");

        assertFalse(line.has("none"));
        assertEquals("", line.text("x") + line.kind());
        assertEquals(0, line.number("x"));
        assertFalse(line.flag("x"));
        assertEquals(List.of(), line.list("x"));
        assertEquals(List.of(), line.lines("x"));
        assertEquals("", line.object("x").text("y"));
    }

    @Test
    void noTextMovesACursorColoursATerminalOrBreaksALine() {
        AnswerLine line = AnswerLine
                .parse("""
                        {"name":"a\\u001b[2Jb\\nc\\r\\u009bd\\u202ee\\ud834\\udd73f","k\\u0007":{"x":["\\u001b]0;title\\u0007"]}}""");

        assertEquals("a?[2Jb?c??d?e?f", line.text("name"));
        assertEquals(List.of("?]0;title?"), line.object("k?").list("x"));
    }

    @Test
    void textOfTenMegabytesIsCut() {
        String text = AnswerLine.parse("{\"name\":\"" + "x".repeat(10_000_000) + "\"}").text("name");

        assertEquals("x".repeat(AnswerLine.MAX_TEXT - 3) + "...", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "[1]", "{", "{\"a\":", "{\"a\":1", "{a:1}", "HTTP/1.1 400", "{\"a\":\"\u001b\"}"})
    void whatIsNoObjectOfJsonIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> AnswerLine.parse(text));
    }

    @Test
    void jsonThatIsTooDeepIsRefused() {
        String text = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThrows(IllegalArgumentException.class, () -> AnswerLine.parse(text));
    }

    @Test
    void numbersThatAreTooLargeAreAboutRight() {
        assertEquals(Long.MAX_VALUE, AnswerLine.parse("{\"n\":99999999999999999999}").number("n"));
        assertEquals(-1, AnswerLine.parse("{\"n\":-1}").number("n"));
    }
}
