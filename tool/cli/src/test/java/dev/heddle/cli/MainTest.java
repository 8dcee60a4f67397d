package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import dev.heddle.engine.Engines;
import dev.heddle.internal.JdkWarning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from its arguments to its exit code: help, typos, the demo, and failures in one clear line. */
final class MainTest {

    @TempDir
    Path directory;

    @Test
    void helpNamesEveryCommand() {
        for (String word : List.of("--help", "-h", "help")) {
            CommandLine run = CommandLine.run(word);

            assertEquals(Exit.FINE, run.exit());
            assertEquals("", run.err());
            for (String command : List.of("demo", "fetch", "serve", "bench", "run", "examples", "install")) {
                assertTrue(run.out().contains("\n  " + command + " "), run.out());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "fetch", "serve", "bench", "run", "new", "examples", "install", "doctor", "node",
            "cluster", "jobs"})
    void everyCommandHasItsHelp(String command) {
        CommandLine run = CommandLine.run(command, "--help");

        assertEquals(Exit.FINE, run.exit());
        assertTrue(run.out().startsWith("Usage: heddle " + command), run.out());
        assertTrue(run.out().contains("Exit:"), run.out());
        assertTrue(run.out().lines().allMatch(line -> line.length() <= 110), run.out());
        assertEquals(run.out(), CommandLine.run("help", command).out());
    }

    /** Here {@code ~} is an empty argument, and {@code ~~} one of blanks. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "~ | the command is empty",
            "fetch ~ | a URL is empty",
            "fetch http://a/ ~~ | a URL is empty",
            "fetch -i ~ | -i needs a file of URLs",
            "fetch -o ~ http://a/ | -o needs a directory",
            "fetch -c ١ http://a/ | -c needs a whole number",
            "fetch -c +1 http://a/ | -c needs a whole number",
            "fetch -c 18446744073709551617 http://a/ | -c needs a whole number",
            "fetch -t ٥s http://a/ | -t needs a duration",
            "fetch -c 0 -c 1 -c 0 http://a/ | -c needs a whole number",
            "fetch http://a/� | has bytes that are no characters of ",
            "serve ~ | the directory is empty",
            "serve -p ٨٠٨٠ | -p needs a whole number",
            "serve -p ~ | -p needs a whole number",
            "serve --host ~ | --host needs an address",
            "serve --log ~ | --log needs a file",
            "serve --cert ~ | --cert needs a file",
            "serve --key ~ | --key needs a file",
            "serve --cache ٣ | --cache needs a whole number",
            "node --embedded ~ | --embedded needs a directory",
            "node init a a=b:٧ | a node is written NAME=HOST:PORT",
            "cluster --join ~ --cluster a | --join needs a store",
            "jobs pause ~ --embedded a | pause needs a queue",
            "bench ~ | does not begin with http",
            "bench http://localhost:١/ | no valid host",
            "bench -n ١ http://a/ | -n needs a whole number",
            "run ~ | the file is empty",
            "run a�.java | has bytes that are no characters of "})
    void whatIsEmptyOrInOtherDigitsIsWrongUsage(String line, String why) {
        List<String> words = Stream.of(line.split(" ")).map(word -> word.equals("~") ? "" : word.replace('~', ' '))
                .toList();
        CommandLine run = CommandLine.run(words.toArray(String[]::new));

        assertEquals(Exit.USAGE, run.exit(), run.err());
        assertTrue(run.err().contains(why), run.err());
    }

    @Test
    void lineOfTheListMayBeACommentAndAUrlMayNot() throws Exception {
        Path list = Files.writeString(directory.resolve("list"), "\n# nothing\n   \n");
        assertEquals(Exit.FINE, CommandLine.run("fetch", "-i", list.toString()).exit());
        assertEquals(Exit.NOT_ALL, CommandLine.run("fetch", "#nothing").exit());
    }

    @Test
    void helpWinsOverWrongOptions() {
        assertEquals(Exit.FINE, CommandLine.run("fetch", "--no-such", "-c", "x", "--help").exit());
    }

    @Test
    void versionTellsProgramJdkAndEngines() {
        CommandLine run = CommandLine.run("--version");

        assertEquals(Exit.FINE, run.exit());
        assertEquals(4, run.lines().size());
        assertTrue(run.lines().get(0).startsWith("heddle "), run.out());
        assertTrue(run.lines().get(1).startsWith("JDK " + Runtime.version()), run.out());
        assertEquals("engine " + Engines.chosen(), run.lines().get(2));
        assertTrue(run.lines().get(3).startsWith("engines "), run.out());
        assertTrue(run.lines().get(3).endsWith("nio"), run.out());
        assertEquals(JdkWarning.isUnsound(Runtime.version()) ? 1 : 0, run.err().lines().count());
    }

    @Test
    void withoutACommandTheHelpGoesToTheStandardError() {
        CommandLine run = CommandLine.run();

        assertEquals(Exit.USAGE, run.exit());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("Usage: heddle COMMAND"), run.err());
    }

    @Test
    void unknownCommandIsToldWithTheOneThatWasMeant() {
        CommandLine run = CommandLine.run("ftech");

        assertEquals(Exit.USAGE, run.exit());
        assertEquals("heddle: unknown command ftech; did you mean fetch?\nTry: heddle --help\n", run.err());
        assertEquals(Exit.USAGE, CommandLine.run("--vresion").exit());
        assertEquals(Exit.USAGE, CommandLine.run("help", "nothing").exit());
    }

    @Test
    void signalsHaveTheirExitCodes() {
        assertEquals(130, Exit.of(new CancelledException("SIGINT")));
        assertEquals(143, Exit.of(new CancelledException("SIGTERM")));
        assertEquals(129, Exit.of(new CancelledException("SIGHUP")));
    }

    @Test
    void demoFindsEveryPage() {
        CommandLine run = CommandLine.run("demo", "--pages", "300", "-c", "20");

        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(run.out().startsWith("300 of 300 pages found over "), run.out());
        assertTrue(run.err().contains("300 pages in "), run.err());
    }

    @Test
    void demoOfOnePageIsADemo() {
        assertTrue(CommandLine.run("demo", "-n", "1").out().startsWith("1 of 1 page found"));
    }

    @Test
    void demoTakesNoArguments() {
        assertEquals(Exit.USAGE, CommandLine.run("demo", "fast").exit());
    }

    @Test
    void trainingOfTheLauncherPrintsNothing() {
        CommandLine run = CommandLine.run("training");

        assertEquals(Exit.FINE, run.exit());
        assertEquals("", run.out() + run.err());
    }

    @Test
    void trainingOfServersEndsByItselfAndPrintsNothing() {
        CommandLine run = CommandLine.run("training", "serve");

        assertEquals(Exit.FINE, run.exit());
        assertEquals("", run.out() + run.err());
    }

    @Test
    @Tag("full")
    void trainingOfNodesPrintsNothingEither() {
        CommandLine run = CommandLine.run("training", "node");

        assertEquals(Exit.FINE, run.exit());
        assertEquals("", run.out() + run.err());
    }

    @Test
    void serveTellsWhatItCannotServe() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertEquals(
                "heddle serve: no such directory: /none\nTry: heddle serve --help\n",
                CommandLine.run("serve", "/none").err());
        assertEquals(Exit.USAGE, CommandLine.run("serve", file.toString()).exit());
        assertEquals(Exit.USAGE, CommandLine.run("serve", "a", "b").exit());
        assertEquals(Exit.USAGE, CommandLine.run("serve", "-p", "65536").exit());
    }

    @Test
    void runPassesTheRestOfTheLineOn() throws Exception {
        Path file = Files.writeString(directory.resolve("P.java"), "void main() {}");
        List<String> command = RunCommand.command(List.of(file.toString(), "--help", "-x", "--", "y"));

        assertEquals(List.of(file.toString(), "--help", "-x", "--", "y"),
                command.subList(command.size() - 5, command.size()));
    }

    @Test
    void runTellsWhatItCannotRun() {
        assertEquals("no file given", refusal());
        assertEquals("no such file: /none/P.java", refusal("/none/P.java"));
        assertEquals("unknown option -Xmx1g; options of the JVM go into HEDDLE_JAVA_OPTS", refusal("-Xmx1g", "P.java"));
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> RunCommand.command(List.of(words))).getMessage();
    }

    @Test
    void helpThatIsFittedKeepsItsParagraphs() {
        for (Command command : Commands.listed()) {
            command.help().lines().takeWhile(line -> !line.isBlank()).forEach(
                    line -> assertTrue(line.matches("(Usage: | {7})heddle .*"), command.name() + ": " + line));
        }
    }

    @Test
    void helpOfEachCommandFitsTheUsualTerminal() {
        for (Command command : Commands.listed()) {
            for (String line : command.help().lines().toList()) {
                assertTrue(line.length() <= 80, command.name() + ": " + line);
            }
        }
    }
}
