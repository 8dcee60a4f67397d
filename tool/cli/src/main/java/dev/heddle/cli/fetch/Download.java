package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.offload;

import dev.heddle.BrokenException;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.http.Headers;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.Reply;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way of one reply's body into its file. If asked to, it goes on where an earlier attempt stopped: it asks for the
 * rest, on condition that the version is still the same (RFC 9110, sections 13.1.5 and 14.2), and a server that sends
 * everything, or another version, is taken from its first byte.
 *
 * <p>Threads: one task; files are written by worker threads.
 */
final class Download {

    /** A date is a strong validator only if the file was not changed again within it (RFC 9110, section 8.8.2.2). */
    private static final Duration STRONG_AFTER = Duration.ofSeconds(60);

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final SavedBody body;
    private final String url;
    private final boolean resume;
    private SavedBody.@Nullable Begun begun;

    /** The bytes of the part that is the rest. */
    private long announced;

    /** How many bytes have come. */
    private long received;

    Download(SavedBody body, String url, boolean resume) {
        this.body = body;
        this.url = url;
        this.resume = resume;
    }

    /** A body cannot be saved; another attempt would not help. */
    static final class SaveException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SaveException(IOException cause) {
            super("cannot save: " + ErrorText.of(cause), cause);
        }
    }

    long received() {
        return received;
    }

    /** Whether there is nothing to do. */
    boolean isDone() {
        return resume && offload(body::isWhole);
    }

    /** Asks for the rest of what there is. */
    ClientRequest ask(ClientRequest request) {
        if (!resume) {
            return request;
        }
        // Ranges count the bytes of what is sent, so that must be what is saved.
        request.decodeBodies(false).header("Accept-Encoding", "identity");
        onDisk(() -> begun = body.begun(url).orElse(null));
        return begun == null
                ? request
                : request.header("Range", "bytes=" + begun.bytes() + "-").header("If-Range", begun.validator());
    }

    /** Whether the reply is of use. If not, what there was is gone, and the body is to be asked for anew. */
    boolean isOfUse(Reply reply) {
        SavedBody.Begun there = begun;
        if (there == null) {
            return true;
        }
        boolean isOfUse = switch (reply.status()) {
            case 206 -> isSameVersion(reply.headers(), there.validator()) && isRest(reply.headers(), there.bytes());
            case 416 -> false;
            default -> true;
        };
        if (!isOfUse) {
            begun = null;
            onDisk(body::remove);
        }
        return isOfUse;
    }

    /**
     * Not every server that knows ranges knows conditions on them; this field it must send (RFC 9110, section 15.3.7).
     */
    private static boolean isSameVersion(Headers headers, String validator) {
        return validator.startsWith("\"")
                ? headers.get("ETag").orElse("").equals(validator)
                : headers.get("Last-Modified").orElse(validator).equals(validator);
    }

    /** Whether the part begins where the file ends, and ends where the body does; notes its length. */
    private boolean isRest(Headers headers, long from) {
        Matcher range = CONTENT_RANGE.matcher(headers.get("Content-Range").orElse(""));
        if (!range.matches()) {
            return false;
        }
        long end = Long.parseLong(range.group(3));
        announced = end - from;
        return Long.parseLong(range.group(1)) == from && Long.parseLong(range.group(2)) == end - 1;
    }

    /**
     * Saves the body to its last byte.
     *
     * <p>Cancellation: what has come stays for another run if it can go on there; otherwise no file is left.
     *
     * @param buffer how much is saved in one go
     */
    void receive(Reply reply, byte[] buffer) {
        boolean saved = false;
        try {
            begin(reply);
            int filled = 0;
            for (int count = 0; count >= 0; count = reply.read(buffer, filled, buffer.length - filled)) {
                received += count;
                filled += count;
                if (filled == buffer.length) {
                    onDisk(() -> body.write(buffer, buffer.length));
                    filled = 0;
                }
            }
            checkLength();
            int rest = filled;
            onDisk(() -> body.finish(buffer, rest));
            saved = true;
        } finally {
            if (!saved) {
                body.giveUp();
            }
        }
    }

    private void checkLength() {
        if (begun != null && received != announced) {
            onDisk(body::remove);
            throw new BrokenException("the server sent a part of " + received + " bytes and called it " + announced);
        }
    }

    private void begin(Reply reply) {
        if (begun != null && reply.status() == 206) {
            onDisk(body::goOn);
            return;
        }
        begun = null;
        if (!resume) {
            return;
        }
        String validator = validator(reply.headers());
        onDisk(() -> {
            body.remove();
            if (!validator.isEmpty()) {
                body.note(url, validator);
            }
        });
    }

    /** What names this version and no other; empty if the server gives nothing that surely does. */
    private static String validator(Headers headers) {
        String tag = headers.get("ETag").orElse("");
        if (tag.startsWith("\"")) {
            return tag;
        }
        Optional<String> modified = headers.get("Last-Modified");
        Optional<Instant> changed = modified.flatMap(Download::date);
        Optional<Instant> now = headers.get("Date").flatMap(Download::date);
        boolean isStrong = changed.isPresent() && now.isPresent()
                && !changed.get().plus(STRONG_AFTER).isAfter(now.get());
        return isStrong ? modified.get() : "";
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private interface FileAction {
        void run() throws IOException;
    }

    private static void onDisk(FileAction action) {
        offload(() -> {
            try {
                action.run();
            } catch (IOException e) {
                throw new SaveException(e);
            }
        });
    }
}
