package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.StreamHandler;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The programs about sockets, on a simulated network. */
final class SocketProgramsTest {

    @Test
    void pagesAreFetchedWithRequestsMadeByHand() {
        assertEquals(
                IntStream.range(0, 20).mapToObj(n -> "HTTP/1.1 200 OK: page " + n).toList(),
                Simulated.outputOf("HttpByHand", "serveAndFetch"));
    }

    @Test
    @Tag("full")
    void tenThousandClientsAreConnectedAtTheSameTimeAndGetTheFile() {
        assertEquals(
                List.of("10000 clients were connected at the same time", "all got the file: true"),
                Simulated.outputOf("TenThousandClients", "serveAndFetch", 10_000));
    }

    /** More than the backlog of a listener, so the server takes some before the last knock. */
    @Test
    @Tag("full")
    void silentConnectionsAreCountedAndTenMillionReckoned() {
        List<String> lines = Output.of(() -> run(() -> Program.example("SilentConnections").call("measure", 1_200)));
        String each = lines.get(4).replaceAll("each one more: ([\\d,]+) bytes", "$1").replace(",", "");
        double heap = Long.parseLong(each) * 1e7 / 1e9;
        assertTrue(heap > 10 && heap < 40, () -> "a task that waits, its stack and its stream take " + lines);
        assertEquals(
                "ten million: %.1f GB of heap + 41.0 GB in the kernel = %.1f GB".formatted(heap, heap + 41),
                lines.get(5));
        double left = 64 - heap - 41;
        assertEquals(
                left >= 0
                        ? "they fit into 64 GB, %.1f GB are left for the collector".formatted(left)
                        : "they do not fit into 64 GB, %.1f GB are missing".formatted(-left),
                lines.get(6));
    }

    @Test
    void whatIsTypedIsAnsweredInCapitalsUntilTheInputEnds() {
        assertLinesMatch(
                List.of(
                        ">>: client .+:\\d+ msg: hello",
                        "HELLO",
                        ">>: >>: client .+:\\d+ msg: good bye",
                        "GOOD BYE",
                        ">>: "),
                Output.of(() -> Sim.run(() -> {
                    var listener = Tcp.listen("127.0.0.1", 8080);
                    var server = spawn("server", () -> Program.example("UpperServer").call("serve", listener));
                    try (var keyboard = MemoryStreams.pair(); listener) {
                        keyboard.left().write("hello\n\n  good bye \n");
                        keyboard.left().closeOutput();
                        Program.example("UpperClient").call("talk", 8080, keyboard.right());
                    }
                    server.cancel();
                })));
    }

    // ---- letters that are cut ----

    private static final String LETTERS = "\u4f60\u597d, h\u00e9llo \ud83e\uddf5";

    private static final String REPLACEMENT = "\ufffd";

    /** What comes back when the bytes of a text are sent in two halves, cut before each byte in turn. */
    private static void eachCut(StreamHandler program, String expected) {
        byte[] bytes = LETTERS.getBytes(StandardCharsets.UTF_8);
        Output.of(() -> Sim.run(() -> {
            for (int cut = 1; cut < bytes.length; cut++) {
                try (var wire = MemoryStreams.pair()) {
                    Task<Void> server = spawn(() -> {
                        try (ByteStream peer = wire.right()) {
                            program.handle(peer);
                        }
                    });
                    wire.left().write(Arrays.copyOf(bytes, cut));
                    sleep(Duration.ofSeconds(1));
                    wire.left().write(Arrays.copyOfRange(bytes, cut, bytes.length));
                    wire.left().closeOutput();
                    String heard = new String(wire.left().readAll(1_000), StandardCharsets.UTF_8);
                    server.join();
                    assertEquals(expected, heard.replaceAll("memory:\\S+ Your msg ", ""), "cut at " + cut);
                }
            }
        }));
    }

    @Test
    void capitalsOfLettersThatAreCutAreWhole() {
        eachCut(peer -> Program.example("UpperServer").call("talk", peer), LETTERS.toUpperCase(Locale.ROOT));
    }

    @Test
    void messageOfLettersThatAreCutIsWhole() {
        eachCut(peer -> Program.example("YourMessage").call("handle", peer), LETTERS);
    }

    /** A server that answers a letter in two parts: the client prints no half of it. */
    private static List<String> answersCutAt(int cut, Action client) {
        byte[] bytes = LETTERS.getBytes(StandardCharsets.UTF_8);
        return Output.of(() -> Sim.run(() -> {
            try (var listener = Tcp.listen("127.0.0.1", 8080)) {
                Task<Void> server = spawn(() -> {
                    try (ByteStream peer = listener.accept()) {
                        peer.read(new byte[100]);
                        peer.write(Arrays.copyOf(bytes, cut));
                        sleep(Duration.ofSeconds(1));
                        peer.write(Arrays.copyOfRange(bytes, cut, bytes.length));
                    }
                });
                client.run();
                server.join();
            }
        }));
    }

    @Test
    void clientsPrintNoHalfOfALetter() {
        for (int cut = 1; cut < 3; cut++) {
            List<String> hello = answersCutAt(cut, () -> Program.example("HelloClients").call("talkAll", 8080, 1, 1));
            List<String> typed = answersCutAt(cut, () -> {
                try (var keyboard = MemoryStreams.pair()) {
                    keyboard.left().write("hello\n");
                    keyboard.left().closeOutput();
                    Program.example("UpperClient").call("talk", 8080, keyboard.right());
                }
            });
            assertFalse((hello + "" + typed).contains(REPLACEMENT), () -> hello + " " + typed);
        }
    }
}
