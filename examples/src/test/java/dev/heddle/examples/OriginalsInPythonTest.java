package dev.heddle.examples;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.FreePorts;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The servers and clients of the documents in Python, as they stand there, and the examples that answer them: each
 * client talks to each server. The documents' go round for ever and are ended from here.
 */
@Tag("full")
@Timeout(120)
final class OriginalsInPythonTest {

    private static final Path SOURCES = Path.of("src", "test", "resources", "seeds", "originals").toAbsolutePath();

    private static final int HELLOS = 3;

    private static Process start(String program, int port) throws Exception {
        Python.assumeHas("gevent");
        return Python.startFile(
                SOURCES.resolve(program),
                Map.of("PYTHONPATH", SOURCES.toString(), "TEST_PORT", Integer.toString(port)));
    }

    /**
     * One client: when it has gone, two of the three servers go round for ever and answer nobody any more, since what
     * they read then is empty and not a failure.
     */
    @ParameterizedTest
    @ValueSource(strings = {"thread_server.py", "gevent_server.py", "gevent_server_of_one_thread.py"})
    void ourClientIsAnsweredByTheServersOfTheDocuments(String program) throws Exception {
        int port = FreePorts.next();
        Process server = start(program, port);
        try (BufferedReader out = server.inputReader()) {
            assertEquals("listening", out.readLine());
            assertEquals(
                    IntStream.range(0, HELLOS).mapToObj(i -> "THREAD-0 SAY HELLO " + i).toList(),
                    Output.of(() -> run(() -> Program.example("HelloClients").call("talkAll", port, 1, HELLOS))));
            server.toHandle().destroyForcibly();
        } finally {
            server.destroyForcibly();
        }
    }

    /** Five hundred threads that say hello until they are ended. */
    @Test
    void clientsOfTheDocumentsAreAnsweredByOurServer() throws Exception {
        List<String> answers = new ArrayList<>();
        Output.of(() -> run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0)) {
                spawn("server", () -> Program.example("UpperServer").call("serve", listener));
                offload(() -> {
                    Process clients = start("thread_clients.py", listener.port());
                    try (BufferedReader out = clients.inputReader()) {
                        for (String line = out.readLine(); line != null
                                && answers.size() < 5_000; line = out.readLine()) {
                            answers.add(line);
                        }
                        clients.toHandle().destroyForcibly();
                    }
                });
            }
        }));
        assertEquals(5_000, answers.size());
        assertTrue(
                answers.stream().filter(line -> !line.isEmpty())
                        .allMatch(line -> line.matches("(THREAD-\\d+.* SAY HELLO \\d+)+")),
                () -> answers.stream().filter(line -> !line.matches("(THREAD-\\d+.* SAY HELLO \\d+)+")).findAny()
                        .orElseThrow());
    }

    @Test
    void whatIsTypedAtTheClientOfTheDocumentsIsAnsweredByOurServer() throws Exception {
        List<String> said = new ArrayList<>();
        Output.of(() -> run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0)) {
                spawn("server", () -> Program.example("UpperServer").call("serve", listener));
                offload(() -> {
                    Process client = start("input_client.py", listener.port());
                    try (var keyboard = client.outputWriter(); var out = client.inputReader()) {
                        for (String typed : List.of("hello", "  good bye ")) {
                            keyboard.write(typed + "\n\n");     // an empty line is passed over
                            keyboard.flush();
                            said.add(out.readLine().replace(">>: ", ""));
                        }
                    } finally {
                        client.destroyForcibly();
                    }
                });
            }
        }));
        assertEquals(List.of("HELLO", "GOOD BYE"), said);
    }
}
