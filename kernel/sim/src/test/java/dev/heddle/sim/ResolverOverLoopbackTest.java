package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.ResolverStatistics;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a resolver does in the simulator it does over real sockets, on one thread. */
final class ResolverOverLoopbackTest {

    private static final int COUNT = 10_000;

    private static ResolverStatistics lookAllUp(boolean badDay, int attempts) {
        return Heddle.run(() -> {
            try (ScriptedNameServer server = ScriptedNameServer.at("127.0.0.1", 0)) {
                if (badDay) {
                    BadDay.make(server);
                }
                List<Integer> numbers = IntStream.range(0, COUNT).boxed().toList();
                numbers.forEach(i -> server.has("h" + i + ".example", BadDay.addressOf(i).getHostAddress()));
                Resolver resolver = Resolver.of(ResolverOptions.of(server.address())
                        .withTimeout(Duration.ofSeconds(5), attempts));
                Set<Thread> before = Thread.getAllStackTraces().keySet();
                List<List<InetAddress>> found = Heddle.map(
                        numbers, COUNT, i -> resolver.resolve("h" + i + ".example"));
                for (int i : numbers) {
                    assertEquals(List.of(BadDay.addressOf(i)), found.get(i));
                }
                assertTrue(Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> !before.contains(thread) && thread.getName().startsWith("heddle-dns")));
                return resolver.statistics();
            }
        });
    }

    @Test
    void namesAreLookedUpOverUdpAndTcp() {
        Heddle.run(() -> {
            try (ScriptedNameServer server = ScriptedNameServer.at("127.0.0.1", 0)) {
                server.has("h.example", "192.0.2.1");
                server.has("h.example", "2001:db8::1");
                ResolverOptions options = ResolverOptions.of(server.address());
                Set<InetAddress> both = Set.of(
                        InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
                assertEquals(both, Set.copyOf(Resolver.of(options).resolve("h.example")));
                Resolver overTcp = Resolver.of(options.withTcp(true));
                assertEquals(both, Set.copyOf(overTcp.resolve("h.example")));
                assertEquals(2, overTcp.statistics().overTcp());
            }
        });
    }

    @Test
    void portWhereNobodyListensFailsAtOnce() throws Exception {
        int port;
        try (var socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Heddle.run(() -> {
            Resolver resolver = Resolver.of(
                    ResolverOptions.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)));
            var failure = assertThrows(ResolveException.class,
                    () -> Heddle.timeout(Duration.ofSeconds(4), () -> resolver.resolve("h.example")));
            assertTrue(failure.getMessage().contains("127.0.0.1 port " + port), failure.getMessage());
        });
    }

    @Test
    @Tag("full")
    void tenThousandLookupsGoAtOnce() {
        ResolverStatistics statistics = lookAllUp(false, 2);
        assertEquals(COUNT, statistics.lookups());
        assertEquals(0, statistics.failures());
    }

    @Test
    @Tag("full")
    void tenThousandLookupsGoAtOnceThroughAServerThatDropsDelaysAndLies() {
        ResolverStatistics statistics = lookAllUp(true, 5);
        assertTrue(statistics.strays() > 100 && statistics.overTcp() > 100, statistics::toString);
    }
}
