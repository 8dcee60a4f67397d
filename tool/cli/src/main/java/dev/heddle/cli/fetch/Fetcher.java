package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.shield;

import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.FailureException;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fetching of all URLs of the input, each by a task of its own: it hands every outcome on, one for each URL,
 * whatever happens to it, in the order of the input.
 *
 * <p>The input is read only as fast as the work goes on, so a list may be endless: a URL is taken when there is a free
 * place, when the outcomes wait for no older one that is too far behind, and when the reader of the output keeps up. A
 * URL of a busy host waits for that host and takes no place, so one slow host does not hold up the others.
 *
 * <p>Threads: one task runs it; all of it happens on that task's loop.
 */
final class Fetcher {

    /** How far completed outcomes may run ahead of the oldest one that is still missing. */
    static final int MAX_AHEAD = 65_536;

    /** Fetches one URL. A failure of the URL is an outcome; what is thrown ends the whole run. */
    @FunctionalInterface
    interface Fetch {
        FetchOutcome of(FetchJob job) throws Exception;
    }

    /** The output that the outcomes go to. */
    interface Output {

        /** Waits while its reader has not taken enough. */
        void awaitRoom() throws InterruptedException;

        void print(FetchOutcome outcome);
    }

    /** The places of one host, forgotten with the last URL that needs one. */
    private static final class Host {

        private final BoundedSemaphore places;
        private int urls;

        private Host(int places) {
            this.places = BoundedSemaphore.of(places);
        }
    }

    private final UrlInput input;
    private final Fetch fetch;
    private final Tally tally;
    private final Output output;
    private final int perHost;
    private final BoundedSemaphore places;

    /** Only where a host can have fewer places than there are. */
    private final @Nullable Map<String, Host> hosts;

    /** The URLs whose outcomes are not passed on, in the order of the input. */
    private final Channel<Task<FetchOutcome>> begun = Channel.of(MAX_AHEAD);

    /** The oldest of them. */
    private @Nullable Task<FetchOutcome> oldest;

    private @Nullable FailureException unreadable;
    private int running;

    Fetcher(FetchOptions options, UrlInput input, Fetch fetch, Tally tally, Output output) {
        this.input = input;
        this.fetch = fetch;
        this.tally = tally;
        this.output = output;
        this.perHost = options.perHost();
        this.places = BoundedSemaphore.of(options.concurrency());
        this.hosts = perHost < options.concurrency() ? new HashMap<>() : null;
    }

    /** The URLs that are being fetched now. */
    int running() {
        return running;
    }

    /**
     * Fetches everything.
     *
     * <p>Cancellation: what is under way is cancelled and has no outcome; the outcomes so far are passed on.
     *
     * @throws FailureException if the list cannot be read on, after all URLs read before have their outcomes
     */
    void run() throws Exception {
        try {
            group(urls -> {
                urls.spawn("outcomes", this::passOn);
                try {
                    takeAll(urls);
                } catch (FailureException e) {
                    unreadable = e;
                }
                begun.close();
            });
        } finally {
            shield(this::passOnWhatCame);
        }
        if (unreadable != null) {
            throw unreadable;
        }
    }

    private void passOn() {
        for (Task<FetchOutcome> url : begun) {
            oldest = url;
            output.print(url.join());
            oldest = null;
        }
    }

    /** Passes on what there is, over the gaps: after an interruption some never come. */
    private void passOnWhatCame() {
        for (Task<FetchOutcome> url = oldest; url != null; url = begun.tryReceive().orElse(null)) {
            if (url.isDone() && url.awaitOutcome() instanceof Outcome.Success<FetchOutcome>(FetchOutcome outcome)) {
                output.print(outcome);
            }
        }
    }

    private void takeAll(TaskGroup urls) throws InterruptedException {
        for (long index = 0;; index++) {
            output.awaitRoom();
            Optional<String> line = input.next();
            if (line.isEmpty()) {
                return;
            }
            places.acquire();
            tally.begin();
            begun.send(begin(index, line.get(), urls));
        }
    }

    /** Starts the task of a URL, which has a place. */
    private Task<FetchOutcome> begin(long index, String line, TaskGroup urls) {
        try {
            FetchJob job = FetchJob.of(index, line);
            return urls.spawn("GET " + job.url(), () -> counted(hosts == null ? fetch(job) : inTurn(job, hosts)));
        } catch (IllegalArgumentException e) {
            places.release();
            return urls.spawn(() -> counted(FetchOutcome.refused(index, FetchJob.shown(line), ErrorText.of(e))));
        }
    }

    /** Fetches a URL when its host has a place for it, and gives its own place to others until then. */
    private FetchOutcome inTurn(FetchJob job, Map<String, Host> known) throws Exception {
        String name = job.host();
        Host host = known.computeIfAbsent(name, _ -> new Host(perHost));
        host.urls++;
        try {
            if (!host.places.tryAcquire()) {
                places.release();
                host.places.acquire();
                places.acquire();
            }
            FetchOutcome outcome = fetch(job);
            host.places.release();
            return outcome;
        } finally {
            host.urls--;
            if (host.urls == 0) {
                known.remove(name);
            }
        }
    }

    /** Fetches a URL. Where that ends the run its place stays taken, so that no other one begins. */
    private FetchOutcome fetch(FetchJob job) throws Exception {
        running++;
        FetchOutcome outcome;
        try {
            outcome = fetch.of(job);
        } finally {
            running--;
        }
        places.release();
        return outcome;
    }

    private FetchOutcome counted(FetchOutcome outcome) {
        tally.add(outcome);
        return outcome;
    }
}
