package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.Dns;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.SimOptions;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Which of several responses arrives first (RFC 9218), where the sender's window holds all of them up: so little goes in a
 * round trip of 100 ms.
 */
final class SimHttp3PriorityTest {

    /** Nothing is overtaken, which would count as a loss: what is sent again comes last, however urgent it was. */
    private static final SimOptions SLOW = SimOptions.DEFAULT
            .withLink(LinkOptions.DEFAULT.withLatency(Duration.ofMillis(50)).withJitter(Duration.ZERO));

    /** Fewer than a stream's window. */
    private static final int BYTES = 200_000;

    /** GET https://server/, as a frame of HEADERS. */
    private static final String GET = "010d" + "0000" + "d1d7c1" + "5006" + "736572766572";

    private static HttpServer.Builder server() {
        return HttpServer.builder()
                .get("/small", request -> Response.text(request.version()))
                .get("/", _ -> Response.bytes("a/b", new byte[BYTES]))
                .get("/says/{what}", request -> Response.bytes("a/b", new byte[BYTES])
                        .withHeader("Priority", request.path("what")));
    }

    private static void withClient(Consumer<HttpClient> client) {
        SimHttp3.withClient(SLOW, server(), (network, http) -> {
            http.get("https://server/small").bytes();
            assertEquals("HTTP/3", http.get("https://server/small").text());
            client.accept(http);
        });
    }

    /** The order in which three responses have come whole, that are asked for one after the other. */
    private static List<Integer> order(HttpClient http, List<Integer> urgencies, String path) {
        List<Integer> order = new ArrayList<>();
        Heddle.forEach(List.of(0, 1, 2), 3, n -> {
            Heddle.sleep(Duration.ofMillis(n));
            http.request("GET", "https://server" + path.formatted(urgencies.get(n)))
                    .priority(path.equals("/") ? urgencies.get(n) : 3, false).send().bytes();
            order.add(n);
        });
        return order;
    }

    @Test
    void mostUrgentResponseComesFirst() {
        withClient(http -> assertEquals(List.of(2, 1, 0), order(http, List.of(7, 3, 0), "/")));
        withClient(http -> assertEquals(List.of(1, 2, 0), order(http, List.of(5, 1, 2), "/")));
        withClient(http -> assertEquals(List.of(0, 1, 2), order(http, List.of(4, 4, 4), "/")));
    }

    @Test
    void wordOfTheResponseCountsMore() {
        withClient(http -> assertEquals(List.of(2, 1, 0), order(http, List.of(7, 3, 0), "/says/u=%d")));
    }

    @Test
    void responseOfTheLastPriorityGoesOnInTheGaps() {
        withClient(http -> {
            List<String> order = new ArrayList<>();
            Heddle.group(group -> {
                group.spawn("last", () -> {
                    http.request("GET", "https://server/").priority(7, false).send().bytes();
                    order.add("last");
                });
                for (int i = 0; i < 60; i++) {
                    http.request("GET", "https://server/").priority(0, false).send().bytes();
                    order.add("first");
                }
            });
            int place = order.indexOf("last");
            assertTrue(place > 0 && place < 60, order::toString);
        });
    }

    @Test
    void urgentResponseDoesNotQueueBehindManyThatWait() {
        withClient(http -> {
            List<String> order = new ArrayList<>();
            Heddle.group(group -> {
                for (int i = 0; i < 40; i++) {
                    group.spawn(() -> {
                        http.request("GET", "https://server/").priority(7, true).send().bytes();
                        order.add("patient");
                    });
                }
                Heddle.sleep(Duration.ofSeconds(1));
                http.request("GET", "https://server/").priority(0, false).send().bytes();
                order.add("urgent");
            });
            assertEquals(0, order.indexOf("urgent"));
        });
    }

    private static String update(int stream, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        return "800f0700" + "%02x%02x".formatted(1 + text.length, stream) + HexFormat.of().formatHex(text);
    }

    /** Asks for two responses, behind what it says on its control stream: which ends first. */
    private static long first(String control) {
        long[] first = {-1};
        SimHttp3.with(SLOW, server(), network -> {
            var address = new InetSocketAddress(Dns.resolve("server").getFirst(), 443);
            try (RawClient client = new RawClient(address, "server", SimHttp3.TRUST, null)) {
                client.sendOneWay("000400" + control, false);
                Heddle.sleep(Duration.ofSeconds(1));
                List<QuicStream> streams = List.of(client.send(GET, true), client.send(GET, true));
                Heddle.forEach(streams, 2, stream -> {
                    assertTrue(RawClient.readAll(stream).length() > BYTES);
                    first[0] = first[0] < 0 ? stream.id() : first[0];
                });
            }
        });
        return first[0];
    }

    @Test
    void updateThatComesBeforeItsRequestCounts() {
        assertEquals(0, first(update(0, "u=0") + update(4, "u=6")));
        assertEquals(4, first(update(0, "u=6") + update(4, "u=0")));
        assertEquals(4, first(update(0, "u=1") + update(4, "u=0, i, of=unknown") + update(0, "u=7")));
    }

    @Test
    void updatesOfAllRequestsThatMayEverComeHarmNothing() {
        StringBuilder flood = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            flood.append("800f0700").append("07").append("%08x".formatted(0x80000000 + 4 * i)).append("753d30");
        }
        assertEquals(0, first(flood + update(0, "u=0") + update(4, "u=6")));
    }
}
