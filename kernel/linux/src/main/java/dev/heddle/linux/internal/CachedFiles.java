package dev.heddle.linux.internal;

import dev.heddle.internal.Descriptors;
import dev.heddle.internal.PageCache;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The reading of files that are in the page cache: openat2(2) with {@code RESOLVE_CACHED}, statx(2), preadv2(2) with
 * {@code RWF_NOWAIT}. A path that the kernel would have to ask a disk about, a page that is not there, or a kernel
 * before 5.12 is an error at once.
 *
 * <p>Threads: one at a time.
 */
public final class CachedFiles implements PageCache {

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;

    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_CACHED = 0x20;

    /** struct open_how: flags, mode, resolve. */
    private static final int HOW_BYTES = 24;
    private static final int HOW_RESOLVE = 16;

    /** struct statx, and of it stx_mode, stx_size, stx_mtime. */
    private static final int STAT_BYTES = 256;
    private static final int STAT_MODE = 28;
    private static final int STAT_SIZE = 40;
    private static final int STAT_SECONDS = 112;
    private static final int STAT_NANOS = 120;

    /** STATX_TYPE, STATX_MTIME, STATX_SIZE. */
    private static final int STAT_WANTED = 0x01 | 0x40 | 0x200;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int S_IFMT = 0xf000;
    private static final int S_IFREG = 0x8000;

    /** struct iovec: iov_base, iov_len. */
    public static final int IOVEC_BYTES = 16;

    /** Of preadv2(2): what is not in memory is an error. */
    public static final int RWF_NOWAIT = 0x08;

    /** struct statfs, and of it f_type. */
    private static final int STATFS_BYTES = 256;

    private static final int PATH_MAX = 4096;

    private final Arena arena;
    private final SystemCalls kernel;
    private final MemorySegment path;
    private final MemorySegment how;
    private final MemorySegment howToLook;
    private final MemorySegment stat;
    private final MemorySegment vector;
    private final MemorySegment content;

    /**
     * @param maxBytes of a file that can be read
     */
    public CachedFiles(int maxBytes) throws IOException {
        arena = Arena.ofShared();
        kernel = new SystemCalls(arena);
        path = arena.allocate(PATH_MAX);
        how = how(O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        howToLook = how(O_PATH | O_CLOEXEC);
        stat = arena.allocate(STAT_BYTES, Long.BYTES);
        vector = arena.allocate(IOVEC_BYTES, Long.BYTES);
        content = Pages.map(arena, kernel, maxBytes);
        vector.set(ValueLayout.JAVA_LONG, 0, content.address());
    }

    private MemorySegment how(int flags) {
        MemorySegment made = arena.allocate(HOW_BYTES, Long.BYTES);
        made.set(ValueLayout.JAVA_LONG, 0, flags);
        made.set(ValueLayout.JAVA_LONG, HOW_RESOLVE, RESOLVE_NO_SYMLINKS | RESOLVE_CACHED);
        return made;
    }

    /**
     * Whether a file is on a file system that keeps its promises: those over a network and those of other programs ask
     * somebody when a file is opened. See statfs(2).
     */
    @Override
    public boolean isTryable(byte[] name) {
        if (name.length >= PATH_MAX - 1) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(PATH_MAX);
            MemorySegment facts = arena.allocate(STATFS_BYTES, Long.BYTES);
            MemorySegment.copy(name, 0, copy, ValueLayout.JAVA_BYTE, 0, name.length);
            long result = new SystemCalls(arena).call(SyscallNumbers.STATFS, copy.address(), facts.address());
            return result == 0 && isLocal(facts.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private static boolean isLocal(long type) {
        return type == 0xEF53L // ext2, ext3, ext4
                || type == 0x58465342L // XFS
                || type == 0x9123683EL // Btrfs
                || type == 0xF2F52010L // F2FS
                || type == 0x01021994L; // tmpfs
    }

    @Override
    public PageCache.@Nullable Snapshot read(byte[] name, int maxBytes) {
        int descriptor = open(name, how);
        if (descriptor < 0) {
            return null;
        }
        PageCache.Snapshot taken = null;
        try {
            taken = snapshot(descriptor, Math.min(maxBytes, (int) content.byteSize()));
            return taken;
        } finally {
            if (taken == null || taken.file() == null) {
                kernel.call(SyscallNumbers.CLOSE, descriptor);
            }
        }
    }

    @Override
    public @Nullable Instant modified(byte[] name) {
        int descriptor = open(name, howToLook);
        if (descriptor < 0) {
            return descriptor == -Errno.ENOENT ? NO_FILE : null;
        }
        boolean known = isRegular(descriptor);
        kernel.call(SyscallNumbers.CLOSE, descriptor);
        return known ? modified() : null;
    }

    private PageCache.@Nullable Snapshot snapshot(int descriptor, int maxBytes) {
        boolean regular = isRegular(descriptor);
        long size = stat.get(ValueLayout.JAVA_LONG, STAT_SIZE);
        if (!regular || (size <= maxBytes && read(descriptor, (int) size) != size)) {
            return null;
        }
        var bytes = new byte[size > maxBytes ? 0 : (int) size];
        MemorySegment.copy(content, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        try {
            return new PageCache.Snapshot(modified(), size, bytes,
                    size > maxBytes ? Descriptors.reading(descriptor) : null);
        } catch (UnsupportedOperationException changedJdk) {
            return null;
        }
    }

    /** Fills the facts of what was opened last, and says whether it is a regular file. */
    private boolean isRegular(int descriptor) {
        // Behind the path that was opened is a zero, so its end is an empty one.
        long empty = path.address() + path.byteSize() - 1;
        long result = kernel.call(SyscallNumbers.STATX, descriptor, empty, AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
                STAT_WANTED, stat.address(), 0);
        return result >= 0 && (stat.get(ValueLayout.JAVA_SHORT, STAT_MODE) & S_IFMT) == S_IFREG;
    }

    private Instant modified() {
        return Instant.ofEpochSecond(stat.get(ValueLayout.JAVA_LONG, STAT_SECONDS),
                stat.get(ValueLayout.JAVA_INT, STAT_NANOS));
    }

    /** The descriptor, or a negative error. */
    private int open(byte[] name, MemorySegment how) {
        if (name.length >= PATH_MAX - 1) {
            return -Errno.ENAMETOOLONG;
        }
        MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, 0, name.length);
        path.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
        return (int) kernel.call(SyscallNumbers.OPENAT2, AT_FDCWD, path.address(), how.address(), HOW_BYTES);
    }

    /** From the beginning on: how many bytes were there without waiting, or a negative error. */
    private long read(int descriptor, int count) {
        vector.set(ValueLayout.JAVA_LONG, Long.BYTES, count);
        return kernel.call(SyscallNumbers.PREADV2, descriptor, vector.address(), 1, 0, 0, RWF_NOWAIT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
