package dev.heddle.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.file.FileStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sync.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped open, out of reach of all who could close it, is closed and told once, by name. */
@Tag("full")
final class UnclosedTest {

    private final List<String> told = new CopyOnWriteArrayList<>();

    private void run(Action body) {
        Heddle.run(Config.DEFAULT.withSignals(false).withFailureHandler((what, failure) -> {
            if (what.contains("dropped")) {
                told.add(what);
            }
        }), body);
    }

    private static void collect() {
        Heddle.offload(System::gc);
        Heddle.sleep(Duration.ofMillis(50));
    }

    private void awaitReport() {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (told.isEmpty()) {
                collect();
            }
        });
    }

    /** In a task of its own, so that no frame has it any more. */
    private static void drop(int port) {
        Heddle.spawn("careless", () -> Tcp.connect("127.0.0.1", port).write("hello")).join();
    }

    @Test
    void droppedConnectionIsClosedAndToldOnceWithWhoOpenedIt() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                drop(listener.port());
                try (ByteStream peer = listener.accept()) {
                    assertEquals("hello", new String(peer.readExactly(5), US_ASCII));
                    awaitReport();
                    Heddle.timeout(Duration.ofSeconds(60), () -> {
                        try {
                            peer.readAll(10);
                        } catch (BrokenException reset) {
                            // As of a process that has ended.
                        }
                    });
                    collect();
                    assertEquals(1, told.size(), told::toString);
                    assertTrue(told.getFirst().startsWith("the stream to 127.0.0.1:" + listener.port()
                            + ", opened by task careless"), told::toString);
                }
            }
        });
    }

    @Test
    void acceptedConnectionThatIsDroppedIsClosedToo() {
        run(() -> {
            try (Listener listener = Tcp.listen(0); ByteStream client = Tcp.connect("127.0.0.1", listener.port())) {
                Heddle.spawn("careless", () -> listener.accept().write("bye")).join();
                assertEquals("bye", new String(client.readExactly(3), US_ASCII));
                awaitReport();
                assertTrue(told.getFirst().contains("opened by task careless"), told::toString);
            }
        });
    }

    /** Nobody else may have a name for what a call waits in. */
    @Test
    void streamInWhichACallWaitsIsNotDropped() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Task<byte[]> reading = Heddle.spawn(() -> Tcp.connect("127.0.0.1", listener.port()).readAll(10));
                try (ByteStream peer = listener.accept()) {
                    for (int i = 0; i < 5; i++) {
                        collect();
                    }
                    assertEquals(List.of(), told);
                    peer.write("late");
                }
                assertEquals(4, reading.join().length);
            }
        });
    }

    @Test
    void whatIsClosedOrGivenAwayIsNotTold() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Event over = Event.named("over");
                Task<Void> user = Heddle.spawn(() -> {
                    Tcp.connect("127.0.0.1", listener.port()).close();
                    var transport = Tcp.connect("127.0.0.1", listener.port()).transport();
                    over.await();
                    transport.close();
                });
                try (ByteStream closed = listener.accept(); ByteStream given = listener.accept()) {
                    assertEquals(0, closed.readAll(1).length);
                    for (int i = 0; i < 5; i++) {
                        collect();
                    }
                    given.write("there");
                    over.set();
                    user.join();
                }
                assertEquals(List.of(), told);
            }
        });
    }

    @Test
    void droppedFileIsTold(@TempDir Path directory) {
        run(() -> {
            Path file = Files.writeString(directory.resolve("a"), "text");
            Heddle.spawn("careless", () -> FileStream.open(file).size()).join();
            awaitReport();
            assertTrue(told.getFirst().startsWith("the file " + file + ", opened by task careless"), told::toString);
        });
    }

    @Test
    void closedFileIsNotTold(@TempDir Path directory) {
        run(() -> {
            Path file = Files.writeString(directory.resolve("a"), "text");
            Heddle.spawn(() -> FileStream.open(file).close()).join();
            for (int i = 0; i < 5; i++) {
                collect();
            }
            assertEquals(List.of(), told);
        });
    }
}
