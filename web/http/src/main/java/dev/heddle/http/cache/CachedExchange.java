package dev.heddle.http.cache;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.cache.Flights.End;
import dev.heddle.http.cache.Flights.Flight;
import dev.heddle.http.cache.Flights.Seat;
import dev.heddle.http.internal.cache.BodyCollector;
import dev.heddle.http.internal.cache.CacheDirectives;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.RequestFields;
import dev.heddle.http.internal.cache.ReuseRules;
import dev.heddle.http.internal.cache.ReuseRules.Verdict;
import dev.heddle.http.internal.cache.SharingRules;
import dev.heddle.http.internal.cache.StorageRules;
import dev.heddle.http.internal.cache.StoredReply;
import dev.heddle.http.internal.codec.Conditions;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.syntax.ByteRange;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request that comes to a cache. Owned by its task.
 *
 * <pre>
 *   kept? ──fresh──────────────────────────────────────────────────▶ hit
 *    │ └────old──┐
 *    └─no────────┴▶ somebody asks for it? ──no──▶ ask ──may be kept─▶ answer, kept as it is sent
 *                    │        ▲                    │ ├──304─────────▶ kept one, with what is new
 *                    │        └──LANDED, LEFT──┐   │ ├──it fails────▶ kept one, stale, if it may be so
 *                    └─yes──▶ wait ────────────┘   │ └──for itself──▶ answer
 *                              ├──ALONE, too long──┘
 *                              └──or the old one, if it may be used meanwhile
 * </pre>
 */
final class CachedExchange {

    /** How the cache calls itself (RFC 9211, section 2). */
    private static final String NAME = "heddle";

    private static final CacheDirectives NOTHING = CacheDirectives.of(Headers.EMPTY);

    /** What is answered here, and so not asked of the handler whose answer is kept. */
    private static final List<String> CONDITIONS = List.of("If-None-Match", "If-Modified-Since");

    private final ResponseCache cache;
    private final MemoryStore store;
    private final Request request;
    private final Handler next;
    private final RequestFields fields;
    private final String key;
    private final boolean credentials;

    /** Whether it has waited for the answer to another request. */
    private boolean hasWaited;

    CachedExchange(ResponseCache cache, Request request, Handler next) {
        this.cache = cache;
        this.store = cache.store();
        this.request = request;
        this.next = next;
        this.fields = new RequestFields(request.headers(), Headers.EMPTY);
        this.key = CacheKey.of(request).orElse("");
        this.credentials = request.headers().contains("Authorization") || request.headers().contains("Cookie")
                || request.user().isPresent()
                || request.tls().map(tls -> !tls.peerCertificates().isEmpty()).orElse(false);
    }

    /** Gets the response from where the rules say. */
    Response answer() throws Exception {
        return switch (request.method()) {
            case "GET", "HEAD" -> passesBy() ? passOn(asksForNoStore() ? "request" : "bypass") : cached();
            case "CONNECT" -> passOn("method");
            default -> HttpMethod.isSafe(request.method()) ? passOn("method") : change();
        };
    }

    private boolean asksForNoStore() {
        return CacheDirectives.of(request.headers()).has("no-store");
    }

    /** Whether nothing that is kept could answer it, and its answer is not to be kept. */
    private boolean passesBy() {
        return key.isEmpty() || request.contentLength().orElse(1) != 0 || request.headers().contains("Upgrade")
                || request.asksForWebSocket() || request.isHealthCheck() || asksForNoStore();
    }

    /** @param reason why it is nothing for a cache (RFC 9211, section 2.2) */
    private Response passOn(String reason) throws Exception {
        cache.counts().passed.increment();
        Response answer = next.handle(request);
        return answer.status() == 101 ? answer : told(answer, "fwd=" + reason);
    }

    /** The answer with what this cache says of it, behind what those nearer to its origin say (section 2). */
    private static Response told(Response answer, String status) {
        return answer.withAddedHeader("Cache-Status", NAME + "; " + status);
    }

