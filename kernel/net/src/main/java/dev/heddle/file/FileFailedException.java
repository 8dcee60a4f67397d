package dev.heddle.file;

import dev.heddle.HeddleException;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The failure of work with a file or directory that the system refuses. Tells which one and why; the JDK's exception is
 * the cause.
 *
 * <pre>{@code
 * try {
 *     return AsyncFiles.readText(file, 1_000_000);
 * } catch (FileFailedException e) {
 *     if (e.reason() == FileFailedException.Reason.NOT_FOUND) { return ""; }
 *     throw e;
 * }
 * }</pre>
 */
public final class FileFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** How our own refusal of FIFOs, devices and directories reads. */
    static final String NOT_REGULAR = "Not a regular file";

    /** Why the system refuses. */
    public enum Reason {
        /** There is no such file or directory. */
        NOT_FOUND("there is no such file or directory"),
        /** There is one already. */
        EXISTS("it exists already"),
        /** Its permissions, or those of a directory above it, do not allow that; or the file system is read-only. */
        ACCESS_DENIED("permission denied"),
        /** It, or what is named as a directory above it, is no directory. */
        NOT_A_DIRECTORY("not a directory"),
        /** It is a directory, FIFO, socket or device, not a regular file. */
        NOT_A_FILE("not a regular file, but a directory, FIFO, socket or device"),
        /** The disk is full, or the quota is used up. */
        NO_SPACE("the disk is full or the quota used up"),
        /** The process, user or system has no descriptor or watch left. */
        TOO_MANY_OPEN("too many open files or watches; close some, or raise the limit (ulimit -n, fs.inotify.*)"),
        /** Anything else; see the cause. */
        OTHER("");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final String path;
    private final Reason reason;

    /**
     * @param doing what failed: {@code read}
     * @param path the file, as the call named it
     * @param cause the words of the system
     */
    public FileFailedException(String doing, Path path, IOException cause) {
        this(doing, path.toString(), of(cause), cause);
    }

    private FileFailedException(String doing, String path, Reason reason, IOException cause) {
        super("cannot " + doing + " " + path + ": "
                + (reason == Reason.OTHER ? Throwables.describe(cause) : reason.words),
                cause);
        this.path = path;
        this.reason = reason;
    }

    private static Reason of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> Reason.NOT_FOUND;
            case FileAlreadyExistsException _ -> Reason.EXISTS;
            case AccessDeniedException _ -> Reason.ACCESS_DENIED;
            case NotDirectoryException _ -> Reason.NOT_A_DIRECTORY;
            case FileSystemException f -> ofWords(f.getReason());
            default -> ofWords(e.getMessage());
        };
    }

    /** The JDK has no types for these: the words are those of strerror(3) and of its own watch service. */
    private static Reason ofWords(@Nullable String words) {
        return switch (words == null ? "" : words) {
            case "No such file or directory" -> Reason.NOT_FOUND;
            case "File exists" -> Reason.EXISTS;
            case "Permission denied", "Operation not permitted", "Read-only file system" -> Reason.ACCESS_DENIED;
            case "Not a directory" -> Reason.NOT_A_DIRECTORY;
            case "Is a directory", NOT_REGULAR -> Reason.NOT_A_FILE;
            case "No space left on device", "Disk quota exceeded" -> Reason.NO_SPACE;
            case "Too many open files",
                    "Too many open files in system",
                    "User limit of inotify watches reached",
                    "User limit of inotify instances reached or too many open files" ->
                Reason.TOO_MANY_OPEN;
            default -> Reason.OTHER;
        };
    }

    /** The file or directory, as the call named it. */
    public String path() {
        return path;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
