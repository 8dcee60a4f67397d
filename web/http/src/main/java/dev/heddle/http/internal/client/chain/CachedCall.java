package dev.heddle.http.internal.client.chain;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.internal.cache.CacheDirectives;
import dev.heddle.http.internal.cache.FileCollector;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.ReplyCache;
import dev.heddle.http.internal.cache.RequestFields;
import dev.heddle.http.internal.cache.ReuseRules;
import dev.heddle.http.internal.cache.ReuseRules.Verdict;
import dev.heddle.http.internal.cache.StorageRules;
import dev.heddle.http.internal.cache.StoredBytes;
import dev.heddle.http.internal.cache.StoredReply;
import dev.heddle.http.internal.client.body.CollectedBody;
import dev.heddle.http.internal.client.body.ContentDecoding;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.body.RetoldBody;
import dev.heddle.http.internal.client.body.StoredReplyBody;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client that has a cache (RFC 9111, section 4). Owned by the calling task.
 *
 * <pre>
 *   kept? ──may be used───────────────────────────────────────────────▶ hit
 *    │ └────must be asked about──▶ ask ──304──────────────────────────▶ kept one, with what is new
 *    │                              │ └───it fails, and may be so─────▶ kept one, stale
 *    └─no──▶ ask ───────────────────┴──▶ answer ──may be stored───────▶ stored as it is read
 *             ▲                              └────changes something───▶ what is kept of its URL is forgotten
 *             └── once more without conditions, if the 304 is about something else
 * </pre>
 */
final class CachedCall {

    /** How the cache calls itself (RFC 9211, section 2). */
    private static final String NAME = "heddle";

    private static final List<String> CONDITIONS = List.of("If-None-Match", "If-Modified-Since", "If-Match",
            "If-Unmodified-Since");

    private final ReplyCache cache;
    private final MemoryStore store;
    private final RequestHop hop;
    private final CallContext call;
    private final CallFilter inner;
    private final CacheDirectives asked;
    private final RequestFields fields;
    private final String url;

    CachedCall(ReplyCache cache, RequestHop hop, CallContext call, CallFilter inner) {
        this.cache = cache;
        this.store = cache.store();
        this.hop = hop;
        this.call = call;
        this.inner = inner;
        this.asked = CacheDirectives.of(hop.headers());
        this.fields = new RequestFields(
                hop.headers(), call.client().head(call.options().decode()).defaults(hop));
        this.url = hop.url().toString();
    }

    /** Gets the reply from where the rules say. */
    ReplyBody send() {
        cache.ready();
        return switch (hop.method()) {
            case "GET", "HEAD" -> passesBy() ? inner.send(hop, call) : answer();
            default -> HttpMethod.isSafe(hop.method()) ? inner.send(hop, call) : change();
        };
    }

    /** Whether nothing that is kept could answer it, and its answer is not to be kept. */
    private boolean passesBy() {
        return asked.has("no-store") || hop.headers().contains("Range")
                || !(hop.body() instanceof ClientBody.None);
    }

    private ReplyBody answer() {
        boolean conditional = CONDITIONS.stream().anyMatch(hop.headers()::contains);
        StoredReply kept = conditional ? null : cache.find(url, fields, !hop.isHead());
        Verdict verdict = kept == null ? Verdict.STALE : ReuseRules.judge(kept, asked, now());
        if (kept != null && verdict == Verdict.REUSE) {
            cache.countHit();
            return reply(kept, "hit; ttl=" + kept.freshSeconds(now()));
        }
        if (asked.has("only-if-cached")) {
            close(kept);
            return nothingKept();
        }
        return ask(kept, reason(kept, conditional, verdict), !hop.isHead());
    }

    /** Why the server is asked (RFC 9211, section 2.2). */
    private String reason(@Nullable StoredReply kept, boolean conditional, Verdict verdict) {
        if (kept == null) {
            return conditional ? "request" : cache.knows(url) ? "vary-miss" : "uri-miss";
        }
        return verdict == Verdict.STALE ? "stale" : "request";
    }

