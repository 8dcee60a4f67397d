package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server in a process that may open few descriptors. */
@LeavesNothing
@Tag("full")
final class FewDescriptorsTest {

    private static final int DESCRIPTORS = 80;
    private static final int CONNECTIONS = 150;

    private static final List<String> LIMITED = List.of(
            "/bin/bash", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "limited");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void serverWithoutDescriptorsServesOnWhenSomeAreFree(String engine) throws Exception {
        assumeWorks(engine);
        try (Program child = ChildJvm.start(LIMITED, ExhaustedChild.class, engine)) {
            Heddle.run(() -> {
                int port = Integer.parseInt(firstLine(child));
                List<ByteStream> clients = new ArrayList<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    clients.add(Tcp.connect("127.0.0.1", port));
                }
                // The system has accepted them all; the server only as many as it can, until these end.
                awaitPrinted(child, "cannot accept");
                for (ByteStream client : clients) {
                    client.write("x");
                    assertArrayEquals(new byte[]{'x'}, client.readExactly(1), child::toString);
                    client.close();
                }
                assertTrue(reports(child) < 1_000, "the server rests between two attempts");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void firstUsesThatFindNoDescriptorsWorkWhenSomeAreFree(String engine) throws Exception {
        assumeWorks(engine);
        checkFirstUses(engine, "serving");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void firstUseOfAnyKindMayBeTheFirstOfAll(String engine) throws Exception {
        assumeWorks(engine);
        for (String use : List.of(
                "UDP", "look-up", "random numbers", "address", "own names", "TCP", "Unix", "subprocess", "TLS",
                "watch")) {
            checkFirstUses(engine, "cold", use);
        }
    }

    private void checkFirstUses(String engine, String begin, String... uses) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(engine, begin, directory.toString()));
        arguments.addAll(List.of(uses));
        try (Program child = ChildJvm.start(LIMITED, FirstUseChild.class, arguments.toArray(String[]::new))) {
            Heddle.run(() -> awaitPrinted(child, "done"));
            assertEquals("done\n", text(child.printed()), child::toString);
        }
    }

    private static void assumeWorks(String engine) {
        assumeTrue(
                Engines.offers()
                        .stream()
                        .anyMatch(offer -> offer.name().equals(engine) && offer.whyNot().isEmpty()),
                engine + " cannot work here");
    }

    private static String firstLine(Program child) throws Exception {
        awaitPrinted(child, "\n");
        return text(child.printed()).lines().findFirst().orElseThrow();
    }

    private static void awaitPrinted(Program child, String wanted) throws Exception {
        while (!text(child.printed()).contains(wanted)) {
            assertTrue(child.isAlive(), child::toString);
            Heddle.sleep(Duration.ofMillis(5));
        }
    }

    private static long reports(Program child) throws Exception {
        return text(child.printed()).lines().filter(line -> line.startsWith("cannot accept")).count();
    }
}
