package dev.heddle.http.server;

import dev.heddle.internal.Checks;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The limits of a {@code multipart/form-data} body. Looked at while it is read; what is beyond a limit gets 413.
 *
 * <p>A field is a part without a filename, a file is one with a filename. {@link ServerLimits#maxBodyBytes} holds
 * besides.
 */
public final class MultipartLimits {

    /** The defaults: see each {@code with} method. */
    public static final MultipartLimits DEFAULT = new MultipartLimits(
            1000,
            8 * 1024,
            1024 * 1024,
            16L * 1024 * 1024,
            16L * 1024 * 1024,
            256 * 1024,
            Path.of(System.getProperty("java.io.tmpdir")));

    private final int maxParts;
    private final int maxPartHeaderBytes;
    private final int maxFieldBytes;
    private final long maxFileBytes;
    private final long maxTotalBytes;
    private final int memoryBytes;
    private final Path directory;

    private MultipartLimits(int maxParts, int maxPartHeaderBytes, int maxFieldBytes, long maxFileBytes,
            long maxTotalBytes, int memoryBytes, Path directory) {
        Checks.atLeast("maxParts", maxParts, 1);
        Checks.atLeast("maxPartHeaderBytes", maxPartHeaderBytes, 64);
        Checks.atLeast("maxFieldBytes", maxFieldBytes, 0);
        Checks.atLeast("maxFileBytes", maxFileBytes, 0);
        Checks.atLeast("maxTotalBytes", maxTotalBytes, 0);
        Checks.atLeast("memoryBytes", memoryBytes, 0);
        Objects.requireNonNull(directory);
        this.maxParts = maxParts;
        this.maxPartHeaderBytes = maxPartHeaderBytes;
        this.maxFieldBytes = maxFieldBytes;
        this.maxFileBytes = maxFileBytes;
        this.maxTotalBytes = maxTotalBytes;
        this.memoryBytes = memoryBytes;
        this.directory = directory;
    }

    /** Most parts. */
    public int maxParts() {
        return maxParts;
    }

    /** Longest header section of a part. */
    public int maxPartHeaderBytes() {
        return maxPartHeaderBytes;
    }

    /** Most bytes of all fields together. */
    public int maxFieldBytes() {
        return maxFieldBytes;
    }

    /** Longest file. */
    public long maxFileBytes() {
        return maxFileBytes;
    }

    /** Longest body, with all that stands between the parts. */
    public long maxTotalBytes() {
        return maxTotalBytes;
    }

    /** Most bytes of all files together that {@link Request#formData} keeps in memory; more goes to the disk. */
    public int memoryBytes() {
        return memoryBytes;
    }

    /** Where {@link Request#formData} puts what it does not keep in memory. */
    public Path directory() {
        return directory;
    }

    /** With another most count of parts; 1,000 by default. */
    public MultipartLimits withMaxParts(int maxParts) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another longest header section of a part in bytes; 8 KiB by default. */
    public MultipartLimits withMaxPartHeaderBytes(int maxPartHeaderBytes) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another bound for all fields together in bytes; 1 MiB by default. */
    public MultipartLimits withMaxFieldBytes(int maxFieldBytes) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another longest file in bytes; 16 MiB by default. */
    public MultipartLimits withMaxFileBytes(long maxFileBytes) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another longest body in bytes; 16 MiB by default. */
    public MultipartLimits withMaxTotalBytes(long maxTotalBytes) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another bound for files in memory, in bytes; 256 KiB by default. */
    public MultipartLimits withMemoryBytes(int memoryBytes) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    /** With another place for what is not kept in memory; {@code java.io.tmpdir} by default. */
    public MultipartLimits withDirectory(Path directory) {
        return new MultipartLimits(maxParts, maxPartHeaderBytes, maxFieldBytes, maxFileBytes, maxTotalBytes,
                memoryBytes, directory);
    }

    @Override
    public String toString() {
        return "MultipartLimits[maxParts=" + maxParts + ", maxPartHeaderBytes=" + maxPartHeaderBytes
                + ", maxFieldBytes=" + maxFieldBytes + ", maxFileBytes=" + maxFileBytes + ", maxTotalBytes="
                + maxTotalBytes + ", memoryBytes=" + memoryBytes + ", directory=" + directory + "]";
    }
}