    private Response cached() throws Exception {
        long since = Heddle.currentLoop().nanoTime();
        while (true) {
            StoredReply kept = store.find(key, fields, true);
            String miss = kept != null ? "stale" : store.knows(key) ? "vary-miss" : "uri-miss";
            if (kept != null && credentials && !SharingRules.mayGiveToKnown(kept)) {
                kept = null;
                miss = "request";
            }
            if (kept != null && isFresh(kept)) {
                cache.counts().hits.increment();
                return give(kept, (hasWaited ? "fwd=miss; collapsed" : "hit") + ttl(kept));
            }
            if (CacheDirectives.of(request.headers()).has("only-if-cached")) {
                return Response.empty(504).withHeader("Cache-Status", NAME + "; detail=only-if-cached");
            }
            if (!mayFill()) {
                return passOn(miss);
            }
            // Who is known would wait for what is most often for another only.
            Seat seat = credentials ? null : cache.flights().join(flightKey(), now().toEpochMilli());
            if (seat == null) {
                return ask(kept, miss, null);
            }
            if (seat.leads()) {
                return lead(kept, miss, seat.flight());
            }
            if (kept != null && ReuseRules.mayBeUsedMeanwhile(kept, now())) {
                cache.counts().stale.increment();
                return give(kept, "hit" + ttl(kept) + "; detail=stale-while-revalidate");
            }
            cache.counts().waited.increment();
            hasWaited = true;
            Duration left = cache.patience().minusNanos(Heddle.currentLoop().nanoTime() - since);
            End end = left.isPositive() ? seat.flight().await(left) : null;
            if (end == null || end == End.ALONE) {
                return ask(kept, miss, null);
            }
        }
    }

    /** Whether the answer to it could be kept: a part, or one that hangs on a state of the peer's, could not. */
    private boolean mayFill() {
        Headers headers = request.headers();
        return request.method().equals("GET") && !headers.contains("Range") && !headers.contains("If-Match")
                && !headers.contains("If-Unmodified-Since");
    }

    /** Answers that differ by what requests say are made apart, as far as that is known. */
    private String flightKey() {
        return key + "\n" + store.keyOf(key, fields);
    }

    // ---- asking ----

    private Response lead(@Nullable StoredReply kept, String miss, Flight flight) throws Exception {
        @Nullable End end = End.ALONE;
        try {
            Response response = ask(kept, miss, flight);
            end = null; // it is ended, or will be with the body
            return response;
        } catch (CancelledException e) {
            end = End.LEFT;
            throw e;
        } finally {
            if (end != null) {
                flight.end(end);
            }
        }
    }

    /**
     * Asks the handler.
     *
     * @param kept what it may say something about; null if there is nothing
     * @param miss why it is asked
     * @param flight ended here, or with the body of the response; null if nobody waits
     */
    private Response ask(@Nullable StoredReply kept, String miss, @Nullable Flight flight) throws Exception {
        Headers conditions = kept == null ? Headers.EMPTY : kept.conditions();
        Headers asked = request.headers();
        for (String name : CONDITIONS) {
            asked = asked.without(name);
        }
        MemoryStore.Place place = store.place(key, fields);
        Instant requested = now();
        Response answer;
        try {
            answer = next.handle(request.withOnlyHeaders(asked.with(conditions)));
        } catch (CancelledException e) {
            throw e;
        } catch (Exception e) {
            if (kept == null || !ReuseRules.mayReplaceFailure(kept, NOTHING, now())) {
                throw e;
            }
            return standIn(kept, flight, asked(miss));
        }
        if (kept != null && answer.status() == 304) {
            return kept.isMeantBy(answer.headers())
                    ? revalidated(kept, answer, flight, place, requested)
                    : ask(null, miss, flight);
        }
        if (kept != null && StorageRules.isFailure(answer.status())
                && ReuseRules.mayReplaceFailure(kept, NOTHING, now())) {
            return standIn(kept, flight, asked(miss) + "; fwd-status=" + answer.status());
        }
        cache.counts().misses.increment();
        return made(kept, miss, answer, flight, place, requested);
    }

