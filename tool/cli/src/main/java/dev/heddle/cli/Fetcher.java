package dev.heddle.cli;

import static dev.heddle.Heddle.group;

import dev.heddle.TaskGroup;
import dev.heddle.Waiter;
import dev.heddle.cli.command.FailureException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fetching of all URLs of the input, each by a task of its own: it hands every outcome on, one for each URL,
 * whatever happens to it.
 *
 * <p>The input is read only as fast as the work goes on, so a list may be endless: a URL is taken when there is a free
 * place, when the outcomes wait for no older one that is too far behind, and when the reader of the output keeps up.
 *
 * <p>Threads: one task runs it; all of it happens on that task's loop.
 */
final class Fetcher {

    /** Fetches one URL. A failure of the URL is an outcome; what is thrown ends the whole run. */
    @FunctionalInterface
    interface Fetch {
        FetchOutcome of(FetchJob job) throws Exception;
    }

    private final UrlInput input;
    private final Fetch fetch;
    private final ConcurrencyGate gate;
    private final OrderedResults inOrder;
    private final Tally tally;
    private final @Nullable Screen screen;
    private @Nullable Waiter vacancy;
    private @Nullable FailureException unreadable;

    /** The outcomes go to {@code inOrder}, and are counted by the tally; a screen, if any, is waited for. */
    Fetcher(UrlInput input, Fetch fetch, ConcurrencyGate gate, OrderedResults inOrder, Tally tally,
            @Nullable Screen screen) {
        this.input = input;
        this.fetch = fetch;
        this.gate = gate;
        this.inOrder = inOrder;
        this.tally = tally;
        this.screen = screen;
    }

    /**
     * Fetches everything.
     *
     * <p>Cancellation: what is under way is cancelled and has no outcome; the outcomes so far stay.
     *
     * @throws FailureException if the list cannot be read on, after all URLs read before have their outcomes
     */
    void run() throws Exception {
        group(urls -> {
            try {
                takeAll(urls);
            } catch (FailureException e) {
                unreadable = e;
            }
        });
        if (unreadable != null) {
            throw unreadable;
        }
    }

    private void takeAll(TaskGroup urls) throws InterruptedException {
        for (long index = 0;; index++) {
            awaitVacancy(index);
            Optional<String> line = input.next();
            if (line.isEmpty()) {
                return;
            }
            tally.begin();
            begin(index, line.get(), urls);
        }
    }

    private void awaitVacancy(long index) throws InterruptedException {
        while (!gate.hasRoom() || !inOrder.hasRoom(index)) {
            vacancy = new Waiter("a place for the next URL");
            vacancy.await();
        }
        if (screen != null) {
            screen.awaitRoom();
        }
    }

    private void begin(long index, String line, TaskGroup urls) {
        FetchJob job;
        try {
            job = FetchJob.of(index, line);
        } catch (IllegalArgumentException e) {
            end(FetchOutcome.refused(index, FetchJob.shown(line), ErrorText.of(e)));
            return;
        }
        String host = job.host();
        gate.submit(host, () -> urls.spawn("GET " + job.url(), () -> {
            fetch(job);
            gate.ended(host);
            tellVacancy();
        }));
    }

    private void fetch(FetchJob job) throws Exception {
        boolean ended = false;
        try {
            end(fetch.of(job));
            ended = true;
        } finally {
            if (!ended) {
                // The run ends here; a place that becomes free must not start another URL.
                gate.stop();
            }
        }
    }

    private void end(FetchOutcome outcome) {
        tally.add(outcome);
        inOrder.add(outcome);
    }

    private void tellVacancy() {
        if (vacancy != null) {
            vacancy.complete();
        }
    }
}
