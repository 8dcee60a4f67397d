package dev.heddle.http;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.http.cache.ResponseCache;
import dev.heddle.http.cache.ResponseCacheStatistics;
import dev.heddle.http.client.ClientStatistics;
import dev.heddle.http.client.HttpCache;
import dev.heddle.http.client.HttpCacheStatistics;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.UpstreamStatistics;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.overload.LoadShedding;
import dev.heddle.http.overload.LoadSheddingStatistics;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerStatistics;
import dev.heddle.http.server.WebSocketBroadcast;
import dev.heddle.http.server.WebSocketBroadcastStatistics;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Overflow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Servers, clients and what stands between, each used by chance by a program that counts by itself; by the type of their figures. */
final class CountedHttp extends Ledgers {

    private static final int CALLS = 120;
    private static final Duration HOLD = Duration.ofNanos(1_300_000);
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;
    private static final String URL = "http://127.0.0.1:8080";
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Requests sent, those whose answer came, by status; and what the handlers have answered. */
    private long sent;

    private final long[] seen = new long[6];
    private final long[] made = new long[6];
    private int inHandlers;
    private long entered;
    private long cancelled;

    /** The bytes of all connections of a server, as who looks at them is told. */
    public interface Traffic {
        long in();

        long out();
    }

    CountedHttp() {
        add(ServerStatistics.class, seed -> new CountedHttp().server(seed));
        add(ClientStatistics.class, seed -> new CountedHttp().client(seed));
        add(LoadSheddingStatistics.class, seed -> new CountedHttp().shedding(seed));
        add(ResponseCacheStatistics.class, seed -> new CountedHttp().responseCache(seed));
        add(HttpCacheStatistics.class, seed -> new CountedHttp().clientCache(seed));
        add(UpstreamStatistics.class, seed -> new CountedHttp().upstream(seed));
        add(WebSocketBroadcastStatistics.class, seed -> new CountedHttp().broadcast(seed));
        add(Traffic.class, seed -> new CountedHttp().traffic(seed));
    }

