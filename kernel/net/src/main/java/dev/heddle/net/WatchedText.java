package dev.heddle.net;

import dev.heddle.internal.AsksSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file of the system, which is read again only when the file looks changed. One that had just been written
 * when it was read is read again: the next write may leave all that can be seen as it was.
 *
 * <p>Threads: one at a time; blocks.
 */
final class WatchedText {

    /** The most bytes that are read. */
    static final int MAX_BYTES = 16 << 20;

    /** So long after its last write a file is told from its next version by its time. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path path;
    private @Nullable Look last;
    private Optional<String> text = Optional.of("");

    WatchedText(Path path) {
        this.path = path;
    }

    /** What is seen of a file from outside. */
    @AsksSystem("files have the system's time")
    private record Look(FileTime modified, long bytes, String key) {

        static Look at(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Look(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        }

        boolean isSettled() {
            return modified.toInstant().plus(SETTLED).isBefore(Instant.now());
        }
    }

    /** The text, which is nothing if there is no file; empty if it is too long or may not be read. */
    Optional<String> read() {
        try {
            Look now = Look.at(path);
            if (!now.equals(last)) {
                last = null;
                text = readBytes();
                if (now.isSettled()) {
                    last = now;
                }
            }
            return text;
        } catch (NoSuchFileException | NotDirectoryException e) {
            last = null;
            return Optional.of("");
        } catch (IOException e) {
            last = null;
            return Optional.empty();
        }
    }

    private Optional<String> readBytes() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