    private Response standIn(StoredReply kept, @Nullable Flight flight, String status) {
        end(flight, End.ALONE);
        cache.counts().standIns.increment();
        return give(kept, status + ttl(kept) + "; detail=stale-if-error");
    }

    private Response revalidated(
            StoredReply kept, Response answer, @Nullable Flight flight, MemoryStore.Place place, Instant requested) {
        StoredReply updated = kept.updated(answer.headers(), fields, requested, now());
        if (SharingRules.mayStore(updated.status(), updated.headers(), credentials) && isFresh(updated)) {
            end(flight, store.put(updated, place) ? End.LANDED : End.ALONE);
        } else {
            store.remove(kept);
            pass(flight);
        }
        cache.counts().revalidated.increment();
        return give(updated, asked("stale") + "; fwd-status=304" + ttl(updated));
    }

    /** The handler's own answer, which is kept if it may, and then for all who wait. */
    private Response made(@Nullable StoredReply kept, String miss, Response answer, @Nullable Flight flight,
            MemoryStore.Place place, Instant requested) {
        Headers headers = answer.headers();
        var head = new ReplyHead(answer.status(), "", headers, Protocol.HTTP_1_1);
        StoredReply fresh = StoredReply.of(cache.scope(), key, true, head, fields, requested, now());
        if (!SharingRules.mayStore(answer.status(), headers, credentials) || !isFresh(fresh)) {
            if (kept != null && StorageRules.isNews(answer.status())) {
                store.remove(kept);
            }
            if (StorageRules.isFailure(answer.status())) {
                end(flight, End.ALONE);
            } else {
                pass(flight);
            }
            return told(selected(answer), asked(miss));
        }
        var keeping = new Keeping(store, place, fresh, flight);
        Response copied = answer.withCopy(keeping);
        if (keeping.hasBeenRefused()) {
            pass(flight);
        }
        return told(selected(copied), asked(miss) + (keeping.hasBeenRefused() ? "" : "; stored" + ttl(fresh)));
    }

    /** Why the handler was asked, and whether another request's answer was waited for in vain. */
    private String asked(String miss) {
        return "fwd=" + miss + (hasWaited ? "; collapsed=?0" : "");
    }

    private static String ttl(StoredReply reply) {
        return "; ttl=" + reply.freshSeconds(now());
    }

    private void pass(@Nullable Flight flight) {
        if (flight != null) {
            flight.pass(now().toEpochMilli());
        }
    }

    private static void end(@Nullable Flight flight, End how) {
        if (flight != null) {
            flight.end(how);
        }
    }

    /** The body on its way into the store; its end is that of the flight. */
    private static final class Keeping implements Response.Copy {

        private final MemoryStore store;
        private final MemoryStore.Place place;
        private final BodyCollector collector;
        private final @Nullable Flight flight;
        private boolean begun;
        private boolean refused;

        Keeping(MemoryStore store, MemoryStore.Place place, StoredReply fresh, @Nullable Flight flight) {
            this.store = store;
            this.place = place;
            this.collector = store.collect(fresh, place);
            this.flight = flight;
        }

        @Override
        public void add(byte[] bytes, int offset, int count) {
            if (!collector.isOver()) {
                collector.add(bytes, offset, count);
                if (collector.isOver()) {
                    end(flight, End.ALONE); // too long, or no room
                }
            }
        }

        @Override
        public void finish() {
            boolean stored = collector.finish(Headers.EMPTY);
            // What was purged meanwhile is made once more, for all.
            end(flight, stored ? End.LANDED : store.isPast(place) ? End.LEFT : End.ALONE);
        }

        @Override
        public void discard() {
            refused = !begun;
            collector.discard();
            if (begun) {
                end(flight, End.LEFT);
            }
        }

