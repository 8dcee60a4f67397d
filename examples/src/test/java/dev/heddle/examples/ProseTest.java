package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Prose.java} over the documents, and over made-up ones with a fault of each rule. */
final class ProseTest {

    /** Right sentences around each fault, so that only the fault itself can be found. */
    private static final String FAULTS = """
            # What it does

            A task waits; `Who.waits(for)` is code. What is a task? See [what](http://who.is/gone/away) follows.

            ```java
            // Who is slower slows the other, and this line of code is far longer than one hundred and twenty characters are %s
            ```

            %s one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
            eighteen nineteen twenty twenty-one, and `how many who` words more.

            Who waits is served.

            - **What** is read is counted.

            One.
            Two.
            Three.
            Four.
            Five.
            Six.
            Seven.

            | a table | may be as long as it has to be, since Markdown has no way to break a row of it in two lines or more. |
            |---|---|
            | a cell | The client goes away. |

            This line has more than one hundred and twenty characters. Nobody reads it to its end. It should have been cut quite long ago.
            """
            .formatted("x".repeat(20), "Zero");

    @TempDir
    private Path project;

    private static String said(int exit, Path root, String... more) throws Exception {
        Process process = new ProcessBuilder(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        Documents.ROOT.resolve("build/Prose.java").toString(),
                        root.toString(),
                        more.length == 0 ? "" : more[0]))
                .redirectErrorStream(true).start();
        var output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        assertEquals(exit, process.waitFor(), output::toString);
        return output.toString();
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void noDocumentBreaksMoreRulesThanIsAllowed() throws Exception {
        assertEquals("", said(0, Documents.ROOT));
    }

    @Test
    @Tag("night")
    void faultOfEachRuleIsFound() throws Exception {
        write("docs/guide/01-tasks.md", FAULTS);
        write("docs/decisions/0001-tasks.md", FAULTS);
        assertEquals(
                """
                        :28: a line of 126 characters: This line has more than one hundred and twenty characters. Nobody reads it to its end. It should hav...
                         line 1, and 0 in build/prose.txt
                        :23: a paragraph of 7 lines ends here
                         paragraph 1, and 0 in build/prose.txt
                        :26: "goes away"; the field's term: disconnects, closes the connection
                         phrase 1, and 0 in build/prose.txt
                        :13: begins with a relative clause: Who waits is served.
                        :15: begins with a relative clause: What is read is counted.
                         relative 2, and 0 in build/prose.txt
                        :11: 26 words: Zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixtee...
                         sentence 1, and 0 in build/prose.txt
                        """,
                said(1, project).replace("docs/guide/01-tasks.md", ""));
    }

    @Test
    @Tag("night")
    void countOfFaultsOnlyFalls() throws Exception {
        write("docs/queues.md", "Who waits is served.\n");
        write("build/prose.txt", "docs/queues.md phrase 2\ndocs/queues.md relative 3\n");
        assertEquals("", said(0, project, "lower"));
        assertEquals("docs/queues.md relative 1\n", Files.readString(project.resolve("build/prose.txt")));

        write("docs/queues.md", "Who waits is served. Who comes first waits least.\n");
        assertTrue(said(1, project, "lower").endsWith("docs/queues.md relative 2, and 1 in build/prose.txt\n"));
        assertEquals("docs/queues.md relative 1\n", Files.readString(project.resolve("build/prose.txt")));
    }
}
