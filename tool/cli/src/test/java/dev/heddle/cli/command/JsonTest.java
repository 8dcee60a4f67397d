package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Text in JSON is escaped, so that one line stays one line. */
final class JsonTest {

    private static String string(String text) {
        StringBuilder json = new StringBuilder();
        JsonText.string(json, text);
        return json.toString();
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertEquals("\"a\\\"b\\\\c\"", string("a\"b\\c"));
    }

    @Test
    void lineEndsNeverBreakTheLine() {
        assertEquals("\"a\\r\\n\\tb\"", string("a\r\n\tb"));
    }

    @Test
    void controlCharactersAreEscaped() {
        assertEquals("\"\\u0000\\u001b\\u007f\"", string("\u0000\u001b\u007f"));
    }

    @Test
    void textBeyondAsciiStays() {
        assertEquals("\"\u00fc\ud83d\ude00\"", string("\u00fc\ud83d\ude00"));
    }

    @Test
    void loneSurrogateIsReplaced() {
        assertEquals("\"a\ufffd\"", string("a\ud83d"));
        assertEquals("\"\ufffda\"", string("\ude00a"));
    }
}