        /** Whether the body is of a kind that is not copied, as a file of the disk: asked when it could have begun. */
        boolean hasBeenRefused() {
            begun = true;
            return refused;
        }
    }

    /** A request that may change what its URL stands for, unless it is refused (section 4.4). */
    private Response change() throws Exception {
        cache.counts().passed.increment();
        boolean refused = false;
        try {
            Response answer = next.handle(request);
            refused = answer.status() >= 400;
            if (!refused) {
                forget(answer.headers().first("Location"));
                forget(answer.headers().first("Content-Location"));
            }
            return told(answer, "fwd=method");
        } finally {
            // One that broke off may have been carried out.
            if (!refused && !key.isEmpty()) {
                store.invalidate(key);
            }
        }
    }

    /** Forgets what a change has led to, if that belongs to who says it. */
    private void forget(@Nullable String location) {
        if (location != null && !key.isEmpty()) {
            String origin = key.substring(0, key.length() - request.target().length());
            if (location.startsWith("/") && !location.startsWith("//")) {
                store.invalidate(origin + location);
            } else if (location.startsWith(origin + "/")) {
                store.invalidate(location);
            }
        }
    }

    // ---- the response ----

    /** Gives what is kept, or as much of it as is asked for. */
    private Response give(StoredReply kept, String status) {
        Headers headers = kept.headAt(now()).headers().without("Content-Length")
                .withAdded("Cache-Status", NAME + "; " + status);
        if (kept.status() == 200) {
            Headers asked = request.headers();
            String tag = headers.first("ETag");
            Instant modified = Conditions.date(headers.first("Last-Modified"));
            if (Conditions.fail(asked, tag, modified)) {
                throw new StatusException(412, StatusLines.phrase(412));
            }
            if (Conditions.isNotModified(asked, tag, modified)) {
                return notModified(headers);
            }
            headers = headers.with("Accept-Ranges", "bytes");
            String range = request.method().equals("GET") ? asked.first("Range") : null;
            List<ByteRange> ranges = range == null || !Conditions.rangeApplies(asked, headers)
                    ? null
                    : ByteRange.parse(range, kept.body().length());
            if (ranges != null && ranges.isEmpty()) {
                throw new StatusException(416, StatusLines.phrase(416),
                        Headers.of("Content-Range", "bytes */" + kept.body().length()));
            }
            if (ranges != null && ranges.size() == 1) {
                ByteRange one = ranges.getFirst();
                // Digests of the content that was kept: RFC 9530, section 2; RFC 1864.
                Headers ofPart = headers.without("Content-Digest").without("Content-MD5");
                return part(kept, 206, ofPart.with("Content-Range", one.of(kept.body().length())), one);
            }
        }
        return part(kept, kept.status(), headers, new ByteRange(0, kept.body().length()));
    }

    private static Response part(StoredReply kept, int status, Headers headers, ByteRange range) {
        return status == 204 || status == 304
                ? Response.empty(status).withHeaders(headers)
                : Response.stream(status, headers, range.length(),
                        out -> kept.body().writeTo(out, range.offset(), range.length()));
    }

    /**
     * The handler's answer, or a 304 if the peer has it: the handler was not told what the peer asks. One that is
     * written as it is sent is sent, so that it can be kept.
     */
    private Response selected(Response answer) {
        if (answer.status() != 200 || answer.isStreamed()) {
            return answer;
        }
        Headers headers = answer.headers();
        return Conditions.isNotModified(
                request.headers(), headers.first("ETag"), Conditions.date(headers.first("Last-Modified")))
                && (headers.contains("ETag") || headers.contains("Last-Modified")) ? notModified(headers) : answer;
    }

    private static Response notModified(Headers headers) {
        return Response.empty(304).withHeaders(headers.without("Content-Type").without("Content-Encoding")
                .without("Content-Language").without("Content-Disposition").without("Content-Length"));
    }

    private boolean isFresh(StoredReply reply) {
        return ReuseRules.judge(reply, NOTHING, now()) == Verdict.REUSE;
    }

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }
}