    /** The network delays nothing, so that at rest all has arrived. */
    @Override
    public void run(Body body, long seed) {
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withFailureHandler((what, failure) -> {}), sim -> {
            sim.network().link(LinkOptions.INSTANT);
            body.run(seed);
        });
    }

    // ---- the program ----

    private HttpServer.Builder routes() {
        return HttpServer.builder()
                .use(this::counted)
                .get("/ok", r -> Response.text("ok"))
                .get("/slow", r -> {
                    Heddle.sleep(HOLD);
                    return Response.text("slow");
                })
                .get("/moved", r -> Response.empty(304))
                .get("/missing", r -> {
                    throw new StatusException(404, "missing");
                })
                .get("/busy", r -> Response.empty(503));
    }

    private Response counted(Request request, Handler next) throws Exception {
        entered++;
        inHandlers++;
        try {
            Response response = next.handle(request);
            made[response.status() / 100]++;
            return response;
        } catch (StatusException e) {
            made[e.status() / 100]++;
            throw e;
        } finally {
            inHandlers--;
        }
    }

    private Action ask(HttpClient http, String path) {
        return () -> {
            sent++;
            boolean answered = false;
            try (Reply reply = http.get(URL + path)) {
                reply.text();
                seen[reply.status() / 100]++;
                answered = true;
            } finally {
                cancelled += answered ? 0 : 1;
            }
        };
    }

    private List<Action> asks(HttpClient http) {
        return List.of(ask(http, "/ok"), ask(http, "/slow"), ask(http, "/moved"), ask(http, "/missing"),
                ask(http, "/busy"), ask(http, "/nowhere"));
    }

    private void server(long seed) {
        try (HttpServer server = routes().start(HOST, PORT); HttpClient http = HttpClient.create()) {
            Ledger ledger = new Ledger(ServerStatistics.class, server::statistics)
                    .row("connections", () -> http.statistics().connections() + closing(server, http))
                    .between("accepted", () -> server.statistics().connections(), () -> sent)
                    .row("inFlight", () -> inHandlers)
                    .row("requests", () -> entered)
                    .between("successes", () -> seen[2], () -> made[2])
                    .between("redirections", () -> seen[3], () -> made[3])
                    .between("clientErrors", () -> seen[4], () -> made[4])
                    .between("serverErrors", () -> seen[5], () -> made[5])
                    .between("unanswered", () -> 0, () -> cancelled);
            ledger.run(seed, CALLS, asks(http));
        }
    }

    /** A request whose client has gone keeps its connection until its handler has ended. */
    private long closing(HttpServer server, HttpClient http) {
        long more = server.statistics().connections() - http.statistics().connections();
        return Math.clamp(more, 0, inHandlers);
    }

    private void client(long seed) {
        try (HttpServer server = routes().start(HOST, PORT); HttpClient http = HttpClient.create()) {
            Ledger ledger = new Ledger(ClientStatistics.class, http::statistics)
                    .row("connections", () -> server.statistics().connections() - closing(server, http))
                    .row("idle", () -> http.statistics().connections() - underWay())
                    .row("waiting", () -> 0)
                    .row("opened", () -> server.statistics().accepted())
                    .row("reused", () -> sent - server.statistics().accepted());
            ledger.run(seed, CALLS, asks(http));
        }
    }

    private long underWay() {
        return sent - cancelled - seen[2] - seen[3] - seen[4] - seen[5];
    }

    private void traffic(long seed) {
        long[] said = new long[1];
        long[] heard = new long[1];
        var random = new Random(seed);
        Deque<ByteStream> idle = new ArrayDeque<>();
        try (HttpServer _ = routes().start(HOST, PORT)) {
            for (int i = 0; i < 4; i++) {
                idle.add(Tcp.connect(HOST, PORT));
            }
            new Ledger(Traffic.class, CountedHttp::seen)
                    .row("in", () -> said[0])
                    .row("out", () -> heard[0])
                    .run(seed, CALLS, List.of(() -> Heddle.shield(() -> {
                        ByteStream client = idle.poll();
                        if (client != null) {
                            String request = "GET /ok?" + "x".repeat(random.nextInt(50))
                                    + " HTTP/1.1\r\nHost: a\r\n\r\n";
                            client.write(request);
                            said[0] += request.length();
                            int head = client.readUntil(END_OF_HEAD, 1_000).length;
                            int body = client.readExactly("ok".length()).length;
                            heard[0] += head + body;
                            idle.add(client);
                        }
                    })));
            idle.forEach(ByteStream::close);
        }
    }

    private static Traffic seen() {
        List<ConnectionSight.Bytes> all = SeenConnections.of("server").stream().map(ConnectionSight::bytes).toList();
        long in = all.stream().mapToLong(ConnectionSight.Bytes::in).sum();
        long out = all.stream().mapToLong(ConnectionSight.Bytes::out).sum();
        return new Traffic() {
            @Override
            public long in() {
                return in;
            }

            @Override
            public long out() {
                return out;
            }
        };
    }

    private void shedding(long seed) {
        LoadShedding shedding = LoadShedding.of(Duration.ofMinutes(1)).withBounds(1, 3);
        long[] inner = new long[2];
        HttpServer.Builder routes = HttpServer.builder().use(this::counted).use(shedding)
                .get("/slow", r -> {
                    inner[0]++;
                    inner[1]++;
                    try {
                        Heddle.sleep(HOLD);
                    } finally {
                        inner[1]--;
                    }
                    return Response.text("slow");
                });
        try (HttpServer _ = routes.start(HOST, PORT); HttpClient http = HttpClient.create()) {
            new Ledger(LoadSheddingStatistics.class, shedding::statistics)
                    .between("limit", () -> 1, () -> 3)
                    .row("running", () -> inner[1])
                    .row("admitted", () -> inner[0])
                    .row("refused", () -> made[5])
                    .run(seed, CALLS, List.of(ask(http, "/slow")));
        }
    }

    // ---- caches: one request at a time, so that nobody waits for another's ----

    private static Handler kept(long[] handled) {
        return request -> {
            handled[0]++;
            return Response.text(request.path("id")).withHeader("Cache-Control", "max-age=3600");
        };
    }

    /** Asks for one of a few pages, and counts those asked for before. */
    private Action page(HttpClient http, Random random, Set<Integer> asked, long[] hits) {
        return () -> Heddle.shield(() -> {
            int id = random.nextInt(5);
            hits[0] += asked.add(id) ? 0 : 1;
            http.get(URL + "/page/" + id).text();
        });
    }

    private void responseCache(long seed) {
        ResponseCache cache = ResponseCache.inMemory(1_000_000);
        Set<Integer> asked = new HashSet<>();
        long[] handled = new long[1];
        long[] hits = new long[1];
        long[] posted = new long[1];
        var random = new Random(seed);
        HttpServer.Builder routes = HttpServer.builder().use(cache)
                .get("/page/{id}", kept(handled))
                .post("/page", r -> Response.text("posted"));
        try (HttpServer _ = routes.start(HOST, PORT); HttpClient http = HttpClient.create()) {
            new Ledger(ResponseCacheStatistics.class, cache::statistics)
                    .row("responses", asked::size)
                    .between("bytes", asked::size, () -> 10_000L * asked.size())
                    .row("hits", () -> hits[0] - cache.statistics().waited())
                    .row("misses", () -> handled[0])
                    .between("waited", () -> 0, () -> hits[0])
                    .row("passed", () -> posted[0])
                    .row("stale", () -> 0)
                    .row("standIns", () -> 0)
                    .row("revalidated", () -> 0)
                    .row("evictions", () -> 0)
                    .row("refusals", () -> 0)
                    .run(seed, CALLS, List.of(page(http, random, asked, hits), () -> Heddle.shield(() -> {
                        posted[0]++;
                        http.request("POST", URL + "/page").body("word").send().text();
                    })));
        }
    }

    private void clientCache(long seed) {
        HttpCache cache = HttpCache.inMemory(1_000_000);
        Set<Integer> asked = new HashSet<>();
        long[] handled = new long[1];
        long[] all = new long[1];
        long[] hits = new long[1];
        var random = new Random(seed);
        HttpServer.Builder routes = HttpServer.builder().get("/page/{id}", kept(handled));
        try (HttpServer _ = routes.start(HOST, PORT);
                cache;
                HttpClient http = HttpClient.builder().cache(cache).build()) {
            Action page = page(http, random, asked, hits);
            new Ledger(HttpCacheStatistics.class, cache::statistics)
                    .row("replies", asked::size)
                    .between("bytes", asked::size, () -> 10_000L * asked.size())
                    .row("hits", () -> all[0] - handled[0])
                    .row("misses", () -> handled[0])
                    .row("revalidated", () -> 0)
                    .row("standIns", () -> 0)
                    .row("evictions", () -> 0)
                    .row("filed", () -> 0)
                    .row("fileBytes", () -> 0)
                    .row("fileFailures", () -> 0)
                    .run(seed, CALLS, List.of(() -> {
                        all[0]++;
                        page.run();
                    }));
        }
    }

    private void upstream(long seed) {
        Upstreams upstreams = Upstreams.of("http://127.0.0.1:9090").withMaxInFlight(2).withMaxWaiting(1000);
        HttpClient behind = HttpClient.create();
        Proxying gateway = Proxying.to(upstreams, behind);
        try (behind;
                HttpServer _ = routes().start(HOST, 9090);
                HttpServer _ = HttpServer.builder().get("/{path...}", gateway).start(HOST, PORT);
                HttpClient http = HttpClient.create()) {
            new Ledger(UpstreamStatistics.class, () -> gateway.statistics().getFirst())
                    .row("url", () -> "http://127.0.0.1:9090")
                    .row("inFlight", () -> inHandlers)
                    .row("waiting", () -> sent - entered)
                    .row("requests", () -> entered)
                    .row("failures", () -> 0)
                    .row("refused", () -> 0)
                    .row("healthy", () -> true)
                    .row("checks", () -> 0)
                    .row("failedChecks", () -> 0)
                    .row("breaker", () -> gateway.statistics().getFirst().breaker()) // has a ledger of its own
                    .run(seed, CALLS, asks(http).stream().map(CountedHttp::shielded).toList());
        }
    }

    private static Action shielded(Action act) {
        return () -> Heddle.shield(act);
    }

    private void broadcast(long seed) {
        WebSocketBroadcast room = WebSocketBroadcast.create(64, Overflow.DROP_NEWEST);
        Set<WebSocket> joined = new HashSet<>();
        long[] said = new long[1];
        HttpServer.Builder routes = HttpServer.builder().webSocket("/room", (request, socket) -> {
            try (var _ = room.join(socket)) {
                socket.forEach(message -> {});
            }
        });
        try (HttpServer _ = routes.start(HOST, PORT); HttpClient http = HttpClient.create()) {
            new Ledger(WebSocketBroadcastStatistics.class, room::statistics)
                    .row("sockets", joined::size)
                    .row("sent", () -> said[0])
                    .row("dropped", () -> 0)
                    .row("disconnected", () -> 0)
                    .run(seed, CALLS, List.of(
                            () -> Heddle.shield(() -> {
                                if (joined.size() < 5) {
                                    joined.add(http.webSocket("ws://127.0.0.1:8080/room").connect());
                                }
                            }),
                            () -> Heddle.shield(() -> leave(joined)),
                            () -> {
                                said[0]++;
                                room.sendText("word");
                            }));
            while (!joined.isEmpty()) {
                leave(joined);
            }
        }
    }

    private static void leave(Set<WebSocket> joined) {
        @Nullable WebSocket one = joined.stream().findFirst().orElse(null);
        if (one != null) {
            joined.remove(one);
            one.abort();
        }
    }
}
