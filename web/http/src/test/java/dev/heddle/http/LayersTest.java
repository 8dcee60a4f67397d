package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.cache.ResponseCache;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.Conditional;
import dev.heddle.http.server.ContentDigests;
import dev.heddle.http.server.Cors;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Response;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Layers that are right alone are right together: all pairs and triples of middleware, cache and gateway, in each
 * order, against what must hold of any response by RFC 9110, 9111, 9530 and Fetch.
 */
final class LayersTest {

    private static final String ALLOWED = "https://app.example";
    private static final String EVIL = "https://evil.example";
    private static final byte[] CONTENT = "to be or not to be, ".repeat(100).getBytes(StandardCharsets.US_ASCII);

    enum Layer {
        COMPRESSION,
        CONDITIONAL,
        CACHE,
        CORS,
        GATEWAY,
        DIGESTS,
        /** Planted: compresses and says nothing of what that changes. */
        CARELESS;

        Handler around(Handler inner) {
            return switch (this) {
                case COMPRESSION -> through(Compression.DEFAULT, inner);
                case CONDITIONAL -> through(Conditional.middleware(), inner);
                case CACHE -> through(ResponseCache.inMemory(1_000_000), inner);
                case CORS -> through(Cors.allow(ALLOWED), inner);
                case GATEWAY -> gateway(inner);
                case DIGESTS -> through(ContentDigests.DEFAULT, inner);
                case CARELESS -> through((request, next) -> {
                    Response response = next.handle(request);
                    return response.status() == 200 && request.header("Accept-Encoding").isPresent()
                            ? Response.bytes("text/plain", gzip(CONTENT)).withHeaders(response.headers())
                                    .withHeader("Content-Encoding", "gzip")
                            : response;
                }, inner);
            };
        }
    }

    private static Handler through(Middleware middleware, Handler inner) {
        return request -> middleware.handle(request, inner);
    }

