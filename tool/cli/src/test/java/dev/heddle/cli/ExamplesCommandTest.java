package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.Examples.Example;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of this project, as the script at its root shows them. */
final class ExamplesCommandTest {

    @TempDir
    Path directory;

    @BeforeEach
    void standAtTheRoot() {
        System.setProperty(Examples.HOME, "../..");
    }

    @AfterEach
    void leave() {
        System.clearProperty(Examples.HOME);
    }

    @Test
    void theyAreListedByIdeaWithWhatTheyShow() {
        CommandLine run = CommandLine.run("examples");

        assertEquals(Exit.FINE, run.exit(), run.err());
        List<String> lines = run.lines();
        int tasks = lines.indexOf("tasks");
        assertTrue(tasks > lines.indexOf("generators"), run.out());
        assertTrue(
                lines.subList(tasks, lines.size())
                        .stream()
                        .anyMatch(line -> line.matches("  TenSleeps +Ten tasks that sleep two seconds each .*")),
                run.out());
    }

    @Test
    void namePrintsTheSource() throws Exception {
        assertEquals(
                Files.readString(Path.of("../../examples/src/main/java/tasks/TenSleeps.java")),
                CommandLine.run("examples", "TenSleeps").out());
    }

    @Test
    void eachHasANameOfItsOwnAndSaysWhatItShows() throws Exception {
        List<Example> all = Examples.find().all();
        assertEquals(all.size(), all.stream().map(Example::name).distinct().count());
        for (Example example : all) {
            assertTrue(example.summary().endsWith("."), example.name() + ": " + example.summary());
        }
    }

    @Test
    void nameThatIsNotThereIsToldWithTheOneThatWasMeant() {
        assertEquals(
                "heddle examples: no such example: TenSheeps; did you mean TenSleeps?\nTry: heddle examples --help\n",
                CommandLine.run("examples", "TenSheeps").err());
        assertEquals(Exit.USAGE, CommandLine.run("examples", "TenSleeps", "Chat").exit());
        assertEquals(Exit.USAGE, CommandLine.run("examples", "../TenSleeps").exit());
        assertEquals(Exit.USAGE, CommandLine.run("examples", "--all").exit());
    }

    @Test
    void withoutExamplesItSaysWhereItLooked() {
        System.setProperty(Examples.HOME, directory.toString());
        CommandLine run = CommandLine.run("examples");

        assertEquals(Exit.NOT_ALL, run.exit());
        assertEquals(
                "heddle examples: cannot find the examples in " + directory.resolve("examples/src/main/java") + "\n",
                run.err());
    }

    @Test
    void runTakesTheNameOfAnExample() {
        List<String> command = RunCommand.command(List.of("TenSleeps", "x", "--help"));

        assertEquals(
                List.of(Path.of("../../examples/src/main/java/tasks/TenSleeps.java").toString(), "x", "--help"),
                command.subList(command.size() - 3, command.size()));
    }

    @Test
    void runTellsWhichExampleWasMeant() {
        assertEquals(
                "neither a file that ends in .java nor an example: Chad; did you mean Chat?",
                assertThrows(UsageException.class, () -> RunCommand.command(List.of("Chad"))).getMessage());
    }
}
