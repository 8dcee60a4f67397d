package dev.heddle.http.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.Protocol;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bound of a store holds whatever happens at once, and what it counts is what it holds. */
final class MemoryStoreTest {

    private static final RequestFields NONE = new RequestFields(Headers.EMPTY, Headers.EMPTY);
    private static final Instant NOW = Instant.EPOCH;
    private static final long MAX = 100_000;

    private static StoredReply reply(String url, String... fields) {
        Headers headers = Headers.of("Cache-Control", "max-age=100").with(Headers.of(fields));
        return StoredReply.of(url, true, new ReplyHead(200, "", headers, Protocol.HTTP_2), NONE, NOW, NOW);
    }

    @Test
    void manyThreadsLeaveTheSumsRight() throws InterruptedException, ExecutionException {
        var store = new MemoryStore(MAX, 20_000);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<?> done : IntStream.range(0, 4).mapToObj(seed -> threads.submit(() -> use(store, seed)))
                    .toList()) {
                done.get();
            }
        }
        assertTrue(store.sizes().replies() > 0);
        assertTrue(store.sizes().evictions() > 0);
        store.clear();
        assertEquals(new MemoryStore.Sizes(0, 0, store.sizes().evictions(), 0), store.sizes());
    }

    private static void use(MemoryStore store, int seed) {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String url = "http://site/" + random.nextInt(50);
            MemoryStore.Place place = store.place(url, NONE);
            switch (random.nextInt(10)) {
                case 0 -> store.invalidate(url);
                case 1 -> {
                    StoredReply found = store.find(url, NONE, true);
                    if (found != null) {
                        store.remove(found);
                    }
                }
                case 2, 3, 4 -> store.find(url, NONE, false);
                default -> {
                    BodyCollector body = store.collect(reply(url), place);
                    byte[] bytes = new byte[random.nextInt(9_000)];
                    for (int piece = 0; piece < 3; piece++) {
                        body.add(bytes, 0, bytes.length);
                    }
                    if (random.nextInt(4) == 0) {
                        body.discard();
                    }
                    body.finish(Headers.EMPTY);
                }
            }
            long bytes = store.sizes().bytes();
            if (bytes < 0 || bytes > MAX) {
                throw new AssertionError(bytes + " bytes");
            }
        }
    }

    @Test
    void bytesComeOutAsTheyWentIn() {
        var store = new MemoryStore(1_000_000, 1_000_000);
        var random = new Random(1);
        byte[] bytes = new byte[300_000];
        random.nextBytes(bytes);
        BodyCollector body = store.collect(reply("u"), store.place("u", NONE));
        for (int at = 0; at < bytes.length;) {
            int count = Math.min(1 + random.nextInt(20_000), bytes.length - at);
            body.add(bytes, at, count);
            at += count;
        }
        body.finish(Headers.EMPTY);
        StoredReply found = store.find("u", NONE, true);
        assertNotNull(found);
        StoredBytes.Reader reader = found.body().reader();
        byte[] buffer = new byte[7_000];
        int total = 0;
        for (int n = reader.read(buffer, 0, buffer.length); n >= 0; n = reader.read(buffer, 0, buffer.length)) {
            for (int i = 0; i < n; i++) {
                assertEquals(bytes[total + i], buffer[i]);
            }
            total += n;
        }
        assertEquals(bytes.length, total);
        assertTrue(store.sizes().bytes() < bytes.length + 1_000, "nothing but what there is");
    }

    @Test
    void replyThatCouldNeverBeUsedIsNotKept() {
        var store = new MemoryStore(MAX, MAX);
        store.put(reply("u", "Age", "100"), store.place("u", NONE));
        assertNull(store.find("u", NONE, false));
        store.put(reply("u", "Cache-Control", "max-age=100, no-cache"), store.place("u", NONE));
        assertNull(store.find("u", NONE, false));
        store.put(reply("u", "Age", "100", "ETag", "\"a\""), store.place("u", NONE));
        assertNotNull(store.find("u", NONE, false));
    }

    @Test
    void answerToAHeadDoesNotTakeThePlaceOfAWholeOne() {
        var store = new MemoryStore(MAX, MAX);
        store.put(reply("u"), store.place("u", NONE));
        var head = new ReplyHead(200, "", Headers.of("Cache-Control", "max-age=100"), Protocol.HTTP_2);
        store.put(StoredReply.of("u", false, head, NONE, NOW, NOW), store.place("u", NONE));
        assertNotNull(store.find("u", NONE, true));
        assertEquals(1, store.sizes().replies());
    }

    @Test
    void anyFieldsAreReadWithoutAFault() {
        var random = new Random(1);
        String chars = "max-age=\"\\, ;09\tno-storeVary*\u00e9";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(chars.charAt(random.nextInt(chars.length())));
            }
            String value = text.toString().strip();
            StoredReply reply = reply("u", "Cache-Control", value, "Age", value, "Vary", value, "Expires", value);
            long lifetime = reply.freshness().lifetimeMillis();
            assertTrue(lifetime >= 0 && lifetime <= CacheDirectives.MAX_SECONDS * 1000, value);
            assertTrue(reply.freshness().ageMillis(NOW) >= 0, value);
            ReuseRules.judge(reply, CacheDirectives.of(Headers.of("Cache-Control", value)), NOW);
            StorageRules.mayStore(reply.directives(), 200, reply.headers());
        }
    }
}
