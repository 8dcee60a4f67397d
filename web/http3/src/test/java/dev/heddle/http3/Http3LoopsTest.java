package dev.heddle.http3;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.Udp;
import dev.heddle.quic.QuicListenerStatistics;
import dev.heddle.quic.Router;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.quic.internal.SessionMemory;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/3 of a server on two loops. */
@Timeout(120)
final class Http3LoopsTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    private static final TlsTrust TRUST = AUTHORITY.trust();

    /** GET https://localhost/, as a frame of HEADERS. */
    private static final String GET = "0110" + "0000" + "d1d7c1" + "5009" + "6c6f63616c686f7374";

    private interface Body {
        void run(HttpServer server) throws Exception;
    }

    /** Runs a server whose page names its loop. */
    private static void withServer(ServerLimits limits, Body body) {
        run(Config.DEFAULT.withLoops(2), () -> {
            try (HttpServer server = HttpServer.builder().tls(ServerTls.of(IDENTITY)).http3().limits(limits)
                    .get("/", _ -> Response.text("<" + Heddle.currentLoop().name()))
                    .build().startOnAllLoops("127.0.0.1", 0)) {
                body.run(server);
            }
        });
    }

    private static RawClient connect(int port) {
        return new RawClient(port, TRUST);
    }

    /** The name of the loop that has answered. */
    private static String ask(RawClient client) {
        String answer = RawClient.readAll(client.send(GET, true));
        return answer.substring(answer.lastIndexOf('<') + 1);
    }

    /** What the sockets of a server have counted. */
    private static List<QuicListenerStatistics> sockets(HttpServer server) {
        return Parts.all().stream()
                .map(Part::view)
                .flatMap(view -> view.stream())
                .filter(view -> view.type().equals("QUIC listener")
                        && String.valueOf(view.name()).endsWith(":" + server.port()))
                .map(view -> (QuicListenerStatistics) view.figures())
                .toList();
    }

    private static long sum(HttpServer server, ToLongFunction<QuicListenerStatistics> figure) {
        return sockets(server).stream().mapToLong(figure).sum();
    }

    /** The connections of all servers that are shown, by their loops. */
    private static Map<Loop, Integer> shown(HttpServer server) {
        Map<Loop, Integer> shown = new HashMap<>();
        for (Part<?> part : Parts.all()) {
            if (part.view().filter(view -> String.valueOf(view.name()).endsWith(":" + server.port())).isPresent()
                    && part.type().equals("server")) {
                part.connections().forEach((loop, all) -> shown.merge(loop, count(loop, all), Integer::sum));
            }
        }
        return shown;
    }

    private static int count(Loop loop, Connections<?> all) {
        return loop.spawn(() -> all.all().size()).join();
    }

    @Test
    @Tag("full")
    void twoHundredConnectionsAreServedByBothLoopsAndAddUp() {
        withServer(ServerLimits.DEFAULT, server -> {
            List<RawClient> clients = Heddle.map(IntStream.range(0, 200).boxed().toList(), 16,
                    _ -> connect(server.port()));
            Map<String, Integer> asked = new HashMap<>();
            for (RawClient client : clients) {
                asked.merge(ask(client), 1, Integer::sum);
            }
            assertEquals(2, asked.size(), asked::toString);
            // By the kernel's hash of their ports: less than 50 of 200 comes once in a trillion.
            asked.forEach((loop, count) -> assertTrue(count > 50, asked::toString));
            assertEquals(200, server.statistics().connections());
            assertEquals(200, server.statistics().successes());
            assertEquals(200, sum(server, QuicListenerStatistics::established));
            assertEquals(2, sockets(server).size());
            assertEquals(200, shown(server).values().stream().mapToInt(Integer::intValue).sum());
            assertEquals(0, sum(server, QuicListenerStatistics::dropped));
            clients.forEach(RawClient::close);
        });
    }

    /** Each change of a port comes to the socket of the other loop or not, by chance; of 56 some do. */
    @Test
    void clientsWhosePortsChangeStayWithTheirLoop() {
        withServer(ServerLimits.DEFAULT, server -> {
            Heddle.forEach(IntStream.range(0, 8).boxed().toList(), 8, _ -> {
                try (var router = new Router(server.port()); RawClient client = connect(router.port())) {
                    String loop = ask(client);
                    for (int i = 0; i < 7; i++) {
                        router.changePort();
                        assertEquals(loop, Heddle.timeout(Duration.ofSeconds(20), () -> ask(client)));
                    }
                }
            });
            assertTrue(sum(server, QuicListenerStatistics::forwarded) > 0);
            assertEquals(0, sum(server, QuicListenerStatistics::dropped));
            assertEquals(8, sum(server, QuicListenerStatistics::established));
        });
    }

    @Test
    void stopLetsWhatIsUnderWayFinishOnBothLoops() {
        AtomicInteger begun = new AtomicInteger();
        run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = HttpServer.builder().tls(ServerTls.of(IDENTITY)).http3().get("/", _ -> {
                begun.incrementAndGet();
                Heddle.sleep(Duration.ofMillis(300));
                return Response.text("<finished");
            }).build().startOnAllLoops("127.0.0.1", 0);
            List<Task<String>> answers = new ArrayList<>();
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient client = connect(server.port());
                clients.add(client);
                answers.add(Heddle.spawn(() -> ask(client)));
            }
            while (begun.get() < 20) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertTrue(sockets(server).stream().allMatch(each -> each.established() > 0));
            server.stop(Duration.ofSeconds(10));
            for (Task<String> answer : answers) {
                assertEquals("finished", answer.join());
            }
            assertEquals(0, server.statistics().connections());
            clients.forEach(client -> assertFalse(client.awaitLost().isEmpty()));
            clients.forEach(RawClient::close);
            Udp.bind("127.0.0.1", server.port()).close();
        });
    }

    @Test
    @Tag("full")
    void limitOfConnectionsCountsForEachLoop() {
        withServer(ServerLimits.DEFAULT.withMaxConnections(3), server -> {
            List<RawClient> clients = new ArrayList<>();
            while (clients.size() < 6) {
                try {
                    clients.add(Heddle.timeout(Duration.ofSeconds(1), () -> connect(server.port())));
                } catch (DeadlineExceededException | BrokenException e) {
                    // It came to the loop that has no room.
                }
            }
            assertEquals(List.of(3, 3), sockets(server).stream().map(QuicListenerStatistics::connections).toList());
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(Duration.ofMillis(300), () -> connect(server.port())));
            assertTrue(sum(server, QuicListenerStatistics::refused) > 0);
            clients.forEach(RawClient::close);
        });
    }

    @Test
    void sessionsAreResumedOnWhicheverLoop() {
        var sessions = new SessionMemory();
        withServer(ServerLimits.DEFAULT, server -> {
            Map<String, Integer> resumed = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                try (RawClient client = new RawClient(server.port(), TRUST, sessions)) {
                    String loop = ask(client);
                    ask(client); // so that the session has come, be it late
                    assertEquals(i > 0, client.conversation().agreement().resumed(), "connection " + i);
                    resumed.merge(loop, 1, Integer::sum);
                }
            }
            assertEquals(2, resumed.size(), resumed::toString);
            assertEquals(29, sum(server, QuicListenerStatistics::resumed));
        });
    }
}
