package dev.heddle.cli.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into its file: in a hidden one until it is whole, then {@code NAME}. A body that may go on later
 * is in {@code .NAME.part} and has a note beside it, {@code .NAME.note}: the URL and the server's name for the version
 * that was begun, a line each.
 *
 * <p>What an earlier run left may be a link to somewhere else, so nothing is ever written through one.
 *
 * <p>Threads: worker threads, one at a time; all methods block.
 */
final class SavedBody {

    /** A longer note was not written here. */
    private static final long MAX_NOTE_BYTES = 64 * 1024;

    private final Path target;

    /** Null until there is one of a name that no other process has. */
    private @Nullable Path part;

    private final Path note;
    private @Nullable OutputStream out;
    private boolean hasNote;

    /**
     * @param part where it is found again; null if it never goes on later
     */
    SavedBody(Path target, @Nullable Path part, Path note) {
        this.target = target;
        this.part = part;
        this.note = note;
    }

    /**
     * What an earlier attempt has left.
     *
     * @param bytes how much of the body is there, at least 1
     * @param validator the server's name for the version that it is of, for an If-Range field
     */
    record Begun(long bytes, String validator) {}

    /** Whether the body is there already. */
    boolean isWhole() {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
    }

    /** What an earlier attempt has left of this URL's body, if it can go on. */
    Optional<Begun> begun(String url) throws IOException {
        if (part == null
                || !Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)
                || Files.size(note) > MAX_NOTE_BYTES) {
            return Optional.empty();
        }
        List<String> lines = Files.readString(note).lines().toList();
        long bytes = Files.size(part);
        return lines.size() == 2 && lines.getFirst().equals(url) && bytes > 0
                ? Optional.of(new Begun(bytes, lines.getLast()))
                : Optional.empty();
    }

    /** Goes on behind what an earlier attempt has left. */
    void goOn() throws IOException {
        hasNote = true;
        out = Files.newOutputStream(
                Objects.requireNonNull(part), StandardOpenOption.APPEND, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Notes what is needed to go on later. There must be nothing of an earlier attempt. */
    void note(String url, String validator) throws IOException {
        Files.writeString(note, url + "\n" + validator + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        hasNote = true;
    }

    /** Appends bytes. */
    void write(byte[] bytes, int count) throws IOException {
        if (out == null) {
            out = begin();
        }
        out.write(bytes, 0, count);
    }

    private OutputStream begin() throws IOException {
        Path found = part;
        if (found == null) {
            part = BodyDirectory.unique(target);
            return Files.newOutputStream(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }
        Files.deleteIfExists(found);
        return Files.newOutputStream(
                found, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Appends the last bytes and gives the file its name. */
    void finish(byte[] bytes, int count) throws IOException {
        write(bytes, count);
        close();
        Files.move(Objects.requireNonNull(part), target, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (hasNote) {
            Files.deleteIfExists(note);
        }
    }

    /**
     * Ends an attempt that failed: keeps what can go on later, removes what cannot. Does nothing after {@link #finish}.
     */
    void giveUp() {
        try {
            if (hasNote) {
                close();
            } else {
                remove();
            }
        } catch (IOException e) {
            // The failure that led here is the one to tell.
        }
    }

    /** Removes what was written. */
    void remove() throws IOException {
        try {
            close();
        } finally {
            hasNote = false;
            if (part != null) {
                Files.deleteIfExists(part);
            }
            Files.deleteIfExists(note);
        }
    }

    private void close() throws IOException {
        if (out != null) {
            OutputStream open = out;
            out = null;
            open.close();
        }
    }
}
