package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.Buffers;
import dev.heddle.sync.Event;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that wait hold no buffer, at the server and at the client: there may be thousands. */
@LeavesNothing
@Timeout(60)
final class WaitingRequestsTest {

    private static final int REQUESTS = 200;

    /** What came before is taken again; the engine and the test have some of their own. */
    private static final long FEW = 20;

    private static final byte[] BODY = new byte[1_000];

    private final Event all = Event.named("all requests in their handlers");
    private int waiting;

    /** Those that wait in their handlers, of which each has read its whole body. */
    private Response hold(Request request) {
        assertEquals(BODY.length, request.bytes(BODY.length).length);
        if (++waiting == REQUESTS) {
            all.set();
        }
        all.await();
        return Response.text(Integer.toString(Buffers.statistics().borrowed()));
    }

    @Test
    void thatAreHandledHoldNone() {
        Heddle.run(() -> {
            HttpServer server = HttpServer.builder().post("/", this::hold).build();
            server.start("127.0.0.1", 0);
            var limits = ClientLimits.DEFAULT.withMaxConnections(REQUESTS).withMaxConnectionsPerHost(REQUESTS);
            try (var http = HttpClient.builder().limits(limits).build()) {
                String url = "http://127.0.0.1:" + server.port() + "/";
                long before = direct();
                Heddle.group((TaskGroup group) -> {
                    for (int i = 0; i < REQUESTS; i++) {
                        group.spawn(() -> {
                            int borrowed = Integer.parseInt(http.post(url, BODY).text());
                            assertTrue(borrowed <= FEW, () -> borrowed + " of streams");
                        });
                    }
                    all.await();
                    long more = direct() - before;
                    assertTrue(more <= FEW, () -> more + " in all");
                });
            } finally {
                server.close();
            }
        });
    }

    @Test
    void repliesThatAreReadSlowlyHoldNone() {
        Heddle.run(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.stream("text/plain", out -> {
                        out.write(BODY);
                        out.flush();
                        all.await();
                    }))
                    .build();
            server.start("127.0.0.1", 0);
            try (var http = HttpClient.create()) {
                List<Reply> replies = new ArrayList<>();
                for (int i = 0; i < FEW; i++) {
                    Reply reply = http.request("GET", "http://127.0.0.1:" + server.port() + "/").send();
                    replies.add(reply);
                    assertEquals(BODY.length, reply.read(new byte[BODY.length]));
                }
                assertEquals(0, Buffers.statistics().borrowed());
                all.set();
                replies.forEach(Reply::close);
            } finally {
                server.close();
            }
        });
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow()
                .getCount();
    }
}