    /** Whether a failure says that the server gives no answer now; who is not who he must be has given one. */
    private static boolean isOfServer(Throwable failure) {
        return switch (failure) {
            case TlsException e -> false;
            case ConnectFailedException e -> true;
            case BrokenException e -> true;
            case ProxyException e -> true;
            case BadReplyException e -> true;
            case DeadlineExceededException e -> true;
            default -> false;
        };
    }

    /**
     * Asks the server.
     *
     * @param kept what it may say something about; null if there is nothing
     * @param reason why it is asked
     * @param asking whether it may be asked about what is kept
     */
    private ReplyBody ask(@Nullable StoredReply kept, String reason, boolean asking) {
        Headers conditions = kept == null || !asking ? Headers.EMPTY : kept.conditions();
        MemoryStore.Place place = store.place(url, fields);
        Instant requested = now();
        ReplyBody answer;
        try {
            answer = inner.send(asItComes(hop.with(hop.headers().with(conditions))), asItComes(call));
        } catch (HeddleException e) {
            if (!GroupException.leaves(e).stream().allMatch(CachedCall::isOfServer)) {
                throw e;
            }
            if (kept == null || !ReuseRules.mayReplaceFailure(kept, asked, now())) {
                close(kept);
                throw e;
            }
            return standIn(kept, reason);
        }
        if (kept != null && answer.status() == 304 && !conditions.isEmpty()) {
            answer.close();
            return kept.isMeantBy(answer.headers())
                    ? revalidated(kept.updated(answer.headers(), fields, requested, now()), kept, place, reason)
                    : ask(kept, reason, false);
        }
        if (kept != null && StorageRules.isFailure(answer.status())
                && ReuseRules.mayReplaceFailure(kept, asked, now())) {
            answer.close();
            return standIn(kept, reason + "; fwd-status=" + answer.status());
        }
        cache.countMiss();
        close(kept);
        return answered(answer, kept, place, requested, reason);
    }

    private ReplyBody revalidated(StoredReply updated, StoredReply kept, MemoryStore.Place place, String reason) {
        if (StorageRules.mayStore(asked, updated.status(), updated.headers())) {
            keep(updated, place);
        } else {
            cache.remove(kept);
        }
        cache.countRevalidated();
        return reply(updated, "fwd=" + reason + "; fwd-status=304");
    }

    private ReplyBody standIn(StoredReply kept, String reason) {
        cache.countStandIn();
        return reply(kept, "fwd=" + reason + "; ttl=" + kept.freshSeconds(now()) + "; detail=stale-if-error");
    }

    /** The server's own answer, whose body goes on to the reader, and to the store if it may. */
    private ReplyBody answered(
            ReplyBody answer, @Nullable StoredReply kept, MemoryStore.Place place, Instant requested, String reason) {
        ReplyHead head = answer.head();
        StoredReply fresh = StoredReply.of(url, !hop.isHead(), head, fields, requested, now());
        boolean mayStore = StorageRules.mayStore(asked, head.status(), head.headers());
        ReplyBody body = answer;
        if (hop.isHead()) {
            headAnswered(head.headers(), fresh, mayStore, place);
        } else if (mayStore && fresh.isOfUse()) {
            body = stored(body, fresh, place);
        } else if (kept != null && StorageRules.isNews(head.status())) {
            cache.remove(kept);
        }
        return decoded(RetoldBody.of(body, hop, told(head, "fwd=" + reason)));
    }

    /** What the answer to a HEAD says about what is kept of the same URL (section 4.3.5). */
    private void headAnswered(Headers came, StoredReply fresh, boolean mayStore, MemoryStore.Place place) {
        StoredReply whole = cache.find(url, fields, true);
        if (whole == null) {
            if (mayStore) {
                keep(fresh, place);
            }
        } else if (fresh.status() == 200 && whole.status() == 200 && mayStore && whole.isSameContent(came)) {
            keep(whole.updated(came, fields, fresh.requested(), now()), place);
        } else if (StorageRules.isNews(fresh.status())) {
            cache.remove(whole);
        }
        close(whole);
    }

