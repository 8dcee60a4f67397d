package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle top} on a terminal, at a server of ours. */
@Tag("full")
final class TopProcessTest {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

    private static final String ON_A_TERMINAL = "script -qec \"stty cols 100 rows 20; stty -g; "
            + "JAVA_TOOL_OPTIONS=-Dheddle.terminal=true $heddle top $1; echo exit \\$?; stty -g\" /dev/null";

    @TempDir
    Path directory;

    private static String pid(ChildJvm server) throws IOException {
        server.awaitErr("http://");
        return Long.toString(server.process.pid());
    }

    /** What came on a terminal once the first figures were there and this had happened. */
    private String screen(String program, Action action) throws Exception {
        try (ChildJvm top = ChildJvm.shell(directory, ON_A_TERMINAL, program)) {
            String mode = top.awaitOut(":");
            top.awaitOut("] "); // the line of a loop, which comes with the first figures
            action.on(top);
            String rest = top.end().out();
            String[] lines = rest.strip().split("\r\n");
            assertTrue(rest.contains(LEAVE), rest);
            assertFalse(rest.contains(ENTER), rest);
            assertEquals(mode, lines[lines.length - 1], rest);
            return rest;
        }
    }

    private interface Action {
        void on(ChildJvm top) throws Exception;
    }

    private static void type(ChildJvm top, String keys) throws IOException {
        Writer keyboard = top.process.outputWriter();
        keyboard.write(keys);
        keyboard.flush();
    }

    @Test
    void keysAreTakenAtOnceAndQuitLeavesTheTerminalAsItWas() throws Exception {
        try (ChildJvm server = ChildJvm.start("serve", directory.toString(), "-p", "0")) {
            String rest = screen(pid(server), top -> {
                type(top, "w");
                top.awaitOut("WAITING*");
                type(top, "q");
            });
            assertTrue(rest.contains("exit 0"), rest);
        }
    }

    @Test
    void programThatEndsIsToldBehindTheScreen() throws Exception {
        try (ChildJvm server = ChildJvm.start("serve", directory.toString(), "-p", "0")) {
            String pid = pid(server);
            String rest = screen(pid, top -> server.signal("KILL"));
            assertTrue(rest.indexOf("heddle top: process " + pid + " has ended") > rest.indexOf(LEAVE), rest);
            assertTrue(rest.contains("exit 1"), rest);
        }
    }

    @Test
    void withoutATerminalItPrintsOneRound() throws Exception {
        try (ChildJvm server = ChildJvm.start("serve", directory.toString(), "-p", "0");
                ChildJvm top = ChildJvm.start("top", pid(server))) {
            CommandLine end = top.end();
            assertEquals(0, end.exit(), end.err());
            assertTrue(end.out().startsWith("process " + server.process.pid() + ": "), end.out());
            assertTrue(end.out().contains("BUSY%*   10s   60s"), end.out());
            assertFalse(end.out().contains("\u001b"), end.out());
        }
    }

    @Test
    void roundsOfJsonAreLinesAsTheProgramTellsThem() throws Exception {
        try (ChildJvm server = ChildJvm.start("serve", directory.toString(), "-p", "0");
                ChildJvm top = ChildJvm.start("top", "--json", "-n", "2", "-d", "100ms", pid(server))) {
            CommandLine end = top.end();
            assertEquals(0, end.exit(), end.err());
            assertEquals(2, end.out().lines().filter(line -> line.startsWith("{\"kind\":\"top\",")).count(), end.out());
            assertEquals(2, end.out().lines().filter(line -> line.startsWith("{\"kind\":\"round\"")).count(),
                    end.out());
        }
    }
}
