package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are read in all their spellings, and a wrong one is told with the one that was meant. */
final class ArgumentsTest {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("-c", "--concurrency").option("--retries")
            .flag("--json", "-j");

    private static Arguments parse(String... words) {
        return SYNTAX.parse(List.of(words));
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> parse(words)).getMessage();
    }

    @Test
    void allSpellingsOfAnOptionMeanTheSame() {
        for (List<String> words : List.of(
                List.of("-c", "5"),
                List.of("-c5"),
                List.of("-c=5"),
                List.of("--concurrency", "5"),
                List.of("--concurrency=5"))) {
            assertEquals("5", SYNTAX.parse(words).value("-c").orElseThrow(), words.toString());
        }
    }

    @Test
    void whatIsNoOptionStaysInOrder() {
        Arguments parsed = parse("a", "-c", "1", "-", "b", "--", "-c", "--x");

        assertEquals(List.of("a", "-", "b", "-c", "--x"), parsed.rest());
        assertEquals("1", parsed.value("-c").orElseThrow());
    }

    @Test
    void flagHasNoValue() {
        assertTrue(parse("--json").has("--json"));
        assertTrue(parse("-j").has("--json"));
        assertFalse(parse().has("--json"));
        assertEquals("--json takes no value", refusal("--json=yes"));
    }

    @Test
    void lastOfEqualOptionsCounts() {
        assertEquals("2", parse("-c", "1", "--concurrency", "2").value("-c").orElseThrow());
    }

    @Test
    void optionMayHaveAValueThatLooksLikeAnOption() {
        assertEquals("-", parse("-c", "-").value("-c").orElseThrow());
        assertEquals("--json", parse("-c", "--json").value("-c").orElseThrow());
    }

    @Test
    void unknownOptionIsToldWithTheOneThatWasMeant() {
        assertEquals("unknown option --retry; did you mean --retries?", refusal("--retry", "3"));
        assertEquals("unknown option --jsn; did you mean --json?", refusal("--jsn"));
        assertEquals("unknown option --frobnicate", refusal("--frobnicate"));
        assertEquals("unknown option -x", refusal("-x"));
    }

    @Test
    void missingValueIsTold() {
        assertEquals("-c needs a value", refusal("-c"));
    }

    @Test
    void unknownOptionCannotWriteToTheTerminal() {
        assertEquals("unknown option --\u003f[31m", refusal("--\u001b[31m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "11", "1.5", "99999999999", "-1", " 5"})
    void numberOutsideItsBoundsIsRefused(String text) {
        Arguments parsed = parse("-c", text);

        String message = assertThrows(UsageException.class, () -> parsed.number("-c", 7, 1, 10)).getMessage();
        assertEquals("-c needs a whole number from 1 to 10, not \"" + text + "\"", message);
    }

    @Test
    void numberHasADefaultAndItsBoundsAreIncluded() {
        assertEquals(7, parse().number("-c", 7, 1, 10));
        assertEquals(1, parse("-c", "1").number("-c", 7, 1, 10));
        assertEquals(10, parse("-c", "10").number("-c", 7, 1, 10));
    }

    @Test
    void messageNamesAnOptionAsItWasTyped() {
        Arguments parsed = Arguments.syntax().option("-r", "--rate").parse(List.of("--rate", "0"));
        String message = assertThrows(UsageException.class, () -> parsed.number("-r", 1, 1, 9)).getMessage();

        assertTrue(message.startsWith("--rate needs "), message);
    }

    @Test
    void onlyParagraphsThatAreTooWideAreBrokenAnew() {
        String wide = "word ".repeat(20).strip();
        String help = "Usage: x\n\n  -a, --all    " + wide
                + "\n               more\n  -b           short\n               lines\n";

        assertEquals("Usage: x\n\n  -a, --all    " + "word ".repeat(13).strip() + "\n               "
                + "word ".repeat(7) + "more\n  -b           short\n               lines\n", HelpText.fitted(help));
    }
}
