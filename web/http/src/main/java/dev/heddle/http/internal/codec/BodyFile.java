package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The file that a body is saved in, so that nobody ever sees half of it. */
public final class BodyFile {

    /** What one step between a file and a body has: each hop to a worker thread costs more than a read. */
    public static final int COPY_BYTES = 64 * 1024;

    /** How long removing a half-written file may take after a cancel. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private BodyFile() {}

    public static long copy(BodySource source, Path file) throws IOException {
        long number = Heddle.currentLoop().engine().random();
        Path partial = file.resolveSibling(file.getFileName() + "." + Long.toHexString(number) + ".part");
        OutputStream out = OffloadedIo.call(() -> Files.newOutputStream(
                partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        boolean whole = false;
        try {
            long total = copy(source, out);
            OffloadedIo.call(() -> {
                out.close();
                return Files.move(
                        partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            });
            whole = true;
            return total;
        } finally {
            if (!whole) {
                Heddle.shield(CLEAN_UP, () -> OffloadedIo.call(() -> {
                    try (out) {
                        return Files.deleteIfExists(partial);
                    }
                }));
            }
        }
    }

    private static long copy(BodySource source, OutputStream out) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        long total = 0;
        while (true) {
            int count = fill(source, buffer);
            if (count > 0) {
                OffloadedIo.call(() -> {
                    out.write(buffer, 0, count);
                    return count;
                });
                total += count;
            }
            if (count < buffer.length) {
                return total;
            }
        }
    }

    /** Collects a bufferful, since each hop to a worker thread costs more than a read. */
    public static int fill(BodySource source, byte[] buffer) {
        int size = 0;
        while (size < buffer.length) {
            int count = source.read(buffer, size, buffer.length - size);
            if (count < 0) {
                break;
            }
            size += count;
        }
        return size;
    }
}
