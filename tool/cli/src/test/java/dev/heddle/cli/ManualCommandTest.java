package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manual has each command and each option, from the help texts themselves. */
final class ManualCommandTest {

    @Test
    void eachCommandAndOptionIsInTheManual() {
        String page = CommandLine.run("manual").out();
        for (Command command : Commands.listed()) {
            assertTrue(page.contains(".SS heddle " + command.name()), command.name());
            for (HelpText.Option option : new HelpText(command.help()).options()) {
                assertTrue(page.contains("\\fB" + option.word().replace("-", "\\-") + "\\fR"), option.word());
            }
        }
    }

    @Test
    void noLineOfHelpIsTakenForARequest() {
        for (String line : ManualCommand.page().split("\n")) {
            assertFalse(line.startsWith("'"), line);
            assertTrue(!line.startsWith(".") || line.matches("\\.(TH|SH|SS|TP|PP|B|I|RI|nf|fi)( .*)?"), line);
        }
    }

    @Test
    void optionIsTakenApart() {
        HelpText.Option option = HelpText.options("""
                  -t, --timeout TIME     time for each URL, everything together (default 30s);
                                         500ms, 5s, 2m, 1h, or seconds
                """).getFirst();
        assertEquals("-t", option.letter());
        assertEquals("TIME", option.argument());
        assertEquals("time for each URL, everything together", option.brief());
        assertTrue(option.text().endsWith("or seconds"), option.text());
        assertEquals(List.of(), HelpText.options("no options here\n"));
    }
}