    /** Of no use any more: one that stays in its file has that open. */
    private static void close(@Nullable StoredReply kept) {
        if (kept != null) {
            kept.body().close();
        }
    }

    /** The body, which is stored now if it is there, or else as it is read. */
    private ReplyBody stored(ReplyBody body, StoredReply fresh, MemoryStore.Place place) {
        if (body.length() > store.maxReplyBytes()) {
            FileCollector collector = cache.collect(fresh, body.length(), place);
            StoredReply older = store.find(url, fields, true);
            if (older != null) {
                store.remove(older);
            }
            return collector == null ? body : new CollectedBody.Filed(body, collector, cache);
        }
        if (body instanceof ReplyBody.InMemory memory) {
            keep(fresh.withBody(StoredBytes.copyOf(memory.whole()), Headers.EMPTY), place);
            return body;
        }
        return new CollectedBody(body, store.collect(fresh, place), cache, place);
    }

    /** A request that may change what its URL stands for, unless it is refused (section 4.4). */
    private ReplyBody change() {
        boolean refused = false;
        try {
            ReplyBody answer = inner.send(hop, call);
            refused = answer.status() >= 400;
            if (!refused) {
                forget(answer.headers().first("Location"));
                forget(answer.headers().first("Content-Location"));
            }
            return answer;
        } finally {
            // One that broke off may have been carried out.
            if (!refused) {
                cache.invalidate(url);
            }
        }
    }

    private void keep(StoredReply reply, MemoryStore.Place place) {
        if (store.put(reply, place) || reply.body().isFiled()) {
            cache.stored(reply, place);
        }
    }

    /** Forgets what a change has led to, if that belongs to who says it. */
    private void forget(@Nullable String location) {
        if (location != null) {
            try {
                var other = hop.url().resolve(location);
                if (other.origin().equals(hop.url().origin())) {
                    cache.invalidate(other.toString());
                }
            } catch (IllegalArgumentException notAUrl) {
                // Nothing can be kept of it.
                return;
            }
        }
    }

    // ---- the reply ----

    private ReplyBody reply(StoredReply kept, String status) {
        if (hop.isHead()) {
            close(kept);
        }
        StoredBytes bytes = hop.isHead() ? StoredBytes.NONE : kept.body();
        call.trace().ended(kept.status(), true);
        return decoded(new StoredReplyBody(hop, told(kept.headAt(now()), status), bytes, kept.trailers()));
    }

    private ReplyBody nothingKept() {
        var head = new ReplyHead(504, "Gateway Timeout", Headers.of("Content-Length", "0"), Protocol.HTTP_1_1);
        call.trace().ended(504, true);
        return new StoredReplyBody(hop, told(head, "detail=only-if-cached"), StoredBytes.NONE, Headers.EMPTY);
    }

    private ReplyBody decoded(ReplyBody body) {
        return ContentDecoding.decoded(body, hop, call.options(), call.client().decoders());
    }

    /** The head with what the cache says of the reply. */
    private static ReplyHead told(ReplyHead head, String status) {
        Headers told = head.headers().withAdded("Cache-Status", NAME + "; " + status);
        return new ReplyHead(head.status(), head.reason(), told, head.protocol());
    }

    /** The request with the codings spelt out that it would have asked for anyway. */
    private RequestHop asItComes(RequestHop request) {
        String codings = fields.defaults().first("Accept-Encoding");
        return codings == null || request.headers().contains("Accept-Encoding")
                ? request
                : request.with("Accept-Encoding", codings);
    }

    /** The call, with replies whose bodies stay in their coding: that is how they are kept. */
    private static CallContext asItComes(CallContext call) {
        return new CallContext(
                call.client(), call.options().withDecode(false), call.loop(), call.deadline(), call.trace());
    }

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }
}
