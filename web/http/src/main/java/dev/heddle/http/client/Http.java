package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Results;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The verbs of HTTP without a client of one's own, for scripts and small programs.
 *
 * <pre>{@code
 * String page = Http.get("https://example.org/").text();
 * Http.post("https://example.org/notes", "hello").expectSuccess().close();
 * }</pre>
 *
 * <p>All go through one {@link HttpClient} with the defaults, which is made at the first use and never closed. What
 * needs options, cookies, credentials or an end makes its own.
 *
 * <p>Threads, cancellation, errors: as for {@link HttpClient}, whose methods these are. To test code that uses these,
 * give it a client instead.
 */
public final class Http {

    private static final class Shared {
        static final HttpClient CLIENT = HttpClient.create();
    }

    private Http() {}

    /** Sends a GET request and waits for the head of the reply, as {@link HttpClient#get(String)}. */
    public static Reply get(String url) {
        return client().get(url);
    }

    /** Sends a GET request, as {@link #get(String)}. */
    public static Reply get(URI url) {
        return client().get(url);
    }

    /** Sends a HEAD request, as {@link #get(String)}; the reply has no body. */
    public static Reply head(String url) {
        return client().head(url);
    }

    /** Sends a DELETE request, as {@link #get(String)}. */
    public static Reply delete(String url) {
        return client().delete(url);
    }

    /** Sends an OPTIONS request, as {@link #get(String)}. */
    public static Reply options(String url) {
        return client().options(url);
    }

    /** Sends a POST request with a body, as {@link HttpClient#post(String, Object)}. */
    public static Reply post(String url, Object body) {
        return client().post(url, body);
    }

    /** Sends a PUT request with a body, as {@link #post(String, Object)}. */
    public static Reply put(String url, Object body) {
        return client().put(url, body);
    }

    /** Sends a PATCH request with a body, as {@link #post(String, Object)}. */
    public static Reply patch(String url, Object body) {
        return client().patch(url, body);
    }

    /** Begins a request with any method, as {@link HttpClient#request(String, String)}. */
    public static ClientRequest request(String method, String url) {
        return client().request(method, url);
    }

    /**
     * Sends many requests, of any clients, so many at a time, and reads their replies into memory. A failed one stops
     * no other.
     *
     * <pre>{@code
     * for (RequestOutcome page : Http.mapAll(requests, 20)) {
     *     System.out.println(page.request().url() + " " + (page.isAnswered() ? page.reply().status() : page.outcome()));
     * }
     * }</pre>
     *
     * <p>Cancellation: a cancelled call takes no more requests and has ended those under way.
     *
     * @param requests taken one by one as places become free; the same request must not come twice
     * @param limit most at a time, at least 1
     * @return what became of each, in the order of the requests
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static List<RequestOutcome> mapAll(Iterable<ClientRequest> requests, int limit) {
        return mapAll(requests, limit, (request, failure) -> {});
    }

    /**
     * As {@link #mapAll(Iterable, int)}, and tells each failure when it happens.
     *
     * @param onFailure called in the task of the request
     * @throws GroupException with what {@code onFailure} or the source threw, which ended the whole
     */
    public static List<RequestOutcome> mapAll(
            Iterable<ClientRequest> requests, int limit,
            BiConsumer<? super ClientRequest, ? super Throwable> onFailure) {
        return Heddle.map(requests, limit, request -> {
            RequestOutcome fetched = RequestOutcome.of(request);
            if (fetched.outcome() instanceof Outcome.Failure<Reply>(Throwable error)) {
                onFailure.accept(request, error);
            }
            return fetched;
        });
    }

    /**
     * As {@link #mapAll(Iterable, int)}, but waits at most so long; what is not done then is cancelled, and has {@link
     * Outcome.Cancelled} as its outcome.
     *
     * @param requests all of them, looked at before the first is sent
     */
    public static List<RequestOutcome> mapAllWithin(Duration time, Iterable<ClientRequest> requests, int limit) {
        List<ClientRequest> every = new ArrayList<>();
        requests.forEach(every::add);
        RequestOutcome[] done = new RequestOutcome[every.size()];
        List<Integer> places = IntStream.range(0, done.length).boxed().toList();
        Heddle.moveOnAfter(time, () -> {
            Heddle.map(places, limit, i -> done[i] = RequestOutcome.of(every.get(i)));
        });
        for (int i = 0; i < done.length; i++) {
            if (done[i] == null) {
                done[i] = new RequestOutcome(every.get(i), new Outcome.Cancelled<>("not done within " + time));
            }
        }
        return Arrays.asList(done);
    }

    /**
     * Sends many requests and hands over what became of each as soon as it is known. At most {@code limit} are under
     * way or not handed over yet, so an endless source is fine as long as something ends it, and a slow consumer slows
     * the requests down.
     *
     * <p>Cancellation: as {@link #mapAll(Iterable, int)}; no result is handed over any more.
     *
     * @param requests as for {@link #mapAll(Iterable, int)}; {@code stream::iterator} makes one of a stream
     * @param each called in the calling task; may wait
     * @throws GroupException with what {@code each} or the source threw, which ended the whole
     */
    public static void asCompleted(Iterable<ClientRequest> requests, int limit, Consumer<? super RequestOutcome> each) {
        CancelScope.throwIfCancelled();
        Heddle.group(group -> {
            try (Results<ClientRequest, RequestOutcome> results = group.pool(limit).imapUnordered(requests,
                    RequestOutcome::of)) {
                results.forEach(each);
            }
        });
    }

    /** The client behind all this; do not close it. */
    public static HttpClient client() {
        return Shared.CLIENT;
    }
}
