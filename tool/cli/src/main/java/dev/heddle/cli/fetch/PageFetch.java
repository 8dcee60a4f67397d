package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fetching of one URL to the last byte of its body, with the attempts and within the time that the options allow.
 *
 * <p>Threads: the tasks of one loop, any number at a time.
 */
final class PageFetch {

    /** A body up to this size is saved in one go. */
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Statuses that say that the request was not looked at (RFC 9110, section 15; RFC 6585, section 4). */
    private static final Set<Integer> NOT_LOOKED_AT = Set.of(408, 425, 429, 503);

    private final HttpClient http;
    private final FetchOptions options;
    private final @Nullable BodyDirectory bodies;

    /** Buffers that are not in use; there are never more than URLs under way. */
    private final ArrayDeque<byte[]> buffers = new ArrayDeque<>();

    PageFetch(HttpClient http, FetchOptions options, @Nullable BodyDirectory bodies) {
        this.http = http;
        this.options = options;
        this.bodies = bodies;
    }

    /**
     * Fetches a URL. What goes wrong is told in the outcome.
     *
     * <p>Cancellation: a cancelled call leaves no file, or one that another run can go on with if asked to.
     */
    FetchOutcome of(FetchJob job) {
        long start = currentLoop().nanoTime();
        for (int failures = 1;; failures++) {
            long left = options.timeout().toNanos() - (currentLoop().nanoTime() - start);
            // The whole time is told as it was asked for.
            Duration limit = failures == 1 ? options.timeout() : Duration.ofNanos(Math.max(1, left));
            var attempt = new Attempt(job, limit);
            attempt.run();
            long spent = currentLoop().nanoTime() - start;
            if (!attempt.mayPass || failures >= options.retries().attempts()) {
                return attempt.outcome(spent);
            }
            Duration pause = pause(failures, attempt.retryAfter);
            if (pause.toNanos() >= options.timeout().toNanos() - spent) {
                // The failure says more than a deadline that passed while nothing was tried.
                return attempt.outcome(spent);
            }
            sleep(pause);
        }
    }

    /** The wait before the next attempt: as the rule says, or as long as the server asks for. */
    private Duration pause(int failures, String retryAfter) {
        Duration pause = options.retries().backoff().delay(failures, currentLoop().engine().random());
        if (!retryAfter.matches("[0-9]{1,9}")) {
            return pause;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        return asked.compareTo(pause) > 0 ? asked : pause;
    }

    /** Whether a reply with this status may be another one next time. */
    private boolean mayPass(int status) {
        return options.retries().statuses().contains(status)
                && (options.request().isIdempotent() || NOT_LOOKED_AT.contains(status));
    }

    /**
     * Whether this failure may pass: a connection that could not be made or broke, also while the body came. A wrong
     * name, a certificate, a reply that is no HTTP or a redirect in a circle stay what they are.
     *
     * @param idempotent whether the request has the same effect when it arrives twice; if not, nothing may have been
     *     sent
     */
    static boolean mayPass(Throwable failure, boolean idempotent) {
        return switch (failure) {
            case ConnectFailedException e -> e.phase() == ConnectFailedException.Phase.CONNECT;
            case TlsException e -> false;
            case BrokenException e -> idempotent;
            default -> false;
        };
    }

    /** One request and its reply. */
    private final class Attempt {

        private final FetchJob job;
        private final Duration timeout;
        private int status;
        private long bytes;
        private @Nullable String error;
        private @Nullable String file;
        private String retryAfter = "";

        /** Whether another attempt may have another end. */
        private boolean mayPass;

        Attempt(FetchJob job, Duration timeout) {
            this.job = job;
            this.timeout = timeout;
        }

        FetchOutcome outcome(long nanos) {
            return new FetchOutcome(job.index(), job.url(), status, bytes, nanos, error, file);
        }

        void run() {
            Download download = bodies == null
                    ? null
                    : new Download(bodies.begin(name()), job.url(), options.resume());
            try {
                if (download != null && download.isDone()) {
                    file = name();
                    return;
                }
                long begin = currentLoop().nanoTime();
                if (!answered(download, timeout)) {
                    // Now there is nothing left to go on with, so the second answer is of use whatever it is.
                    long left = timeout.toNanos() - (currentLoop().nanoTime() - begin);
                    answered(download, Duration.ofNanos(Math.max(1, left)));
                }
            } catch (CancelledException e) {
                throw e;
            } catch (Download.SaveException e) {
                // A cancel interrupts the writing of a file, too.
                CancelScope.throwIfCancelled();
                error = e.getMessage();
            } catch (IOException e) {
                error = "cannot read the body to send: " + ErrorText.of(e);
            } catch (RuntimeException e) {
                error = reason(e);
                mayPass = mayPass(e, options.request().isIdempotent());
            }
        }

        private String name() {
            return BodyDirectory.name(job.index(), job.uri());
        }

        /** Takes the whole reply; false if the request must be sent once more, for all of the body. */
        private boolean answered(@Nullable Download download, Duration limit) throws IOException {
            ClientRequest request = options.request().request(http, job.url()).timeout(limit);
            try (Reply reply = (download == null ? request : download.ask(request)).send()) {
                if (download != null && !download.isOfUse(reply)) {
                    return false;
                }
                status = reply.status();
                retryAfter = reply.headers().get("Retry-After").orElse("");
                receive(reply, download);
                mayPass = mayPass(status);
                return true;
            }
        }

        private void receive(Reply reply, @Nullable Download download) {
            byte[] buffer = buffers.isEmpty() ? new byte[BUFFER_BYTES] : buffers.pop();
            try {
                if (download == null || status >= 400) {
                    discard(reply, buffer);
                } else {
                    save(reply, buffer, download);
                }
            } finally {
                buffers.push(buffer);
            }
        }

        private void discard(Reply reply, byte[] buffer) {
            for (int count = reply.read(buffer); count >= 0; count = reply.read(buffer)) {
                bytes += count;
            }
        }

        private void save(Reply reply, byte[] buffer, Download download) {
            try {
                download.receive(reply, buffer);
                file = name();
            } finally {
                bytes = download.received();
            }
        }

        private String reason(RuntimeException e) {
            // The request is known here; after a redirect it is another one.
            return ErrorText.ofRequest(
                    e, failed -> job.url().regionMatches(true, 0, failed.url(), 0, job.host().length()));
        }
    }
}