    private static Handler gateway(Handler inner) {
        HttpServer upstream = HttpServer.builder().any("/{path...}", inner).build();
        HttpClient http = HttpClient.builder().connector((host, port) -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            Heddle.currentLoop().spawn(() -> upstream.serve(pair.right()));
            return pair.left();
        }).build();
        return Proxying.to(Upstreams.of("http://up"), http);
    }

    /** Says all that a layer could make untrue. */
    private static Response page(boolean tagged, boolean streamed, boolean digested) {
        Headers fields = Headers.of("Content-Type", "text/plain", "Cache-Control", "max-age=60",
                "Content-Digest", digest(CONTENT), "Repr-Digest", digest(CONTENT), "Vary", "Accept-Language",
                "Access-Control-Allow-Origin", EVIL, "Access-Control-Allow-Credentials", "true");
        fields = digested ? fields : fields.without("Content-Digest").without("Repr-Digest");
        fields = tagged ? fields.with("ETag", "\"a,b\"") : fields;
        fields = fields.with("Last-Modified", "Mon, 06 May 2024 07:08:09 GMT");
        return streamed
                ? Response.stream(200, fields, -1, out -> out.write(CONTENT))
                : Response.bytes("text/plain", CONTENT).withHeaders(fields);
    }

    private static String digest(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var coded = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(coded)) {
            out.write(content);
        }
        return coded.toByteArray();
    }

    // ---- requests ----

    private static final List<Headers> REQUESTS = requests();

    private static List<Headers> requests() {
        List<Headers> all = new ArrayList<>();
        for (Headers more : List.of(Headers.EMPTY, Headers.of("Range", "bytes=5-14"),
                Headers.of("Range", "bytes=5-14", "If-Range", "\"a,b\""),
                Headers.of("Range", "bytes=5-14", "If-Range", "Mon, 06 May 2024 07:08:09 GMT"),
                Headers.of("If-None-Match", "\"x\", \"a,b\""), Headers.of("If-None-Match", "\"x,*,y\""),
                Headers.of("If-None-Match", "W/\"a,b\""), Headers.of("If-Match", "\"a,b\""),
                Headers.of("If-Match", "\"b\""), Headers.of("Range", "bytes=9999-"))) {
            for (String coding : new String[]{"", "gzip"}) {
                for (String origin : new String[]{"", ALLOWED, EVIL}) {
                    Headers one = coding.isEmpty() ? more : more.with("Accept-Encoding", coding);
                    all.add(origin.isEmpty() ? one : one.with("Origin", origin));
                }
            }
        }
        return all;
    }

    // ---- what must hold ----

    /** Judges the responses of one stack of layers. */
    private static final class Judge {

        private final Set<String> findings = new LinkedHashSet<>();
        private final Set<Layer> layers;

        private byte[] lastCoded = {};

        /** The bytes that each strong entity tag has stood for. */
        private final Map<String, byte[]> tagged = new HashMap<>();

        Judge(List<Layer> layers) {
            this.layers = Set.copyOf(layers);
        }

        private void require(boolean holds, String what, Headers asked, Reply reply) {
            if (!holds) {
                findings.add(what + ": " + asked + " -> " + reply.status() + " " + reply.headers());
            }
        }

        void judge(String method, Headers asked, Reply reply, byte[] body) throws IOException {
            Headers fields = reply.headers();
            String tag = fields.first("ETag");
            boolean coded = fields.contains("Content-Encoding");
            int status = reply.status();
            require(Set.of(200, 206, 304, 412, 416).contains(status), "status", asked, reply);
            if (method.equals("GET") && status == 200) {
                lastCoded = coded ? body : lastCoded;
                byte[] plain = coded ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
                require(Arrays.equals(CONTENT, plain), "content", asked, reply);
                require(isDigest(fields, "Repr-Digest", body), "Repr-Digest", asked, reply);
                if (tag != null && !tag.startsWith("W/")) {
                    byte[] other = tagged.putIfAbsent(tag, body);
                    require(other == null || Arrays.equals(other, body), "strong tag of two", asked, reply);
                }
            }
            if (status == 206) {
                byte[] whole = coded ? lastCoded : CONTENT;
                require(("bytes 5-14/" + whole.length).equals(fields.first("Content-Range"))
                        && Arrays.equals(Arrays.copyOfRange(whole, 5, 15), body), "range", asked, reply);
                require(isDigest(fields, "Repr-Digest", whole), "Repr-Digest of a part", asked, reply);
                String condition = asked.first("If-Range");
                require(condition == null || condition.equals(tag == null ? fields.first("Last-Modified") : tag),
                        "If-Range", asked, reply);
            }
            if (status == 304) {
                String known = asked.first("If-None-Match");
                require(known != null && known.contains("\"a,b\"") && tag != null && tag.contains("\"a,b\""), "304",
                        asked, reply);
            }
            require(status != 412 || "\"b\"".equals(asked.first("If-Match")) || tag == null, "412", asked, reply);
            require(method.equals("HEAD") || status >= 300 || isDigest(fields, "Content-Digest", body),
                    "Content-Digest", asked, reply);
            require(isDigest(reply.trailers(), "Content-Digest", body)
                    && isDigest(reply.trailers(), "Repr-Digest", body),
                    "digest behind the body", asked, reply);
            require(coded == false || "gzip".equals(asked.first("Accept-Encoding")), "coding nobody takes", asked,
                    reply);
            if (status < 400 && (layers.contains(Layer.COMPRESSION) || layers.contains(Layer.CARELESS))
                    && status != 206) {
                require(varies(fields, "accept-encoding"), "Vary: Accept-Encoding", asked, reply);
            }
            cors(asked, reply);
        }

        private void cors(Headers asked, Reply reply) {
            if (!layers.contains(Layer.CORS) || reply.status() >= 400) {
                return;
            }
            boolean isAllowed = ALLOWED.equals(asked.first("Origin"));
            require(varies(reply.headers(), "origin"), "Vary: Origin", asked, reply);
            String leave = reply.headers().first("Access-Control-Allow-Origin");
            require(isAllowed ? ALLOWED.equals(leave) : leave == null, "CORS", asked, reply);
            require(!reply.headers().contains("Access-Control-Allow-Credentials"), "credentials", asked, reply);
        }

        private static boolean isDigest(Headers fields, String name, byte[] content) {
            String said = fields.first(name);
            return said == null || said.equals(digest(content));
        }

        private static boolean varies(Headers fields, String on) {
            String all = String.join(",", fields.all("Vary")).toLowerCase(Locale.ROOT);
            return Arrays.stream(all.split(",")).map(String::strip).anyMatch(on::equals);
        }
    }

    private static Set<String> findings(List<Layer> layers, boolean tagged, boolean streamed) {
        var judge = new Judge(layers);
        Sim.run(() -> {
            boolean digests = layers.contains(Layer.DIGESTS);
            Handler handler = request -> page(tagged, streamed, !digests);
            for (Layer layer : layers.reversed()) {
                handler = layer.around(handler);
            }
            try (TestClient client = TestClient.of(handler)) {
                for (String method : List.of("GET", "HEAD", "GET")) {
                    for (Headers asked : REQUESTS) {
                        ClientRequest request = client.request(method, "/").withoutDefaultHeaders().decodeBodies(false)
                                .headers(asked);
                        if (digests) {
                            request.header("Want-Content-Digest", "sha-256=1").header("Want-Repr-Digest", "sha-256=1");
                        }
                        try (Reply reply = request.send()) {
                            judge.judge(method, asked, reply, reply.bytes());
                        }
                    }
                }
            }
        });
        return judge.findings;
    }

    private static List<List<Layer>> stacks(int most) {
        List<List<Layer>> all = new ArrayList<>(List.of(List.of()));
        List<List<Layer>> last = all;
        for (int i = 0; i < most; i++) {
            List<List<Layer>> longer = new ArrayList<>();
            for (List<Layer> stack : last) {
                for (Layer layer : Layer.values()) {
                    if (layer != Layer.CARELESS && !stack.contains(layer)) {
                        List<Layer> more = new ArrayList<>(stack);
                        more.add(layer);
                        longer.add(more);
                    }
                }
            }
            all.addAll(longer);
            last = longer;
        }
        return all;
    }

    @Test
    @Tag("full")
    void pairsOfLayersKeepWhatOneKeeps() {
        judge(2);
    }

    @Test
    @Tag("full")
    void triplesOfLayersKeepWhatOneKeeps() {
        judge(3);
    }

    private static void judge(int most) {
        Map<String, String> found = new HashMap<>();
        for (List<Layer> layers : stacks(most)) {
            boolean isTagged = layers.size() < 3 || layers.hashCode() % 2 == 0;
            Set<String> findings = new LinkedHashSet<>(findings(layers, isTagged, layers.size() % 2 == 0));
            if (layers.contains(Layer.DIGESTS)) {
                findings.addAll(findings(layers, isTagged, layers.size() % 2 != 0));
            }
            for (String each : findings) {
                found.putIfAbsent(each.substring(0, each.indexOf(':')) + " " + layers, each);
            }
        }
        assertEquals(Map.of(), found);
    }

    @Test
    void layerThatSaysNothingOfWhatItChangesIsFound() {
        Set<String> found = findings(List.of(Layer.CONDITIONAL, Layer.CARELESS), true, false);
        for (String what : List.of("Content-Digest", "Repr-Digest", "strong tag of two", "Vary: Accept-Encoding")) {
            assertTrue(found.stream().anyMatch(each -> each.startsWith(what)), what + " in " + found);
        }
        assertFalse(found.isEmpty());
    }
}
