package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree and the waits of programs in JVMs of their own, on into the children of their pools. */
@Tag("full")
class WaitsCommandTest {

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    @BeforeEach
    void set() throws IOException {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    @Test
    void aChainIsNamedLinkByLinkIntoAChildProcessWithItsLines() throws Exception {
        Process program = programs.start(ObservedPrograms.CHAIN);
        String pid = Long.toString(program.pid());
        String line = "\\R +at [^\\n]*\\(Program0\\.java:\\d+\\)(\\R +spawned at [^\\n]+)?";
        Pattern chain = Pattern.compile(
                "task main \\(loop, running\\): a body in a child process \\((\\d+)\\), for [^\\n]+" + line
                        + "\\R +in process \\1:\\R(?s:.*)"
                        + "\\R +task waiter \\(loop-1, running\\): sleeping 1 h, for [^\\n]+; holds up \\d+" + line
                        + "\\R +task cook \\(loop-0, running\\): sending to a channel of 1, last served by task waiter "
                        + "\\(loop-1, running\\), for [^\\n]+" + line
                        + "\\R +task guest \\(loop-0, running\\): acquiring mutex kitchen, held by task cook "
                        + "\\(loop-0, running\\), for [^\\n]+" + line
                        + "\\R +task main \\(loop-0, running\\): joining task guest \\(loop-0, running\\), for [^\\n]+"
                        + line);
        CommandLine told = programs.heddleUntil(chain, "waits", pid);
        assertEquals(0, told.exit(), told::err);
        String json = programs.heddle("waits", "--json", pid).out();
        assertEquals(1, json.lines().filter(each -> each.startsWith("{\"kind\":\"process\"")).count(), json);
        assertTrue(json.contains("\"what\":\"acquiring mutex kitchen\""), json);
    }

    @Test
    void aTreeGoesOnIntoAChildProcess() throws Exception {
        Process program = programs.start(ObservedPrograms.CHAIN);
        String pid = Long.toString(program.pid());
        Pattern tree = Pattern.compile("""
                (?s)^loop \\(\\w+\\), 1 task
                  main #1: a body in a child process \\((\\d+)\\), for .*
                process \\1:
                .*  loop-0 \\(\\w+\\), 3 tasks
                    main #1: joining task guest \\(loop-0, running\\), for [^\n]*
                      cook #2: sending to a channel of 1, for [^\n]*
                      guest #3: acquiring mutex kitchen, held by task cook \\(loop-0, running\\), for [^\n]*
                  loop-1 \\(\\w+\\), 1 task
                    waiter #1: sleeping 1 h, for [^\n]*
                $""");
        CommandLine told = programs.heddleUntil(tree, "tree", pid);
        assertEquals(0, told.exit(), told::err);
        CommandLine named = programs.heddle("tree", "--name", "gu*", "--lines", pid);
        assertTrue(named.out().contains("main #1") && named.out().contains("guest #3"), named::out);
        assertTrue(!named.out().contains("cook #2"), named::out);
    }
}
