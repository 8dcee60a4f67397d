package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.util.List;
import java.util.stream.IntStream;
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
    void tenThousandClientsAreConnectedAtTheSameTimeAndGetTheFile() {
        assertEquals(
                List.of("10000 clients were connected at the same time", "all got the file: true"),
                Simulated.outputOf("TenThousandClients", "serveAndFetch", 10_000));
    }

    @Test
    void silentConnectionsAreCountedAndTenMillionReckoned() {
        assertLinesMatch(
                List.of(
                        "300 silent connections need [\\d,]+ bytes of heap each",
                        "ten million need \\d+\\.\\d GB of heap, and 41\\.0 GB of the kernel's memory"),
                Output.of(() -> run(() -> Program.example("SilentConnections").call("measure", 300))));
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
}
