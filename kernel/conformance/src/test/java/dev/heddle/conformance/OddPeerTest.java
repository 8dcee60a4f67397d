package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers with names that the server cannot express. */
final class OddPeerTest {

    @ParameterizedTest
    @CsvSource({"nio, broken", "epoll, from unnamed", "io_uring, from unnamed"})
    void pathThatTheLocaleDoesNotKnowStopsNoServer(String engine, String odd, @TempDir Path folder) throws Exception {
        assumeTrue(
                Engines.offers()
                        .stream()
                        .anyMatch(offer -> offer.name().equals(engine) && offer.whyNot().isEmpty()),
                engine + " cannot work here");
        assumeTrue(System.getProperty("sun.jnu.encoding").equals("UTF-8"), "the odd name cannot be made here");
        UnixDomainSocketAddress server = UnixDomainSocketAddress.of(folder.resolve("server"));
        try (Program child = ChildJvm.start(
                List.of("/usr/bin/env", "LC_ALL=C"), UnixChild.class, engine, server.getPath().toString());
                SocketChannel strange = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel plain = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Heddle.run(() -> {
                while (!text(child.printed()).contains("listening")) {
                    assertTrue(child.isAlive(), child::toString);
                    Heddle.sleep(Duration.ofMillis(5));
                }
            });
            strange.bind(UnixDomainSocketAddress.of(folder.resolve("str\u00e4nge"))).connect(server);
            plain.connect(server);

            assertEquals("listening\n" + odd + "\nfrom unnamed\n", Heddle.run(() -> text(child.output())));
        }
    }
}
