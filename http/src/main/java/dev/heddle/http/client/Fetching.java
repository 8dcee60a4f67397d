package dev.heddle.http.client;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The running of many requests at a time, each in a task of the calling one. */
final class Fetching {

    private Fetching() {}

    static List<Fetched> all(
            Iterable<ClientRequest> requests, int limit,
            BiConsumer<? super ClientRequest, ? super Throwable> onFailure) {
        return Heddle.map(requests, limit, request -> {
            Fetched fetched = Fetched.of(request);
            if (fetched.outcome() instanceof Outcome.Failure<Reply>(Throwable error)) {
                onFailure.accept(request, error);
            }
            return fetched;
        });
    }

    static List<Fetched> allWithin(Duration time, Iterable<ClientRequest> requests, int limit) {
        List<ClientRequest> every = new ArrayList<>();
        requests.forEach(every::add);
        Fetched[] done = new Fetched[every.size()];
        List<Integer> places = IntStream.range(0, done.length).boxed().toList();
        Heddle.moveOnAfter(time, () -> {
            Heddle.map(places, limit, i -> done[i] = Fetched.of(every.get(i)));
        });
        for (int i = 0; i < done.length; i++) {
            if (done[i] == null) {
                done[i] = new Fetched(every.get(i), new Outcome.Cancelled<>("not done within " + time));
            }
        }
        return Arrays.asList(done);
    }

    static void asCompleted(Iterable<ClientRequest> requests, int limit, Consumer<? super Fetched> each) {
        CancelScope.throwIfCancelled();
        Heddle.group(group -> {
            try (Results<ClientRequest, Fetched> results = group.pool(limit).imapUnordered(requests, Fetched::of)) {
                results.forEach(each);
            }
        });
    }
}
