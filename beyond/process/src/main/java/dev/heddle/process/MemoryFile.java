package dev.heddle.process;

import dev.heddle.process.internal.PrivateDirectory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The files that are mapped into memory. */
final class MemoryFile {

    private static final int CHUNK_BYTES = 1024 * 1024;

    private MemoryFile() {}

    /**
     * Makes one with zeros in it, readable for this user alone.
     *
     * <p>The zeros are really written, since a file with holes is more than a promise to none: touching a page for
     * which there is no room kills the process (SIGBUS, mmap(2)).
     */
    static MemorySegment create(Path file, long bytes, Arena arena) throws IOException {
        long room = file.resolveSibling("").toFile().getUsableSpace();
        if (bytes > room) {
            // Asked before, since filling the memory of the machine up to the brim would hurt others.
            throw new FileSystemException(file.toString(), null, "No space left on device");
        }
        Set<StandardOpenOption> how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, how, PrivateDirectory.mode("rw-------"));
                Arena zeros = Arena.ofConfined()) {
            ByteBuffer chunk = zeros.allocate(Math.min(bytes, CHUNK_BYTES)).asByteBuffer();
            for (long left = bytes; left > 0; left -= channel.write(chunk)) {
                chunk.clear().limit((int) Math.min(left, chunk.capacity()));
            }
            return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
        }
    }

    /** Maps one as long as it is. */
    static MemorySegment open(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size(), arena);
        }
    }
}
