package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on streams. */
final class StreamsTest {

    private static void greet(ByteStream stream) {
        Optional<String> name = stream.readLine(1024);     // empty when the peer has ended its output
        stream.write("hello " + name.orElse("nobody") + "\n");
    }

    @Test
    void serverAndAClient() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (Listener listener = Tcp.listen(0)) {                       // loopback, a free port
                spawn("server", () -> listener.serve(1_000, stream -> greet(stream)));

                try (ByteStream stream = Tcp.connect("127.0.0.1", listener.port())) {
                    stream.write("Ada\n");
                    IO.println(stream.readLine(1024).orElse("no answer"));
                }
            }
        }));
        assertEquals(List.of("hello Ada"), lines);
    }

    private static void send(ByteStream stream, byte[] message) {
        ByteBuffer length = ByteBuffer.allocate(4).putInt(message.length).flip();
        stream.write(length, ByteBuffer.wrap(message));                     // one message, in one step
    }

    private static byte[] receive(ByteStream stream) {
        int length = ByteBuffer.wrap(stream.readExactly(4)).getInt();
        if (length < 0 || length > 1_000_000) {
            throw new IllegalArgumentException("a message of " + length + " bytes");
        }
        return stream.readExactly(length);
    }

    @Test
    void messagesAreCutFromTheStream() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                send(pair.left(), new byte[]{1, 2, 3});
                send(pair.left(), new byte[0]);
                assertEquals(3, receive(pair.right()).length);
                assertEquals(0, receive(pair.right()).length);
            }
        });
    }

    @Test
    void peerIsPlayedAtTheOtherEndOfAPair() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn(() -> greet(pair.right()));
                pair.left().write("Ada\n");
                assertEquals("hello Ada", pair.left().readLine(100).orElseThrow());
            }
        });
    }

    @Test
    void halfOfAStreamIsClosed() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn(() -> {
                    byte[] everything = pair.right().readAll(1_000_000);
                    pair.right().write(everything.length + " bytes\n");
                });
                ByteStream stream = pair.left();
                stream.write("first\n");
                stream.write("second\n");
                stream.closeOutput();                      // the peer reads an end; reading goes on here
                assertEquals("13 bytes", stream.readLine(100).orElseThrow());
            }
        });
    }

    @Test
    void waysAStreamEnds() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                pair.right().write("abc");
                pair.right().close();
                var e = assertThrows(EndOfStreamException.class, () -> pair.left().readExactly(10));
                assertEquals(3, e.partial().length);
            }
            assertThrows(ConnectFailedException.class, () -> Tcp.connect("127.0.0.1", 1));
        });
    }

    @Test
    void listenerStopsInOrder() {
        Sim.run(() -> {
            Listener listener = Tcp.listen(0);
            Task<Void> server = spawn("server", () -> listener.serve(1_000, stream -> {
                stream.fill();
            }));
            try (ByteStream idle = Tcp.connect("127.0.0.1", listener.port())) {
                sleep(Duration.ofSeconds(1));
                boolean inPeace = listener.stop(Duration.ofSeconds(10));   // handlers get ten seconds, then a cancel
                assertEquals(false, inPeace);
                server.join();
                assertTrue(idle.isOpen());
            }
        });
    }
}
