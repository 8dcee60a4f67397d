package dev.heddle.cli.fetch;

import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.internal.Hash;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which bodies are saved, each in a file of its own.
 *
 * <p>A name is the place of the URL in the input and a few harmless characters of the URL, {@code
 * 000042-host_page.html}; where these are not all of it, a part of its hash is between, so another URL has another name,
 * be it in another run; http and https are one. No name leaves the directory.
 *
 * <p>A body is written under a hidden temporary name of its own and renamed when it is whole, so a file with its final
 * name is never half a body. Bodies that go on later have hidden names that the next run finds; so only one process at a
 * time may do that in a directory. A file of an earlier run with the same name is replaced.
 *
 * <p>Threads: worker threads; all methods block.
 */
final class BodyDirectory implements AutoCloseable {

    private static final int MAX_NAME = 95;

    private static final int HASH_BYTES = 4;

    private static final String LOCK = ".fetch.lock";

    private static final String USUAL_PERMISSIONS = "rw-rw-rw-"; // which the umask narrows

    private final Path directory;

    /** Held while bodies here may go on later; null if none does. */
    private final @Nullable FileChannel lock;

    private BodyDirectory(Path directory, @Nullable FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Opens the directory, and makes it if it is not there.
     *
     * @param resume whether bodies that are not whole go on later
     * @throws UsageException if that cannot be, nothing can be written there, or another process resumes there
     */
    static BodyDirectory open(Path directory, boolean resume) {
        try {
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new UsageException(
                        "cannot save in " + HumanFormat.printable(directory.toString()) + ": permission denied");
            }
            return new BodyDirectory(directory, resume ? lock(directory) : null);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(
                    "cannot save in " + HumanFormat.printable(directory.toString()) + ": it is a file");
        } catch (IOException e) {
            throw new UsageException(
                    "cannot save in " + HumanFormat.printable(directory.toString()) + ": " + ErrorText.of(e));
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel file = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            locked = file.tryLock() != null && Files.exists(directory.resolve(LOCK));
        } catch (OverlappingFileLockException e) {
            // By this process.
        } finally {
            if (!locked) {
                file.close();
            }
        }
        if (!locked) {
            throw new UsageException("another fetch -C is saving in " + HumanFormat.printable(directory.toString()));
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            try (FileChannel _ = lock) {
                Files.deleteIfExists(directory.resolve(LOCK));
            }
        }
    }

    /** The file name for a URL. */
    static String name(long index, URI url) {
        var name = new StringBuilder(String.format(Locale.ROOT, "%06d-", index + 1));
        String path = url.getRawPath() == null || url.getRawPath().equals("/") ? "" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String text = url.getRawAuthority() + path;
        if (text.length() > MAX_NAME || !(text + query).matches("[a-zA-Z0-9.-]+(:\\d+)?[a-zA-Z0-9./-]*")) {
            name.append(HexFormat.of().formatHex(Hash.sha256(text + query), 0, HASH_BYTES)).append('-');
        }
        // The end of the path tells files apart and carries the extension.
        int from = Math.max(0, text.length() - MAX_NAME);
        harmless(name, text.substring(from));
        harmless(name, query.substring(0, Math.min(query.length(), MAX_NAME)));
        return name.toString();
    }

    private static void harmless(StringBuilder name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            name.append(isHarmless(c) ? c : '_');
        }
    }

    private static boolean isHarmless(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }

    /** A body that is being saved under this name. */
    SavedBody begin(String name) {
        Path part = lock == null ? null : directory.resolve("." + name + ".part");
        return new SavedBody(directory.resolve(name), part, directory.resolve("." + name + ".note"));
    }

    /** A new hidden file beside another. */
    static Path unique(Path beside) throws IOException {
        Path directory = Objects.requireNonNull(beside.getParent());
        FileAttribute<?>[] usual = directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(USUAL_PERMISSIONS))
                }
                : new FileAttribute<?>[0];
        return Files.createTempFile(directory, "." + beside.getFileName() + ".", ".part", usual);
    }
}
